"""A group without any phone votes on paper; weeks later somebody writes it down, and the result says so."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from groups.ballots import commands as ballots
from groups.ballots.commands import CannotVote
from groups.ballots.rules import Refusal
from groups.elections import queries
from groups.elections.models import ElectionState
from groups.membership.models import Member
from groups.officers.queries import present_terms
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from tests.factories.ballots import KeptKey
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group
from tests.support.app import in_group
from tests.support.client import Page, StrictClient


@pytest.fixture
def chair() -> Account:
    return make_account()


@pytest.fixture
def group(chair: Account) -> Group:
    """Five members of long ago, one of whom has left today, and one who is new."""
    made, then = make_group(), clock.now() - timedelta(days=350)
    with in_group(made):
        a_term(a_member("Chair", account_id=chair.id, now=then), "chairperson", now=then)
        for nickname in ("Stands", "Tell", "Tally", "Gone"):
            a_member(nickname, now=then)
        a_member("New", now=clock.now())
        db.session.execute(sa.update(Member).where(Member.nickname == "Gone").values(left_on=today(made)))
    return made


def today(group: Group) -> date:
    return clock.today(group.time_zone)


def call(client: StrictClient, group: Group, chair: Account, *, days_ago: int) -> Page:
    page = client.sign_in(chair).fetch(f"/g/{group.id}/elections/call")
    day = today(group) - timedelta(days=days_ago)
    return client.send(page, {"held_on": day.isoformat(), "offices": ["treasurer"], "was_held": "y"})


def member(group: Group, nickname: str) -> str:
    with in_group(group):
        return str(db.session.scalars(sa.select(Member.id).where(Member.nickname == nickname)).one())


class TestWritingItDown:
    def test_from_the_day_in_the_village_to_the_rights(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        called = call(client, group, chair, days_ago=20)
        assert called.status == 200
        assert not [link for link in called.links if link.endswith("/key")]
        stands = {"member_id": member(group, "Stands"), "has_accepted": "y"}
        assert client.send(client.fetch(called.path + "name"), stands).status == 200
        tellers = {"first_teller": member(group, "Tell"), "second_teller": member(group, "Tally")}
        slips = client.send(client.fetch(called.path + "begin"), {"method": "hands", **tellers})
        counted = {"ballots": "5", "office1_1": "4", "office1_nobody": "1", "office1_spoilt": "0"}
        for link in [link for link in slips.links if "/teller/" in link]:
            assert client.send(client.fetch(link), counted).status == 200
        assert client.send(client.sign_in(chair).fetch(called.path + "declare")).status == 200
        self.the_roll_and_the_term_are_of_that_day(group)

    def the_roll_and_the_term_are_of_that_day(self, group: Group) -> None:
        with in_group(group):
            election = db.session.scalars(queries.elections()).one()
            term = next(one for one in present_terms() if one.office == "treasurer")
            assert election.state == ElectionState.DECLARED
            assert election.roll == 5
            assert term.due_on is not None
            assert (term.due_on.year, term.due_on.month) == (
                election.held_on.year + 1,
                election.held_on.month,
            )

    def test_the_page_says_so(self, client: StrictClient, group: Group, chair: Account) -> None:
        called = call(client, group, chair, days_ago=9)
        held_on = today(group) - timedelta(days=9)
        note = next(one for one in called.tree.iter("p") if one.get("class") == "note")
        assert str(held_on.day) in "".join(note.itertext())

    def test_nobody_makes_a_key_for_it(self, client: StrictClient, group: Group, chair: Account) -> None:
        call(client, group, chair, days_ago=2)
        key = KeptKey(ec.generate_private_key(ec.SECP256R1()))
        with in_group(group):
            election = queries.open_elections()[0]
            with pytest.raises(CannotVote) as refused:
                ballots.prepare_box(
                    election,
                    public_key=key.public,
                    wrapped_key=b"x" * 128,
                    keepers=[],
                    by=None,
                    now=clock.now(),
                )
        assert refused.value.refusal == Refusal.HELD_ALREADY


class TestRefusals:
    @pytest.mark.parametrize("days_ago", [-1, 61])
    def test_stand_beside_the_day(
        self, client: StrictClient, group: Group, chair: Account, days_ago: int
    ) -> None:
        refused = call(client, group, chair, days_ago=days_ago)
        assert (refused.status, refused.fields_with_errors) == (422, {"held_on"})
        with in_group(group):
            assert queries.open_elections() == []
