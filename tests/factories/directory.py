"""A group's public card, kept and shown as a group does it."""

from typing import Any

from network import clock
from network.db import db
from network.directory import commands
from network.directory.models import Listing
from network.directory.rules import Card
from network.tenancy.models import Group
from tests.support.app import in_group

CARD: dict[str, Any] = {
    "recurrence": "weekly",
    "mode": "in_person",
    "place": "Somewhere",
    "weekday": 1,
    "languages": ("en",),
}


def list_group(group: Group, *, shown: bool = True, **more: Any) -> Listing:
    """The group's card, in the finder unless `shown` says otherwise."""
    with in_group(group):
        here = db.session.get_one(Group, group.id)
        listing = commands.keep_card(here, Card(**{**CARD, **more}), by=None, now=clock.now())
        if shown:
            commands.publish(listing, by=None, now=clock.now())
        return listing
