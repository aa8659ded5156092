"""The text against the program it is for: what it says of a book is what the book says (LED-14)."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from funding.expenses.commands import record_expense
from funding.exports.formats import beancount
from funding.exports.queries import whole_book
from funding.income.commands import record_income, record_transfer
from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.queries import in_order
from funding.ledger.rules import CHART, Cost, EntryKind, Fund, Place
from network import clock
from network.currencies import minor_digits
from tests.factories.funding import Officers, make_officers, today
from tests.support.app import in_scope

CURRENCIES = ("KES", "UGX", "KWD")
"""With two decimals, none, and three."""
NASTY = 'Hall; "May" \\ rent\u2028*'


def a_full_book(currency: str) -> Officers:
    """Money in, between places, out by two, taken back, and a grant with a fund of its own."""
    people = make_officers(currency=currency)
    by, now, day = people.treasurer.id, clock.now(), today()
    with in_scope(people.group, people.treasurer):
        fund = ledger.open_fund('OSIEA "2026"', by=by, now=now)
        record_income(
            kind=EntryKind.OPENING, amount=1_234_567, place=Place.BANK, fund=Fund.GENERAL, received_on=day, words=NASTY, by=by, now=now
        )  # fmt: skip
        twice = record_income(
            kind=EntryKind.GRANT, amount=500_001, place=Place.MOBILE_MONEY, fund=fund.code, received_on=day, words="", by=by, now=now
        )  # fmt: skip
        record_transfer(
            source=Place.BANK, target=Place.CASH, amount=33_333, moved_on=day, words="", by=by, now=now
        )
        spent = record_expense(
            cost=Cost.VENUE, amount=777, place=Place.CASH, fund=Fund.GENERAL, spent_on=day, words="Hall", by=by, now=now
        )  # fmt: skip
        back = ledger.draft_reversal(book.get_entry(twice), by=by, reason="Twice", now=now).id
    with in_scope(people.group, people.chair):
        for waiting in (spent, back):
            ledger.confirm_draft(book.get_draft(waiting), by=people.chair.id, now=now)
    return people


def text_of(people: Officers, *, with_words: bool = True) -> str:
    with in_scope(people.group):
        return "\n".join(beancount.lines(whole_book(with_words=with_words), with_words=with_words)) + "\n"


def sums_of(entries: list[data.Directive]) -> dict[str, Decimal]:
    sums: Counter[str] = Counter()
    for entry in entries:
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                sums[posting.account] += posting.units.number  # type: ignore[assignment]
    return {name: total for name, total in sums.items() if total}


def sums_of_book(people: Officers, currency: str) -> dict[str, Decimal]:
    with in_scope(people.group):
        there = book.balances_on(
            today() + timedelta(days=2)
        )  # also where the group's day has begun before the others'
    return {
        beancount.account(code, str(CHART[code]), fund): Decimal(amount).scaleb(-minor_digits(currency))
        for (code, fund), amount in there.items()
    }


@pytest.mark.parametrize("currency", CURRENCIES)
class TestABook:
    def test_is_taken_by_the_program_and_comes_to_the_same(self, app: object, currency: str) -> None:
        people = a_full_book(currency)
        entries, errors, _ = loader.load_string(text_of(people))
        assert errors == []
        assert sums_of(entries) == sums_of_book(people, currency)
        assert sum(isinstance(one, data.Transaction) for one in entries) == 5
        assert sum(isinstance(one, data.Balance) for one in entries) >= 5

    def test_passes_the_command_people_use(self, app: object, currency: str, tmp_path: Path) -> None:
        file = tmp_path / "book.beancount"
        file.write_text(text_of(a_full_book(currency)), encoding="utf-8")
        checked = subprocess.run(
            [Path(sys.executable).parent / "bean-check", file], capture_output=True, text=True, check=False
        )
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")

    def test_one_minor_unit_more_is_noticed(self, app: object, currency: str) -> None:
        people, digits = a_full_book(currency), minor_digits(currency)
        before = f"{Decimal(-777).scaleb(-digits):f} {currency}"
        after = f"{Decimal(-778).scaleb(-digits):f} {currency}"
        other = (
            f"{Decimal(777).scaleb(-digits):f} {currency}",
            f"{Decimal(778).scaleb(-digits):f} {currency}",
        )
        text = text_of(people)
        assert before in text
        changed = text.replace(f"  {before}", f"  {after}").replace(*other, 1)
        _, errors, _ = loader.load_string(changed)
        assert errors


class TestWhatItSays:
    def test_names_nobody_and_keeps_words_out_when_asked(self, app: object) -> None:
        people = a_full_book("KES")
        for person in people[1:]:
            assert person.shown_name not in text_of(people)
            assert str(person.id) not in text_of(people)
        assert "Hall;" in text_of(people)
        assert "Hall" not in text_of(people, with_words=False)

    def test_tells_grants_and_what_was_taken_back(self, app: object) -> None:
        text = text_of(a_full_book("KES"))
        assert "Assets:MobileMoney:Grant-1" in text
        assert '; fund grant-1: "OSIEA \\"2026\\""' in text
        assert "takes-back: 2" in text
        assert "^entry-2" in text

    def test_an_empty_book_is_a_book(self, app: object) -> None:
        _, errors, _ = loader.load_string(text_of(make_officers()))
        assert errors == []

    @pytest.mark.parametrize("at_once", [1, 2, 500])
    def test_is_the_same_in_one_piece_and_in_many(
        self, app: object, at_once: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = a_full_book("KES")
        whole = text_of(people)
        monkeypatch.setattr(in_order, "AT_ONCE", at_once)
        assert text_of(people) == whole


@given(st.text(max_size=200))
def test_no_words_break_out_of_their_string(words: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    text = f'2026-01-01 open Assets:Cash:General\n2026-01-02 * "kind" {beancount.quoted(words)}\n'
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    assert len(entries) == 2


@given(
    st.sampled_from(sorted(CHART)),
    st.one_of(st.sampled_from(list(Fund)), st.integers(1, 999).map(lambda n: f"grant-{n}")),
)
def test_every_account_has_a_name_the_program_takes(code: str, fund: str) -> None:
    name = beancount.account(code, str(CHART[code]), fund)
    _, errors, _ = loader.load_string(f"2026-01-01 open {name} KES\n")
    assert errors == []
