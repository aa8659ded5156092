"""Pages after the count: challenging, deciding, what everybody reads meanwhile, and who counts in a teller's place."""

import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from groups.challenges import queries
from groups.challenges.commands import CannotChallenge, answer_challenge, certify_result
from groups.challenges.forms import READERS
from groups.challenges.queries import may_be_written_for
from groups.challenges.rules import Refusal
from groups.elections import commands as elections
from groups.elections.commands import CannotElect
from groups.elections.models import ElectionState
from groups.elections.queries import get_election, replaced_tellers
from groups.elections.rules import Refusal as OfElections
from groups.membership import commands as membership
from groups.membership.commands import let_member_go
from groups.membership.models import Member
from groups.membership.queries import find_own_member, get_member
from network import clock
from network.accounts import commands as accounts
from network.accounts.models import RoleAssignment
from network.db import db
from network.permissions import Role as StaffRole
from tests.factories.challenges import (
    Declared,
    a_challenge,
    a_committee,
    a_declared_result,
    an_answer,
    an_officer,
)
from tests.factories.groups import a_vote, some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_scope
from tests.support.client import StrictClient


def page_of(here: Declared) -> str:
    return f"/g/{here.group.id}/elections/{here.election_id}/"


def could_vote_in(here: Declared, member: Member) -> bool:
    return queries.could_vote(get_election(here.election_id), member)


def without_a_phone(here: Declared) -> uuid.UUID:
    """Somebody who could vote, neither stood nor counted, and does not sign in."""
    with in_scope(here.group):
        election = get_election(here.election_id)
        busy = {one.member_id for contest in election.contests for one in contest.candidates}
        busy |= {one.member_id for one in election.tellers}
        return next(one.id for one in may_be_written_for() if one.id not in busy and could_vote_in(here, one))


def state_of(here: Declared) -> str:
    with in_scope(here.group):
        return get_election(here.election_id).state


class TestAWholeChallenge:
    def test_from_the_words_to_the_rights_that_go_back(self, client: StrictClient) -> None:
        here = a_declared_result()
        first, second = a_committee(here)
        links = client.sign_in(here.voter).fetch(page_of(here)).links
        asked = client.fetch(next(link for link in links if "/challenges/of/" in link))
        assert client.send(asked, {"words": ""}).fields_with_errors == {"words"}
        kept = client.send(asked, {"words": "The door was shut"})
        assert "The door was shut" in kept.text
        assert client.send(client.fetch(asked.path), {"words": "Once more"}).status == 422
        for who in (first, second):
            shown = client.sign_in(who).fetch(kept.path)
            assert client.send(shown, {}, to="/answer").status == 422
            assert client.send(shown, {"answer": "upheld"}, to="/answer").status == 200
        assert state_of(here) == ElectionState.VOID
        assert client.sign_in(here.voter).fetch(kept.path).forms() == []
        assert client.fetch(page_of(here)).status == 200

    def test_those_concerned_and_the_network_find_nothing(self, client: StrictClient) -> None:
        here = a_declared_result()
        a_committee(here)
        made = a_challenge(here)
        both = make_holder("chairperson", here.group)  # no office opens it, and no role of a network's staff
        with in_scope(here.group):
            for role in StaffRole:
                accounts.give_role(
                    both.id, role, because_of=uuid.uuid4(), now=clock.now() - timedelta(minutes=1)
                )
        for who in (both.id, here.new, here.old):
            assert client.sign_in(who).fetch(f"/g/{here.group.id}/challenges/{made}").status == 404
            assert "The door was shut" not in client.fetch(page_of(here)).text

    def test_the_secretary_writes_it_down_for_a_member_without_a_phone(self, client: StrictClient) -> None:
        here = a_declared_result()
        a_committee(here)
        secretary = make_holder("secretary", here.group)
        quiet = without_a_phone(here)
        asked = client.sign_in(secretary).fetch(f"/g/{here.group.id}/challenges/of/{here.election_id}")
        values = {"words": "My hand was not counted", "member_id": str(quiet)}
        assert str(READERS[1]) in asked.text
        assert client.send(asked, values).status == 200
        with in_scope(here.group):
            membership.link_account(get_member(quiet), (later := make_account().id), now=clock.now())
        seen = [link for link in client.sign_in(later).fetch(page_of(here)).links if "/challenges/" in link]
        assert len(seen) == 2, "to challenge, and the one that is theirs"

    def test_nobody_writes_for_a_member_who_signs_in_or_learns_whether_they_challenged(
        self, client: StrictClient
    ) -> None:
        here = a_declared_result()
        a_committee(here)
        secretary = make_holder("secretary", here.group)
        path = f"/g/{here.group.id}/challenges/of/{here.election_id}"
        values = {"words": "Let us see", "member_id": str(here.voter_member)}
        offered = client.sign_in(secretary).fetch(path)
        assert str(here.voter_member) not in offered.text
        for _ in range(2):
            assert client.send(offered, values).fields_with_errors == {"member_id"}
            for who in (secretary.id, here.old):
                with pytest.raises(CannotChallenge) as refused:
                    a_challenge(here, by=who)
                assert refused.value.refusal is Refusal.SIGNS_IN, "the same before and after"
            with suppress(CannotChallenge):
                a_challenge(here)

    def test_what_others_wrote_for_somebody_keeps_nobody_from_their_own(self, app: object) -> None:
        here = a_declared_result()
        a_committee(here)
        quiet, later = without_a_phone(here), make_account().id
        of_quiet = replace(here, voter=later, voter_member=quiet)
        for role in ("secretary", "disputes"):
            a_challenge(of_quiet, by=make_holder(role, here.group).id)
        with in_scope(here.group):
            membership.link_account(get_member(quiet), later, now=clock.now())
        a_challenge(of_quiet)
        with in_scope(here.group):
            assert queries.count_open(here.election_id) == 3

    def test_whoever_stood_or_counted_writes_for_nobody(self, client: StrictClient) -> None:
        here = a_declared_result()
        a_committee(here)
        with in_scope(here.group):
            teller = get_election(here.election_id).tellers[0].member
            membership.link_account(teller, (counted := make_account().id), now=clock.now())
            quiet = next(one.id for one in may_be_written_for() if could_vote_in(here, one))
        for who in (here.new, counted):
            with in_scope(here.group):
                accounts.give_role(
                    who, "secretary", because_of=uuid.uuid4(), now=clock.now() - timedelta(minutes=1)
                )
            asked = client.sign_in(who).fetch(f"/g/{here.group.id}/challenges/of/{here.election_id}")
            assert asked.status == 200
            assert "member_id" not in asked.text
            with pytest.raises(CannotChallenge) as refused:
                a_challenge(replace(here, voter_member=quiet), by=who)
            assert refused.value.refusal is Refusal.HAD_A_PART

    def test_whoever_made_it_takes_it_back(self, client: StrictClient) -> None:
        here = a_declared_result()
        a_committee(here)
        made = a_challenge(here)
        page = client.sign_in(here.voter).fetch(f"/g/{here.group.id}/challenges/{made}/withdraw")
        assert client.send(page).status == 200
        with in_scope(here.group):
            assert queries.count_open(here.election_id) == 0


class TestTheLastMinute:
    def test_a_challenge_in_the_last_instant_keeps_the_result_open(self, client: StrictClient) -> None:
        here = a_declared_result(days_ago=6)
        with in_scope(here.group):
            until = get_election(here.election_id).challenge_until
            assert until
        a_committee(here)
        a_challenge(here, now=until - timedelta(microseconds=1))
        with in_scope(here.group), pytest.raises(CannotElect) as refused:
            certify_result(get_election(here.election_id), by=None, now=until)
        assert refused.value.refusal is OfElections.CHALLENGE_WAITS
        with pytest.raises(CannotChallenge) as late:
            a_challenge(here, now=until)
        assert late.value.refusal is Refusal.TOO_LATE

    def test_afterwards_its_page_offers_nothing_to_do(self, client: StrictClient) -> None:
        here = a_declared_result(days_ago=9)
        chair = make_holder("chairperson", here.group)
        links = client.sign_in(chair).fetch(page_of(here)).links
        assert [link for link in links if "/challenges/" in link] == [
            f"/g/{here.group.id}/challenges/of/{here.election_id}/certify"
        ]
        page = client.fetch(
            links[links.index(f"/g/{here.group.id}/challenges/of/{here.election_id}/certify")]
        )
        assert client.send(page).status == 200
        assert state_of(here) == ElectionState.CERTIFIED
        assert not [link for link in client.fetch(page_of(here)).links if "/challenges/" in link]


class TestNobodyCanDecide:
    def test_both_who_decided_leave_and_the_next_in_line_read_it(self, client: StrictClient) -> None:
        here = a_declared_result()
        first, second = a_committee(here)
        officers = {an_officer(here, role) for role in ("secretary", "committee")}
        made = a_challenge(here)
        an_answer(here, made, first, upholds=True)
        with in_scope(here.group):
            gone = sa.update(RoleAssignment).where(RoleAssignment.account_id.in_([first, second]))
            db.session.execute(gone.values(ends_at=clock.now()))
        with in_scope(here.group, here.voter):
            assert queries.who_decides(queries.get_challenge(made)) == officers
        for number, who in enumerate(officers):
            assert an_answer(here, made, who, upholds=True) == ("open", "upheld")[number], (
                "the first answer counts no more"
            )

    def test_whoever_answers_when_it_is_decided_already_is_told_so(self, client: StrictClient) -> None:
        here = a_declared_result()
        first, second, third = a_committee(here, 3)
        made = a_challenge(here)
        with in_scope(here.group, third):
            asked = queries.get_challenge(made)
            for who in (first, second):
                an_answer(here, made, who, upholds=False)
            with pytest.raises(CannotChallenge) as refused:
                answer_challenge(here.group, asked, upholds=True, by=third, now=clock.now())
            assert refused.value.refusal is Refusal.CLOSED
        assert client.sign_in(third).fetch(f"/g/{here.group.id}/challenges/{made}").status == 404
        assert client.sign_in(first).fetch(f"/g/{here.group.id}/challenges/{made}").status == 200

    def test_where_nobody_is_left_pages_say_so_and_it_goes_on_once_two_are(
        self, client: StrictClient
    ) -> None:
        here = a_declared_result(days_ago=6)
        made = a_challenge(here)
        with in_scope(here.group):
            assert queries.count_stuck(here.election_id) == 1
        for path in (page_of(here), f"/g/{here.group.id}/challenges/{made}"):
            page = client.sign_in(here.voter).fetch(path)
            assert f"/g/{here.group.id}/offices/" in page.links
        with in_scope(here.group):
            due = queries.due_for_certifying(clock.now() + timedelta(days=30))
            assert here.election_id not in {one.id for one in due}
        for who in (make_holder("member", here.group).id for _ in range(2)):
            an_answer(here, made, who, upholds=False)
        with in_scope(here.group):
            assert queries.count_stuck(here.election_id) == 0

    def test_the_last_treasurer_leaves_and_the_page_says_that_a_by_election_is_needed(
        self, client: StrictClient
    ) -> None:
        here = a_declared_result()
        before = client.sign_in(here.voter).fetch(page_of(here)).tree.findall(".//*[@class='note']")
        with in_scope(here.group):
            new = find_own_member(here.new)
            assert new
            let_member_go(here.group, new, by=None, now=clock.now())
            assert queries.offices_empty_again(get_election(here.election_id)) == ["treasurer"]
        after = client.fetch(page_of(here)).tree.findall(".//*[@class='note']")
        assert len(after) == len(before) + 1


class TestReplacedTeller:
    def test_somebody_else_goes_on_and_everybody_reads_why(self, client: StrictClient) -> None:
        group = make_group()
        chair = make_holder("chairperson", group)
        with in_scope(group):
            members = some_members(9)
            election = a_vote(members)
        shown = client.sign_in(chair).fetch(f"/g/{group.id}/elections/{election.id}/")
        link = next(link for link in shown.links if "/tellers/" in link)
        asked = client.fetch(link)
        assert client.send(asked, {"member_id": str(members[5].id), "reason": ""}).status == 422
        assert (
            client.send(asked, {"member_id": str(members[5].id), "reason": "Called to a sick child"}).status
            == 200
        )
        with in_scope(group):
            assert len(replaced_tellers(election.id)) == 1
            assert members[5].id in {teller.member_id for teller in get_election(election.id).tellers}
            gone, at_work = replaced_tellers(election.id)[0], get_election(election.id).tellers[0]
            with pytest.raises(CannotElect) as refused:
                elections.replace_teller(
                    get_election(election.id), at_work, gone.member, reason="back", by=None, now=clock.now()
                )
            assert refused.value.refusal is OfElections.COUNTED_BEFORE
        assert "Called to a sick child" in client.fetch(f"/g/{group.id}/elections/{election.id}/").text
