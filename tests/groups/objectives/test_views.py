"""The quarter's objectives as a group lives with them."""

import pytest
import sqlalchemy as sa

from groups.objectives import commands, queries
from groups.objectives.models import Objective, ObjectiveStep
from groups.permissions import Role
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import a_member
from tests.factories.meetings import a_meeting
from tests.factories.network import make_group, make_holder
from tests.factories.objectives import a_step, an_objective
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.statements import statements


@pytest.fixture
def group() -> Group:
    return make_group()


def as_role(client: StrictClient, role: str, group: Group) -> StrictClient:
    return client.sign_in(make_holder(role, group))


def objectives_of(group: Group) -> list[Objective]:
    with in_group(group):
        found = sa.select(Objective).order_by(Objective.quarter_on, Objective.position)
        return list(db.session.scalars(found))


def steps_of(group: Group) -> list[ObjectiveStep]:
    with in_group(group):
        return list(db.session.scalars(sa.select(ObjectiveStep).order_by(ObjectiveStep.position)))


class TestSetObjective:
    def test_sets_it_once_for_this_quarter(self, client: StrictClient, group: Group) -> None:
        as_role(client, Role.CHAIRPERSON, group)
        page = client.fetch(f"/g/{group.id}/objectives/set")
        for _ in range(2):
            client.send(page, {"title": "A bench at the clinic", "why": "People stand for hours"})
        (objective,) = objectives_of(group)
        assert (objective.title, objective.state, objective.position) == ("A bench at the clinic", "open", 1)

    @pytest.mark.parametrize(
        ("bad", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "x" * 121}, "title"),
            ({"title": "a\u202eb"}, "title"),
            ({"why": "x" * 601}, "why"),
            ({"quarter": "2019-01-01"}, "quarter"),
            ({"quarter": "x"}, "quarter"),
        ],
    )
    def test_says_beside_the_field_what_is_amiss(
        self, client: StrictClient, group: Group, bad: dict[str, str], field: str
    ) -> None:
        as_role(client, Role.CHAIRPERSON, group)
        page = client.send(client.fetch(f"/g/{group.id}/objectives/set"), {"title": "A bench", **bad})
        assert (page.status, page.fields_with_errors) == (422, {field})
        assert objectives_of(group) == []

    def test_another_comes_after_and_can_be_moved_up(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            an_objective("First")
            second = an_objective("Second")
        as_role(client, Role.SECRETARY, group)
        client.send(client.fetch(f"/g/{group.id}/objectives/{second.id}"), to="/raise")
        assert [each.title for each in objectives_of(group)] == ["Second", "First"]

    def test_a_member_reads_and_does_not_set(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            an_objective("Seen by all")
        as_role(client, Role.MEMBER, group)
        assert "Seen by all" in client.fetch(f"/g/{group.id}/objectives").text
        assert client.fetch(f"/g/{group.id}/objectives/set").status == 403


class TestSteps:
    def test_name_who_by_when_and_at_what_cost(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            objective, member = an_objective(), a_member("Rain")
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/objectives/{objective.id}/steps/add")
        page = client.send(
            page, {"what": "Write", "member": str(member.id), "by_on": "2030-05-01", "cost": "250"}
        )
        (step,) = steps_of(group)
        assert (step.member_id, step.cost, step.currency, step.by_on.isoformat()) == (
            member.id, 25000, "KES", "2030-05-01",
        )  # fmt: skip
        assert "Rain" in page.text

    @pytest.mark.parametrize(
        ("bad", "field"),
        [
            ({"what": ""}, "what"),
            ({"by_on": "soon"}, "by_on"),
            ({"cost": "-5"}, "cost"),
            ({"cost": "5 USD"}, "cost"),
            ({"member": "nobody"}, "member"),
            ({"who": "x" * 61}, "who"),
        ],
    )
    def test_say_beside_the_field_what_is_amiss(
        self, client: StrictClient, group: Group, bad: dict[str, str], field: str
    ) -> None:
        with in_group(group):
            objective = an_objective()
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/objectives/{objective.id}/steps/add")
        page = client.send(page, {"what": "Write", **bad})
        assert (page.status, page.fields_with_errors) == (422, {field})
        assert steps_of(group) == []

    def test_are_done_changed_and_taken_out(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            objective = an_objective()
            step = a_step(objective)
        as_role(client, Role.SECRETARY, group)
        client.send(client.fetch(f"/g/{group.id}/objectives/{objective.id}"), to="/turn")
        assert steps_of(group)[0].done_at
        word = f"/g/{group.id}/objectives/steps/{step.id}/word"
        client.send(client.fetch(word), {"what": "Phone"}, to="/word")
        assert steps_of(group)[0].what == "Phone"
        client.send(client.fetch(word), to="/remove")
        assert steps_of(group) == []

    def test_of_another_group_are_not_there(self, client: StrictClient, group: Group) -> None:
        other = make_group()
        with in_group(other):
            objective = an_objective()
            step = a_step(objective)
        as_role(client, Role.SECRETARY, group)
        assert client.fetch(f"/g/{group.id}/objectives/steps/{step.id}/word").status == 404
        assert client.fetch(f"/g/{group.id}/objectives/{objective.id}").status == 404


class TestReview:
    def test_a_meeting_says_how_each_moved(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting(clock.now(), people=9)
            an_objective("One")
            two, three = an_objective("Two"), an_objective("Three")
            a_step(two)
        as_role(client, Role.TREASURER, group)
        address = f"/g/{group.id}/objectives/review/{meeting.id}"
        assert address in client.fetch(f"/g/{group.id}/meetings/{meeting.id}").links
        page = client.send(
            client.fetch(address),
            {
                "outcome_0": "moved",
                "outcome_1": "carried_over",
                "words_1": "The rains",
                "outcome_2": "achieved",
            },
        )
        assert page.path == f"/g/{group.id}/meetings/{meeting.id}"
        states = {(each.title, each.state) for each in objectives_of(group)}
        assert states == {("One", "open"), ("Two", "carried_over"), ("Two", "open"), ("Three", "achieved")}
        following = next(o for o in objectives_of(group) if o.carried_from_id == two.id)
        assert [s.what for s in steps_of(group) if s.objective_id == following.id] == ["Write to the clinic"]
        assert client.fetch(f"/g/{group.id}/objectives/{three.id}").status == 200

    def test_keeps_nothing_where_a_word_is_missing(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting(clock.now(), people=9)
            an_objective("One")
            an_objective("Two")
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/objectives/review/{meeting.id}")
        page = client.send(page, {"outcome_0": "achieved", "outcome_1": "dropped"})
        assert (page.status, page.fields_with_errors) == (422, {"words_1"})
        assert {each.state for each in objectives_of(group)} == {"open"}

    def test_what_was_dropped_can_be_taken_up_again(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            objective = an_objective()
        as_role(client, Role.CHAIRPERSON, group)
        page = client.fetch(f"/g/{group.id}/objectives/{objective.id}/close")
        assert client.send(page, {"outcome": "dropped"}).status == 422
        page = client.send(page, {"outcome": "dropped", "words": "Too much"})
        assert objectives_of(group)[0].state == "dropped"
        client.send(page, to="/reopen")
        assert objectives_of(group)[0].state == "open"


def test_more_objectives_take_no_more_statements(client: StrictClient, group: Group) -> None:
    with in_group(group):
        a_step(an_objective())
    as_role(client, Role.MEMBER, group).fetch(f"/g/{group.id}/objectives")
    with statements() as few:
        client.fetch(f"/g/{group.id}/objectives")
    with in_group(group):
        for n in range(5):
            a_step(an_objective(f"More {n}"))
    with statements() as many:
        client.fetch(f"/g/{group.id}/objectives")
    assert len(few) == len(many)


def test_figures_count_objectives_set_and_achieved(group: Group) -> None:
    with in_group(group):
        start, end = commands.quarters_to_set(db.session.get_one(Group, group.id), clock.now())
        assert queries.count_objectives_set(start, end) is None
        an_objective()
        done = an_objective("Done")
        commands.review_objective(done, outcome=commands.Outcome.ACHIEVED, words="", by=None, now=clock.now())
        assert (queries.count_objectives_set(start, end), queries.count_objectives_achieved(start, end)) == (
            2,
            1,
        )
        assert queries.count_objectives_set(end, end.replace(year=end.year + 1)) == 0
