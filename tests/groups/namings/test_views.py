"""The committee for disputes is named by fellow members; the facilitator is appointed by members: both from pages."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from groups.decisions.queries import find_open_about
from groups.membership.models import Member
from groups.namings import commands, queries
from groups.namings.commands import KIND, CannotName
from groups.namings.models import Naming, NamingState
from groups.namings.rules import Refusal
from groups.officers.queries import present_terms
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.decisions import NO, YES, begin, count
from tests.factories.groups import a_member, a_term, some_members
from tests.factories.network import make_account, make_group, make_network
from tests.support.app import in_group
from tests.support.client import Page, StrictClient
from tests.support.statements import statements


class Story:
    """A group in Kenya: a secretary, two members who can sign in, and some without a phone."""

    def __init__(self) -> None:
        self.group: Group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        self.accounts: dict[str, Account] = {}
        self.members: dict[str, Member] = {}
        with in_group(self.group):
            for name in ("Secretary", "Ask", "Tell"):
                self.accounts[name] = make_account()
                self.members[name] = a_member(
                    name, account_id=self.accounts[name].id, now=clock.now() - timedelta(days=9)
                )
            a_term(self.members["Secretary"], "secretary")
            for member in some_members(10):
                self.members[member.nickname] = member

    @property
    def at(self) -> str:
        return f"/g/{self.group.id}/offices/names"

    def name(self, client: StrictClient, who: str, whom: str, office: str) -> Page:
        page = client.sign_in(self.accounts[who]).fetch(f"{self.at}/add")
        return client.send(page, {"office": office, "member_id": str(self.members[whom].id)})

    def namings(self) -> list[Naming]:
        with in_group(self.group):
            return list(db.session.scalars(queries.namings()))

    def in_office(self, office: str) -> list[str]:
        with in_group(self.group):
            return [term.member.nickname for term in present_terms([office])]


@pytest.fixture
def story(app: object) -> Story:
    return Story()


def test_a_fellow_names_the_named_says_yes_and_the_meeting_agrees(client: StrictClient, story: Story) -> None:
    assert story.name(client, "Ask", "Tell", "disputes").path == story.at
    (naming,) = story.namings()
    client.sign_in(story.accounts["Tell"])
    assert story.at in client.fetch(f"/g/{story.group.id}/").links, "whoever is named is asked"
    client.send(client.fetch(story.at), {"agrees": "yes"}, to=f"{naming.id}/answer")
    assert client.fetch(f"{story.at}/{naming.id}/settle").status == 403
    client.sign_in(story.accounts["Secretary"])
    assert f"{story.at}/{naming.id}/settle" in client.fetch(story.at).links
    assert client.send(client.fetch(f"{story.at}/{naming.id}/settle")).status == 200
    assert story.in_office("disputes") == ["Tell"]
    assert story.namings()[0].state == NamingState.SETTLED
    again = client.send(client.fetch(f"{story.at}/{naming.id}/settle"))
    assert again.status == 422


def test_nobody_names_themselves_for_the_committee_and_nobody_comes_in_unasked(
    client: StrictClient, story: Story
) -> None:
    assert story.name(client, "Tell", "Tell", "disputes").fields_with_errors == {"member_id"}
    story.name(client, "Ask", "Tell", "disputes")
    assert story.name(client, "Secretary", "Tell", "disputes").status == 422, "named already"
    (naming,) = story.namings()
    assert client.send(client.fetch(f"{story.at}/{naming.id}/settle")).status == 422
    page = client.fetch(f"/g/{story.group.id}/offices/appoint")
    assert client.send(page, {"office": "disputes", "member_id": str(story.members["Tell"].id)}).status == 422
    assert story.in_office("disputes") == []


def test_whoever_holds_an_elected_office_does_not_come_into_the_committee(
    client: StrictClient, story: Story
) -> None:
    story.name(client, "Ask", "Secretary", "disputes")
    (naming,) = story.namings()
    client.sign_in(story.accounts["Secretary"])
    client.send(client.fetch(story.at), {"agrees": "yes"}, to=f"{naming.id}/answer")
    assert client.send(client.fetch(f"{story.at}/{naming.id}/settle")).status == 422


@pytest.mark.parametrize(("counted", "comes_in"), [(YES, True), (NO, False)])
def test_the_members_decide_about_the_facilitator(
    client: StrictClient, story: Story, counted: object, *, comes_in: bool
) -> None:
    client.sign_in(story.accounts["Secretary"])
    somebody = story.members["Somebody 1"]
    recorded = {"office": "facilitator", "member_id": str(somebody.id), "named_by_id": str(story.members["Ask"].id), "has_accepted": "y"}  # fmt: skip
    assert client.send(client.fetch(f"{story.at}/record"), recorded).path == story.at
    (naming,) = story.namings()
    page = client.fetch(f"{story.at}/{naming.id}/put")
    today = clock.today(story.group.time_zone).isoformat()
    shown = client.send(page, {"held_on": today, "is_short_notice_agreed": "y"})
    assert "Somebody 1" in shown.text
    assert client.send(client.fetch(f"{story.at}/{naming.id}/put"), {"held_on": today, "is_short_notice_agreed": "y"}).status == 422  # fmt: skip
    with in_group(story.group):
        motion = find_open_about(KIND, naming.id)
        assert motion is not None
        count(begin(motion, list(story.members.values())[4:6]), counted)
    assert story.in_office("facilitator") == (["Somebody 1"] if comes_in else [])
    assert client.fetch(shown.path).status == 200


def test_nobody_makes_a_yes_of_the_no_of_somebody_who_signs_in(story: Story) -> None:
    with in_group(story.group):
        naming = commands.name_member(
            story.members["Tell"], "disputes", named_by=story.members["Ask"], by=None, now=clock.now()
        )
        own, secretary = story.accounts["Tell"].id, story.accounts["Secretary"].id
        commands.answer(naming, agrees=False, by=own, now=clock.now())
        with pytest.raises(CannotName) as refused:
            commands.answer(naming, agrees=True, by=secretary, now=clock.now())
        assert refused.value.refusal == Refusal.THEIR_OWN_NO
        commands.answer(naming, agrees=True, by=own, now=clock.now())
        assert naming.state == NamingState.ACCEPTED


def test_a_member_can_offer_themselves_to_facilitate(client: StrictClient, story: Story) -> None:
    assert story.name(client, "Tell", "Tell", "facilitator").status == 200


@pytest.mark.parametrize(
    "statement",
    [
        (
            "insert into terms (id, group_id, member_id, office, seat, source, starts_at, due_on)"
            " select gen_random_uuid(), group_id, member_id, 'disputes', 1, 'nominated', now(), current_date + 300 from namings"
        ),
        "update namings set named_by_id = member_id",
        "update namings set state = 'settled', answered_at = now()",
        "update namings set office = 'facilitator'",
        "delete from namings",
        (
            "insert into namings (id, group_id, office, method, member_id, named_by_id, state, named_at)"
            " select gen_random_uuid(), group_id, 'disputes', 'nominated', named_by_id, named_by_id, 'named', now() from namings"
        ),
    ],
)
def test_what_was_named_stays_for_whoever_has_sql(story: Story, statement: str) -> None:
    with in_group(story.group):
        commands.name_member(
            story.members["Tell"], "disputes", named_by=story.members["Ask"], by=None, now=clock.now()
        )
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(db.text(statement))


def test_the_list_of_decisions_asks_once_for_everybody_who_was_named(
    client: StrictClient, story: Story
) -> None:
    def put(name: str) -> None:
        with in_group(story.group):
            naming = commands.name_member(
                story.members[name],
                "disputes",
                named_by=story.members["Ask"],
                by=None,
                now=clock.now(),
                has_accepted=True,
            )
            commands.call_decision(
                story.group,
                naming,
                held_on=clock.today(story.group.time_zone),
                by=story.accounts["Secretary"].id,
                now=clock.now(),
                is_short_notice_agreed=True,
            )

    everybody = [name for name in story.members if name not in {"Secretary", "Ask"}]
    decisions = f"/g/{story.group.id}/decisions/"
    put(everybody[0])
    client.sign_in(story.accounts["Ask"]).fetch(decisions)
    with statements() as few:
        client.fetch(decisions)
    for name in everybody[1:6]:
        put(name)
    with statements() as many:
        page = client.fetch(decisions)
    assert len(many) == len(few)
    assert all(name in page.text for name in everybody[:6])
