"""How lines end: joined, written down, split, left aside; and how they are opened again."""

import threading
import uuid

import pytest
import sqlalchemy as sa

from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.rules import Fund, Place
from funding.matching import commands, queries
from funding.matching.commands import CannotSettle
from funding.matching.models import LineMatch
from funding.matching.rules import Refusal
from funding.statements.models import LineState, StatementLine
from funding.statements.queries import get_statement, statements
from network import audit, clock
from network.db import db
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.matching import (
    a_line,
    again,
    an_entry,
    confirm,
    draft_expense,
    join,
    take_back,
    write_income,
)
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa
from tests.support.app import in_scope


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 1_000_000, place=Place.MOBILE_MONEY)
    return made


def refusal_of(people: Officers, act: object) -> Refusal:
    with pytest.raises(CannotSettle) as refused:
        act()  # type: ignore[operator]
    return refused.value.refusal


class TestJoin:
    def test_a_line_is_matched_and_forgets_who_paid(self, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        assert line.words
        join(people, line, entry)
        after = again(people, line)
        assert (after.state, after.words, after.settled_by_id) == (
            LineState.MATCHED,
            None,
            people.treasurer.id,
        )

    def test_as_much_as_both_have_left(self, people: Officers) -> None:
        sheet = an_entry(people, 800)
        one, two = a_line(people, 500), a_line(people, 400, receipt="SKC2")
        join(people, one, sheet)
        join(people, two, sheet)
        assert (again(people, one).state, again(people, two).state) == (LineState.MATCHED, LineState.OPEN)
        with in_scope(people.group):
            assert queries.rest_of(queries.get_line(two.id)) == 10000
        join(people, two, an_entry(people, 100))
        assert again(people, two).state == LineState.SPLIT

    def test_what_does_not_fit_is_refused(self, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 200)
        join(people, line, entry)
        assert refusal_of(people, lambda: join(people, line, entry)) == Refusal.JOINED_ALREADY
        other = a_line(people, 100, receipt="SKC2")
        assert refusal_of(people, lambda: join(people, other, entry)) == Refusal.NOTHING_LEFT
        out = a_line(people, -100, receipt="SKC3")
        assert refusal_of(people, lambda: join(people, out, an_entry(people, 100))) == Refusal.OTHER_WAY
        gone = an_entry(people, 100)
        take_back(people, gone.id)
        assert refusal_of(people, lambda: join(people, other, gone)) == Refusal.TAKEN_BACK
        join(people, other, an_entry(people, 100))
        assert refusal_of(people, lambda: join(people, other, an_entry(people, 100))) == Refusal.ENDED_ALREADY

    def test_a_transfer_is_joined_once_at_each_place(self, people: Officers) -> None:
        line = a_line(people, -300)
        with in_scope(people.group, people.treasurer):
            entry_id = commands.write_transfer(
                queries.get_line(line.id), other=Place.BANK, amount=30000, moved_on=line.booked_on, words="",
                by=people.treasurer.id, now=clock.now(), key=uuid.uuid4(),
            )  # fmt: skip
        assert again(people, line).state == LineState.MATCHED
        text = f"Date,Description,Amount\n{a_day(2)},From till,300\n"
        bring(people, text.encode(), place="bank")  # type: ignore[arg-type]
        bank = next(one for one in lines_of(people) if one.amount == 30000)
        with in_scope(people.group):
            assert [one.entry_id for one in queries.suggestions(queries.get_line(bank.id), 30000)] == [
                entry_id
            ]
            entry = book.get_entry(entry_id)
        join(people, bank, entry)
        assert again(people, bank).state == LineState.MATCHED


class TestWrite:
    def test_income_stands_in_the_book_and_the_line_is_matched(self, people: Officers) -> None:
        line = a_line(people, 500)
        entry_id = write_income(people, line, 500)
        with in_scope(people.group):
            assert book.get_entry(entry_id).size == 50000
        assert again(people, line).state == LineState.MATCHED

    def test_the_same_key_again_writes_nothing(self, people: Officers) -> None:
        line, key = a_line(people, 500), uuid.uuid4()
        assert write_income(people, line, 200, key=key) == write_income(people, line, 200, key=key)
        with in_scope(people.group):
            assert len(queries.parts_of(queries.get_line(line.id))) == 1

    def test_more_than_is_left_is_refused_and_nothing_is_written(self, people: Officers) -> None:
        line = a_line(people, 500)
        write_income(people, line, 200)
        assert refusal_of(people, lambda: write_income(people, line, 301)) == Refusal.MORE_THAN_LEFT
        with in_scope(people.group):
            assert book.find_book().entries == 2

    def test_an_expense_waits_and_so_does_its_line(self, people: Officers) -> None:
        line = a_line(people, -300)
        draft_id = draft_expense(people, line, 300)
        assert (again(people, line).state, again(people, line).words is None) == (LineState.OPEN, False)
        assert refusal_of(people, lambda: draft_expense(people, line, 300)) == Refusal.ENDED_ALREADY
        confirm(people, draft_id)
        assert (again(people, line).state, again(people, line).words) == (LineState.MATCHED, None)

    def test_an_expense_that_is_refused_opens_its_line_again(self, people: Officers) -> None:
        line = a_line(people, -300)
        draft_id = draft_expense(people, line, 300)
        with in_scope(people.group, people.chair):
            ledger.refuse_draft(
                book.get_draft(draft_id), by=people.chair.id, why_not="No receipt", now=clock.now()
            )
        assert draft_expense(people, line, 300) != draft_id

    def test_all_charges_are_one_expense(self, people: Officers) -> None:
        moves = [Moved(f"S{n}", a_day(3), -10 - n, "Pay Bill Charge") for n in range(3)]
        bring(people, mpesa([Moved("S9", a_day(4), 500), *moves]))
        with in_scope(people.group, people.treasurer):
            statement = db.session.scalars(statements()).one()
            draft_id = commands.draft_charges(
                statement, fund=Fund.GENERAL, words="Charges", by=people.treasurer.id, now=clock.now(), key=uuid.uuid4()
            )  # fmt: skip
        entry_id = confirm(people, draft_id)
        assert [line.state for line in lines_of(people)].count(LineState.MATCHED) == 3
        take_back(people, entry_id)
        assert {line.state for line in lines_of(people)} == {LineState.OPEN}
        with in_scope(people.group):
            assert len(queries.open_charges(get_statement(statement.id))) == 3


class TestOpenAgain:
    def test_an_entry_that_is_taken_back_opens_its_line(self, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        join(people, line, entry)
        take_back(people, entry.id)
        after = again(people, line)
        assert (after.state, after.settled_at, after.words) == (LineState.OPEN, None, None)
        with in_scope(people.group):
            events = [event.event for event in queries.history_of(after)]
        assert sorted(events) == ["statement_line.joined", "statement_line.opened_again"]

    def test_a_part_can_be_undone_and_the_diary_says_who(self, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        join(people, line, entry)
        with in_scope(people.group, people.treasurer):
            own = queries.get_line(line.id)
            commands.part_line(own, queries.parts_of(own)[0], by=people.treasurer.id, now=clock.now())
        assert again(people, line).state == LineState.OPEN
        with in_scope(people.group):
            noted = db.session.scalars(
                sa.select(audit.AuditEvent).where(audit.AuditEvent.event == "statement_line.parted")
            ).one()
        assert (noted.subject_id, noted.account_id) == (line.id, people.treasurer.id)
        join(people, line, entry)

    def test_left_aside_with_a_reason_and_taken_up_again(self, people: Officers) -> None:
        line = a_line(people, 500)

        def leave() -> None:
            with in_scope(people.group, people.treasurer):
                commands.leave_aside(
                    queries.get_line(line.id), reason="Wrong till", by=people.treasurer.id, now=clock.now()
                )

        leave()
        after = again(people, line)
        assert (after.state, after.reason, after.words) == (LineState.IGNORED, "Wrong till", None)
        assert refusal_of(people, leave) == Refusal.ENDED_ALREADY
        with in_scope(people.group, people.treasurer):
            commands.take_up_again(queries.get_line(line.id), by=people.treasurer.id, now=clock.now())
        write_income(people, line, 200)
        assert refusal_of(people, leave) == Refusal.HAS_PARTS


class TestTwoAtOnce:
    def test_one_of_them_settles_the_line(self, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        ends: list[str] = []

        def settle(act: object) -> None:
            try:
                act()  # type: ignore[operator]
                ends.append("settled")
            except CannotSettle as refused:
                ends.append(refused.refusal)

        acts = [lambda: join(people, line, entry), lambda: write_income(people, line, 500)] * 2
        threads = [threading.Thread(target=settle, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ends.count("settled") == 1
        assert ends.count(Refusal.ENDED_ALREADY) + ends.count(Refusal.JOINED_ALREADY) == 3
        with in_scope(people.group):
            joined = db.session.scalars(sa.select(LineMatch).where(LineMatch.line_id == line.id)).all()
            assert [part.amount for part in joined] == [50000]
            assert book.find_book().entries <= 3


class TestSuggestions:
    def test_the_amount_comes_first_then_the_receipt_then_the_day(self, people: Officers) -> None:
        line = a_line(people, 500)
        day = line.booked_on
        far = an_entry(people, 500, effective_on=a_day(12))
        near = an_entry(people, 500, effective_on=day)
        named = an_entry(people, 500, effective_on=a_day(9), memo="Gift skc1")
        other = an_entry(people, 700, effective_on=day)
        an_entry(people, 500, effective_on=a_day(30))
        an_entry(people, 500, place=Place.BANK, effective_on=day)
        with in_scope(people.group):
            found = queries.suggestions(queries.get_line(line.id), 50000)
        assert [one.entry_id for one in found][:4] == [named.id, near.id, far.id, other.id]

    def test_nothing_is_joined_by_itself(self, people: Officers) -> None:
        an_entry(people, 500)
        assert a_line(people, 500).state == LineState.OPEN

    def test_what_waits_with_the_same_amount_is_told(self, people: Officers) -> None:
        line = a_line(people, -300)
        other = a_line(people, -300, receipt="SKC2")
        draft_expense(people, other, 300)
        with in_scope(people.group):
            assert queries.find_twin(queries.get_line(line.id), -30000) is None
        from funding.expenses.commands import record_expense
        from funding.ledger.rules import Cost

        with in_scope(people.group, people.treasurer):
            twin = record_expense(
                cost=Cost.VENUE, amount=30000, place=Place.MOBILE_MONEY, fund=Fund.GENERAL, spent_on=a_day(1), words="Hall",
                by=people.treasurer.id, now=clock.now(),
            )  # fmt: skip
        with in_scope(people.group):
            assert queries.find_twin(queries.get_line(line.id), -30000) == twin


def test_every_line_is_in_one_state(people: Officers) -> None:
    a_line(people, 500)
    with in_scope(people.group):
        counts = queries.count_by_state()
        assert sum(counts.values()) == db.session.scalar(
            sa.select(sa.func.count()).select_from(StatementLine)
        )
