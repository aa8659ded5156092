"""The book as tables for people: entries, legs, months, what members gave in sums, grants. No table has a person in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from funding.exports import queries
from funding.exports.formats.entries import Entry
from funding.exports.rules import Piece
from funding.grants import queries as grants
from funding.ledger import queries as ledger
from funding.ledger.forms import ACCOUNTS, KINDS, PLACES, fund_words
from funding.ledger.queries import in_order
from funding.ledger.rules import EntryKind, Place
from network import clock
from network.db import db
from network.documents.sheets import Money, Sheet
from network.tenancy.models import Group, GroupKind

Rows = Iterator[Sequence[Any]]


def tables(piece: Piece, place: Group) -> Mapping[str, Callable[[], Sheet]]:
    """Each table by the name an address gives it; made when it is asked for, in the language in force."""
    currency = place.currency
    funds = {code: str(words) for code, words in fund_words(ledger.funds()).items()}
    made = {
        "entries": lambda: _entries(piece, place),
        "legs": lambda: _legs(piece, currency, funds),
        "months": lambda: _months(piece, currency, funds),
        "contributions": lambda: _contributions(piece, currency),
        "grants": lambda: _grants(currency, funds),
    }
    if place.kind == GroupKind.OFFICE:  # which has no members
        del made["contributions"]
    return made


def _read(piece: Piece, *, with_words: bool) -> Iterator[Entry]:
    return queries.entries(with_words=with_words, since=piece.since, before=piece.before)


def _entries(piece: Piece, place: Group) -> Sheet:
    headings = [
        _("Entry"), _("Day"), _("Written down on"), _("What"), _("Code"), _("Words"), _("Amount"), _("Takes back entry"), _("Seal"),
    ]  # fmt: skip
    return Sheet(_("Entries"), headings, _entry_rows(piece, place))


def _entry_rows(piece: Piece, place: Group) -> Rows:
    for one in _read(piece, with_words=True):
        size = sum(leg.amount for leg in one.legs if leg.amount > 0)
        yield [
            one.number, one.effective_on, clock.today(place.time_zone, at=one.recorded_at), KINDS[one.kind], one.code, one.words,
            Money(size, place.currency), one.takes_back, one.seal[:12],
        ]  # fmt: skip


def _legs(piece: Piece, currency: str, funds: Mapping[str, str]) -> Sheet:
    headings = [_("Entry"), _("Day"), _("Where"), _("Fund"), _("In"), _("Out")]
    return Sheet(_("Legs"), headings, _leg_rows(piece, currency, funds))


def _leg_rows(piece: Piece, currency: str, funds: Mapping[str, str]) -> Rows:
    for one in _read(piece, with_words=False):
        for leg in one.legs:
            amount = Money(abs(leg.amount), currency)
            sides = (amount, None) if leg.amount > 0 else (None, amount)
            yield [one.number, one.effective_on, ACCOUNTS[leg.account], funds.get(leg.fund, leg.fund), *sides]


def _months(piece: Piece, currency: str, funds: Mapping[str, str]) -> Sheet:
    headings = [_("Month"), _("Where"), _("Fund"), _("In"), _("Out")]
    rows = (
        [
            one.month, ACCOUNTS[one.account], funds.get(one.fund, one.fund), Money(one.debit, currency), Money(one.credit, currency),
        ]
        for one in in_order.months_moved(since=piece.since, before=piece.before)
    )  # fmt: skip
    return Sheet(_("Month by month"), headings, rows)


def _contributions(piece: Piece, currency: str) -> Sheet:
    """The sums as they stand in the book; who gave what is the treasurer's and each member's own."""
    headings = [_("Entry"), _("Day"), PLACES[Place.CASH], PLACES[Place.MOBILE_MONEY]]
    return Sheet(_("Contributions"), headings, _contribution_rows(piece, currency))


def _contribution_rows(piece: Piece, currency: str) -> Rows:
    for one in _read(piece, with_words=False):
        if one.kind == EntryKind.CONTRIBUTIONS:
            sums = [
                sum(leg.amount for leg in one.legs if leg.account == place)
                for place in (Place.CASH, Place.MOBILE_MONEY)
            ]
            yield [one.number, one.effective_on, *(Money(amount, currency) for amount in sums)]


def _grants(currency: str, funds: Mapping[str, str]) -> Sheet:
    headings = [
        _("Grant"), _("Funder"), _("What it is for"), _("From"), _("Until"), _("Awarded"), _("Came"), _("Spent"), _("Left"),
    ]  # fmt: skip
    found = list(db.session.scalars(grants.grants()))
    standings = grants.standings_of(found)
    rows = []
    for one in found:
        stands = standings[one.id]
        amounts = (stands.awarded, stands.came, stands.spent, stands.left)
        rows.append(
            [funds.get(one.fund, one.fund), one.funder, one.purpose, one.starts_on, one.ends_on]
            + [Money(amount, currency) for amount in amounts]
        )
    return Sheet(_("Grants"), headings, rows)
