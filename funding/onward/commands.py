"""Giving: writing a grant, offering it, sending its parts. Receiving: answering, saying how the group stands, acknowledging."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from funding.expenses.commands import record_expense
from funding.grants import commands as grants
from funding.grants import queries as own_grants
from funding.grants.commands import CannotGrant, Terms
from funding.grants.models import FunderKind, Tranche
from funding.income.commands import record_income
from funding.ledger import commands as ledger
from funding.ledger.commands import CannotPost
from funding.ledger.rules import Confirmed, Cost, EntryKind, Fund, Place
from funding.ledger.rules import Refusal as LedgerRefusal
from funding.onward import emails, queries, rules
from funding.onward.models import (
    GrantKind,
    OnwardAnswer,
    OnwardGrant,
    OnwardPart,
    PartReceipt,
    StandingWord,
)
from funding.onward.rules import GrantState, News, Refusal
from network import audit
from network.db import db
from network.outbox import commands as outbox
from network.standing import registry as standing
from network.tenancy.models import Group
from network.web.languages import language_of

TELL = "onward_tell"
"""Goes from the office's queue into the group's: whom it reaches there, the office does not learn."""
LETTERS = "onward_letters"


class CannotGive(Exception):
    """Nothing was changed; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def write_grant(
    recipient: Group,
    *,
    kind: GrantKind,
    title: str,
    purpose: str,
    amount: int,
    fund: str,
    starts_on: date,
    ends_on: date,
    by: uuid.UUID,
    now: datetime,
) -> OnwardGrant:
    """Write a grant for a group; nobody outside the office sees it yet. Raises `CannotGive`."""
    if ends_on <= starts_on:
        raise CannotGive(Refusal.PERIOD)
    ledger.take_book()  # numbers are given one at a time
    grant = OnwardGrant(
        for_group_id=recipient.id, number=queries.count_given() + 1, kind=kind, title=title, purpose=purpose,
        amount=amount, currency=recipient.currency, fund=fund, starts_on=starts_on, ends_on=ends_on, made_by_id=by,
        made_at=now,
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()
    audit.record("onward_grant.written", grant, by=by, now=now)
    return grant


def add_part(
    grant: OnwardGrant,
    *,
    amount: int,
    due_on: date,
    condition: str,
    asks: Sequence[str],
    by: uuid.UUID,
    now: datetime,
) -> OnwardPart:
    """Say when a part of it is sent, and what has to be in order before. Raises `CannotGive`."""
    db.session.refresh(grant, with_for_update=True)
    if grant.offered_at:
        raise CannotGive(Refusal.OFFERED_ALREADY)
    if refusal := rules.why_not_add_part(
        amount, due_on=due_on, already=[part.amount for part in grant.parts], whole=grant.amount,
        starts_on=grant.starts_on, ends_on=grant.ends_on,
    ):  # fmt: skip
        raise CannotGive(refusal)
    part = OnwardPart(
        grant_id=grant.id, for_group_id=grant.for_group_id, amount=amount, due_on=due_on, condition=condition,
        number=max((part.number for part in grant.parts), default=0) + 1, asks=sorted(asks),
    )  # fmt: skip
    db.session.add(part)
    db.session.flush()
    audit.record("onward_part.written", part, by=by, now=now)
    db.session.expire(grant, ["parts"])
    return part


def remove_part(part: OnwardPart, *, by: uuid.UUID, now: datetime) -> None:
    """Take a part out again, before the grant is offered. Raises `CannotGive`."""
    if part.grant.offered_at:
        raise CannotGive(Refusal.OFFERED_ALREADY)
    audit.record("onward_part.removed", part, by=by, now=now)
    db.session.delete(part)
    db.session.flush()


def offer_grant(grant: OnwardGrant, *, by: uuid.UUID, now: datetime) -> None:
    """Offer it to the group: from here on it is read there and changed no more. Raises `CannotGive`."""
    db.session.refresh(grant, with_for_update=True)
    seen = queries.see(grant, now=now)
    parts = [part.amount for part in grant.parts]
    if refusal := rules.why_not_offer(state=seen.state, whole=grant.amount, parts=parts):
        raise CannotGive(refusal)
    grant.offered_at, grant.offered_on = now, ledger.today(now)
    audit.record("onward_grant.offered", grant, by=by, now=now)
    db.session.flush()


def end_grant(grant: OnwardGrant, *, by: uuid.UUID, now: datetime) -> None:
    """No further part is sent. What was sent stays as it is. Raises `CannotGive`."""
    db.session.refresh(grant, with_for_update=True)
    if queries.see(grant, now=now).state not in (GrantState.IN_FORCE, GrantState.OFFERED):
        raise CannotGive(Refusal.NOT_IN_FORCE)
    grant.ended_at = now
    audit.record("onward_grant.ended", grant, by=by, now=now)
    db.session.flush()


def release_part(
    part: OnwardPart,
    *,
    place: Place,
    paid_on: date,
    says_condition_is_met: bool,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
    line_id: uuid.UUID | None = None,
    why: str = "",
) -> uuid.UUID:
    """Write the payment down; it leaves the office's book once a second person agrees.

    Raises `CannotGive`, `CannotPost`, and `CannotBudget` where the fund it is paid from has a budget.
    """
    db.session.refresh(part, with_for_update=True)
    seen = queries.see(part.grant, now=now)
    mine = next(one for one in seen.parts if one.row.id == part.id)
    if refusal := rules.why_not_send(
        grant=seen.state, part=mine.state, open_conditions=mine.open_conditions,
        says_condition_is_met=says_condition_is_met or not part.condition,
    ):  # fmt: skip
        raise CannotGive(refusal)
    part.draft_id = record_expense(
        cost=Cost.ONWARD_GRANTS, amount=part.amount, place=place, fund=part.grant.fund, spent_on=paid_on,
        words=part.grant.title, code=rules.reference(part.grant.number, part.number), line_id=line_id, why=why,
        by=by, now=now, key=key,
    )  # fmt: skip
    audit.record("onward_part.released", part, by=by, now=now)
    db.session.flush()
    return part.draft_id


def note_sent(confirmed: Confirmed, now: datetime) -> None:
    """A payment of the office in scope was confirmed: the group reads that money is on its way. Raises `CannotPost`."""
    part = queries.find_part_by_draft(confirmed.draft_id)
    if part is None:
        return
    seen = queries.see(part.grant, now=now)
    mine = next(one for one in seen.parts if one.row.id == part.id)
    if seen.state is not GrantState.IN_FORCE or mine.open_conditions:
        raise CannotPost(LedgerRefusal.CONDITION_NOT_MET)
    part.journal_id, part.sent_on = confirmed.entry_id, confirmed.effective_on
    audit.record("onward_part.sent", part, now=now)
    db.session.flush()
    outbox.put(TELL, now=now, once=f"{TELL} {part.id}", for_group_id=part.for_group_id, part_id=part.id)


def note_taken_back(confirmed: Confirmed, now: datetime) -> None:
    """An entry was taken back: a part the office sent with it was not sent; what a group had acknowledged with it is open again."""
    if part := queries.find_part_by_entry(confirmed.reverses):
        part.taken_back_on = confirmed.effective_on
        audit.record("onward_part.taken_back", part, now=now)
    if receipt := queries.find_receipt_by_entry(confirmed.reverses):
        audit.record("onward_part.receipt_taken_back", receipt, now=now)
        db.session.delete(receipt)
    db.session.flush()


def settle_part(part: OnwardPart, *, words: str, by: uuid.UUID, now: datetime) -> None:
    """The office has looked into money that arrived otherwise than it was sent, and says what it found. Raises `CannotGive`."""
    if part.sent_on is None:
        raise CannotGive(Refusal.NOT_SENT)
    part.settled_words = words
    audit.record("onward_part.settled", part, by=by, now=now)
    db.session.flush()


def answer_grant(grant: OnwardGrant, *, accepts: bool, by: uuid.UUID, now: datetime) -> OnwardAnswer:
    """The group in scope takes a grant, or does not. What is for a purpose only becomes a grant of its own. Raises `CannotGive`."""
    if grant.ended_at:
        raise CannotGive(Refusal.NOT_IN_FORCE)
    if queries.find_answer(grant.id):
        raise CannotGive(Refusal.ANSWERED_ALREADY)
    is_project = accepts and grant.kind == GrantKind.PROJECT
    answer = OnwardAnswer(
        for_office_id=grant.group_id, grant_id=grant.id, accepts=accepts, answered_at=now,
        own_grant_id=_write_own(grant, by=by, now=now) if is_project else None,
    )  # fmt: skip
    db.session.add(answer)
    db.session.flush()
    audit.record("onward_grant.accepted" if accepts else "onward_grant.declined", answer, by=by, now=now)
    return answer


def _write_own(grant: OnwardGrant, *, by: uuid.UUID, now: datetime) -> uuid.UUID:
    """A grant among the group's own, with a fund and the parts it waits for, so that it can plan before the money comes."""
    terms = Terms(
        name=grant.title, funder=grant.giver.name, funder_kind=FunderKind.NETWORK, purpose=grant.purpose, amount=grant.amount,
        starts_on=grant.starts_on, ends_on=grant.ends_on, reference=f"G{grant.number}", is_restricted=False,
    )  # fmt: skip
    own = grants.write_grant(terms, by=by, now=now)
    for part in grant.parts:
        grants.add_tranche(
            own, expected_on=part.due_on, amount=part.amount, condition=part.condition, by=by, now=now
        )
    return own.id


def say_standing(
    grant: OnwardGrant, group: Group, *, shown: str, by: uuid.UUID, today: date, now: datetime
) -> dict[str, bool]:
    """Send the office a word for each condition of a grant in force, as somebody of the group was shown them.

    Raises `CannotGive`, also where something has changed since.
    """
    seen = queries.see(grant, now=now)
    if seen.state is not GrantState.IN_FORCE:
        raise CannotGive(Refusal.NOT_IN_FORCE)
    found = standing.answers(group, seen.asks, today=today)
    if rules.mark(found) != shown:
        raise CannotGive(Refusal.CHANGED_MEANWHILE)
    said = {one.condition: one for one in queries.own_words(grant.id)}
    for name, is_in_order in found.items():
        word = said.get(name) or StandingWord(for_office_id=grant.group_id, grant_id=grant.id, condition=name)
        word.is_in_order, word.said_at = is_in_order, now
        db.session.add(word)
    db.session.flush()
    audit.record("onward_grant.standing_said", grant, by=by, now=now)
    return found


def acknowledge_part(
    part: OnwardPart,
    *,
    amount: int,
    place: Place,
    received_on: date,
    words: str,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write what arrived in the group's own book, and say so to the office. Raises `CannotGive` and `CannotPost`."""
    ledger.take_book()
    receipt = _receipt(part, now=now)
    entry_id = _write_income(part, amount, place, received_on, by=by, now=now, key=key)
    receipt.amount, receipt.received_on, receipt.journal_id = amount, received_on, entry_id
    receipt.words, receipt.said_at = words, now
    db.session.add(receipt)
    db.session.flush()
    audit.record("onward_part.received", receipt, by=by, now=now)
    return entry_id


def say_not_arrived(part: OnwardPart, *, words: str, by: uuid.UUID, now: datetime) -> PartReceipt:
    """Tell the office that a part has not arrived; it can still arrive later. Raises `CannotGive`."""
    ledger.take_book()
    receipt = _receipt(part, now=now)
    receipt.words, receipt.said_at = words, now
    db.session.add(receipt)
    db.session.flush()
    audit.record("onward_part.not_arrived", receipt, by=by, now=now)
    return receipt


def _receipt(part: OnwardPart, *, now: datetime) -> PartReceipt:
    seen = queries.see(part.grant, now=now)
    mine = next(one for one in seen.parts if one.row.id == part.id)
    if refusal := rules.why_not_receive(mine.state):
        raise CannotGive(refusal)
    office, grant_id = part.group_id, part.grant_id
    return mine.receipt or PartReceipt(for_office_id=office, grant_id=grant_id, part_id=part.id)


def _write_income(
    part: OnwardPart,
    amount: int,
    place: Place,
    received_on: date,
    *,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None,
) -> uuid.UUID:
    """Seed money is general money; a grant goes into its own fund, on the part the group was waiting for."""
    own = queries.find_own_grant(part.grant_id)
    if own and (tranche := _tranche_of(part, own.id)):
        try:
            return grants.receive_tranche(
                tranche, amount=amount, place=place, received_on=received_on, by=by, now=now, key=key
            )
        except CannotGrant:
            raise CannotGive(Refusal.OWN_GRANT_CLOSED) from None
    return record_income(
        kind=EntryKind.SEED, amount=amount, place=place, fund=own.fund if own else Fund.GENERAL,
        received_on=received_on, words=part.grant.title, by=by, now=now, key=key,
    )  # fmt: skip


def _tranche_of(part: OnwardPart, own_grant_id: uuid.UUID) -> Tranche | None:
    """The part of the group's own grant that this is: due on the same day if one is, else the first that has not come."""
    waiting = [
        one.tranche for one in own_grants.parts_of(own_grant_id) if not own_grants.has_come(one.tranche)
    ]
    same = [one for one in waiting if (one.expected_on, one.amount) == (part.due_on, part.amount)]
    return next(iter(same or waiting), None)


def have_told(part_id: uuid.UUID, news: News, *, now: datetime) -> None:
    """Have the officers of the group in scope written to, once for each part and what there is to say about it."""
    outbox.put(LETTERS, now=now, once=f"{LETTERS} {part_id} {news}", news=news)


def ask_for_words(*, now: datetime) -> None:
    """In the group in scope: a part comes near, and the office has no word yet that holds."""
    today = ledger.today(now)
    for grant in queries.seen(queries.going_on(queries.received()), now=now):
        part = grant.next_part
        if part is not None and grant.is_word_needed(today):
            have_told(part.row.id, News.WORD_AWAITED, now=now)


def write_letters(group: Group, news: News, *, public_url: str, now: datetime) -> int:
    """Write to those in office for money who chose e-mail; the others see it on their first page."""
    written = queries.officers_told_by_letter()
    for address, language in written:
        emails.write_letter(
            address, news, language=language_of(language or group.language), link=public_url, now=now
        )
    return len(written)
