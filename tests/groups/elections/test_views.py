"""A whole election, as people in a room do it, without JavaScript."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from groups.elections import queries
from groups.elections.models import Election, ElectionState
from groups.membership.models import Member
from groups.officers.queries import present_terms
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import (
    a_candidate,
    a_counted_vote,
    a_member,
    a_term,
    a_vote,
    an_election,
    some_members,
)
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import Page, StrictClient


@dataclass
class Room:
    """A group with a chair, a treasurer in office, and people."""

    group: Group
    chair: Account
    treasurer: Account
    successor: Account
    members: dict[str, Member] = field(default_factory=dict)

    def at(self, rest: str = "") -> str:
        return f"/g/{self.group.id}/elections/{rest}"

    def the_election(self) -> Election:
        with in_group(self.group):
            found = db.session.scalars(queries.elections()).first()
            assert found is not None
            return queries.get_election(found.id)


@pytest.fixture
def room() -> Room:
    made = Room(make_group(), make_account(), make_account(), make_account())
    then = clock.now() - timedelta(days=350)
    with in_group(made.group):
        for nickname, account in (("Chair", made.chair), ("Old", made.treasurer), ("New", made.successor)):
            made.members[nickname] = a_member(nickname, account_id=account.id, now=then)
        for nickname in ("Tell", "Tally", "Rain", "Sun", "Moon", "Star"):
            made.members[nickname] = a_member(nickname, now=then)
        a_term(made.members["Chair"], "chairperson", now=then)
        a_term(made.members["Old"], "treasurer", now=then)
    return made


def call(client: StrictClient, room: Room, **values: object) -> Page:
    page = client.sign_in(room.chair).fetch(room.at("call"))
    today = clock.today(room.group.time_zone).isoformat()
    return client.send(
        page,
        {"held_on": today, "is_short_notice_agreed": "y", "offices": ["chairperson", "treasurer"], **values},
    )


def name(client: StrictClient, room: Room, office: str, nickname: str, *, has_accepted: bool = True) -> Page:
    election = room.the_election()
    contest = next(one for one in election.contests if one.office == office)
    page = client.sign_in(room.chair).fetch(room.at(f"{election.id}/name"))
    values = {"contest_id": str(contest.id), "member_id": str(room.members[nickname].id)}
    return client.send(page, {**values, **({"has_accepted": "y"} if has_accepted else {})})


def begin(client: StrictClient, room: Room, *tellers: str, method: str = "paper") -> Page:
    page = client.sign_in(room.chair).fetch(room.at(f"{room.the_election().id}/begin"))
    first, second = (str(room.members[nickname].id) for nickname in tellers)
    return client.send(page, {"method": method, "first_teller": first, "second_teller": second})


def tell(client: StrictClient, link: str, **values: int | str) -> Page:
    page = client.sign_out().fetch(link)
    return client.send(page, {key: str(value) for key, value in values.items()})


GOOD = {
    "ballots": 9, "office1_1": 8, "office1_nobody": 1, "office1_spoilt": 0,
    "office2_1": 4, "office2_2": 4, "office2_nobody": 0, "office2_spoilt": 1,
}  # fmt: skip


class TestAWholeElection:
    def test_from_the_call_to_the_rights(self, client: StrictClient, room: Room) -> None:
        assert call(client, room).status == 200
        assert name(client, room, "chairperson", "Chair").status == 200
        assert name(client, room, "treasurer", "Old").status == 200
        name(client, room, "treasurer", "New", has_accepted=False)
        self.accept(client, room)
        slips = begin(client, room, "Tell", "Tally")
        first, second = [link for link in slips.links if "/teller/" in link]

        waiting = tell(client, first, **GOOD)
        assert room.the_election().state == ElectionState.VOTING
        assert waiting.status == 200
        differs = tell(client, second, **{**GOOD, "office2_1": 5, "office2_2": 3})
        assert differs.status == 200
        assert [text for text in ("8", "4") if text in differs.text.split()] == []
        seen_by_first = client.fetch(first)
        assert "5" not in seen_by_first.text.split()
        agreed = tell(client, second, **GOOD, reason="Counted again")
        assert (agreed.status, agreed.forms()) == (200, [])

        self.draw_and_declare(client, room)
        self.rights_have_moved(client, room)

    def accept(self, client: StrictClient, room: Room) -> None:
        client.sign_in(room.successor)
        page = client.fetch(room.at(f"{room.the_election().id}/"))
        assert len(page.forms()) == 2  # yes or no, and only about oneself
        client.send(page, to="/answer")

    def draw_and_declare(self, client: StrictClient, room: Room) -> None:
        election = room.the_election()
        assert election.state == ElectionState.COUNTED
        refused = client.send(client.sign_in(room.chair).fetch(room.at(f"{election.id}/declare")))
        assert refused.status == 422
        contest = next(one for one in election.contests if one.office == "treasurer")
        lot = client.fetch(room.at(f"{election.id}/lots/{contest.id}"))
        for too_few in ("seven", "7 8"):
            assert client.send(client.fetch(lot.path), {"numbers": too_few}).fields_with_errors == {"numbers"}
        number, numbers = 0, "7 9 0"
        new = next(one for one in contest.candidates if one.member_id == room.members["New"].id)
        from groups.elections.counting.lot import draw

        while draw(election.fingerprint, "treasurer", [7, 9, number], [1, 2])[0] != new.position:
            number += 1
            numbers = f"7 9 {number}"
        assert client.send(lot, {"numbers": numbers}).status == 200
        page = client.fetch(room.at(f"{election.id}/declare"))
        assert {"New", "Old", "Chair"} <= set(page.text.replace(",", " ").split())
        done = client.send(page)
        assert done.status == 200
        assert "7" in done.text
        assert room.the_election().state == ElectionState.DECLARED

    def rights_have_moved(self, client: StrictClient, room: Room) -> None:
        from network.access.actor import Actor
        from network.accounts.queries import roles_held

        with in_group(room.group):
            old = Actor(room.treasurer.id, roles_held(room.treasurer.id, room.group.id, now=clock.now()))
            new = Actor(room.successor.id, roles_held(room.successor.id, room.group.id, now=clock.now()))
            assert (old.holds("treasurer"), new.holds("treasurer")) == (False, True)
            assert {(one.office, one.member.nickname) for one in present_terms()} == {
                ("chairperson", "Chair"),
                ("treasurer", "New"),
            }
        for person in (room.chair, room.treasurer):
            page = client.sign_in(person).fetch(room.at(f"{room.the_election().id}/"))
            assert all(f">{number}<" in page.html for number in (8, 4, 9))


class TestRightsAtTheNextRequest:
    def test_the_outgoing_chair_gets_403_and_the_incoming_one_gets_in(
        self, client: StrictClient, room: Room
    ) -> None:
        with in_group(room.group):
            members = [
                room.members["New"],
                *(room.members[name] for name in ("Rain", "Sun", "Moon", "Star", "Tell", "Tally")),
            ]
            election = a_counted_vote([*members[:1], *members[1:]])
        add = f"/g/{room.group.id}/members/add"
        other = client.application.test_client().sign_in(room.successor)
        assert other.fetch(add).status == 403
        client.send(client.sign_in(room.chair).fetch(room.at(f"{election.id}/declare")))
        assert client.fetch(add).status == 403
        assert other.fetch(add).status == 200


class TestCallElection:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"held_on": "2020-01-01"}, "held_on"),
            ({"held_on": "31/31/2026"}, "held_on"),
            ({"held_on": "2999-01-01"}, "held_on"),
            ({"held_on": ""}, "held_on"),
            ({"is_short_notice_agreed": ""}, "held_on"),
        ],
    )
    def test_says_what_to_put_right_and_calls_nothing(
        self, client: StrictClient, room: Room, values: dict[str, str], field: str
    ) -> None:
        page = client.sign_in(room.chair).fetch(room.at("call"))
        sent = {
            "held_on": clock.today(room.group.time_zone).isoformat(),
            "is_short_notice_agreed": "y",
            **values,
        }
        sent = {key: value for key, value in sent.items() if value or key == "held_on"}
        refused = client.send(page, sent)
        assert (refused.status, refused.fields_with_errors) == (422, {field})
        with in_group(room.group):
            assert queries.open_elections() == []

    def test_sent_twice_calls_once(self, client: StrictClient, room: Room) -> None:
        page = client.sign_in(room.chair).fetch(room.at("call"))
        values = {"held_on": clock.today(room.group.time_zone).isoformat(), "is_short_notice_agreed": "y"}
        assert [client.send(page, values).status for _ in range(2)] == [200, 200]
        with in_group(room.group):
            assert len(queries.open_elections()) == 1

    @pytest.mark.parametrize("role", ["member", "treasurer", "committee", "facilitator"])
    def test_is_for_the_chair_and_the_secretary(self, client: StrictClient, room: Room, role: str) -> None:
        client.sign_in(make_holder(role, room.group))
        assert client.fetch(room.at("call")).status == 403
        assert client.fetch(room.at()).status == 200


class TestStanding:
    def test_by_oneself(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            election = an_election()
        client.send(client.sign_in(room.successor).fetch(room.at(f"{election.id}/stand")))
        assert [one.member.nickname for one in room.the_election().contests[0].candidates] == ["New"]
        again = client.send(client.fetch(room.at(f"{election.id}/stand")))
        assert again.status == 422

    def test_nobody_answers_for_another(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            election = an_election()
            candidacy = a_candidate(election, "treasurer", room.members["Old"], has_accepted=False)
        page = client.sign_in(room.successor).fetch(room.at(f"{election.id}/"))
        assert page.forms() == []
        token = client.fetch(f"/g/{room.group.id}/members/me").form()
        values = {
            "csrf_token": next(e.get("value") for e in token.iter("input") if e.get("name") == "csrf_token")
        }
        assert (
            client.post(
                room.at(f"nominations/{candidacy.id}/answer"), data={**values, "stands": "yes"}
            ).status_code
            == 403
        )


class TestTeller:
    def test_bad_numbers_are_told_and_kept_as_typed(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            election = a_vote(list(room.members.values()))
        page = client.fetch(f"/teller/{(election.tellers[0].slip or '').replace('-', '')}")
        bad = client.send(
            page,
            {
                "ballots": "many",
                "office1_1": "-3",
                "office1_nobody": "1.5",
                "office2_1": "",
                "office2_2": "99999",
            },
        )
        assert bad.status == 422
        assert bad.fields_with_errors == {
            "ballots",
            "office1_1",
            "office1_nobody",
            "office2_1",
            "office2_2",
            "office2_nobody",
        }
        assert "many" in bad.html
        sums = client.send(
            page,
            {
                "ballots": "9",
                "office1_1": "1",
                "office1_nobody": "1",
                "office2_1": "5",
                "office2_2": "4",
                "office2_nobody": "0",
            },
        )
        assert (sums.status, sums.fields_with_errors) == (422, {"office1_nobody"})

    def test_the_slip_is_typed_on_another_phone(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            election = a_vote(list(room.members.values()))
        opened = client.send(client.fetch("/code"), {"code": election.tellers[1].slip})
        assert opened.path.startswith("/teller/")

    def test_a_wrong_slip_opens_nothing(self, client: StrictClient, room: Room) -> None:
        assert client.fetch("/teller/ABCDEFGHJK").status == 410


class TestAnotherGroup:
    def test_is_not_there(self, client: StrictClient, room: Room) -> None:
        other = make_group()
        with in_group(other):
            theirs = a_vote(some_members(9))
        client.sign_in(room.chair)
        for rest in (
            "",
            "name",
            "begin",
            "slips",
            "declare",
            "void",
            "stand",
            f"lots/{theirs.contests[0].id}",
        ):
            assert client.fetch(room.at(f"{theirs.id}/{rest}")).status == 404
            assert client.fetch(f"/g/{other.id}/elections/{theirs.id}/{rest}").status == 404


class TestVoid:
    def test_needs_a_reason_and_keeps_what_was_recorded(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            election = an_election()
        page = client.sign_in(room.chair).fetch(room.at(f"{election.id}/void"))
        assert client.send(page).fields_with_errors == {"reason"}
        done = client.send(client.fetch(page.path), {"reason": "Too few came"})
        assert "Too few came" in done.text
        assert room.the_election().state == ElectionState.VOID


class TestHome:
    def test_says_what_waits(self, client: StrictClient, room: Room) -> None:
        home = f"/g/{room.group.id}/"
        assert room.at("call") in client.sign_in(room.chair).fetch(home).links
        with in_group(room.group):
            election = an_election()
            a_candidate(election, "treasurer", room.members["New"], has_accepted=False)
        assert room.at(f"{election.id}/") in client.fetch(home).links
        assert room.at("call") not in client.fetch(home).links
        assert room.at(f"{election.id}/") in client.sign_in(room.successor).fetch(home).links
        assert room.at(f"{election.id}/") not in client.sign_in(room.treasurer).fetch(home).links
