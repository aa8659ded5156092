"""A network's office with money, a group that is in good order, and a grant between them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from funding.ledger import commands as ledger
from funding.ledger.queries import get_draft
from funding.ledger.rules import Fund, Place
from funding.onward import commands, queries, rules
from funding.onward.models import GrantKind
from network import clock
from network.figures import commands as figures
from network.figures import registry as counts
from network.figures.rules import last_finished, next_quarter
from network.standing import registry as standing
from network.tenancy.queries import get_group
from tests.factories.funding import Officers, Staff, income, make_officers, make_staff
from tests.factories.groups import a_member, a_term
from tests.factories.meetings import a_meeting
from tests.factories.network import day_there, make_group
from tests.support.app import in_scope

ALL = ("figures", "met", "offices")
NONE = uuid.UUID(int=0)


@dataclass(frozen=True)
class Pair:
    """An office and a group of its network; `grant_id` and `part_ids` once there is a grant between them."""

    staff: Staff
    people: Officers
    grant_id: uuid.UUID = NONE
    part_ids: tuple[uuid.UUID, ...] = ()

    @property
    def office_page(self) -> str:
        return f"/n/{self.staff.office.id}/onward"

    @property
    def group_page(self) -> str:
        return f"/g/{self.people.group.id}/money/from-network"


def make_pair(*, money: int = 1_000_000, **more: str) -> Pair:
    """The office has money in the bank; nothing is known of the group."""
    staff = make_staff(**more)
    people = make_officers(make_group(staff.network))
    with in_scope(staff.office, staff.finance):
        ledger.post(income(money, place=Place.BANK), by=staff.finance.id, now=clock.now())
    return Pair(staff, people)


def put_in_order(pair: Pair, *offices: str) -> None:
    """The three (or these) are in office, the group has met, the figures were sent."""
    with in_scope(pair.people.group, pair.people.secretary):
        for office in offices or ("chairperson", "secretary", "treasurer"):
            a_term(a_member(office), office)
        a_meeting(people=12)
        group, quarter = get_group(pair.people.group.id), last_finished(day_there())
        counted = counts.counted(quarter, next_quarter(quarter))
        figures.send_counts(group, quarter, counted, to=pair.staff.office.id, by=None, now=clock.now())


def write_grant(
    pair: Pair,
    *amounts: int,
    kind: GrantKind = GrantKind.SEED,
    condition: str = "",
    asks: Sequence[str] = ALL,
    due_on: date | None = None,
    fund: str = Fund.GENERAL,
) -> Pair:
    """A grant in these parts, the first due today and the others a month apart."""
    now, amounts = clock.now(), amounts or (25_000, 15_000)
    starts_on = due_on or day_there(now)
    with in_scope(pair.staff.office, pair.staff.finance):
        grant = commands.write_grant(
            get_group(pair.people.group.id), kind=kind, title="First year", purpose="To begin with.", amount=sum(amounts),
            fund=fund, starts_on=starts_on, ends_on=starts_on + timedelta(days=365), by=pair.staff.finance.id, now=now,
        )  # fmt: skip
        parts = [
            commands.add_part(
                grant, amount=amount, due_on=starts_on + timedelta(days=30 * n), condition=condition, asks=asks,
                by=pair.staff.finance.id, now=now,
            ).id
            for n, amount in enumerate(amounts)
        ]  # fmt: skip
        return replace(pair, grant_id=grant.id, part_ids=tuple(parts))


def offer(pair: Pair) -> Pair:
    with in_scope(pair.staff.office, pair.staff.finance):
        commands.offer_grant(queries.get_given(pair.grant_id), by=pair.staff.finance.id, now=clock.now())
    return pair


def answer(pair: Pair, *, accepts: bool = True) -> Pair:
    with in_scope(pair.people.group, pair.people.chair):
        grant = queries.get_received(pair.grant_id)
        commands.answer_grant(grant, accepts=accepts, by=pair.people.chair.id, now=clock.now())
    return pair


def say_standing(pair: Pair, *, now: datetime | None = None) -> dict[str, bool]:
    """The chairperson sends the words as they are."""
    now = now or clock.now()
    with in_scope(pair.people.group, pair.people.chair):
        grant, group = queries.get_received(pair.grant_id), get_group(pair.people.group.id)
        found = standing.answers(group, queries.see(grant, now=now).asks, today=day_there(now))
        return commands.say_standing(
            grant, group, shown=rules.mark(found), by=pair.people.chair.id, today=day_there(now), now=now
        )


def release(pair: Pair, number: int = 0, *, now: datetime | None = None) -> uuid.UUID:
    """Finance writes the payment down; returns what waits."""
    now = now or clock.now()
    with in_scope(pair.staff.office, pair.staff.finance):
        part = queries.get_given_part(pair.part_ids[number])
        return commands.release_part(
            part, place=Place.BANK, paid_on=day_there(now), says_condition_is_met=True, by=pair.staff.finance.id, now=now
        )  # fmt: skip


def confirm(pair: Pair, draft_id: uuid.UUID, *, now: datetime | None = None) -> None:
    with in_scope(pair.staff.office, pair.staff.administration):
        ledger.confirm_draft(get_draft(draft_id), by=pair.staff.administration.id, now=now or clock.now())


def make_sent(*amounts: int, **more: GrantKind) -> Pair:
    """The first part of a grant is on its way."""
    pair = make_pair()
    put_in_order(pair)
    answer(offer(pair := write_grant(pair, *amounts, **more)))
    say_standing(pair)
    confirm(pair, release(pair))
    return pair


def acknowledge(pair: Pair, amount: int, number: int = 0) -> uuid.UUID:
    """The treasurer writes down what arrived."""
    with in_scope(pair.people.group, pair.people.treasurer):
        part = queries.get_received_part(pair.part_ids[number])
        return commands.acknowledge_part(
            part, amount=amount, place=Place.BANK, received_on=day_there(), words="",
            by=pair.people.treasurer.id, now=clock.now(),
        )  # fmt: skip


def states(pair: Pair) -> list[str]:
    """How the parts stand, as the office sees them."""
    with in_scope(pair.staff.office):
        seen = queries.see(queries.get_given(pair.grant_id), now=clock.now())
        return [part.state for part in seen.parts]
