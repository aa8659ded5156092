"""Posting, confirming, taking back; alone, twice and at the same time."""

import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.income.commands import record_transfer
from funding.ledger import commands, queries
from funding.ledger.commands import CannotPost
from funding.ledger.rules import (
    Cost,
    Entry,
    EntryKind,
    Fund,
    Place,
    Refusal,
    Source,
    moved,
    moved_between_funds,
)
from funding.verification import queries as checks
from network import clock
from network.db import db
from network.servers import Addresses
from tests.factories.funding import Officers, income, make_officers, post_income, today
from tests.support.app import in_scope


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def expense(amount: int, **more: object) -> Entry:
    return Entry(EntryKind.EXPENSE, today(), moved(Place.CASH, Cost.VENUE, Fund.GENERAL, amount), **more)


def held(people: Officers) -> dict[tuple[str, str], int]:
    with in_scope(people.group):
        return queries.held()


def spend(people: Officers, amount: int) -> None:
    with in_scope(people.group, people.treasurer):
        waiting = commands.draft(expense(amount), by=people.treasurer.id, now=clock.now())
        commands.confirm_draft(waiting, by=people.chair.id, now=clock.now())


class TestPost:
    def test_numbers_follow_and_seals_hold(self, people: Officers) -> None:
        assert [post_income(people, amount).number for amount in (5, 6, 7)] == [1, 2, 3]
        with in_scope(people.group):
            assert checks.faults() == []

    def test_the_same_key_again_posts_nothing(self, people: Officers) -> None:
        key = uuid.uuid4()
        first, again = post_income(people, 5, key=key), post_income(people, 5, key=key)
        assert (first.id, first.number) == (again.id, again.number)
        assert held(people) == {("cash", "general"): 5}

    def test_the_same_key_with_another_amount_is_refused(self, people: Officers) -> None:
        key = uuid.uuid4()
        post_income(people, 5, key=key)
        with pytest.raises(CannotPost, match=Refusal.KEY_USED_OTHERWISE):
            post_income(people, 6, key=key)

    def test_the_same_key_with_other_words_is_refused_until_they_are_erased(self, people: Officers) -> None:
        key = uuid.uuid4()
        first = post_income(people, 5, key=key, memo="from the county")
        with pytest.raises(CannotPost, match=Refusal.KEY_USED_OTHERWISE):
            post_income(people, 5, key=key, memo="from the church")
        with in_scope(people.group, people.treasurer):
            commands.erase_memo(queries.get_entry(first.id), by=people.treasurer.id, now=clock.now())
        assert post_income(people, 5, key=key, memo="from the county").id == first.id

    @pytest.mark.parametrize(("days", "why"), [(3, Refusal.IN_THE_FUTURE), (-400, Refusal.TOO_LONG_AGO)])
    def test_days_that_cannot_be_are_refused(self, people: Officers, days: int, why: Refusal) -> None:
        with pytest.raises(CannotPost, match=why):
            post_income(people, 5, effective_on=today() + timedelta(days=days))

    def test_nothing_is_not_an_entry(self, people: Officers) -> None:
        with pytest.raises(CannotPost, match=Refusal.NOTHING):
            post_income(people, 0)


class TestAKeyOfWhatWaits:
    def wish(self, people: Officers, by: object = None, **more: object) -> object:
        with in_scope(people.group, people.treasurer):
            amount = more.pop("amount", 40)
            return commands.draft(expense(amount, **more), by=by or people.treasurer.id, now=clock.now()).id

    def test_gives_what_was_written_down_also_once_it_stands(self, people: Officers) -> None:
        post_income(people, 100)
        key = uuid.uuid4()
        first = self.wish(people, key=key, memo="the hall")
        assert self.wish(people, key=key, memo="the hall") == first
        with in_scope(people.group, people.chair):
            commands.confirm_draft(queries.get_draft(first), by=people.chair.id, now=clock.now())
        assert self.wish(people, key=key, memo="the hall") == first
        assert held(people) == {("cash", "general"): 60}

    @pytest.mark.parametrize("other", [{"amount": 41}, {"memo": "tea"}, {"memo": ""}, {"code": "H1"}])
    def test_with_anything_else_is_refused(self, people: Officers, other: dict[str, object]) -> None:
        post_income(people, 100)
        key = uuid.uuid4()
        self.wish(people, key=key, memo="the hall")
        with pytest.raises(CannotPost, match=Refusal.KEY_USED_OTHERWISE):
            self.wish(people, **{"key": key, "memo": "the hall", **other})
        with pytest.raises(CannotPost, match=Refusal.KEY_USED_OTHERWISE):
            self.wish(people, by=people.chair.id, key=key, memo="the hall")

    def test_of_a_move_is_known_though_it_would_take_other_parts_along_by_now(self, people: Officers) -> None:
        for fund, amount in ((Fund.GENERAL, 50), (Fund.WELFARE, 60)):
            post_income(people, amount, fund=fund)
        key = uuid.uuid4()

        def move() -> uuid.UUID:
            with in_scope(people.group, people.treasurer):
                return record_transfer(
                    source=Place.CASH, target=Place.BANK, amount=80, moved_on=today(), words="", by=people.treasurer.id,
                    now=clock.now(), key=key,
                )  # fmt: skip

        assert move() == move()
        assert sum(amount for (place, _fund), amount in held(people).items() if place == Place.BANK) == 80


class TestTwoAtOnce:
    def test_two_treasurers_spend_the_same_money_once(self, people: Officers) -> None:
        post_income(people, 100)
        with in_scope(people.group, people.treasurer):
            drafts = [
                commands.draft(expense(80), by=people.treasurer.id, now=clock.now()).id for _ in range(2)
            ]
        outcomes: list[str] = []

        def confirm(draft_id: uuid.UUID) -> None:
            try:
                with in_scope(people.group, people.chair):
                    commands.confirm_draft(queries.get_draft(draft_id), by=people.chair.id, now=clock.now())
                outcomes.append("posted")
            except CannotPost as refused:
                outcomes.append(refused.refusal)

        run_together([lambda one=one: confirm(one) for one in drafts])
        assert sorted(outcomes) == [Refusal.NOT_ENOUGH_IN_PLACE, "posted"]
        assert held(people) == {("cash", "general"): 20}

    def test_two_who_take_the_same_entry_back_wait_once_and_the_other_is_told(self, people: Officers) -> None:
        entry, told = post_income(people, 100), []

        def take_back() -> None:
            try:
                with in_scope(people.group, people.treasurer):
                    standing = queries.get_entry(entry.id)
                    commands.draft_reversal(standing, by=people.treasurer.id, reason="x", now=clock.now())
                told.append("waits")
            except CannotPost as refused:
                told.append(refused.refusal)

        run_together([take_back] * 4)
        assert sorted(told) == [Refusal.REVERSED_ALREADY] * 3 + ["waits"]

    def test_many_at_once_leave_no_gap(self, people: Officers) -> None:
        run_together([lambda: post_income(people, 10)] * 8)
        with in_scope(people.group):
            assert [entry.number for entry in db.session.scalars(queries.entries())] == list(range(8, 0, -1))
            assert checks.faults() == []
        assert held(people) == {("cash", "general"): 80}

    def test_the_same_key_many_times_is_one_entry(self, people: Officers) -> None:
        key, found = uuid.uuid4(), []
        run_together([lambda: found.append(post_income(people, 10, key=key).number)] * 10)
        assert found == [1] * 10


def run_together(jobs: list[object]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


class TestConfirmDraft:
    def test_counts_only_then(self, people: Officers) -> None:
        post_income(people, 100)
        with in_scope(people.group, people.treasurer):
            waiting = commands.draft(expense(30), by=people.treasurer.id, now=clock.now())
        assert held(people) == {("cash", "general"): 100}
        with in_scope(people.group, people.secretary):
            entry = commands.confirm_draft(
                queries.get_draft(waiting.id), by=people.secretary.id, now=clock.now()
            )
            assert (entry.recorded_by_id, entry.confirmed_by_id) == (people.treasurer.id, people.secretary.id)
        assert held(people) == {("cash", "general"): 70}

    @pytest.mark.parametrize(
        ("who", "why"), [("treasurer", Refusal.OWN_SECOND), ("member", Refusal.NOT_AN_OFFICER)]
    )
    def test_needs_another_officer(self, people: Officers, who: str, why: Refusal) -> None:
        post_income(people, 100)
        with in_scope(people.group, people.treasurer):
            waiting = commands.draft(expense(30), by=people.treasurer.id, now=clock.now())
            with pytest.raises(CannotPost, match=why):
                commands.confirm_draft(waiting, by=getattr(people, who).id, now=clock.now())

    def test_happens_once(self, people: Officers) -> None:
        post_income(people, 100)
        with in_scope(people.group, people.treasurer):
            waiting = commands.draft(expense(30), by=people.treasurer.id, now=clock.now())
            commands.confirm_draft(waiting, by=people.chair.id, now=clock.now())
            for again in (commands.confirm_draft, lambda *a, **n: commands.refuse_draft(*a, why_not="", **n)):
                with pytest.raises(CannotPost, match=Refusal.DECIDED_ALREADY):
                    again(waiting, by=people.chair.id, now=clock.now())

    def test_what_was_refused_never_counts(self, people: Officers) -> None:
        post_income(people, 100)
        with in_scope(people.group, people.treasurer):
            waiting = commands.draft(expense(30), by=people.treasurer.id, now=clock.now())
            commands.refuse_draft(waiting, by=people.chair.id, why_not="no receipt", now=clock.now())
        assert held(people) == {("cash", "general"): 100}

    def test_more_than_there_is_is_refused_with_how_much_there_is(self, people: Officers) -> None:
        post_income(people, 100)
        with in_scope(people.group, people.treasurer), pytest.raises(CannotPost) as refused:
            commands.draft(expense(101), by=people.treasurer.id, now=clock.now())
        assert refused.value.shortage
        assert refused.value.shortage.there == 100


class TestReversal:
    def test_turns_every_sign_and_stands_beside(self, people: Officers) -> None:
        entry = post_income(people, 100, memo="twice")
        with in_scope(people.group, people.treasurer):
            waiting = commands.draft_reversal(
                queries.get_entry(entry.id), by=people.treasurer.id, reason="written twice", now=clock.now()
            )
            taken = commands.confirm_draft(waiting, by=people.chair.id, now=clock.now())
            assert queries.find_reversal_of(entry.id).id == taken.id
            assert checks.faults() == []
        assert set(held(people).values()) == {0}

    def test_happens_once_and_never_to_a_reversal(self, people: Officers) -> None:
        entry = post_income(people, 100)
        with in_scope(people.group, people.treasurer):
            standing = queries.get_entry(entry.id)
            waiting = commands.draft_reversal(standing, by=people.treasurer.id, reason="x", now=clock.now())
            with pytest.raises(CannotPost, match=Refusal.REVERSED_ALREADY):
                commands.draft_reversal(standing, by=people.treasurer.id, reason="x", now=clock.now())
            taken = commands.confirm_draft(waiting, by=people.chair.id, now=clock.now())
            with pytest.raises(CannotPost, match=Refusal.IS_A_REVERSAL):
                commands.draft_reversal(
                    queries.get_entry(taken.id), by=people.treasurer.id, reason="x", now=clock.now()
                )


class TestVerify:
    def test_an_erased_memo_leaves_the_book_whole(self, people: Officers) -> None:
        entry = post_income(people, 100, memo="from Kamau’s aunt")
        with in_scope(people.group, people.treasurer):
            commands.erase_memo(queries.get_entry(entry.id), by=people.treasurer.id, now=clock.now())
            assert queries.get_entry(entry.id).memo.words is None
            assert checks.faults() == []

    def test_names_the_row_that_was_changed_behind_its_back(
        self, app: object, database_urls: Addresses, people: Officers
    ) -> None:
        entry = post_income(people, 100)
        post_income(people, 50)
        tamper(
            database_urls,
            people,
            f"update legs set amount = amount * 2 where journal_id = '{entry.id}'",
            "legs",
        )
        with in_scope(people.group):
            faults = checks.faults()
        assert any(str(entry.id) in fault.row for fault in faults)
        assert any("balance" in fault.what for fault in faults)

    def test_names_guards_that_are_off(self, database_urls: Addresses, people: Officers) -> None:
        with in_scope(people.group):
            assert checks.faults_of_guards() == []
        engine = owner(database_urls)
        with engine.begin() as connection:
            connection.execute(sa.text("alter table journals disable trigger chain"))
        with in_scope(people.group):
            assert [fault.row for fault in checks.faults_of_guards()] == ["chain on journals"]
        with engine.begin() as connection:
            connection.execute(sa.text("alter table journals enable always trigger chain"))

    def test_the_command_ends_with_1(self, app: object, database_urls: Addresses, people: Officers) -> None:
        runner = app.test_cli_runner()
        entry = post_income(people, 100)
        assert runner.invoke(args=["book", "verify", "--group", people.group.slug]).exit_code == 0
        tamper(
            database_urls,
            people,
            f"update legs set amount = amount * 2 where journal_id = '{entry.id}'",
            "legs",
        )
        told = runner.invoke(args=["book", "verify", "--group", people.group.slug])
        assert told.exit_code == 1
        assert str(entry.id) in told.output


def owner(addresses: Addresses) -> sa.Engine:
    return sa.create_engine(addresses.owner_url, poolclass=sa.NullPool)


def tamper(addresses: Addresses, people: Officers, statement: str, table: str) -> None:
    """What somebody with the owner's password and an hour could do."""
    with owner(addresses).begin() as connection:
        connection.execute(
            sa.text("select set_config('app.group_id', :g, true)"), {"g": str(people.group.id)}
        )
        connection.execute(sa.text(f"alter table {table} disable trigger append_only"))
        connection.execute(sa.text(statement))
        connection.execute(sa.text(f"alter table {table} enable always trigger append_only"))


moves = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "move"]), st.sampled_from(list(Place)), st.sampled_from(list(Place)),
        st.sampled_from(list(Fund)), st.integers(1, 500), st.integers(0, 300),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_whatever_happens_balances_are_their_legs_and_nothing_is_below_zero(
    app: object, wanted: list[tuple]
) -> None:
    people = make_officers()
    for what, place, other, fund, amount, days in wanted:
        lines = {
            "in": moved(Source.GRANTS, place, fund, amount),
            "out": moved(place, Cost.VENUE, fund, amount),
            "move": moved(place, other, fund, amount),
        }[what]
        entry = Entry(EntryKind.TRANSFER, today() - timedelta(days=days), lines)
        try:
            with in_scope(people.group, people.treasurer):
                commands.post(entry, by=people.treasurer.id, second=people.chair.id, now=clock.now())
        except CannotPost:
            continue
    with in_scope(people.group):
        assert checks.faults() == []
        there = queries.held()
    for place in Place:
        assert sum(amount for (p, _), amount in there.items() if p == place) >= 0
    for fund in Fund:
        assert sum(amount for (_, f), amount in there.items() if f == fund) >= 0


class TestAGrantsFund:
    def test_gets_the_next_number_and_takes_entries(self, people: Officers) -> None:
        with in_scope(people.group, people.treasurer):
            codes = [
                commands.open_fund(name, by=people.treasurer.id, now=clock.now()).code
                for name in ("OSIEA", "NCPWD")
            ]
            assert codes == ["grant-1", "grant-2"]
        post_income(people, 700, fund="grant-2")
        with in_scope(people.group):
            assert queries.held() == {("cash", "grant-2"): 700}
            assert [(fund.code, fund.name) for fund in queries.funds()] == [
                ("grant-1", "OSIEA"),
                ("grant-2", "NCPWD"),
            ]

    def test_pays_for_no_other_fund(self, people: Officers) -> None:
        with in_scope(people.group, people.treasurer):
            commands.open_fund("OSIEA", by=people.treasurer.id, now=clock.now())
        post_income(people, 700, fund="grant-1")
        with in_scope(people.group, people.treasurer), pytest.raises(CannotPost) as refused:
            commands.draft(
                Entry(EntryKind.EXPENSE, today(), moved(Place.CASH, Cost.VENUE, Fund.GENERAL, 100)),
                by=people.treasurer.id,
                now=clock.now(),
            )
        assert refused.value.refusal is Refusal.NOT_ENOUGH_IN_FUND

    def test_closes_when_it_is_empty_and_then_takes_nothing(self, people: Officers) -> None:
        with in_scope(people.group, people.treasurer):
            commands.open_fund("OSIEA", by=people.treasurer.id, now=clock.now())
        post_income(people, 700, fund="grant-1")
        with in_scope(people.group, people.treasurer):
            fund = queries.get_fund("grant-1")
            with pytest.raises(CannotPost) as refused:
                commands.close_fund(fund, on=today(), by=people.treasurer.id, now=clock.now())
            assert refused.value.refusal is Refusal.FUND_NOT_EMPTY
            lines = moved_between_funds(Place.CASH, "grant-1", Fund.GENERAL, 700)
            commands.post(
                Entry(EntryKind.BETWEEN_FUNDS, today(), lines),
                by=people.treasurer.id,
                second=people.chair.id,
                now=clock.now(),
            )
            commands.close_fund(fund, on=today(), by=people.treasurer.id, now=clock.now())
        with pytest.raises(CannotPost) as refused:
            post_income(people, 1, fund="grant-1")
        assert refused.value.refusal is Refusal.FUND_CLOSED


def test_income_of_another_group_is_not_there(people: Officers) -> None:
    post_income(make_officers(), 100)
    assert held(people) == {}
    assert income(1).lines
