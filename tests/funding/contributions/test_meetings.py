"""Sheets belong to meetings: a second one adds, says so, and two treasurers at once lose nothing."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from funding.contributions.models import ContributionSheet
from funding.ledger import queries
from funding.verification import queries as checks
from groups.meetings.models import Meeting
from network import clock
from network.db import db
from tests.factories.funding import Officers, make_members, make_officers, save_sheet, take_back
from tests.factories.meetings import a_meeting
from tests.factories.network import make_holder
from tests.support.app import in_scope, the_app
from tests.support.client import Page, StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def members(people: Officers) -> dict:
    return make_members(people, "Achieng", "Baraka")


@pytest.fixture
def meeting(people: Officers) -> Meeting:
    with in_scope(people.group):
        return a_meeting(clock.now() - timedelta(days=1, hours=1))


def sheet(client: StrictClient, people: Officers, more: str = "") -> Page:
    client.sign_in(people.treasurer)
    return client.fetch(f"/g/{people.group.id}/money/sheet{more}")


def meeting_of(people: Officers, sheet_id: str) -> object:
    with in_scope(people.group):
        return db.session.scalar(
            sa.select(ContributionSheet.meeting_id).where(ContributionSheet.id == sheet_id)
        )


def test_the_meeting_of_the_last_days_is_chosen_already(
    client: StrictClient, people: Officers, members: dict, meeting: Meeting
) -> None:
    page = sheet(client, people)
    assert f'<option selected value="{meeting.id}">' in page.html
    assert f'value="{meeting.day}"' in page.html
    saved = client.send(page, {f"cash_{members['Achieng'].hex}": "100"})
    assert meeting_of(people, saved.path.rpartition("/")[2]) == meeting.id


def test_a_sheet_needs_no_meeting(
    client: StrictClient, people: Officers, members: dict, meeting: Meeting
) -> None:
    saved = client.send(sheet(client, people), {"meeting": "", f"cash_{members['Achieng'].hex}": "100"})
    assert saved.status == 200
    assert meeting_of(people, saved.path.rpartition("/")[2]) is None


def test_a_second_sheet_adds_and_says_what_the_first_came_to(
    client: StrictClient, people: Officers, members: dict, meeting: Meeting
) -> None:
    first = save_sheet(people, {members["Achieng"]: 12300}, meeting_id=meeting.id)
    page = sheet(client, people, f"?meeting={meeting.id}")
    assert "123" in page.text
    saved = client.send(page, {f"cash_{members['Baraka'].hex}": "200"})
    assert "323" in saved.text
    assert any(str(first.id) in link for link in saved.links)
    with in_scope(people.group):
        assert sum(queries.held().values()) == 32300


def test_a_sheet_that_was_taken_back_is_not_counted_with_the_others(
    client: StrictClient, people: Officers, members: dict, meeting: Meeting
) -> None:
    first = save_sheet(people, {members["Achieng"]: 12300}, meeting_id=meeting.id)
    save_sheet(people, {members["Achieng"]: 4500}, meeting_id=meeting.id)
    take_back(people, first.journal_id)
    text = sheet(client, people, f"?meeting={meeting.id}").text
    assert "45" in text
    assert "123" not in text
    assert "168" not in text


def test_a_meeting_of_another_group_or_one_called_off_cannot_be_chosen(
    client: StrictClient, people: Officers, members: dict
) -> None:
    other = make_officers()
    with in_scope(other.group):
        elsewhere = a_meeting()
    answer = client.send(
        sheet(client, people), {"meeting": str(elsewhere.id), f"cash_{members['Achieng'].hex}": "1"}
    )
    assert answer.status == 422
    assert answer.fields_with_errors == {"meeting"}


class TestOnTheMeetingsPage:
    def test_everybody_reads_the_sum_and_only_the_treasurer_is_led_to_the_sheet(
        self, client: StrictClient, people: Officers, members: dict, meeting: Meeting
    ) -> None:
        path = f"/g/{people.group.id}/meetings/{meeting.id}"
        client.sign_in(people.member)
        assert "money" not in " ".join(client.fetch(path).links).replace(f"/g/{people.group.id}/money", "", 2)
        save_sheet(people, {members["Achieng"]: 12300}, meeting_id=meeting.id)
        for who, led in ((people.treasurer, True), (people.chair, False), (people.member, False)):
            client.sign_in(who)
            page = client.fetch(path)
            assert "123" in page.text
            assert any("money/sheet?" in link for link in page.links) is led

    def test_before_the_meeting_there_is_a_sheet_to_print(
        self, client: StrictClient, people: Officers
    ) -> None:
        with in_scope(people.group):
            ahead = a_meeting(clock.now() + timedelta(days=3))
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/meetings/{ahead.id}")
        assert any("money/sheet.pdf?" in link for link in page.links)


def test_two_treasurers_at_once_on_one_sheet_both_count(
    people: Officers, members: dict, meeting: Meeting
) -> None:
    """Both have the page open; both save at the same moment; nothing is lost and nothing is overwritten."""
    treasurers = [people.treasurer, make_holder("treasurer", people.group)]
    pages = []
    for who in treasurers:
        made = the_app().test_client()
        assert isinstance(made, StrictClient)
        made.sign_in(who)
        pages.append((made, made.fetch(f"/g/{people.group.id}/money/sheet?meeting={meeting.id}")))
    ready, answers = threading.Barrier(len(pages)), []

    def save(client: StrictClient, page: Page, amount: str) -> None:
        ready.wait()
        answers.append(client.send(page, {f"cash_{members['Achieng'].hex}": amount}).status)

    workers = [
        threading.Thread(target=save, args=(*one, amount))
        for one, amount in zip(pages, ("100", "40"), strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert answers == [200, 200]
    with in_scope(people.group):
        assert sum(queries.held().values()) == 14000
        assert checks.faults() == []
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ContributionSheet)) == 2
