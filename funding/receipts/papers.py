"""A receipt on paper and as a message. A message names neither the group nor anything about health; nor does a member's paper."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask_babel import gettext as _

from funding.ledger.forms import KINDS, PLACES
from funding.receipts.models import Receipt
from funding.receipts.queries import Made
from funding.receipts.rules import Received
from network.documents.paper import document, in_language
from network.web.formatting import money, whole_day
from network.web.languages import Language, language_of


@dataclass(frozen=True)
class Message:
    """A receipt in a few words, to send from this phone or to copy."""

    language: Language
    body: str

    @property
    def sms(self) -> str:
        return f"sms:?body={quote(self.body)}"


def message(made: Made, *, language: str) -> Message:
    """The receipt for somebody's phone, which others may look at."""
    receipt, received = made.receipt, made.received
    with in_language(language):
        values = {
            "number": receipt.number,
            "amount": money(receipt.amount, receipt.currency),
            "day": whole_day(received.received_on),
        }
        if received.taken_back_by is None:
            body = _("Receipt %(number)s: %(amount)s received on %(day)s. Thank you.", **values)
        else:
            body = _(
                "Receipt %(number)s (%(amount)s, %(day)s) was taken back and no longer counts.", **values
            )
    return Message(language_of(language), body)


def facts(received: Received) -> list[tuple[str, str]]:
    """What a receipt says beside the amount, in the language that is spoken."""
    parts = [
        f"{PLACES[place]} {money(amount, received.currency)}" for place, amount in received.parts.items()
    ]
    found = [
        (_("Received on"), whole_day(received.received_on)),
        (_("Received from"), received.nickname or received.words),
        (_("What for"), _what_for(received)),
        (_("How"), " · ".join(parts) if len(parts) > 1 else str(PLACES[next(iter(received.parts))])),
        (_("Entry in the book"), str(received.entry_number)),
        (_("Seal"), received.seal),
    ]
    return [(what, how) for what, how in found if how]


def _what_for(received: Received) -> str:
    return _("A contribution, given freely") if received.member_id else str(KINDS[received.kind])


def taken_back(received: Received) -> str:
    """That it no longer counts, where it does not."""
    if received.taken_back_by is None:
        return ""
    return _("Taken back by entry %(number)s. It no longer counts.", number=received.taken_back_by)


def receipt_paper(made: Made, *, place: str, written_by: str, made_on: date, language: str) -> bytes:
    """The receipt to print, with a line to sign. `place` is whose it is, where the paper may say so."""
    receipt: Receipt = made.receipt
    with in_language(language):
        return document(
            "funding/receipts/receipt.typ",
            title=_("Receipt %(number)s", number=receipt.number),
            language=language,
            place="" if receipt.member_id else place,
            amount=money(receipt.amount, receipt.currency),
            facts=facts(made.received),
            taken_back=taken_back(made.received),
            made=[_("Receipt made on"), whole_day(made_on)],
            signed=[_("By"), written_by],
            sign_here=_("Signature"),
        )
