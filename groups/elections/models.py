"""Elections, what is elected in them, who stands, who tells, what was told, and what came out.

There is no table of voters and no ballot: hands are counted in the room and papers stay there.
"""

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from groups.officers.rules import CountingRule
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class ElectionState(StrEnum):
    """How far an election has come."""

    CALLED = "called"
    NOMINATING = "nominating"
    VOTING = "voting"
    COUNTED = "counted"
    DECLARED = "declared"
    CERTIFIED = "certified"
    VOID = "void"


class ElectionKind(StrEnum):
    """The yearly election ends the terms of its offices; a by-election fills what is empty."""

    YEARLY = "yearly"
    BY_ELECTION = "by_election"


class VotingMethod(StrEnum):
    """How people in the room vote; it stays with the result for ever."""

    HANDS = "hands"
    PAPER = "paper"
    ELSEWHERE = "elsewhere"
    """Nobody votes in the room: everybody on a phone or with a slip."""


class CandidacyState(StrEnum):
    """Whether somebody who was named will stand."""

    NAMED = "named"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class NamedBy(StrEnum):
    """Where a nomination came from."""

    MEETING = "meeting"
    THEMSELVES = "themselves"


class Election(GroupTable):
    """One election of a group. From the moment the vote begins, who may vote and who stands no longer changes."""

    __tablename__ = "elections"
    __table_args__ = args(
        one_of("kind", ElectionKind),
        one_of("state", ElectionState),
        one_of("method", VotingMethod),
        sa.CheckConstraint("quorum_percent between 0 and 100", name="quorum_percent"),
        sa.CheckConstraint("roll is null or roll > 0", name="roll"),
        sa.CheckConstraint("fingerprint is null or length(fingerprint) = 64", name="fingerprint"),
        sa.CheckConstraint(
            "state not in ('voting', 'counted', 'declared', 'certified') or (roll is not null and method is not null and frozen_at is not null)",
            name="frozen",
        ),
        sa.CheckConstraint("challenge_days between 0 and 60", name="challenge_days"),
        sa.CheckConstraint(
            "case when state in ('declared', 'certified') then declared_at is not null else declared_at is null or state = 'void' end",
            name="declared",
        ),
        sa.CheckConstraint("(state = 'certified') = (certified_at is not null)", name="certified"),
        sa.CheckConstraint(
            "is_short_notice or held_on - (called_at at time zone 'UTC')::date >= notice_days - 1", name="notice"
        ),
        sa.CheckConstraint(
            "frozen_at is null or (frozen_at at time zone 'UTC')::date >= held_on - 1", name="not_before_its_day"
        ),
        sa.CheckConstraint("(state = 'void') = (voided_at is not null)", name="voided"),
        sa.CheckConstraint("state <> 'void' or length(void_reason) > 0", name="void_reason"),
        sa.CheckConstraint("state not in ('declared', 'certified') or ballots is not null", name="ballots"),
        sa.Index(
            "uq_elections_one_yearly", "group_id", unique=True,
            postgresql_where=sa.text("kind = 'yearly' and state in ('called', 'nominating', 'voting', 'counted')"),
        ),
    )  # fmt: skip

    kind: Mapped[ElectionKind] = mapped_column(sa.Text)
    state: Mapped[ElectionState] = mapped_column(sa.Text)
    held_on: Mapped[date]
    called_at: Mapped[datetime]
    notice_days: Mapped[int] = mapped_column(sa.SmallInteger)
    is_short_notice: Mapped[bool] = mapped_column(default=False)
    """Called for a sooner day than the constitution asks, because whoever called it says the members agree."""
    quorum_percent: Mapped[int] = mapped_column(sa.SmallInteger)
    challenge_days: Mapped[int] = mapped_column(sa.SmallInteger)
    """So many days after it was declared, anybody on the roll may challenge the result."""
    run_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    """Who runs it where it was called because neither chairperson nor secretary was there."""
    constitution_version: Mapped[int | None]
    """The version that held when it was called. Elections of before have none."""
    method: Mapped[VotingMethod | None] = mapped_column(sa.Text)
    roll: Mapped[int | None]
    """How many members could vote when the vote began."""
    frozen_at: Mapped[datetime | None]
    fingerprint: Mapped[str | None]
    """The SHA-256 of everything that was frozen, in hexadecimal; lots are drawn with it. Elections of before have none."""
    ballots: Mapped[int | None]
    """How many took part, as both tellers counted it."""
    declared_at: Mapped[datetime | None]
    certified_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")

    contests: Mapped[list["Contest"]] = relationship(viewonly=True, order_by="Contest.position", lazy="raise")
    tellers: Mapped[list["Teller"]] = relationship(
        viewonly=True, order_by="Teller.place", lazy="raise",
        primaryjoin="and_(Election.id == foreign(Teller.election_id), Teller.replaced_at.is_(None))",
    )  # fmt: skip
    """The two who count now; whoever could not go on stays in the table."""

    @property
    def is_open(self) -> bool:
        return self.state not in {ElectionState.DECLARED, ElectionState.CERTIFIED, ElectionState.VOID}

    @property
    def has_result(self) -> bool:
        """Whether it was declared and stands."""
        return self.state in {ElectionState.DECLARED, ElectionState.CERTIFIED}

    @property
    def challenge_until(self) -> datetime | None:
        """Until then the result can be challenged."""
        return self.declared_at + timedelta(days=self.challenge_days) if self.declared_at else None


class Contest(GroupTable):
    """One office in an election, with the seats to be filled."""

    __tablename__ = "contests"
    __table_args__ = args(
        within_group("election_id", "elections"),
        sa.UniqueConstraint("group_id", "election_id", "office"),
        sa.CheckConstraint("seats > 0", name="seats"),
        sa.CheckConstraint("months > 0", name="months"),
        one_of("rule", CountingRule),
        sa.CheckConstraint("rule <> 'first_past_the_post' or seats = 1", name="one_seat"),
    )

    election_id: Mapped[uuid.UUID]
    office: Mapped[str]
    seats: Mapped[int] = mapped_column(sa.SmallInteger)
    rule: Mapped[CountingRule] = mapped_column(sa.Text)
    """How votes become seats; it may change until the vote begins."""
    months: Mapped[int] = mapped_column(sa.SmallInteger)
    ends_on: Mapped[date | None]
    """In a by-election: the day the running term is over; nothing where whoever comes in stays for a whole term."""
    position: Mapped[int] = mapped_column(sa.SmallInteger)

    election: Mapped[Election] = relationship(viewonly=True, lazy="raise")
    candidacies: Mapped[list["Candidacy"]] = relationship(
        viewonly=True, order_by="Candidacy.position", lazy="raise"
    )
    sheet: Mapped["CountSheet | None"] = relationship(viewonly=True, lazy="raise")
    lots: Mapped[list["Lot"]] = relationship(viewonly=True, order_by="Lot.number", lazy="raise")
    outcomes: Mapped[list["Outcome"]] = relationship(viewonly=True, lazy="raise")

    @property
    def candidates(self) -> list["Candidacy"]:
        """Those who said they will stand, in the order of the list."""
        return [candidacy for candidacy in self.candidacies if candidacy.state == CandidacyState.ACCEPTED]


class Candidacy(GroupTable):
    """Somebody was named for an office, and says whether they will stand. One person stands for one office of an election."""

    __tablename__ = "candidacies"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("contest_id", "contests"),
        within_group("member_id", "members"),
        one_of("state", CandidacyState),
        one_of("named_by", NamedBy),
        sa.UniqueConstraint("group_id", "contest_id", "member_id"),
        sa.UniqueConstraint("group_id", "contest_id", "position"),
        sa.Index(
            "uq_candidacies_one_office",
            "group_id",
            "election_id",
            "member_id",
            unique=True,
            postgresql_where=sa.text("state = 'accepted'"),
        ),
    )

    election_id: Mapped[uuid.UUID]
    contest_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    """The number on the list; the lot is drawn by it."""
    state: Mapped[CandidacyState] = mapped_column(sa.Text)
    named_by: Mapped[NamedBy] = mapped_column(sa.Text)
    named_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    contest: Mapped[Contest] = relationship(viewonly=True, lazy="raise")
    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")


class Teller(GroupTable):
    """One of the two who count and enter what they counted, each without seeing the other's."""

    __tablename__ = "tellers"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("member_id", "members"),
        sa.Index(
            "uq_tellers_place_once", "group_id", "election_id", "place", unique=True,
            postgresql_where=sa.text("replaced_at is null"),
        ),
        sa.UniqueConstraint("group_id", "election_id", "member_id"),
        sa.CheckConstraint("place in (1, 2)", name="place"),
        sa.CheckConstraint("replaced_at is not null or replaced_because is null", name="replaced"),
    )  # fmt: skip

    election_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    place: Mapped[int] = mapped_column(sa.SmallInteger)
    slip: Mapped[str | None] = mapped_column(Sealed("tellers.slip"))
    """The slip's code, so that it can be printed again while the vote lasts."""
    replaced_at: Mapped[datetime | None]
    """When somebody else went on in their place; what they had entered stays."""
    replaced_because: Mapped[str | None] = mapped_column(Sealed("tellers.replaced_because"))

    election: Mapped[Election] = relationship(viewonly=True, lazy="raise")
    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")
    tallies: Mapped[list["Tally"]] = relationship(viewonly=True, order_by="Tally.version", lazy="raise")


class Tally(GroupTable):
    """What one teller counted. Counting again adds a version with its reason; earlier ones stay."""

    __tablename__ = "tallies"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("teller_id", "tellers"),
        sa.UniqueConstraint("group_id", "teller_id", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("ballots >= 0", name="ballots"),
        sa.CheckConstraint("version = 1 or length(reason) > 0", name="reason"),
    )

    election_id: Mapped[uuid.UUID]
    teller_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(sa.SmallInteger)
    ballots: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Per office: `votes` by number on the list (where people order candidates, who is first), `abstain`, `spoilt`."""
    reason: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]

    teller: Mapped[Teller] = relationship(viewonly=True, lazy="raise")
    papers: Mapped[list["TalliedPaper"]] = relationship(viewonly=True, lazy="raise")


class TalliedPaper(GroupTable):
    """How many papers a teller found with the same order on them. Let go of thirty days after the result is final; the count sheet stays.

    With few voters an order is nearly a signature, so none is kept longer than somebody may want to count again.
    """

    __tablename__ = "tallied_papers"
    __table_args__ = args(
        within_group("tally_id", "tallies"),
        within_group("contest_id", "contests"),
        sa.UniqueConstraint("group_id", "tally_id", "contest_id", "ranking"),
        sa.CheckConstraint("papers > 0", name="papers"),
    )

    tally_id: Mapped[uuid.UUID]
    contest_id: Mapped[uuid.UUID]
    ranking: Mapped[list[int]] = mapped_column(JSONB)
    """Numbers on the list, the first choice first."""
    papers: Mapped[int] = mapped_column(sa.SmallInteger)


class Lot(GroupTable):
    """A tie settled by numbers called out in the room. With them anybody can draw again and gets the same."""

    __tablename__ = "lots"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("contest_id", "contests"),
        sa.UniqueConstraint("group_id", "contest_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("settles in ('seat', 'exclusion', 'surplus')", name="settles"),
    )

    election_id: Mapped[uuid.UUID]
    contest_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    """A count may need several, one after the other."""
    settles: Mapped[str]
    """Who takes a seat, who is left out, or whose surplus is passed on first."""
    seed: Mapped[str]
    """What the numbers were mixed with: the election's fingerprint, fixed before anybody could know them."""
    numbers: Mapped[list[int]] = mapped_column(JSONB)
    drawn_order: Mapped[list[int]] = mapped_column(JSONB)
    """Numbers on the list of those who were level, in the order they were drawn."""
    drawn_at: Mapped[datetime]


class Outcome(GroupTable):
    """How one candidate came out. Written once, when the result is declared."""

    __tablename__ = "outcomes"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("contest_id", "contests"),
        within_group("candidacy_id", "candidacies"),
        sa.UniqueConstraint("group_id", "candidacy_id"),
        sa.CheckConstraint("votes >= 0", name="votes"),
        sa.CheckConstraint("is_elected or not by_lot", name="by_lot"),
    )

    election_id: Mapped[uuid.UUID]
    contest_id: Mapped[uuid.UUID]
    candidacy_id: Mapped[uuid.UUID]
    votes: Mapped[int]
    is_elected: Mapped[bool]
    by_lot: Mapped[bool]


class CountSheet(GroupTable):
    """A count by order of preference, stage by stage, as it was declared: what stays when the papers are gone."""

    __tablename__ = "count_sheets"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("contest_id", "contests"),
        sa.UniqueConstraint("group_id", "contest_id"),
    )

    election_id: Mapped[uuid.UUID]
    contest_id: Mapped[uuid.UUID]
    counted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Quota, who is elected in which order, and every stage; votes in hundred-thousandths, by numbers on the list."""
