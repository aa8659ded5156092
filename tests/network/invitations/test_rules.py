"""When an invitation still opens the door."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from network.invitations.rules import Refusal, why_not_accept

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("expires", "accepted", "withdrawn", "refusal"),
    [
        (LATER, None, None, None),
        (NOW, None, None, Refusal.RUN_OUT),
        (LATER, NOW, None, Refusal.USED),
        (LATER, None, NOW, Refusal.WITHDRAWN),
        (NOW, NOW, None, Refusal.USED),
    ],
)
def test_an_invitation_works_once_until_its_day(
    expires: datetime, accepted: datetime | None, withdrawn: datetime | None, refusal: Refusal | None
) -> None:
    invitation = SimpleNamespace(expires_at=expires, accepted_at=accepted, withdrawn_at=withdrawn)
    assert why_not_accept(invitation, now=NOW) == refusal
