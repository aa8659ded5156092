"""A count on paper, with room for two names written by hand."""

import uuid
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from funding.counts.models import CashCount
from network.documents.paper import document, in_language
from network.web.formatting import moment, money, whole_day

Line = tuple[int, int, int]


def cash_count(
    count: CashCount, *, lines: Sequence[Line], names: Mapping[uuid.UUID, str], seal: str, language: str
) -> bytes:
    """What two people found, what the book said, and what they said about it."""
    with in_language(language):
        return document(
            "funding/counts/count.typ",
            title=_("Cash counted on %(day)s", day=whole_day(count.counted_on)),
            language=language,
            footer=_("Up to entry %(number)s, seal %(seal)s", number=count.entries, seal=seal) if count.entries else "",
            head=[_("Note or coin"), _("How many"), _("Together")],
            rows=found(lines, count.other, count.amount, count.currency),
            facts=_facts(count),
            signed=[names.get(one, "–") for one in (count.counted_by_id, count.agreed_by_id) if one],
            signature=_("Name and signature"),
        )  # fmt: skip


def found(lines: Sequence[Line], other: int, amount: int, currency: str) -> list[list[str]]:
    """What was found line by line, and what it comes to."""
    rows = [[money(value, currency), str(number), money(sum_, currency)] for value, number, sum_ in lines]
    if other or not lines:
        rows.append([_("Anything else"), "", money(other, currency)])
    return [*rows, [_("In the box"), "", money(amount, currency)]]


def _facts(count: CashCount) -> list[list[str]]:
    book = count.book or 0
    facts = [[_("In the book"), money(book, count.currency)]]
    if count.amount < book:
        facts.append([_("Less there than in the book"), money(book - count.amount, count.currency)])
    if count.amount > book:
        facts.append([_("More there than in the book"), money(count.amount - book, count.currency)])
    if count.why:
        facts.append([_("What they said about the difference"), count.why])
    return [*facts, [_("Signed on"), moment(count.agreed_at) if count.agreed_at else "–"]]
