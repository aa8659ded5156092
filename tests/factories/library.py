"""Guides: the smallest valid one, and a published one."""

from datetime import datetime, timedelta
from typing import Any

from facilitators.resources import commands
from facilitators.resources.commands import Content
from facilitators.resources.models import Resource
from network import clock
from network.tenancy.models import Group
from tests.factories.network import make_account, word
from tests.support.app import in_scope

BODY = "We listen until the other person has finished.\n\nEverybody may speak, and nobody has to."


def content(**changed: Any) -> Content:
    values = {
        "title": f"Guide {word()}",
        "body": BODY,
        "kind": "guide",
        "licence": "cc_by_sa",
        "audience": "everybody",
        **changed,
    }
    return Content(**values)


def make_resource(
    group: Group, *, is_open: bool = True, language: str = "en", now: datetime | None = None, **changed: Any
) -> Resource:
    """A guide of a group, open to everybody unless it is to stay a draft."""
    now = now or clock.now() - timedelta(days=30)
    by = make_account().id
    with in_scope(group, by):
        resource = commands.write_resource(content(**changed), language=language, by=by, now=now)
        if is_open:
            commands.publish_resource(resource, by=by, now=now)
        return resource
