"""A handover on paper, with room for two names written by hand."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from funding.counts.papers import found as box
from funding.counts.rules import lines_of
from funding.handover.models import Handover, HandoverPlace
from funding.ledger.forms import PLACES
from funding.ledger.rules import Place
from network.documents.paper import document, in_language
from network.web.formatting import money, whole_day


def signed_handover(
    handover: Handover,
    *,
    found: Sequence[HandoverPlace],
    fund_words: Mapping[str, Any],
    names: Mapping[uuid.UUID, str],
    seal: str,
    language: str,
) -> bytes:
    """What both found, what the book said, and what they said about it."""
    currency = handover.currency
    cash = next((one.counted for one in found if one.place == Place.CASH), 0)
    with in_language(language):
        return document(
            "funding/handover/handover.typ",
            title=_("Handed over on %(day)s", day=whole_day(handover.counted_on) if handover.counted_on else "–"),
            language=language,
            footer=_("Up to entry %(number)s, seal %(seal)s", number=handover.entries, seal=seal),
            lead=_lead(handover),
            beside_head=[_("Where"), _("Counted together"), _("In the book"), _("Difference")],
            beside=[_beside(one, currency) for one in found],
            said=[_said(one) for one in found if one.why],
            box_title=_("What was in the box"),
            box_head=[_("Note or coin"), _("How many"), _("Together")],
            box=box(lines_of(handover.pieces), handover.other, cash, currency),
            funds_title=_("What it is for"),
            funds=[[fund_words.get(fund, fund), money(amount, currency)] for fund, amount in handover.funds or []],
            open_title=_("What was not finished"),
            open=[
                [_("Requests for help that are not settled"), str(handover.open_requests)],
                [_("Entries that wait for a second person"), str(handover.drafts_waiting)],
            ],
            words_title=_("What else changed hands"),
            words=handover.words or "",
            signed=[[names.get(one, "–"), _role(handover, one)] for one in (handover.counted_by_id, handover.agreed_by_id) if one],
        )  # fmt: skip


def _lead(handover: Handover) -> list[str]:
    outgoing, incoming = handover.outgoing.nickname, handover.incoming.nickname
    lead = [_("From %(outgoing)s to %(incoming)s", outgoing=outgoing, incoming=incoming)]
    if not handover.outgoing_signed:
        lead.append(
            _(
                "%(outgoing)s was not there. Somebody else in office counted and signed instead.",
                outgoing=outgoing,
            )
        )
    return lead


def _beside(one: HandoverPlace, currency: str) -> list[Any]:
    book = one.book or 0
    difference = _("none")
    if one.counted < book:
        difference = _("%(amount)s less there", amount=money(book - one.counted, currency))
    if one.counted > book:
        difference = _("%(amount)s more there", amount=money(one.counted - book, currency))
    return [PLACES[Place(one.place)], money(one.counted, currency), money(book, currency), difference]


def _said(one: HandoverPlace) -> list[Any]:
    posted = (
        _("Both agreed, and it stands in the book.")
        if one.is_posted
        else _("It was not written in the book: something still had to be written down.")
    )
    title = _("%(place)s: what they said about the difference", place=PLACES[Place(one.place)])
    return [title, f"{one.why} {posted}"]


def _role(handover: Handover, account_id: uuid.UUID) -> str:
    """Who somebody was in this, as far as that can still be told."""
    if account_id == handover.incoming.account_id:
        return _("takes over")
    return (
        _("hands over") if handover.outgoing_signed else _("counted in place of the one who could not come")
    )
