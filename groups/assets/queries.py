"""Reading what the group owns."""

import uuid
from datetime import date

import sqlalchemy as sa

from groups.assets.models import Asset
from groups.assets.rules import MOST
from network.db import db


def assets() -> sa.Select[Asset]:
    """All there is and was, what is still there first; a selection so that pages can page it."""
    return sa.select(Asset).order_by(Asset.gone_on.desc().nulls_first(), Asset.since_on, Asset.id)


def assets_on(day: date) -> list[Asset]:
    """What the group had on a day, oldest first."""
    there = sa.select(Asset).where(
        Asset.since_on <= day, sa.or_(Asset.gone_on.is_(None), Asset.gone_on > day)
    )
    return list(db.session.scalars(there.order_by(Asset.since_on, Asset.id).limit(MOST)))


def count_assets() -> int:
    """How many are written down."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Asset)) or 0


def get_asset(asset_id: uuid.UUID) -> Asset:
    """One thing of the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Asset).where(Asset.id == asset_id))
