"""What a group does for itself: members, officers, elections, meetings, objectives."""

from flask import Flask

from groups import demo_listings, permissions
from groups.elections import commands as _elections  # noqa: F401 - its tables are known
from groups.elections.cli import elections
from groups.listing import views as listing
from groups.officers import commands as _officers  # noqa: F401 - listens to members coming and going
from network.access import table
from network.home import registry
from network.tenancy.models import GroupKind


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""
    table.register(permissions.LINES)
    app.cli.add_command(elections)
    app.register_blueprint(listing.bp)
    demo_listings.init_app()
    registry.register(GroupKind.GROUP, todos=listing.todos)
