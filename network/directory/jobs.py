"""What comes round for groups' doors: forgetting how many messages came on days that have passed."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from network.db import db
from network.directory.models import DoorCount
from network.tenancy import scope


def forget_door_counts(*, now: datetime) -> None:
    """Delete counts of days before yesterday: somewhere on earth yesterday is not over yet."""
    with scope.visiting():
        db.session.execute(sa.delete(DoorCount).where(DoorCount.on_day < now.date() - timedelta(days=1)))
