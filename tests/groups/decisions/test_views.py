from datetime import timedelta

import pytest

from groups.decisions.queries import get_motion, motions
from network import clock
from network.db import db
from tests.factories.decisions import YES, a_motion, begin, count
from tests.factories.groups import a_member, some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient


class TestWhatFollows:
    def test_stands_on_the_page_before_and_leads_on_after(self, client: StrictClient) -> None:
        group = make_group()
        with in_group(group):
            members = some_members(10)
            motion = a_motion(make_account().id, kind="charter")
        client.sign_in(make_holder("chairperson", group))
        path = f"/g/{group.id}/decisions/{motion.id}/"
        assert f"/g/{group.id}/support/" not in client.fetch(path).links
        with in_group(group):
            count(begin(motion, members[:2]), YES)
        leads = [link for link in client.fetch(path).links if "/support" in link]
        assert [client.fetch(link).status for link in leads] == [200]


class TestPutSomething:
    def test_from_calling_to_the_outcome_on_one_phone(self, client: StrictClient) -> None:
        group = make_group()
        with in_group(group):
            members = some_members(10)
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/decisions/call")
        today = clock.today(group.time_zone).isoformat()
        values = {"kind": "other", "words": "We meet on Sundays", "held_on": today}
        assert client.send(page, values).status == 422
        shown = client.send(page, {**values, "is_short_notice_agreed": "y"})
        assert shown.status == 200
        client.send(
            client.fetch(f"{shown.path}begin"),
            {"method": "hands", "first_counter": str(members[0].id), "second_counter": str(members[1].id)},
        )
        doors = [link for link in client.fetch(f"{shown.path}slips").links if link.startswith("/counter/")]
        numbers = {"present": 8, "votes_for": 6, "votes_against": 1, "abstain": 1}
        for door in doors:
            assert client.send(client.fetch(door), numbers).status == 200
        with in_group(group):
            decided = db.session.scalars(motions()).one()
            assert (decided.is_carried, decided.method) == (True, "hands")
        assert client.fetch(doors[0]).forms() == []

    def test_whoever_counts_sees_that_they_differ_and_not_what_the_other_counted(
        self, client: StrictClient
    ) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = begin(a_motion(by), some_members(40)[:2])
            slips = [(counter.slip or "").replace("-", "") for counter in motion.counters]
        first = {"present": 33, "votes_for": 31, "votes_against": 1, "abstain": 1}
        client.send(client.fetch(f"/counter/{slips[0]}"), first)
        page = client.fetch(f"/counter/{slips[1]}")
        assert "31" not in page.text
        page = client.send(page, {**first, "votes_for": 30, "abstain": 2})
        assert "31" not in page.text
        assert "reason" in {e.get("name") for e in page.form().iter("input")}

    def test_wrong_numbers_are_told_beside_the_question(self, client: StrictClient) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = begin(a_motion(by), some_members(9)[:2])
            slip = (motion.counters[0].slip or "").replace("-", "")
        values = {"present": 8, "votes_for": 6, "votes_against": 1, "abstain": 0}
        page = client.send(client.fetch(f"/counter/{slip}"), values)
        assert (page.status, page.fields_with_errors) == (422, {"abstain"})


class TestReading:
    def test_a_member_reads_and_calls_nothing(self, client: StrictClient) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = count(begin(a_motion(by), some_members(9)[:2]), YES)
        client.sign_in(make_holder("member", group))
        assert "6" in client.fetch(f"/g/{group.id}/decisions/{motion.id}/").text
        for step in ("begin", "slips", "withdraw"):
            assert client.fetch(f"/g/{group.id}/decisions/{motion.id}/{step}").status == 403
        assert client.fetch(f"/g/{group.id}/decisions/call").status == 403

    def test_what_is_open_waits_on_the_first_page(self, client: StrictClient) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = a_motion(by, words="We paint the hall")
        home = client.sign_in(make_holder("chairperson", group)).fetch(f"/g/{group.id}/")
        assert f"/g/{group.id}/decisions/{motion.id}/" in home.links

    def test_taken_back_with_a_reason(self, client: StrictClient) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = a_motion(by)
        page = client.sign_in(make_holder("secretary", group)).fetch(
            f"/g/{group.id}/decisions/{motion.id}/withdraw"
        )
        assert client.send(page, {"reason": ""}).status == 422
        client.send(page, {"reason": "Later"})
        with in_group(group):
            assert get_motion(motion.id).state == "withdrawn"


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_that_cannot_be_is_told(client: StrictClient, days: int) -> None:
    group = make_group()
    with in_group(group):
        a_member()
    page = client.sign_in(make_holder("secretary", group)).fetch(f"/g/{group.id}/decisions/call")
    day = (clock.today(group.time_zone) + timedelta(days=days)).isoformat()
    answer = client.send(page, {"kind": "other", "words": "A", "held_on": day, "is_short_notice_agreed": "y"})
    assert (answer.status, answer.fields_with_errors) == (422, {"held_on"})
