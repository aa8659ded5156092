"""What a group sent to its network: one sheet a quarter, its numbers, and whether it asks for help."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import PublishedTable, args, one_of, within_group


class Need(StrEnum):
    """What a group would like help with."""

    NO = "no"
    MONEY = "money"
    PEOPLE = "people"
    PLACE = "place"
    OTHER = "other"


class FigureSheet(PublishedTable):
    """A quarter as a group sent it. Never changed: a correction is a new version beside the old one."""

    __tablename__ = "figure_sheets"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "quarter", "version"),
        sa.Index("ix_figure_sheets_network_office_id_quarter", "network_office_id", "quarter"),
        one_of("needs_help", Need),
        sa.CheckConstraint("length(note) <= 500", name="note"),
        sa.CheckConstraint(
            "extract(day from quarter) = 1 and extract(month from quarter) in (1, 4, 7, 10)", name="quarter"
        ),
    )

    network_office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    """The office it was sent to. A network the group joins later does not see it."""
    quarter: Mapped[date]
    """The quarter's first day."""
    version: Mapped[int]
    needs_help: Mapped[Need] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime]

    figures: Mapped[list["PublishedFigure"]] = relationship(
        back_populates="sheet", order_by="PublishedFigure.position", lazy="selectin"
    )


class PublishedFigure(PublishedTable):
    """One number of a sheet."""

    __tablename__ = "published_figures"
    __table_args__ = args(
        within_group("sheet_id", "figure_sheets"),
        sa.UniqueConstraint("group_id", "sheet_id", "name"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        sa.CheckConstraint("value >= 0", name="value"),
    )

    sheet_id: Mapped[uuid.UUID] = mapped_column(index=True)
    network_office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    name: Mapped[str]
    value: Mapped[int]
    currency: Mapped[str | None]
    position: Mapped[int] = mapped_column(sa.SmallInteger, default=0)

    sheet: Mapped[FigureSheet] = relationship(back_populates="figures")
