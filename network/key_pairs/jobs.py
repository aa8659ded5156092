"""A door whose twenty minutes are over is taken out of its session, also where nobody comes back."""

from datetime import datetime

import sqlalchemy as sa

from network.db import db
from network.tenancy import scope


def shut_old_doors(*, now: datetime) -> None:
    """Of every session."""
    over = sa.text(
        "update sessions set contents = contents - 'door'"
        " where contents ? 'door' and cast(contents -> 'door' ->> 'until' as timestamptz) <= :now"
    )
    with scope.visiting():
        db.session.execute(over, {"now": now})
