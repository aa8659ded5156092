"""Whose sheet, and who may open it. The fence shows a sheet to its owner, to who keeps it, and to who holds a link's token."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort

from network.accounts.models import Account
from network.accounts.queries import token_hash
from network.db import db
from network.support_sheets.models import SheetShare, SupportSheet

MOST_KEPT = 50
_Rows = TypeVar("_Rows", bound=sa.Select[Any])


def find_own_sheet(account_id: uuid.UUID) -> SupportSheet | None:
    """One's own sheet, if there is one."""
    return db.session.scalar(sa.select(SupportSheet).where(SupportSheet.account_id == account_id))


def get_own_sheet(account_id: uuid.UUID, *, to_change: bool = False) -> SupportSheet:
    """One's own sheet, or 404; held against everybody else while it is changed."""
    found = sa.select(SupportSheet).where(SupportSheet.account_id == account_id)
    return db.session.scalar(_held(found) if to_change else found) or abort(404)


def _held(rows: _Rows) -> _Rows:
    """As they are once nobody else is at them, whatever this session has read before."""
    return rows.with_for_update().execution_options(populate_existing=True)


def shares_of(sheet: SupportSheet, *, now: datetime) -> Sequence[tuple[SheetShare, Account | None]]:
    """To whom it is open, with the account that keeps it; the earliest first."""
    open_now = sa.or_(SheetShare.ends_at.is_(None), SheetShare.ends_at > now)
    rows = (
        sa.select(SheetShare, Account)
        .outerjoin(Account, Account.id == SheetShare.keeper_id)
        .where(SheetShare.sheet_id == sheet.id, open_now)
        .order_by(SheetShare.created_at, SheetShare.id)
    )
    return [(share, keeper) for share, keeper in db.session.execute(rows)]


def get_own_share(share_id: uuid.UUID, account_id: uuid.UUID) -> SheetShare:
    """One of the shares of one's own sheet, to be stopped, or 404."""
    found = sa.select(SheetShare).where(SheetShare.id == share_id, SheetShare.account_id == account_id)
    return db.session.scalar(_held(found)) or abort(404)


def find_share_behind(token: str, *, now: datetime, to_keep: bool = False) -> SheetShare | None:
    """What a link opens, while it is still good. The fence is told the token, as it is told who is asking.
    Of two who pick it up at the same moment, the second waits and finds nothing.
    """
    hashed = token_hash(token)
    db.session.execute(sa.select(sa.func.set_config("app.share", hashed.hex(), True)))
    found = sa.select(SheetShare).where(
        SheetShare.token_hash == hashed, SheetShare.keeper_id.is_(None), SheetShare.ends_at > now
    )
    return db.session.scalar(_held(found) if to_keep else found)


def get_kept_share(share_id: uuid.UUID, account_id: uuid.UUID) -> SheetShare:
    """A share somebody keeps on their page, or 404 from the moment it is stopped."""
    found = db.session.get(SheetShare, share_id)
    return found if found and found.keeper_id == account_id else abort(404)


def kept_by(account_id: uuid.UUID) -> Sequence[tuple[SheetShare, Account]]:
    """The sheets somebody was shown and keeps, with whose they are."""
    rows = (
        sa.select(SheetShare, Account)
        .join(Account, Account.id == SheetShare.account_id)
        .where(SheetShare.keeper_id == account_id)
        .order_by(SheetShare.created_at, SheetShare.id)
        .limit(MOST_KEPT)
    )
    return [(share, owner) for share, owner in db.session.execute(rows)]


def sheet_of(share: SheetShare) -> SupportSheet:
    """The sheet a share opens."""
    return db.session.get(SupportSheet, share.sheet_id) or abort(404)
