"""Days as people read them: a moment's day is the one it had where the group is."""

from datetime import UTC, date, datetime

import pytest

from network.web import formatting
from tests.factories.network import make_group
from tests.support.app import in_group

LATE = datetime(2024, 5, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("formatted", [formatting.day, formatting.whole_day])
@pytest.mark.parametrize(
    ("zone", "same"), [("Africa/Nairobi", date(2024, 6, 1)), ("Europe/London", date(2024, 5, 31))]
)
def test_a_moment_is_on_the_day_of_the_group(app: object, formatted: object, zone: str, same: date) -> None:
    group = make_group(time_zone=zone)
    with in_group(group):
        assert formatted(LATE) == formatted(same)  # type: ignore[operator]
