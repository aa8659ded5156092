"""Reading what groups sent: a group's own sheets, and the office's view of a quarter."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from network import clock
from network.db import db
from network.figures import registry, rules
from network.figures.models import FigureSheet, Need, PublishedFigure
from network.tenancy import scope
from network.tenancy.models import Affiliation, AffiliationKind, Group
from network.tenancy.queries import find_home_network, get_network_of_office, groups_at_home_in


@dataclass(frozen=True)
class GroupInQuarter:
    """A line of the office's overview."""

    group: Group
    sheet: FigureSheet | None
    sign: rules.Sign | None


@dataclass(frozen=True)
class Total:
    """One figure summed over the groups that sent it; money per currency, never across."""

    name: str
    currency: str | None
    value: int
    groups: int


@dataclass(frozen=True)
class Tally:
    """How many groups there are, how many sent the quarter, and how many ask for help."""

    groups: int
    sent: int
    asking: int


def find_sheet(group_id: uuid.UUID, quarter: date) -> FigureSheet | None:
    """The quarter as the group sent it last, as far as it may be read from here."""
    return db.session.scalar(
        sa.select(FigureSheet)
        .where(FigureSheet.group_id == group_id, FigureSheet.quarter == quarter)
        .order_by(FigureSheet.version.desc())
        .limit(1)
    )


def has_sent_last_quarter(group: Group, today: date) -> bool:
    """Whether the last finished quarter was sent; a group that did not meet through all of it has nothing to send yet."""
    quarter = rules.last_finished(today)
    began = clock.today(group.time_zone, at=group.created_at)
    return began > quarter or find_sheet(group.id, quarter) is not None


def sheets_of(group_id: uuid.UUID) -> sa.Select[Any]:
    """A group's sheets as they hold now, latest quarter first; those it put right since are left out.

    In the group's own scope these are all it sent; in an office's, those sent to that office.
    """
    newer = aliased(FigureSheet)
    is_replaced = sa.exists().where(
        newer.group_id == FigureSheet.group_id,
        newer.quarter == FigureSheet.quarter,
        newer.version > FigureSheet.version,
    )
    return (
        sa.select(FigureSheet)
        .where(FigureSheet.group_id == group_id, ~is_replaced)
        .order_by(FigureSheet.quarter.desc(), FigureSheet.id)
    )


def quarters_sent(group_id: uuid.UUID, quarters: Iterable[date]) -> set[date]:
    """Which of these quarters the group has sent."""
    found = sa.select(FigureSheet.quarter).where(
        FigureSheet.group_id == group_id, FigureSheet.quarter.in_(list(quarters))
    )
    return set(db.session.scalars(found))


def find_office_to_send_to(group_id: uuid.UUID) -> uuid.UUID | None:
    """The office of the network the group is at home in."""
    network = find_home_network(group_id)
    return network.office_id if network else None


def get_group_at_home(subject_group_id: uuid.UUID) -> Group:
    """A group at home in the network whose office is in scope, or a page that says there is nothing here."""
    network = get_network_of_office(scope.group_id())
    return db.one_or_404(groups_at_home_in(network.id).where(Group.id == subject_group_id))


def groups_in_quarter(network_id: uuid.UUID, quarter: date) -> sa.Select[tuple[Group]]:
    """The network's groups, those who may want a hand first, then by name; a selection to be paged."""
    this, before = _latest(quarter), _latest(rules.quarter_before(quarter))
    has_zero = sa.exists().where(
        PublishedFigure.sheet_id == this.c.id,
        PublishedFigure.value == 0,
        PublishedFigure.name.in_(registry.names_that_ask_at_zero()),
    )
    is_silent = sa.and_(
        this.c.id.is_(None), before.c.id.is_(None), Affiliation.from_on <= rules.quarter_before(quarter)
    )
    pressing = sa.case((this.c.needs_help != Need.NO, 0), (is_silent, 1), (has_zero, 2), else_=3)
    return (
        groups_at_home_in(network_id)
        .outerjoin(this, this.c.group_id == Group.id)
        .outerjoin(before, before.c.group_id == Group.id)
        .order_by(None)
        .order_by(pressing, Group.name, Group.id)
    )


def lines_of(groups: Iterable[Group], quarter: date) -> list[GroupInQuarter]:
    """The overview's line of each of these groups, in the order given."""
    groups = list(groups)
    ids = [group.id for group in groups]
    earlier = rules.quarter_before(quarter)
    sheets = _sheets_by_group(ids, quarter)
    sent_before = _groups_that_sent(ids, earlier)
    home_before = _groups_home_since(ids, earlier)
    asking = set(registry.names_that_ask_at_zero())
    lines = []
    for group in groups:
        sheet = sheets.get(group.id)
        sign = rules.why_ask(
            needs_help=sheet.needs_help if sheet else None,
            was_sent_before=group.id in sent_before,
            was_home_before=group.id in home_before,
            has_zero=any(f.value == 0 and f.name in asking for f in sheet.figures) if sheet else False,
        )
        lines.append(GroupInQuarter(group, sheet, sign))
    return lines


def tally(network_id: uuid.UUID, quarter: date) -> Tally:
    """How the quarter stands in the whole network."""
    this = _latest(quarter)
    home = groups_at_home_in(network_id).order_by(None).with_only_columns(Group.id).subquery()
    asking = sa.func.count().filter(this.c.needs_help != Need.NO)
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(this.c.id), asking)
        .select_from(home)
        .outerjoin(this, this.c.group_id == home.c.id)
    ).one()
    return Tally(*row)


def totals(network_id: uuid.UUID, quarter: date) -> list[Total]:
    """The quarter summed over the groups at home in the network, in the order figures are shown."""
    this = _latest(quarter)
    home = groups_at_home_in(network_id).order_by(None).with_only_columns(Group.id).subquery()
    rows = db.session.execute(
        sa.select(
            PublishedFigure.name,
            PublishedFigure.currency,
            sa.func.sum(PublishedFigure.value),
            sa.func.count(),
        )
        .join(this, this.c.id == PublishedFigure.sheet_id)
        .join(home, home.c.id == this.c.group_id)
        .group_by(PublishedFigure.name, PublishedFigure.currency)
        .order_by(
            sa.func.min(PublishedFigure.position),
            PublishedFigure.name,
            PublishedFigure.currency.nulls_first(),
        )
    )
    return [Total(name, currency, int(value), groups) for name, currency, value, groups in rows]


def _latest(quarter: date) -> sa.Subquery:
    return (
        sa.select(FigureSheet.id, FigureSheet.group_id, FigureSheet.needs_help)
        .ext(distinct_on(FigureSheet.group_id))
        .where(FigureSheet.network_office_id == scope.group_id(), FigureSheet.quarter == quarter)
        .order_by(FigureSheet.group_id, FigureSheet.version.desc())
        .subquery()
    )


def _sheets_by_group(ids: list[uuid.UUID], quarter: date) -> dict[uuid.UUID, FigureSheet]:
    latest = _latest(quarter)
    rows = (
        sa.select(FigureSheet)
        .join(latest, latest.c.id == FigureSheet.id)
        .where(FigureSheet.group_id.in_(ids))
    )
    return {sheet.group_id: sheet for sheet in db.session.scalars(rows)}


def _groups_that_sent(ids: list[uuid.UUID], quarter: date) -> set[uuid.UUID]:
    latest = _latest(quarter)
    return set(db.session.scalars(sa.select(latest.c.group_id).where(latest.c.group_id.in_(ids))))


def _groups_home_since(ids: list[uuid.UUID], day: date) -> set[uuid.UUID]:
    homes = sa.select(Affiliation.group_id).where(
        Affiliation.group_id.in_(ids),
        Affiliation.kind == AffiliationKind.HOME,
        Affiliation.until_on.is_(None),
        Affiliation.from_on <= day,
    )
    return set(db.session.scalars(homes))
