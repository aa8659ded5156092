"""What the office's first page says about people who want to start a group."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from network.access.actor import Actor
from network.access.table import is_granted
from network.home.registry import Glance, Todo
from network.onboarding.applications import queries
from network.onboarding.applications.rules import has_waited_long
from network.permissions import Permission
from network.tenancy.models import Group


def todos(actor: Actor, office: Group, now: datetime) -> Iterator[Todo]:
    """Applications nobody has looked at, and applicants who wait for an answer."""
    if not is_granted(Permission.APPLICATION_READ, actor):
        return
    new, waiting, since = queries.count_new_and_waiting()
    soon = has_waited_long(since, now=now)
    href = url_for("applications.list_applications", network_id=office.id)
    if new:
        title = ngettext("%(num)d person wants to start a group", "%(num)d people want to start a group", new)
        yield Todo(
            title,
            _("A first answer, even a short one, shows that somebody is there."),
            href,
            soon=soon,
            order=10,
        )
    if waiting:
        title = ngettext(
            "%(num)d applicant waits for your answer", "%(num)d applicants wait for your answer", waiting
        )
        yield Todo(
            title, _("They wrote again since you last answered."), href, soon=soon and not new, order=20
        )


def glances(actor: Actor, office: Group, now: datetime) -> Iterator[Glance]:  # noqa: ARG001 - every glance takes these
    """How many groups are on their way."""
    if not is_granted(Permission.APPLICATION_READ, actor):
        return
    yield Glance(
        _("Groups on their way"), queries.count_under_way(), _("From the first word to the opening."), order=30,
        href=url_for("applications.list_applications", network_id=office.id),
    )  # fmt: skip
