"""What the members agreed to suggest: dated, with its meeting, shown as a suggestion and nothing more."""

from datetime import date, timedelta

import pytest

from funding.contributions import queries
from network import clock
from tests.factories.funding import Officers, make_members, make_officers
from tests.factories.meetings import a_meeting
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

DAY = clock.today("Africa/Nairobi")


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def decide(client: StrictClient, people: Officers, **values: object) -> Page:
    client.sign_in(people.chair)
    page = client.fetch(f"/g/{people.group.id}/money/agreed-amount/decide")
    return client.send(page, {name: str(value) for name, value in values.items()})


def amount_on(people: Officers, day: date) -> int | None:
    with in_scope(people.group):
        agreed = queries.find_agreed(day)
        return agreed.amount if agreed else None


def test_each_decision_counts_from_its_day(client: StrictClient, people: Officers) -> None:
    decide(
        client, people, amount="100", decided_on=DAY - timedelta(days=40), from_on=DAY - timedelta(days=30)
    )
    decide(client, people, amount="150", decided_on=DAY, from_on=DAY + timedelta(days=10))
    assert [amount_on(people, DAY + timedelta(days=days)) for days in (-31, -30, 0, 9, 10)] == [
        None, 10000, 10000, 10000, 15000,
    ]  # fmt: skip


def test_a_meeting_that_decided_it_gives_the_day(client: StrictClient, people: Officers) -> None:
    with in_scope(people.group):
        meeting = a_meeting(clock.now() - timedelta(days=2))
    decide(client, people, amount="100", meeting=meeting.id, from_on=DAY)
    with in_scope(people.group):
        agreed = queries.find_agreed(DAY)
        assert agreed is not None
        assert (agreed.meeting_id, agreed.decided_on) == (meeting.id, meeting.day)


def test_nought_ends_the_suggestion(client: StrictClient, people: Officers) -> None:
    decide(client, people, amount="100", decided_on=DAY - timedelta(days=4), from_on=DAY - timedelta(days=4))
    decide(client, people, amount="0", decided_on=DAY, from_on=DAY)
    assert amount_on(people, DAY) is None
    assert client.fetch(f"/g/{people.group.id}/money/agreed-amount").status == 200


@pytest.mark.parametrize(
    ("decided", "begins", "field"), [(1, 2, "decided_on"), (0, -1, "from_on"), (-3, -4, "from_on")]
)
def test_it_asks_nothing_of_the_time_before_it(
    client: StrictClient, people: Officers, decided: int, begins: int, field: str
) -> None:
    days = {"decided_on": DAY + timedelta(days=decided), "from_on": DAY + timedelta(days=begins)}
    answer = decide(client, people, amount="100", **days)
    assert answer.status == 422
    assert answer.fields_with_errors == {field}
    assert amount_on(people, DAY + timedelta(days=9)) is None


def test_the_sheet_shows_it_as_a_sentence_and_no_box_is_filled(
    client: StrictClient, people: Officers
) -> None:
    make_members(people, "Achieng")
    decide(client, people, amount="777", decided_on=DAY, from_on=DAY)
    client.sign_in(people.treasurer)
    page = client.fetch(f"/g/{people.group.id}/money/sheet")
    assert "777" in page.text
    assert 'value="777' not in page.html


@pytest.mark.parametrize(
    ("role", "status"),
    [("treasurer", 200), ("chair", 200), ("secretary", 403), ("committee", 403), ("member", 403)],
)
def test_treasurer_and_chairperson_write_it_down(
    client: StrictClient, people: Officers, role: str, status: int
) -> None:
    client.sign_in(getattr(people, role))
    assert client.get(f"/g/{people.group.id}/money/agreed-amount/decide").status_code == status
    assert client.get(f"/g/{people.group.id}/money/agreed-amount").status_code == 200


def test_spaces_are_no_amount_and_end_nothing(client: StrictClient, people: Officers) -> None:
    decide(client, people, amount="100", decided_on=DAY, from_on=DAY)
    answer = decide(client, people, amount="  ", decided_on=DAY, from_on=DAY)
    assert answer.fields_with_errors == {"amount"}
    assert amount_on(people, DAY) == 10000
