"""Requests for help, and what becomes of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from funding.ledger import commands as ledger
from funding.ledger.queries import get_draft
from funding.ledger.rules import Place
from funding.welfare import commands as welfare
from funding.welfare.models import Need
from funding.welfare.queries import get_request
from network import clock
from network.accounts.models import Account
from tests.factories.funding import Officers
from tests.support.app import in_scope


def make_request(
    people: Officers, *, who: Account | None = None, now: datetime | None = None, **more: Any
) -> UUID:
    """Somebody, the plain member unless said otherwise, asks for help."""
    who = who or people.member
    values = {"need": Need.MEDICINE, "amount": 15_000, "words": "", "by": who.id, "now": now or clock.now()}
    with in_scope(people.group, who):
        return welfare.file_request(**{**values, **more}).id


def answer(
    people: Officers, request_id: UUID, who: Account, *, agrees: bool = True, now: datetime | None = None
) -> None:
    """One of those who decide says something."""
    with in_scope(people.group, who):
        welfare.answer_request(get_request(request_id), by=who.id, agrees=agrees, now=now or clock.now())


def agree(people: Officers, request_id: UUID, *, now: datetime | None = None) -> None:
    """Chair and committee say yes."""
    for who in (people.chair, people.committee):
        answer(people, request_id, who, now=now)


def write_payment(
    people: Officers, request_id: UUID, *, who: Account | None = None, now: datetime | None = None
) -> UUID:
    """The treasurer, or somebody else, writes the payment down; a second person has to confirm it."""
    who = who or people.treasurer
    with in_scope(people.group, who):
        return welfare.pay_request(
            get_request(request_id), place=Place.CASH, by=who.id, now=now or clock.now()
        )


def confirm(
    people: Officers, draft_id: UUID, *, who: Account | None = None, now: datetime | None = None
) -> UUID:
    """The secretary, or somebody else, is the second person."""
    who = who or people.secretary
    with in_scope(people.group, who):
        return ledger.confirm_draft(get_draft(draft_id), by=who.id, now=now or clock.now()).id


def make_paid_request(people: Officers, *, now: datetime | None = None) -> UUID:
    """Asked, agreed by two, paid by two."""
    request_id = make_request(people, now=now)
    agree(people, request_id, now=now)
    confirm(people, write_payment(people, request_id, now=now), now=now)
    return request_id
