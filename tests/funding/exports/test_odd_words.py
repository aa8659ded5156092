"""Books of groups with names and words that nobody thought of."""

import csv
import io

import pytest
from beancount import loader

from funding.income.commands import record_income
from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.rules import EntryKind, Fund, Place
from network import clock
from network.web.unit_of_work import Pamoja
from tests.factories.funding import Officers, make_officers, today
from tests.factories.network import make_group, make_network
from tests.support.app import in_scope

NAMES = (
    'Ndiyo "tuko" pamoja; \\ *',
    "Umoja\nna\tAmani\r\n2026-01-01 open Assets:Cash",
    "\u202eمجموعة الأمل\u202c 🌍👩🏾‍🤝‍👩🏿",
    "N" * 120,
    "=1+1",
)
WORDS = (
    "🌧️ roof",
    'a "quote" \\',
    "line\nline\u2028line",
    "\u202eright to left\u202c",
    "w" * 500,
    "=HYPERLINK(1)",
    "",
)


def a_book(name: str, currency: str) -> Officers:
    """Every odd word beside an entry of its own; the last is erased, the first is taken back."""
    people = make_officers(make_group(make_network(currency=currency), name=name, currency=currency))
    by, now = people.treasurer.id, clock.now()
    with in_scope(people.group, people.treasurer):
        entries = [
            record_income(
                kind=EntryKind.OPENING, amount=1_001, place=Place.BANK, fund=Fund.GENERAL, received_on=today(), words=words, by=by, now=now
            )
            for words in WORDS
        ]  # fmt: skip
        ledger.erase_memo(book.get_entry(entries[1]), by=by, now=now)
        back = ledger.draft_reversal(book.get_entry(entries[0]), by=by, reason="Twice\n; 'no'", now=now).id
    with in_scope(people.group, people.chair):
        ledger.confirm_draft(book.get_draft(back), by=people.chair.id, now=now)
    return people


@pytest.mark.parametrize(
    ("name", "currency"), [*zip(NAMES, ("KES", "UGX", "KWD", "KES", "UGX"), strict=True)]
)
def test_leave_the_house_whole(app: Pamoja, name: str, currency: str) -> None:
    group = a_book(name, currency).group
    runner = app.test_cli_runner()
    text = runner.invoke(args=["book", "export", group.slug, "--format", "beancount"])
    _, errors, options = loader.load_string(text.stdout)
    assert (text.exit_code, errors) == (0, [])
    assert "open Assets:Cash" not in text.stdout.splitlines()[1]
    assert options["title"].split() == name.split()
    table = runner.invoke(args=["book", "export", group.slug, "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert (table.exit_code, sum(int(row["amount_minor"]) for row in rows)) == (0, 0)
    assert {row["currency"] for row in rows} == {currency}
    held = runner.invoke(args=["book", "verify", "--group", group.slug])
    assert (held.exit_code, held.stdout) == (0, "Everything holds.\n")
