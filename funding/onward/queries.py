"""Reading grants from both sides: what the office in scope gives, what the group in scope receives, and what each said."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from funding.grants.models import Grant as OwnGrant
from funding.ledger import queries as ledger
from funding.onward import rules
from funding.onward.models import OnwardAnswer, OnwardGrant, OnwardPart, PartReceipt, StandingWord
from funding.onward.rules import GrantState, PartState, Word
from groups.notices.models import Channel
from groups.notices.queries import reaches_of
from groups.officers.queries import NEEDED_FOR_MONEY, present_terms
from groups.safeguarding.queries import held_back
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Affiliation, Group, GroupKind, GroupState
from network.tenancy.queries import get_network_of_office

Said = TypeVar("Said", OnwardAnswer, PartReceipt, StandingWord)
MOST_OPEN = 200
"""So many grants that go on are looked at for what needs doing; no office has more at a time."""


@dataclass(frozen=True)
class Part:
    """A part as both sides see it."""

    row: OnwardPart
    state: PartState
    receipt: PartReceipt | None
    open_conditions: list[str]
    """What the group has not said to be in order within the last month."""

    @property
    def difference(self) -> int:
        """How much more or less arrived than was sent."""
        return (self.receipt.amount or 0) - self.row.amount if self.receipt else 0


@dataclass(frozen=True)
class Grant:
    """A grant as both sides see it."""

    row: OnwardGrant
    state: GrantState
    parts: list[Part]
    words: dict[str, Word]
    own_grant_id: uuid.UUID | None = None
    """What it became among the group's own grants; of use in the group only."""

    @property
    def sent(self) -> int:
        """What was sent and not taken back."""
        return sum(part.row.amount for part in self.parts if part.row.sent_on and not part.row.taken_back_on)

    @property
    def asks(self) -> list[str]:
        """What the parts still to come ask for."""
        coming = (part for part in self.parts if part.state is PartState.TO_COME)
        return sorted({name for part in coming for name in part.row.asks})

    @property
    def next_part(self) -> Part | None:
        """The part that comes next, where one does."""
        coming = [part for part in self.parts if part.state is PartState.TO_COME]
        return min(coming, key=lambda part: (part.row.due_on, part.row.number)) if coming else None

    def is_word_needed(self, today: date) -> bool:
        """Whether a part is due soon and the office has no word yet that holds."""
        part = self.next_part
        is_soon = part is not None and part.row.due_on <= today + rules.SOON
        return bool(self.state is GrantState.IN_FORCE and is_soon and part and part.open_conditions)

    def is_next_part_ready(self, today: date) -> bool:
        """Whether a part is due and everything asked for is in order."""
        part = self.next_part
        is_due = part is not None and part.row.due_on <= today
        return bool(self.state is GrantState.IN_FORCE and is_due and part and not part.open_conditions)


def _grants() -> sa.Select[OnwardGrant]:
    return sa.select(OnwardGrant).options(selectinload(OnwardGrant.parts))


def given() -> sa.Select[OnwardGrant]:
    """What the office in scope gives, the latest first; a selection so that pages can page it."""
    mine = _grants().join(OnwardGrant.recipient).options(contains_eager(OnwardGrant.recipient))
    return mine.where(OnwardGrant.group_id == scope.group_id()).order_by(OnwardGrant.number.desc())


def received() -> sa.Select[OnwardGrant]:
    """What the group in scope was offered, the latest first; a selection so that pages can page it."""
    mine = _grants().join(OnwardGrant.giver).options(contains_eager(OnwardGrant.giver))
    return mine.where(OnwardGrant.for_group_id == scope.group_id(), OnwardGrant.offered_at.is_not(None)).order_by(
        OnwardGrant.offered_at.desc(), OnwardGrant.id
    )  # fmt: skip


def get_given(grant_id: uuid.UUID) -> OnwardGrant:
    """A grant of the office in scope, or a page that says there is nothing here."""
    return db.one_or_404(given().where(OnwardGrant.id == grant_id))


def get_received(grant_id: uuid.UUID) -> OnwardGrant:
    """A grant for the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(received().where(OnwardGrant.id == grant_id))


def get_given_part(part_id: uuid.UUID) -> OnwardPart:
    """A part of a grant of the office in scope, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(OnwardPart).where(OnwardPart.id == part_id, OnwardPart.group_id == scope.group_id())
    )


def get_received_part(part_id: uuid.UUID) -> OnwardPart:
    """A part that was sent to the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(OnwardPart).where(
            OnwardPart.id == part_id,
            OnwardPart.for_group_id == scope.group_id(),
            OnwardPart.sent_on.is_not(None),
        )
    )


def seen(grants: Sequence[OnwardGrant], *, now: datetime) -> list[Grant]:
    """These grants with what both sides said, in the order given."""
    ids = [(grant.for_group_id, grant.id) for grant in grants]
    answers = {one.grant_id: one for one in _said(OnwardAnswer, ids)}
    receipts = {one.part_id: one for one in _said(PartReceipt, ids)}
    words: dict[uuid.UUID, dict[str, Word]] = defaultdict(dict)
    for said in _said(StandingWord, ids):
        words[said.grant_id][said.condition] = Word(said.is_in_order, said.said_at)
    drafts = [part.draft_id for grant in grants for part in grant.parts if part.draft_id]
    waiting = ledger.waiting_among(drafts)
    return [
        _as_seen(grant, answers.get(grant.id), receipts, words[grant.id], waiting, now=now)
        for grant in grants
    ]


def see(grant: OnwardGrant, *, now: datetime) -> Grant:
    """One grant with what both sides said."""
    return seen([grant], now=now)[0]


def _said(kind: type[Said], ids: list[tuple[uuid.UUID, uuid.UUID]]) -> Iterable[Said]:
    """What the groups these grants are for said about them: any group could write another's grant into its own row."""
    about = sa.tuple_(kind.group_id, kind.grant_id).in_(ids)
    return db.session.scalars(sa.select(kind).where(about)) if ids else ()


def _as_seen(
    grant: OnwardGrant,
    answer: OnwardAnswer | None,
    receipts: dict[uuid.UUID, PartReceipt],
    words: dict[str, Word],
    waiting: set[uuid.UUID],
    *,
    now: datetime,
) -> Grant:
    parts = []
    for row in grant.parts:
        receipt = receipts.get(row.id)
        state = rules.state_of_part(
            amount=row.amount, is_waiting=row.draft_id in waiting, sent_on=row.sent_on, taken_back_on=row.taken_back_on,
            settled=row.settled_words, arrived=(receipt.amount,) if receipt else None,
        )  # fmt: skip
        parts.append(Part(row, state, receipt, rules.not_in_order(row.asks, words, now=now)))
    state_ = rules.state_of_grant(
        offered_at=grant.offered_at, ended_at=grant.ended_at, accepts=answer.accepts if answer else None
    )
    return Grant(grant, state_, parts, words, answer.own_grant_id if answer else None)


def going_on(selection: sa.Select[OnwardGrant]) -> list[OnwardGrant]:
    """Of the grants given (or received) those that were not ended."""
    return list(db.session.scalars(selection.where(OnwardGrant.ended_at.is_(None)).limit(MOST_OPEN)))


def _recipients() -> sa.Select[Group]:
    office = db.session.get_one(Group, scope.group_id())
    belongs = sa.exists().where(
        Affiliation.group_id == Group.id,
        Affiliation.network_id == get_network_of_office(office.id).id,
        Affiliation.until_on.is_(None),
    )
    return (
        sa.select(Group)
        .where(belongs, Group.kind == GroupKind.GROUP, Group.state != GroupState.CLOSED, Group.currency == office.currency)
        .order_by(Group.name, Group.id)
    )  # fmt: skip


def recipients() -> list[Group]:
    """The groups that belong to the network of the office in scope in one way or another, by name."""
    return list(db.session.scalars(_recipients()))


def find_recipient(group_id: uuid.UUID) -> Group | None:
    """One of them."""
    return db.session.scalar(_recipients().where(Group.id == group_id))


def find_answer(grant_id: uuid.UUID) -> OnwardAnswer | None:
    """What the group in scope said to a grant."""
    return db.session.scalar(
        sa.select(OnwardAnswer).where(
            OnwardAnswer.grant_id == grant_id, OnwardAnswer.group_id == scope.group_id()
        )
    )


def find_own_receipt(part_id: uuid.UUID) -> PartReceipt | None:
    """What the group in scope said about a part."""
    return db.session.scalar(
        sa.select(PartReceipt).where(PartReceipt.part_id == part_id, PartReceipt.group_id == scope.group_id())
    )


def find_part_by_draft(draft_id: uuid.UUID) -> OnwardPart | None:
    """The part of the office in scope that a payment was written down for."""
    return db.session.scalar(sa.select(OnwardPart).where(OnwardPart.draft_id == draft_id))


def find_part_by_entry(entry_id: uuid.UUID | None) -> OnwardPart | None:
    """The part of the office in scope that an entry of its book sent."""
    return db.session.scalar(sa.select(OnwardPart).where(OnwardPart.journal_id == entry_id))


def find_receipt_by_entry(entry_id: uuid.UUID | None) -> PartReceipt | None:
    """What the group in scope said when it wrote this entry in its book."""
    return db.session.scalar(sa.select(PartReceipt).where(PartReceipt.journal_id == entry_id))


def find_own_grant(grant_id: uuid.UUID) -> OwnGrant | None:
    """The grant among the group's own that a network's grant became when the group took it."""
    answer = find_answer(grant_id)
    own = sa.select(OwnGrant).where(OwnGrant.id == answer.own_grant_id) if answer else None
    return db.session.scalar(own) if own is not None else None


def own_words(grant_id: uuid.UUID) -> list[StandingWord]:
    """What the group in scope said about how it stands."""
    mine = sa.select(StandingWord).where(
        StandingWord.grant_id == grant_id, StandingWord.group_id == scope.group_id()
    )
    return list(db.session.scalars(mine))


def officers_told_by_letter() -> list[tuple[str, str | None]]:
    """Address and language of those in office for money, in the group in scope, who chose to be told by e-mail."""
    members = {term.member.id: term.member for term in present_terms(NEEDED_FOR_MONEY)}
    reaches, waits = reaches_of(list(members)), held_back(list(members))
    return [
        (reach.address, members[member_id].language)
        for member_id, reach in sorted(reaches.items())
        if reach.channel == Channel.EMAIL and reach.address and member_id not in waits
    ]


def waiting() -> sa.Select[OnwardGrant]:
    """Grants the office in scope offered of which a part is to come or to be acknowledged, what is due first on top."""
    mine = OnwardPart.grant_id == OnwardGrant.id, OnwardPart.group_id == OnwardGrant.group_id
    next_due = sa.select(sa.func.min(OnwardPart.due_on)).where(*mine, OnwardPart.sent_on.is_(None))
    arrived = sa.exists().where(
        PartReceipt.group_id == OnwardPart.for_group_id,
        PartReceipt.part_id == OnwardPart.id,
        PartReceipt.amount.is_not(None),
    )
    on_its_way = sa.exists().where(
        *mine, OnwardPart.sent_on.is_not(None), OnwardPart.taken_back_on.is_(None), ~arrived
    )
    declined = sa.exists().where(
        OnwardAnswer.group_id == OnwardGrant.for_group_id,
        OnwardAnswer.grant_id == OnwardGrant.id,
        ~OnwardAnswer.accepts,
    )
    due = next_due.scalar_subquery()
    return (
        given()
        .where(OnwardGrant.offered_at.is_not(None), ~declined)
        .where(sa.or_(on_its_way, sa.and_(OnwardGrant.ended_at.is_(None), due.is_not(None))))
        .order_by(None)
        .order_by(due.nulls_last(), OnwardGrant.number)
    )


def count_given() -> int:
    """How many grants the office in scope has written, ever."""
    mine = sa.select(sa.func.count()).select_from(OnwardGrant).where(OnwardGrant.group_id == scope.group_id())
    return db.session.scalar(mine) or 0
