"""Starting a group: the application, the journey with the office, the volunteer's help, and the group that opens."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from network.accounts.models import LinkPurpose
from network.home import registry as home
from network.outbox import periodic
from network.permissions import Permission
from network.signing_in import links
from network.tenancy.models import GroupKind
from network.web import navigation
from network.web.navigation import Way


def init_app(app: Flask) -> None:
    """Plug the pages in."""
    from network.onboarding import demo
    from network.onboarding.applications import home as first_page
    from network.onboarding.applications import jobs, office, views
    from network.onboarding.journey import views as journey
    from network.onboarding.volunteers import views as volunteers

    for blueprint in (views.bp, office.bp, journey.marks_bp, journey.bp, volunteers.bp, volunteers.link_bp):
        app.register_blueprint(blueprint)
    demo.init_app()
    periodic.register("forget-applications", timedelta(days=1), jobs.forget_unfollowed)
    links.register(LinkPurpose.APPLICATION, "onboarding.follow_application")
    links.register(LinkPurpose.TRANSLATION, "translating.translate_passages")
    home.register(GroupKind.OFFICE, todos=first_page.todos, glances=first_page.glances)
    for way in (
        Way("applications.list_applications", _l("Starting a group"), Permission.APPLICATION_READ, 20),
        Way("journey.list_steps", _l("Steps of the journey"), Permission.JOURNEY_WORD, 25),
    ):
        navigation.register(GroupKind.OFFICE, way)
