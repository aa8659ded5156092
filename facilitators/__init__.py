"""People who help groups run, and what they share."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from facilitators import demo, permissions
from facilitators.diary import EVENTS
from facilitators.resources import views as resources
from facilitators.resources.commands import forget_author
from facilitators.resources.models import PURPOSE
from network.access import table
from network.mine import registry as mine
from network.tenancy.models import GroupKind
from network.web import navigation
from network.web.navigation import Way
from network.wording import registry as wording


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""
    table.register(permissions.LINES)
    demo.init_app()
    mine.on_forgetting(forget_author)
    mine.say("audit_events.event", EVENTS)
    wording.register(PURPOSE, _l("A guide of the library"))
    app.register_blueprint(resources.bp)
    app.register_blueprint(resources.public_bp)
    read, label = permissions.Permission.LIBRARY_READ, _l("Library")
    for kind in GroupKind:
        navigation.register(kind, Way("library.list_resources", label, read, 60))
