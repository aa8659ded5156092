"""Writing down what the group owns."""

import uuid
from datetime import date, datetime

from groups.assets import queries, rules
from groups.assets.models import Asset
from groups.assets.rules import Refusal
from network import audit, clock
from network.db import db
from network.tenancy.models import Group


class CannotKeep(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def keep_asset(
    group: Group, asset: Asset | None, what: str, *, since_on: date, amount: int | None = None, gone_on: date | None = None,
    by: uuid.UUID | None, now: datetime,
) -> Asset:  # fmt: skip
    """Write something down, or write it anew. Raises `CannotKeep`."""
    already = 0 if asset else queries.count_assets()
    today = clock.today(group.time_zone, at=now)
    if refusal := rules.why_not_keep(since=since_on, gone=gone_on, today=today, already=already):
        raise CannotKeep(refusal)
    kept = asset or Asset(id=uuid.uuid4(), entered_at=now)
    kept.what, kept.since_on, kept.gone_on = what, since_on, gone_on
    kept.amount, kept.currency = amount, None if amount is None else group.currency
    db.session.add(kept)
    db.session.flush()
    audit.record("asset.kept", kept, by=by, now=now)
    return kept
