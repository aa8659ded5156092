"""Keeping, changing, opening to others and destroying a sheet. None of this leaves a line in any diary."""

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from network.accounts.queries import token_hash
from network.db import db
from network.support_sheets.models import SheetShare, SupportSheet
from network.support_sheets.rules import TO_PICK_UP


def write_sheet(*, account_id: uuid.UUID, lock: str, content: str, now: datetime) -> SupportSheet:
    """Keep a sheet that was closed elsewhere."""
    sheet = SupportSheet(account_id=account_id, lock=lock, content=content, changed_at=now)
    db.session.add(sheet)
    db.session.flush()
    return sheet


def change_sheet(sheet: SupportSheet, *, content: str, now: datetime) -> None:
    """Other content under the same key: whoever it is open to sees it as it is now."""
    sheet.content, sheet.changed_at = content, now
    db.session.flush()


def change_words(sheet: SupportSheet, *, lock: str, content: str, now: datetime) -> None:
    """Another key and other words. What was open to others is stopped: their words open the old key only."""
    db.session.execute(sa.delete(SheetShare).where(SheetShare.sheet_id == sheet.id))
    sheet.lock, sheet.content, sheet.changed_at = lock, content, now
    db.session.flush()


def share_sheet(sheet: SupportSheet, *, lock: str, lasts: timedelta | None, now: datetime) -> str:
    """Open it to others: for a while to whoever has link and words, or (`None`) to one person who picks it up."""
    token = secrets.token_urlsafe(24)
    db.session.add(
        SheetShare(
            account_id=sheet.account_id, sheet_id=sheet.id, lock=lock, token_hash=token_hash(token),
            for_person=lasts is None, created_at=now, ends_at=now + (lasts or TO_PICK_UP),
        )
    )  # fmt: skip
    db.session.flush()
    return token


def keep_share(share: SheetShare, *, by: uuid.UUID) -> None:
    """The person it is for keeps it on their page; the link is worth nothing from now on."""
    share.keeper_id, share.ends_at = by, None
    db.session.flush()


def stop_share(share: SheetShare) -> None:
    """It is closed to them at their next look; also how somebody gives back what they keep."""
    db.session.delete(share)
    db.session.flush()


def destroy_sheet(sheet: SupportSheet) -> None:
    """Gone, with every share."""
    db.session.delete(sheet)
    db.session.flush()
