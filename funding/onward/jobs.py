"""What the worker does for grants to groups: from the office into the group, letters there, and asking for a word in time."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from funding.onward import commands
from funding.onward.rules import News
from network import clock
from network.db import db
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import Group, GroupKind, GroupState
from network.tenancy.queries import get_group


def tell_group(for_group_id: uuid.UUID, part_id: uuid.UUID) -> None:
    """A part is on its way: go over to the group, and have it told there."""
    with scope.visiting(for_group_id):
        commands.have_told(part_id, News.ON_ITS_WAY, now=clock.now())


def write_letters(news: str) -> None:
    """Write to the officers of the group this was asked in."""
    commands.write_letters(
        get_group(scope.group_id()), News(news), public_url=current_app.config["PUBLIC_URL"], now=clock.now()
    )


def ask_for_words(*, now: datetime) -> None:
    """In each group: whether a network waits for its word."""
    with scope.visiting():
        wanted = sa.select(Group.id).where(Group.kind == GroupKind.GROUP, Group.state != GroupState.CLOSED)
        groups = db.session.scalars(wanted).all()
    with periodic.each_by_itself() as one:
        for group_id in groups:
            with one("asking for its word", group_id), scope.visiting(group_id):
                commands.ask_for_words(now=now)
