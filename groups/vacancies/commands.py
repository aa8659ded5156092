"""Calling a by-election for what is empty, by whoever's turn it is."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from groups.elections import commands as elections
from groups.elections.commands import CannotElect
from groups.elections.models import Election, ElectionKind
from groups.elections.rules import Refusal
from groups.vacancies import queries
from network.tenancy.models import Group


def call_by_election(
    group: Group, *, offices: Sequence[str], held_on: date, by: uuid.UUID, is_officer: bool, now: datetime,
    is_short_notice_agreed: bool = False,
) -> Election:  # fmt: skip
    """Call a by-election. Whoever calls it in the place of a chairperson and a secretary runs it to its end. Raises `CannotElect`."""
    if not is_officer and not queries.vacancies().may_call(by):
        raise CannotElect(Refusal.NOT_YOUR_TURN)
    return elections.call_election(
        group, kind=ElectionKind.BY_ELECTION, offices=offices, held_on=held_on, by=by, now=now,
        is_short_notice_agreed=is_short_notice_agreed, run_by=None if is_officer else by,
    )  # fmt: skip
