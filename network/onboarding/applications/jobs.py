"""Once a day, what somebody wrote to start a group goes where nobody has followed it for a year."""

from datetime import datetime

from network.onboarding.applications import commands
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import ids_of_groups


def forget_unfollowed(*, now: datetime) -> None:
    """In each office by itself."""
    with periodic.each_by_itself() as one:
        for office_id in ids_of_groups(GroupKind.OFFICE):
            with one("forgetting applications", office_id), scope.visiting(office_id):
                commands.forget_unfollowed(now=now)
