"""Who is too near to somebody it concerns, and steps aside by themselves."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

LATELY = timedelta(days=90)
"""Whoever let somebody into the group within this time has no part in what concerns them, nor the other way round."""
RUN_TOGETHER = frozenset({"chairperson", "secretary", "treasurer", "committee"})
"""Offices whose holders run the group together: each is an office-mate of the others."""


@dataclass(frozen=True)
class Person:
    """Somebody of the group, as far as it matters for who steps aside."""

    account_id: uuid.UUID | None
    member_id: uuid.UUID | None = None
    offices: frozenset[str] = frozenset()
    let_in_by: frozenset[uuid.UUID] = frozenset()
    """The accounts that let them in lately: wrote them into the list, or invited them."""


def are_office_mates(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two people do the same office, or both are among those who run the group."""
    return bool(set(one) & set(other)) or bool(RUN_TOGETHER & set(one) and RUN_TOGETHER & set(other))


def steps_aside(person: Person, parties: Iterable[Person]) -> bool:
    """Whether somebody has no part in a matter: a party, an office-mate of one, let in by one lately or letting one in."""
    return any(
        (person.account_id is not None and person.account_id == party.account_id)
        or (person.member_id is not None and person.member_id == party.member_id)
        or are_office_mates(person.offices, party.offices)
        or party.account_id in person.let_in_by
        or person.account_id in party.let_in_by
        for party in parties
    )
