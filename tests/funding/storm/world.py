"""The groups a storm is over, with the people who write in their books; and what an act is."""

import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from funding.ledger.rules import Cost, Fund, Place
from network.tenancy.settings import RESERVE_PERCENT
from tests.factories.funding import Officers, fill_reserve, make_members, make_officers, post_income
from tests.factories.grants import give, make_grant, plan
from tests.factories.groups import a_member, a_term
from tests.support.app import in_scope

CURRENCIES = ("KES", "UGX", "TND")
"""With two, no and three decimals."""
NOTHING_TO_DO = "nothing to do"


@dataclass(frozen=True)
class Scene:
    """One group and who may write in its book."""

    group_id: uuid.UUID
    currency: str
    treasurer: uuid.UUID
    seconds: tuple[uuid.UUID, ...]
    members: tuple[uuid.UUID, ...]
    asking: uuid.UUID
    """The member who asks for help, with a sign-in of their own."""
    keepers: tuple[uuid.UUID, ...]
    """The members who are treasurer in turn; all of them have a sign-in that may write."""
    known: frozenset[uuid.UUID] = frozenset()
    """The entries and drafts that stood before the storm."""


@dataclass(frozen=True)
class Act:
    """Something one person does once; the same act again, under the same key, has the effect of once."""

    what: str
    where: int
    key: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.key)


class Diary:
    """What a worker was about to do and what it was told, written so that a killed process loses nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, act: Act) -> None:
        self._write({"begun": asdict(act)})

    def end(self, act: Act, told: str) -> None:
        self._write({"key": act.key, "told": told})

    def note(self, what: str, number: int = 1) -> None:
        """Count something that is worth counting."""
        self._write({"noted": what, "number": number})

    def _write(self, line: dict[str, Any]) -> None:
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, json.dumps(line).encode() + b"\n")
        finally:
            os.close(file)

    def read(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def acts(self) -> list[Act]:
        """What was begun, in order, each once."""
        found = {line["begun"]["key"]: Act(**line["begun"]) for line in self.read() if "begun" in line}
        return list(found.values())

    def told(self) -> dict[str, str]:
        """The last answer to each act that was answered."""
        return {line["key"]: line["told"] for line in self.read() if "told" in line}


def make_world() -> list[Scene]:
    """Three groups, each with money, members, a share kept for hardship, a grant with a budget and one without."""
    return [_make_place(currency) for currency in CURRENCIES]


def _make_place(currency: str) -> Scene:
    people = make_officers(currency=currency, settings={RESERVE_PERCENT: 15})
    members = make_members(people, *(f"Member {number}" for number in range(8)))
    for place in Place:
        post_income(people, 50_000, place=place)
    post_income(people, 20_000, place=Place.BANK, fund=Fund.WELFARE)
    fill_reserve(people, 20_000)
    bound = make_grant(people, name="Bound")
    give(people, bound, 300_000)
    plan(people, bound, {"Rooms": (Cost.VENUE, 600_000)})
    give(people, make_grant(people, name="Free", is_restricted=False), 100_000, place=Place.CASH)
    return Scene(
        people.group.id, currency, people.treasurer.id,
        (people.chair.id, people.secretary.id, people.committee.id), tuple(members.values()), people.member.id,
        _keepers(people), _standing(people.group),
    )  # fmt: skip


def _keepers(people: Officers) -> tuple[uuid.UUID, ...]:
    """The first of them holds the office; the others have other ones, so that whoever comes can always write and sign."""
    with in_scope(people.group):
        mine = (people.treasurer, people.chair, people.secretary)
        members = [a_member(f"Keeper {number}", account_id=one.id) for number, one in enumerate(mine)]
        a_term(members[0], "treasurer")
        return tuple(member.id for member in members)


def _standing(group: Any) -> frozenset[uuid.UUID]:
    import sqlalchemy as sa

    from funding.ledger.models import Draft, Journal
    from network.db import db

    with in_scope(group):
        return frozenset(
            [*db.session.scalars(sa.select(Journal.id)), *db.session.scalars(sa.select(Draft.id))]
        )
