"""What the worker does for notices: writing letters, reminding before a vote closes, letting go of what is old."""

import uuid
from datetime import datetime

from flask import current_app

from groups.notices import commands
from network import clock
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import get_group, ids_of_groups


def write_letters(notice_id: uuid.UUID) -> None:
    """Write to everybody who chose e-mail; each letter leaves after this is kept."""
    commands.write_letters(
        get_group(scope.group_id()), notice_id, public_url=current_app.config["PUBLIC_URL"], now=clock.now()
    )


def remind(election_id: uuid.UUID) -> None:
    """Remind everybody on the roll of a vote that closes soon."""
    commands.remind(election_id, now=clock.now())


def forget_old(*, now: datetime) -> None:
    """In each group, let go of who was told what long ago."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups(GroupKind.GROUP):
            with one("forgetting old notices", group_id), scope.visiting(group_id):
                commands.forget_old(now=now)
