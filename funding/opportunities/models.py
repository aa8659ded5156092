"""A chance to be given money: an office's, published to its groups, or a group's own that nobody else sees."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from funding.grants.models import FunderKind
from network.tenancy.tables import PublishedTable, args, one_of, within_group
from network.wording.models import Text

PURPOSE = "opportunity"
"""The purpose the words of an office's are kept under, so that they are offered to translators."""
OWN_PURPOSE = "own_opportunity"
"""The same for a group's own, which no translator elsewhere is asked about."""


class Until(StrEnum):
    """When it closes."""

    DAY = "day"
    ALL_YEAR = "all_year"
    UNKNOWN = "unknown"


class Gives(StrEnum):
    """Whether it has to be paid back."""

    GIFT = "gift"
    LOAN = "loan"
    UNKNOWN = "unknown"


class Ask(StrEnum):
    """What a funder asks of a group. The group answers for itself; nothing is looked up in anybody's answers."""

    REGISTERED = "registered"
    DISABILITY_COUNCIL = "disability_council"
    BANK_ACCOUNT = "bank_account"
    CONSTITUTION = "constitution"
    OFFICERS = "officers"
    ONE_YEAR = "one_year"
    MOSTLY_DISABILITY = "mostly_disability"
    MOSTLY_WOMEN = "mostly_women"
    MOSTLY_YOUNG = "mostly_young"
    OWN_SHARE = "own_share"


class Paper(StrEnum):
    """What has to be handed in."""

    CERTIFICATE = "certificate"
    CONSTITUTION = "constitution"
    MINUTES = "minutes"
    OFFICERS_LIST = "officers_list"
    MEMBERS_LIST = "members_list"
    BANK_STATEMENT = "bank_statement"
    ACCOUNTS = "accounts"
    PLAN = "plan"
    BUDGET = "budget"
    TAX_NUMBER = "tax_number"
    LETTER = "letter"


def some_of(column: str, codes: type[StrEnum]) -> sa.CheckConstraint:
    """The column is a list of these codes and of nothing else."""
    allowed = ", ".join(f'"{code}"' for code in codes)
    return sa.CheckConstraint(
        f"jsonb_typeof({column}) = 'array' and {column} <@ '[{allowed}]'", name=f"{column}_known"
    )


class Opportunity(PublishedTable):
    """Who gives, to whom, how much, until when. `is_open` is an office's alone, and stays: groups may have begun with it."""

    __tablename__ = "opportunities"
    __table_args__ = args(
        within_group("text_id", "texts"),
        sa.UniqueConstraint("group_id", "text_id"),
        one_of("funder_kind", FunderKind),
        one_of("until", Until),
        one_of("gives", Gives),
        some_of("asks", Ask),
        some_of("papers", Paper),
        sa.Index("ix_opportunities_group_id_closes_on", "group_id", "closes_on"),
        sa.CheckConstraint("(until = 'day') = (closes_on is not null)", name="closes"),
        sa.CheckConstraint("is_open = (published_at is not null)", name="published"),
        sa.CheckConstraint("length(funder) between 1 and 120", name="funder"),
        sa.CheckConstraint("length(place) <= 300 and length(source) <= 300", name="words"),
        sa.CheckConstraint("link = '' or link like 'https://%'", name="link"),
        sa.CheckConstraint(
            "least between 1 and 1000000000000000 and most between 1 and 1000000000000000 and least <= most",
            name="amounts",
        ),
    )

    text_id: Mapped[uuid.UUID]
    funder: Mapped[str]
    funder_kind: Mapped[FunderKind] = mapped_column(sa.Text)
    gives: Mapped[Gives] = mapped_column(sa.Text)
    least: Mapped[int | None]
    most: Mapped[int | None]
    currency: Mapped[str]
    until: Mapped[Until] = mapped_column(sa.Text)
    closes_on: Mapped[date | None]
    asks: Mapped[list[str]]
    papers: Mapped[list[str]]
    place: Mapped[str] = mapped_column(default="")
    """Where an application is handed in."""
    link: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    """Where this was read or heard."""
    checked_on: Mapped[date | None]
    """The day somebody last asked the funder; until then the page says that nobody has."""
    is_open: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    """The day it was taken off the list, whatever its own day says."""

    text: Mapped[Text] = relationship(lazy="selectin")
