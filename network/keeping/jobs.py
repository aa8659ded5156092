"""Once a day, what has had its time goes. How long each is kept stands in network/data_map/keeping.toml."""

from collections.abc import Callable
from datetime import datetime

from network import audit
from network.invitations import commands as invitations
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.queries import ids_of_groups


def forget_old_events(*, now: datetime) -> None:
    """In each group and office, what was done long ago."""
    _everywhere("forgetting old events", lambda: audit.forget_old(now=now))


def forget_unused_codes(*, now: datetime) -> None:
    """In each group and office, codes of invitations that ran out unused."""
    _everywhere("forgetting unused codes", lambda: invitations.forget_unused_codes(now=now))


def _everywhere(what: str, forget: Callable[[], None]) -> None:
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups():
            with one(what, group_id), scope.visiting(group_id):
                forget()
