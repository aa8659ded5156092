"""Pages ask the database the same few questions however much there is on them."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from funding.budgets import queries as budgets
from funding.contributions import commands as contributions
from funding.counts import commands as counts
from funding.grants import commands as grants
from funding.grants.models import Grant
from funding.grants.queries import get_grant
from funding.ledger import commands as ledger
from funding.ledger.queries import held, held_in_places
from funding.ledger.rules import Cost, Entry, EntryKind, Fund, Place, moved
from funding.periods import commands as periods
from funding.periods.rules import end_of_month_before
from funding.receipts import commands as receipts
from funding.receipts.queries import get_income
from funding.welfare import commands as welfare
from network import clock
from network.db import db
from tests.factories.funding import Officers, make_members, make_officers, post_income, save_sheet, today
from tests.factories.grants import END, START, a_day, give, make_grant, plan, spend
from tests.factories.hardship import make_request
from tests.factories.matching import an_entry, join
from tests.factories.statements import Moved, bring, lines_of, mpesa
from tests.factories.statements import a_day as days_ago
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def ask(client: StrictClient, people: Officers) -> Callable[[str], list[str]]:
    """Everything the database is asked when the treasurer opens a page of the money."""
    client.sign_in(people.treasurer)
    with in_scope():
        engine = db.engine

    def asked(path: str) -> list[str]:
        found: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            found.append(statement[:300])

        client.fetch(f"/g/{people.group.id}/money{path}")  # what is learnt once is not counted
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.fetch(f"/g/{people.group.id}/money{path}").status == 200
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return found

    return asked


def a_grant(people: Officers, name: str, lines: int) -> Grant:
    """A grant with a budget of so many lines, something spent on each, parts, promises and reports."""
    grant = make_grant(people, name=name)
    give(people, grant, 400_000)
    plan(people, grant, {f"Line {n}": ("venue" if n % 2 else "refreshments", 90_000) for n in range(lines)})
    with in_scope(people.group):
        ids = [line.id for line in budgets.lines_of(budgets.find_agreed(grant.fund))]
    for line_id, n in zip(ids, range(lines), strict=True):
        spend(people, grant, "venue" if n % 2 else "refreshments", 20_000, line_id=line_id, why="Many came")
    with in_scope(people.group, people.treasurer):
        found, now, by = get_grant(grant.id), clock.now(), people.treasurer.id
        for n in range(lines):
            grants.add_tranche(
                found, expected_on=a_day() + timedelta(days=n), amount=10_000, condition="", by=by, now=now
            )
            grants.add_condition(found, words=f"Promise {n}", due_on=a_day(), by=by, now=now)
            grants.add_report_due(found, from_on=START, to_on=a_day(), due_on=END, by=by, now=now)
    return grant


class TestGrants:
    def test_their_list(self, people: Officers, ask: Callable[[str], list[str]]) -> None:
        a_grant(people, "First", 1)
        few = ask("/grants")
        for name in ("Second", "Third", "Fourth"):
            a_grant(people, name, 2)
        assert ask("/grants") == few

    @pytest.mark.parametrize(
        "path", ["", "/entries", "/notes", "/report", f"/report?from_on={START}&to_on={END}"],
    )  # fmt: skip
    def test_one_of_them(self, people: Officers, ask: Callable[[str], list[str]], path: str) -> None:
        small, large = a_grant(people, "Small", 1), a_grant(people, "Large", 6)
        assert len(ask(f"/grants/{large.id}{path}")) == len(ask(f"/grants/{small.id}{path}"))

    def test_a_budget(self, people: Officers, ask: Callable[[str], list[str]]) -> None:
        of = {}
        for name, lines in (("Small", 1), ("Large", 6)):
            grant = a_grant(people, name, lines)
            with in_scope(people.group):
                of[name] = budgets.find_agreed(grant.fund).id
        assert len(ask(f"/budgets/{of['Large']}")) == len(ask(f"/budgets/{of['Small']}"))


class TestStatements:
    def brought(self, people: Officers, lines: int, *, first: int) -> str:
        moves = [Moved(f"S{first + n}", days_ago(20 - n % 15), 100 + n) for n in range(lines)]
        moves.append(Moved(f"F{first}", days_ago(2), 50, status="Failed"))
        return str(bring(people, mpesa(moves, opening=1000 + first)).statements[0].id)

    @pytest.mark.parametrize("path", ["", "/aside", "/compare"])
    def test_one_of_them(self, people: Officers, ask: Callable[[str], list[str]], path: str) -> None:
        small, large = self.brought(people, 1, first=0), self.brought(people, 20, first=100)
        for line in [one for one in lines_of(people) if one.reference and one.reference.startswith("S")][::3]:
            entry = an_entry(people, line.amount // 100, effective_on=line.booked_on)
            join(people, line, entry)
        assert len(ask(f"/statements/{large}{path}")) == len(ask(f"/statements/{small}{path}"))

    @pytest.mark.parametrize("path", ["/statements", "/statements/lines", "/statements/lines?shows=all"])
    def test_lists(self, people: Officers, ask: Callable[[str], list[str]], path: str) -> None:
        self.brought(people, 2, first=0)
        few = ask(path)
        for n in range(1, 5):
            self.brought(people, 6, first=100 * n)
        assert len(ask(path)) == len(few)


def fill(people: Officers, member: uuid.UUID, turn: int) -> None:
    """Once more of everything that has a list of its own."""
    save_sheet(people, {member: 100 + turn}, received_on=today() - timedelta(days=turn))
    entry = post_income(people, 50_000 + turn)
    make_request(people)
    by, day = people.treasurer.id, today() - timedelta(days=turn)
    with in_scope(people.group, people.treasurer):
        now = clock.now()
        receipts.make_receipt(get_income(entry.id), by=by, now=now)
        lines = moved(Place.CASH, Cost.VENUE, Fund.GENERAL, 10)
        ledger.draft(Entry(EntryKind.EXPENSE, today(), lines), by=by, now=now)
        there = held_in_places(held())[Place.CASH]
        counts.agree(
            counts.count_cash({}, there, by=by, now=now), by=people.chair.id, why="", seen=there, now=now
        )
        welfare.decide_share(percent=10 + turn, from_on=day, decided_on=day, by=by, now=now)
        contributions.agree_amount(amount=100 + turn, from_on=day, decided_on=day, by=by, now=now)
        through = end_of_month_before(today().replace(day=1) - timedelta(days=31 * (8 - turn)))
        change = periods.ask_to_close(through, by=by, now=now)
        periods.agree(change, by=people.chair.id, now=now)


PAGES = (
    "", "/sheet", "/sheets", "/receipts", "/months", "/counts", "/waiting", "/mine", "/opportunities", "/handovers", "/hardship",
    "/agreed-amount", "/reserve", "/on", "/over-time", "/report", "/applications", "/from-network", "/take", "/statements/columns",
)  # fmt: skip


def test_every_other_page_of_the_money_asks_as_much_for_a_lot_as_for_a_little(
    people: Officers, ask: Callable[[str], list[str]]
) -> None:
    member = make_members(people, "Achieng")["Achieng"]
    fill(people, member, 0)
    few = {path: len(ask(path)) for path in PAGES}
    for turn in range(1, 6):
        fill(people, member, turn)
    assert {path: len(ask(path)) for path in PAGES} == few
