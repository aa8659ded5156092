from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from groups.elections import queries
from groups.elections.counting.tallies import OfficeTally, RoomTally
from groups.elections.models import Election, ElectionKind, ElectionState
from groups.membership import commands as membership
from groups.membership.models import Member
from groups.membership.queries import get_member
from groups.officers import commands as officers
from groups.officers.models import Term
from groups.officers.queries import present_terms
from groups.tallies.commands import enter_tally
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from tests.factories.decisions import adopt
from tests.factories.groups import a_declared_by_election, a_member, a_term, an_election, some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import Page, StrictClient


class Story:
    """A group with a chair, a treasurer and a committee member in office since spring, all able to sign in; and a member."""

    def __init__(self) -> None:
        self.group: Group = make_group()
        self.accounts: dict[str, Account] = {}
        self.members: dict[str, Member] = {}
        self.terms: dict[str, Term] = {}
        then = clock.now() - timedelta(days=200)
        self.due = clock.today(self.group.time_zone) + timedelta(days=165)
        with in_group(self.group):
            for who in ("chairperson", "secretary", "treasurer", "committee", "member"):
                self.accounts[who] = make_account()
                self.members[who] = a_member(who, account_id=self.accounts[who].id, now=then)
                if who != "member":
                    self.terms[who] = a_term(self.members[who], who, due_on=self.due, now=then)
            for other in some_members(6)[:2]:
                a_term(other, "committee", due_on=self.due, now=clock.now())

    @property
    def at(self) -> str:
        return f"/g/{self.group.id}/elections/empty"

    @property
    def home(self) -> str:
        return f"/g/{self.group.id}/"

    def leaves_office(self, *offices: str) -> None:
        with in_group(self.group):
            for office in offices:
                officers.end_term(db.session.get_one(Term, self.terms[office].id), by=None, now=clock.now())

    def leaves_group(self, who: str) -> None:
        with in_group(self.group):
            membership.let_member_go(self.group, get_member(self.members[who].id), by=None, now=clock.now())

    def elections(self) -> list[Election]:
        with in_group(self.group):
            return [queries.get_election(one.id) for one in db.session.scalars(queries.elections())]

    def call(self, client: StrictClient, who: str, **changed: object) -> Page:
        page = client.sign_in(self.accounts[who]).fetch(self.at)
        today = clock.today(self.group.time_zone).isoformat()
        return client.send(page, {"held_on": today, "is_short_notice_agreed": "y", **changed})

    def offered(self, client: StrictClient, who: str) -> set[str | None]:
        """The offices this person could call a by-election for now."""
        inputs = client.sign_in(self.accounts[who]).fetch(self.at).tree.iter("input")
        return {one.get("value") for one in inputs if one.get("name") == "offices"}


@pytest.fixture
def story() -> Story:
    return Story()


def leads(page: Page, to: str) -> list[str]:
    return [link for link in page.links if link.startswith(to)]


class TestTheNote:
    def test_the_chair_is_told_and_one_step_leads_to_the_call_with_that_office_chosen(
        self, client: StrictClient, story: Story
    ) -> None:
        self.held_one(story)
        assert not leads(client.sign_in(story.accounts["chairperson"]).fetch(story.home), story.at)
        story.leaves_office("treasurer")
        found = leads(client.fetch(story.home), story.at)
        assert len(found) == 1
        form = client.fetch(found[0]).form()
        ticked = [e.get("value") for e in form.iter("input") if e.get("name") == "offices" and e.get("checked") is not None]  # fmt: skip
        assert ticked == ["treasurer"]
        for who in ("treasurer", "committee", "member"):
            assert not leads(client.sign_in(story.accounts[who]).fetch(story.home), story.at)

    def test_nothing_is_said_while_an_election_for_it_is_called(self, client: StrictClient, story: Story) -> None:  # fmt: skip
        self.held_one(story)
        story.leaves_office("treasurer")
        assert story.call(client, "chairperson").status == 200
        assert not leads(client.fetch(story.home), story.at)

    def test_a_new_group_is_told_of_its_first_election_only(self, client: StrictClient) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            a_term(a_member("First", account_id=account.id), "chairperson")
        page = client.sign_in(account).fetch(f"/g/{group.id}/")
        assert not leads(page, f"/g/{group.id}/elections/empty")
        assert leads(page, f"/g/{group.id}/elections/call")

    def held_one(self, story: Story) -> None:
        story.leaves_office("committee")
        with in_group(story.group):
            by_election(story, "committee", "member")


def by_election(story: Story, office: str, winner: str) -> None:
    tellers = [get_member(story.members[who].id) for who in ("chairperson", "secretary")]
    a_declared_by_election(office, get_member(story.members[winner].id), tellers)


class TestTheTerm:
    @pytest.mark.parametrize("fills_rest", [True, False])
    def test_it_is_the_rest_or_a_whole_one_as_the_constitution_says(self, story: Story, *, fills_rest: bool) -> None:  # fmt: skip
        with in_group(story.group):
            counters = [get_member(story.members[who].id) for who in ("member", "committee")]
            adopt(story.accounts["chairperson"].id, counters, fills_rest=fills_rest)
        story.leaves_office("treasurer")
        with in_group(story.group):
            by_election(story, "treasurer", "member")
        with in_group(story.group):
            term = present_terms(["treasurer"])[0]
            assert term.member_id == story.members["member"].id
            assert (term.due_on == story.due) == fills_rest
            assert term.due_on >= story.due

    def test_what_is_left_of_a_term_that_is_over_is_a_whole_one(self, story: Story) -> None:
        with in_group(story.group):
            term = db.session.get_one(Term, story.terms["treasurer"].id)
            term.due_on = clock.today(story.group.time_zone) - timedelta(days=3)
        story.leaves_office("treasurer")
        with in_group(story.group):
            by_election(story, "treasurer", "member")
            assert present_terms(["treasurer"])[0].due_on > story.due + timedelta(days=90)


class TestWhoseTurn:
    def test_without_chair_and_secretary_any_officer_calls_and_runs_it(self, client: StrictClient, story: Story) -> None:  # fmt: skip
        assert client.sign_in(story.accounts["treasurer"]).fetch(story.at).status == 200
        story.leaves_office("chairperson", "secretary")
        assert not client.sign_in(story.accounts["member"]).fetch(story.at).forms()
        assert leads(client.sign_in(story.accounts["treasurer"]).fetch(story.home), story.at)
        shown = story.call(client, "treasurer")
        assert shown.status == 200
        (election,) = story.elections()
        assert (election.run_by_id, election.kind) == (story.accounts["treasurer"].id, "by_election")
        assert {contest.office for contest in election.contests} == {"chairperson", "secretary"}
        assert client.fetch(f"/g/{story.group.id}/elections/{election.id}/name").status == 200
        assert client.fetch(f"/g/{story.group.id}/elections/call").status == 403
        client.sign_in(story.accounts["committee"])
        assert client.fetch(f"/g/{story.group.id}/elections/{election.id}/name").status == 403

    def test_without_any_officer_any_member_does_to_the_very_end(self, client: StrictClient, story: Story) -> None:  # fmt: skip
        for who in ("chairperson", "treasurer"):
            story.leaves_group(who)
        story.leaves_office("secretary", "committee")
        with in_group(story.group):
            for term in present_terms():
                officers.end_term(term, by=None, now=clock.now())
        assert leads(client.sign_in(story.accounts["member"]).fetch(story.home), story.at)
        shown = story.call(client, "member", offices=["chairperson"])
        (election,) = story.elections()
        at = f"/g/{story.group.id}/elections/{election.id}"
        assert shown.path == f"{at}/"
        page = client.fetch(f"{at}/name")
        contest = str(election.contests[0].id)
        named = {"contest_id": contest, "member_id": str(story.members["secretary"].id), "has_accepted": "y"}
        assert client.send(page, {**named, "named_by": "meeting"}).status == 200
        tellers = {"first_teller": str(story.members["committee"].id), "second_teller": str(story.members["member"].id)}  # fmt: skip
        assert client.send(client.fetch(f"{at}/begin"), {"method": "hands", **tellers}).status == 200
        with in_group(story.group):
            found = queries.get_election(election.id)
            for teller in found.tellers:
                enter_tally(
                    found, teller, RoomTally(8, {"chairperson": OfficeTally({1: 7}, 1)}), now=clock.now()
                )
        assert f"{at}/declare" in client.fetch(f"{at}/").links
        client.send(client.fetch(f"{at}/declare"))
        assert story.elections()[0].state == ElectionState.DECLARED
        with in_group(story.group):
            assert [term.member_id for term in present_terms(["chairperson"])] == [
                story.members["secretary"].id
            ]

    def test_an_election_whose_caller_has_left_does_not_stand_in_the_way(self, client: StrictClient, story: Story) -> None:  # fmt: skip
        story.leaves_office("chairperson", "secretary", "treasurer")
        story.call(client, "committee", offices=["chairperson"])
        assert "chairperson" not in story.offered(client, "treasurer")
        story.leaves_group("committee")
        assert "chairperson" in story.offered(client, "treasurer")

    def test_an_officer_without_a_sign_in_does_not_stand_in_the_way(self, client: StrictClient) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            a_term(a_member("On paper"), "chairperson")
            a_member("Able", account_id=account.id)
        page = client.sign_in(account).fetch(f"/g/{group.id}/elections/empty")
        assert page.forms()

    def test_whoever_has_no_turn_is_told_whose_it_is(self, client: StrictClient, story: Story) -> None:
        story.leaves_office("treasurer")
        page = client.sign_in(story.accounts["member"]).fetch(story.at)
        assert "chairperson" in page.text
        assert not page.forms()
        answer = client.post(story.at, data={"offices": ["treasurer"]})
        assert answer.status_code in {400, 422}
        assert story.elections() == []

    def test_where_nothing_is_empty_there_is_nothing_to_call(self, client: StrictClient) -> None:
        group = make_group()
        with in_group(group):
            for office in ("chairperson", "secretary", "treasurer"):
                a_term(a_member(office), office)
            for number in range(3):
                a_term(a_member(f"c{number}"), "committee")
        page = client.sign_in(make_holder("secretary", group)).fetch(f"/g/{group.id}/elections/empty")
        assert not page.forms()


@pytest.mark.parametrize(
    "statement",
    [
        "update contests set ends_on = current_date + 900",
        "update elections set run_by_id = (select id from accounts limit 1)",
    ],
)
def test_what_was_called_stays_for_whoever_has_sql(story: Story, statement: str) -> None:
    story.leaves_office("treasurer")
    with in_group(story.group):
        an_election(offices=["treasurer"], kind=ElectionKind.BY_ELECTION)
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(db.text(statement))
