"""Invitations into a group, given as a group gives them."""

from datetime import datetime
from typing import Any, NamedTuple

from network import clock
from network.invitations import commands
from network.invitations.models import InvitationKind
from network.tenancy.models import Group
from tests.support.app import in_group


class Given(NamedTuple):
    token: str
    code: str


def give_invitation(group: Group, *, now: datetime | None = None, **more: Any) -> Given:
    """An invitation into a group, in the group's language unless another is wished for."""
    values = {"kind": InvitationKind.MEMBER, "language": group.language, "office": "member", **more}
    with in_group(group):
        return Given(*commands.give_invitation(now=now or clock.now(), **values))
