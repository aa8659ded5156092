"""What a group does for itself: members, officers, elections, meetings, objectives."""

from flask import Flask

from groups import permissions
from groups.elections import commands as _elections  # noqa: F401 - its tables are known
from groups.elections.cli import elections
from groups.officers import commands as _officers  # noqa: F401 - listens to members coming and going
from network.access import table


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""
    table.register(permissions.LINES)
    app.cli.add_command(elections)
