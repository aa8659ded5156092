"""Lists come a page at a time."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from flask import request
from flask_sqlalchemy.pagination import Pagination

from network.db import db

PER_PAGE = 25


def page_of(selection: sa.Select[Any], *, per_page: int = PER_PAGE) -> Pagination:
    """The page of a selection the address asks for; a page that is not there is the first one."""
    return db.paginate(selection, page=_wanted(), per_page=per_page, max_per_page=100, error_out=False)


def _wanted() -> int:
    return max(1, min(request.args.get("page", 1, type=int), 10_000_000))


@dataclass(frozen=True)
class NumberedPage:
    """A page of what carries numbers."""

    items: list[Any]
    page: int
    pages: int

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def numbered_page(
    selection: sa.Select[Any],
    number: sa.orm.InstrumentedAttribute[int],
    *,
    last: int,
    per_page: int = PER_PAGE,
) -> NumberedPage:
    """The page the address asks for of what is numbered from 1 to `last` without gaps, the latest first.

    It is found by its numbers: nothing is counted and nothing is skipped over, so the last page of a long list is as
    quick as the first of a short one.
    """
    pages = -(-last // per_page)
    page = _wanted() if _wanted() <= pages else 1
    newest = last - (page - 1) * per_page
    rows = selection.where(number <= newest, number > newest - per_page)
    return NumberedPage(list(db.session.scalars(rows).unique()), page, pages)


@dataclass(frozen=True)
class Stretch:
    """A part of a long list, from some row on; nobody counted what comes after."""

    items: list[Any]
    further: uuid.UUID | None
    """The row after which the next part begins, where there is one."""
    is_first: bool


def stretch_of(selection: sa.Select[Any], *order: Any, per_page: int = PER_PAGE) -> Stretch:
    """The part of a list that the address asks for with the last row before it (`?after=…`); of one that is not there, the first.

    The list is ordered by these columns, the greatest first, the last of them its key. Nothing is counted and nothing is
    skipped over: each part is as quick as the first.
    """
    key, after = order[-1], request.args.get("after", type=uuid.UUID)
    last = db.session.execute(sa.select(*order).where(key == after)).one_or_none() if after else None
    rows = selection.order_by(None).order_by(*(column.desc() for column in order)).limit(per_page + 1)
    if last is not None:
        there = (sa.literal(value, column.type) for value, column in zip(last, order, strict=True))
        rows = rows.where(sa.tuple_(*order) < sa.tuple_(*there))
    found = list(db.session.scalars(rows).unique())
    has_more = len(found) > per_page
    items = found[:per_page]
    return Stretch(items, items[-1].id if has_more else None, is_first=last is None)


def page_in(found: list[Any], *, per_page: int = PER_PAGE) -> NumberedPage:
    """The page the address asks for of a list that is there already; a page that is not there is the first one."""
    pages = max(1, -(-len(found) // per_page))
    page = _wanted() if _wanted() <= pages else 1
    return NumberedPage(found[(page - 1) * per_page : page * per_page], page, pages)
