from datetime import date

import pytest

from groups.officers import rules


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
    ],
)
def test_months_later(day: date, months: int, then: date) -> None:
    assert rules.months_later(day, months) == then


def test_free_seats_first_one_first() -> None:
    assert rules.free_seats(3, [2]) == [1, 3]


class TestIsElectionDue:
    def test_when_nobody_was_ever_elected(self) -> None:
        assert rules.is_election_due(date(2026, 1, 1), due_on=[])

    def test_sixty_days_before(self) -> None:
        assert rules.is_election_due(date(2026, 1, 1), due_on=[date(2026, 3, 2)])
        assert not rules.is_election_due(date(2026, 1, 1), due_on=[date(2026, 3, 3)])


def test_template_has_the_offices_of_the_sources() -> None:
    assert [(office.code, office.seats) for office in rules.TEMPLATE.elected] == [
        ("chairperson", 1),
        ("secretary", 1),
        ("treasurer", 1),
        ("committee", 3),
    ]
    assert rules.read_offices(office.as_json() for office in rules.TEMPLATE.offices) == rules.TEMPLATE.offices
