"""Closed months: two people close and open them, and the database keeps them closed."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest

from funding.ledger.commands import CannotPost
from funding.ledger.rules import Refusal as BookRefusal
from funding.periods import commands, queries, rules
from funding.periods.commands import CannotChange
from funding.periods.models import PeriodChange
from funding.periods.rules import Refusal
from funding.verification import queries as checks
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, make_officers, post_income
from tests.support.app import in_scope
from tests.support.client import StrictClient

LATE = {"kind": "grant", "amount": "5", "place": "cash", "fund": "general"}
REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def last_month() -> date:
    return rules.end_of_month_before(clock.now().date() - timedelta(days=1))


def ask(people: Officers, through: date) -> PeriodChange:
    with in_scope(people.group, people.treasurer):
        return commands.ask_to_close(through, by=people.treasurer.id, now=clock.now())


def close(people: Officers, through: date) -> PeriodChange:
    change = ask(people, through)
    with in_scope(people.group, people.chair):
        commands.agree(queries.get_change(change.id), by=people.chair.id, now=clock.now())
    return change


class TestClosing:
    def test_keeps_what_stood_and_lets_nothing_in(self, people: Officers) -> None:
        post_income(people, 500, effective_on=last_month())
        change = close(people, last_month())
        with pytest.raises(CannotPost) as refused:
            post_income(people, 1, effective_on=last_month())
        assert refused.value.refusal is BookRefusal.PERIOD_CLOSED
        post_income(people, 2, effective_on=last_month() + timedelta(days=1))
        with in_scope(people.group):
            kept = queries.get_change(change.id)
            assert kept.entries == 1
            assert ["cash", "general", 500] in kept.balances
            assert checks.faults() == []

    def test_needs_somebody_else_who_holds_an_office(self, people: Officers) -> None:
        post_income(people, 500, effective_on=last_month())
        change = ask(people, last_month())
        for who, why in ((people.treasurer, Refusal.OWN_SECOND), (people.member, Refusal.NOT_AN_OFFICER)):
            with in_scope(people.group, who), pytest.raises(CannotChange) as refused:
                commands.agree(queries.get_change(change.id), by=who.id, now=clock.now())
            assert refused.value.refusal is why

    def test_waits_for_what_waits(self, people: Officers) -> None:
        from funding.expenses.commands import record_expense
        from funding.ledger.rules import Cost, Place

        post_income(people, 500, effective_on=last_month())
        with in_scope(people.group, people.treasurer):
            record_expense(
                cost=Cost.VENUE, amount=5, place=Place.CASH, fund="general", spent_on=last_month(), words="", by=people.treasurer.id, now=clock.now()
            )  # fmt: skip
        with pytest.raises(CannotChange) as refused:
            ask(people, last_month())
        assert refused.value.refusal is Refusal.DRAFTS_WAITING

    def test_of_a_month_that_is_not_over_is_refused(self, people: Officers) -> None:
        post_income(people, 500)
        with pytest.raises(CannotChange) as refused:
            ask(people, rules.end_of_month(clock.now().date() + timedelta(days=1)))
        assert refused.value.refusal is Refusal.NOT_OVER

    def test_and_posting_at_the_same_moment_is_one_before_the_other(self, people: Officers) -> None:
        """Whichever takes the book first: what the closing keeps is what its entries come to."""
        post_income(people, 500, effective_on=last_month())
        change = ask(people, last_month())
        start = threading.Barrier(4)
        posted: list[int] = []
        refusals: list[BookRefusal] = []

        def post(amount: int) -> None:
            start.wait()
            try:
                posted.append(post_income(people, amount, effective_on=last_month()).number)
            except CannotPost as refused:
                refusals.append(refused.refusal)

        def agree() -> None:
            start.wait()
            with in_scope(people.group, people.chair):
                commands.agree(queries.get_change(change.id), by=people.chair.id, now=clock.now())

        threads = [threading.Thread(target=post, args=(n,)) for n in (1, 2, 3)] + [
            threading.Thread(target=agree)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        with in_scope(people.group):
            kept = queries.get_change(change.id)
            assert kept.state == "done"
            assert all(number <= kept.entries for number in posted)
            assert set(refusals) <= {BookRefusal.PERIOD_CLOSED}
            assert len(posted) + len(refusals) == 3
            assert checks.faults() == []


class TestOpeningAgain:
    def test_needs_two_people_and_leaves_a_record(self, people: Officers) -> None:
        post_income(people, 500, effective_on=last_month())
        close(people, last_month())
        with in_scope(people.group, people.treasurer):
            change = commands.ask_to_reopen(
                None, reason="A receipt was found", by=people.treasurer.id, now=clock.now()
            )
        with pytest.raises(CannotPost):
            post_income(people, 1, effective_on=last_month())
        with in_scope(people.group, people.chair):
            commands.agree(queries.get_change(change.id), by=people.chair.id, now=clock.now())
        post_income(people, 1, effective_on=last_month())
        with in_scope(people.group):
            assert [one.kind for one in queries.closings()] == ["close", "reopen"]
            assert checks.faults() == [], "the first closing still says what the book said then"


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


def enter(sql: psycopg.Connection, people: Officers) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(people.group.id),))


class TestWithSqlInTheirHands:
    @pytest.mark.parametrize(
        "statement",
        [
            "update period_changes set through = null, kind = 'reopen', reason = '\\x01'",
            "update period_changes set balances = '[]'",
            "update period_changes set state = 'waiting', decided_by_id = null",
            "delete from period_changes",
            "truncate period_changes",
            (
                "insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, previous_hash, hash)"
                " select gen_random_uuid(), group_id, entries + 1, 'grant', 'KES', closed_through, now(), (select asked_by_id from period_changes),"
                " head, '\\x01' from books"
            ),
        ],
    )
    def test_what_was_closed_stays_closed(
        self, sql: psycopg.Connection, people: Officers, statement: str
    ) -> None:
        post_income(people, 500, effective_on=last_month())
        close(people, last_month())
        enter(sql, people)
        with pytest.raises(REFUSED):
            sql.execute(statement)

    def test_nobody_agrees_with_themselves(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500, effective_on=last_month())
        ask(people, last_month())
        enter(sql, people)
        with pytest.raises(REFUSED):
            sql.execute(
                "update period_changes set state = 'done', decided_by_id = asked_by_id, decided_at = now()"
            )

    def test_what_is_kept_at_closing_is_the_databases_own_sum(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        post_income(people, 500, effective_on=last_month())
        change = ask(people, last_month())
        enter(sql, people)
        sql.execute(
            "update period_changes set state = 'done', decided_by_id = %s, decided_at = now(), balances = '[]', entries = 7",
            (people.chair.id,),
        )
        found = sql.execute(
            "select entries, balances from period_changes where id = %s", (change.id,)
        ).fetchone()
        assert found == (1, [["cash", "general", 500], ["grants", "general", -500]])


class TestPages:
    def test_a_month_is_closed_and_opened_by_two_from_their_own_phones(
        self, client: StrictClient, people: Officers
    ) -> None:
        post_income(people, 500, effective_on=last_month())
        client.sign_in(people.treasurer)
        money = f"/g/{people.group.id}/money"
        asked = client.send(client.fetch(f"{money}/months/close"), {"through": last_month().isoformat()})
        client.sign_in(people.chair)
        assert asked.path in "".join(client.fetch(f"/g/{people.group.id}/").links)
        assert client.send(client.fetch(asked.path)).path == f"{money}/months"
        client.sign_in(people.treasurer)
        late = client.send(
            client.fetch(f"{money}/income/record"), LATE | {"received_on": last_month().isoformat()}
        )
        assert late.status == 422
        assert late.fields_with_errors == {"received_on"}
        opening = client.send(
            client.fetch(f"{money}/months/open"),
            {"since": last_month().isoformat(), "reason": "A receipt was found"},
        )
        client.sign_in(people.chair)
        client.send(client.fetch(opening.path))
        with in_scope(people.group):
            assert len(queries.closings()) == 2

    def test_the_second_person_can_say_no(self, client: StrictClient, people: Officers) -> None:
        post_income(people, 500, effective_on=last_month())
        change = ask(people, last_month())
        client.sign_in(people.chair)
        client.send(client.fetch(f"/g/{people.group.id}/money/months/{change.id}/refuse"))
        again = client.fetch(f"/g/{people.group.id}/money/months/{change.id}")
        assert not again.forms()
        with in_scope(people.group):
            assert queries.find_waiting() is None
            assert queries.closings() == []

    def test_the_months_offered_are_those_that_can_be_closed(self) -> None:
        first, today_ = date(2026, 1, 1), date(2026, 4, 1)
        assert rules.closable(first=first, closed_through=date(2026, 1, 31), today=today_) == [
            date(2026, 3, 31),
            date(2026, 2, 28),
        ]
        assert rules.closable(first=None, closed_through=None, today=today_) == []
        assert rules.openable(first=first, closed_through=date(2026, 2, 28)) == [
            date(2026, 2, 28),
            date(2026, 1, 31),
        ]
        assert rules.stays_closed(date(2026, 1, 31), first=first) is None
        assert rules.stays_closed(date(2026, 2, 28), first=first) == date(2026, 1, 31)
