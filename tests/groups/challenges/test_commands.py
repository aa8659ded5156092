import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.challenges import commands, queries
from groups.challenges.commands import CannotChallenge
from groups.challenges.jobs import certify_results
from groups.challenges.models import Challenge
from groups.challenges.rules import Refusal
from groups.elections import commands as elections
from groups.elections.commands import CannotElect
from groups.elections.models import ElectionState
from groups.elections.queries import get_election
from groups.elections.rules import Refusal as OfElections
from groups.membership.commands import let_member_go
from groups.membership.queries import find_own_member, present_members
from groups.officers.queries import present_terms
from network import clock
from network.accounts.queries import roles_held
from network.db import db
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.challenges import Declared, an_officer
from tests.factories.challenges import a_challenge as challenge
from tests.factories.challenges import a_committee as committee
from tests.factories.challenges import a_declared_result as declare
from tests.factories.challenges import an_answer as answer
from tests.factories.groups import a_counted_vote, a_member, a_term, some_members
from tests.factories.network import give_role, make_group, make_holder, make_network
from tests.support.app import in_scope, the_app


def run_the_job() -> None:
    with the_app().app_context():
        certify_results(now=clock.now())


def state_of(here: Declared) -> str:
    with in_scope(here.group):
        return get_election(here.election_id).state


class TestUpheld:
    def test_rights_go_back_at_that_moment(self, app: object) -> None:
        here = declare()
        first, second = committee(here)
        made = challenge(here)
        assert answer(here, made, first, upholds=True) == "open"
        assert "treasurer" in roles_of(here, here.new)
        assert answer(here, made, second, upholds=True) == "upheld"
        assert state_of(here) == ElectionState.VOID
        assert "treasurer" not in roles_of(here, here.new)
        assert "treasurer" in roles_of(here, here.old)
        with in_scope(here.group):
            assert [term.office for term in present_terms()] == ["treasurer"]

    def test_whoever_left_meanwhile_does_not_come_back(self, app: object) -> None:
        here = declare()
        with in_scope(here.group):
            gone = find_own_member(here.old)
            assert gone
            let_member_go(here.group, gone, by=None, now=clock.now())
        made = challenge(here)
        for who in committee(here):
            answer(here, made, who, upholds=True)
        with in_scope(here.group):
            assert present_terms() == []

    def test_whoever_was_elected_elsewhere_meanwhile_keeps_that_alone(self, app: object) -> None:
        here = declare()
        with in_scope(here.group):
            a_term(find_own_member(here.old), "secretary")
        made = challenge(here)
        for who in committee(here):
            answer(here, made, who, upholds=True)
        assert state_of(here) == ElectionState.VOID
        assert {"treasurer", "secretary"} & roles_of(here, here.old) == {"secretary"}

    def test_whoever_sits_on_the_committee_for_disputes_gives_that_up_when_elected(self, app: object) -> None:
        group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        with in_scope(group):
            members = some_members(9)
            a_term(members[1], "disputes")
            election = a_counted_vote(members)
            elections.declare_result(group, election, by=None, now=clock.now())
            assert {(term.office, term.member_id) for term in present_terms()} == {
                ("chairperson", members[0].id),
                ("treasurer", members[1].id),
            }

    def test_where_two_results_fall_one_after_the_other_the_first_officer_is_back(self, app: object) -> None:
        """Old, then New by the first election, then Third by the second; the first falls, then the second."""
        here = declare()
        second = declare_another(here)
        fall(here, here.election_id)
        with in_scope(here.group):
            found = {term.election_id for term in present_terms() if term.office == "treasurer"}
            assert found == {second}, "the seat is somebody else's now"
        fall(here, second)
        assert "treasurer" in roles_of(here, here.old)
        assert "treasurer" not in roles_of(here, here.new)

    def test_where_the_second_falls_first_whoever_the_first_elected_is_back(self, app: object) -> None:
        here = declare()
        second = declare_another(here)
        fall(here, second)
        assert "treasurer" in roles_of(here, here.new)
        fall(here, here.election_id)
        assert "treasurer" in roles_of(here, here.old)
        assert "treasurer" not in roles_of(here, here.new)


def declare_another(here: Declared) -> uuid.UUID:
    with in_scope(here.group):
        members = [
            one for one in db.session.scalars(present_members()) if one.nickname.startswith("Somebody")
        ]
        election = a_counted_vote(members)
        elections.declare_result(here.group, election, by=None, now=clock.now())
        return election.id


def fall(here: Declared, election_id: uuid.UUID) -> None:
    of_it = replace(here, election_id=election_id)
    made = challenge(of_it)
    for who in committee(of_it):
        answer(of_it, made, who, upholds=True)
    assert state_of(of_it) == ElectionState.VOID


def roles_of(here: Declared, account_id: uuid.UUID) -> frozenset[str]:
    with in_scope(here.group):
        return roles_held(account_id, here.group.id, now=clock.now())


class TestNotUpheld:
    def test_the_result_stands_and_becomes_final(self, app: object) -> None:
        here = declare()
        made = challenge(here)
        for who in committee(here):
            answer(here, made, who, upholds=False)
        assert state_of(here) == ElectionState.DECLARED
        assert "treasurer" in roles_of(here, here.new)

    def test_one_of_each_decides_nothing(self, app: object) -> None:
        here = declare()
        first, second, third = committee(here, 3)
        made = challenge(here)
        answer(here, made, first, upholds=True)
        assert answer(here, made, second, upholds=False) == "open"
        with pytest.raises(CannotChallenge) as refused:
            answer(here, made, first, upholds=True)
        assert refused.value.refusal == Refusal.ALREADY
        assert answer(here, made, third, upholds=False) == "not_upheld"


class TestWhoDecides:
    def test_the_committee_alone_where_there_is_one(self, app: object) -> None:
        here = declare()
        wanted, officer = committee(here), an_officer(here, "secretary")
        made = challenge(here)
        with in_scope(here.group, wanted[0]):
            assert queries.who_decides(queries.get_challenge(made)) == set(wanted)
        with in_scope(here.group, officer):
            assert db.session.get(Challenge, made) is None

    def test_officers_where_there_is_none_and_nobody_who_stood(self, app: object) -> None:
        here = declare()
        officers = {an_officer(here, role) for role in ("secretary", "committee")}
        made = challenge(here)
        with in_scope(here.group, here.voter):
            assert queries.who_decides(queries.get_challenge(made)) == officers
        with in_scope(here.group, here.new):
            assert db.session.get(Challenge, made) is None

    def test_members_where_no_two_others_are_left(self, app: object) -> None:
        here = declare()
        members = {make_holder("member", here.group).id for _ in range(2)}
        made = challenge(here)
        with in_scope(here.group, here.voter):
            assert queries.who_decides(queries.get_challenge(made)) == members | {here.old}

    def test_not_whoever_challenged(self, app: object) -> None:
        here = declare()
        others = committee(here)
        give_role(account_of(here.voter), "disputes", here.group, since=clock.now() - timedelta(days=100))
        made = challenge(here)
        with in_scope(here.group, here.voter):
            assert queries.who_decides(queries.get_challenge(made)) == set(others)
        with pytest.raises(CannotChallenge) as refused:
            answer(here, made, here.voter, upholds=True)
        assert refused.value.refusal == Refusal.NOT_ONE_WHO_DECIDES


def account_of(account_id: uuid.UUID) -> object:
    from network.accounts.models import Account

    with in_scope():
        return db.session.get_one(Account, account_id)


class TestChallenge:
    def test_within_its_days_and_once(self, app: object) -> None:
        here = declare()
        committee(here)
        challenge(here)
        with pytest.raises(CannotChallenge) as refused:
            challenge(here)
        assert refused.value.refusal == Refusal.ALREADY
        late = declare(days_ago=8)
        with pytest.raises(CannotChallenge) as refused:
            challenge(late)
        assert refused.value.refusal == Refusal.TOO_LATE

    def test_not_by_whoever_joined_later(self, app: object) -> None:
        here = declare()
        with in_scope(here.group):
            here.voter_member = a_member("Later", now=clock.now() + timedelta(days=2)).id
        with pytest.raises(CannotChallenge) as refused:
            challenge(here)
        assert refused.value.refusal == Refusal.NOT_ON_ROLL

    def test_taken_back_it_waits_for_nobody(self, app: object) -> None:
        here = declare()
        committee(here)
        made = challenge(here)
        with in_scope(here.group, here.voter):
            commands.withdraw_challenge(queries.get_challenge(made), by=here.voter, now=clock.now())
            assert queries.count_open(here.election_id) == 0

    def test_leaves_nothing_in_the_diary(self, app: object) -> None:
        from network.audit import AuditEvent

        here = declare()
        committee(here)
        challenge(here)
        with in_scope(here.group):
            events = db.session.scalars(sa.select(AuditEvent.event)).all()
        assert not [event for event in events if "challenge" in event]


class TestCertify:
    def test_by_itself_once_the_days_are_over(self, app: object) -> None:
        told: list[uuid.UUID] = []

        def hear(election: object, **_: object) -> None:
            told.append(election.id)  # type: ignore[attr-defined]

        early, late = declare(days_ago=6), declare(days_ago=8)
        with commands.election_certified.connected_to(hear):
            run_the_job()
        assert (state_of(early), state_of(late)) == (ElectionState.DECLARED, ElectionState.CERTIFIED)
        assert late.election_id in told
        assert early.election_id not in told

    def test_not_while_a_challenge_waits(self, app: object) -> None:
        here = declare(days_ago=6)
        committee(here)
        challenge(here)
        with in_scope(here.group), pytest.raises(CannotElect) as refused:
            commands.certify_result(
                get_election(here.election_id), by=None, now=clock.now() + timedelta(days=3)
            )
        assert refused.value.refusal == OfElections.CHALLENGE_WAITS

    def test_whoever_runs_it_cannot_call_a_declared_result_void(self, app: object) -> None:
        here = declare()
        with in_scope(here.group), pytest.raises(CannotElect) as refused:
            elections.void_election(get_election(here.election_id), "I lost", by=None, now=clock.now())
        assert refused.value.refusal == OfElections.NOT_NOW


class TestTheDatabase:
    """As SQL, by the ordinary role and by the owner of the tables."""

    @pytest.fixture(params=["web", "owner"])
    def connection(
        self, app: object, request: pytest.FixtureRequest, database_urls: object
    ) -> Iterator[sa.Connection]:
        url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as opened:
            yield opened

    def enter(self, connection: sa.Connection, here: Declared, who: uuid.UUID | None = None) -> None:
        connection.execute(
            sa.text("select set_config('app.group_id', :g, true), set_config('app.account_id', :a, true)"),
            {"g": str(here.group.id), "a": str(who or "")},
        )

    def refuses(
        self,
        connection: sa.Connection,
        here: Declared,
        statement: str,
        account: uuid.UUID | None = None,
        **values: object,
    ) -> None:
        self.enter(connection, here, account)
        with pytest.raises(DBAPIError):
            connection.execute(sa.text(statement), values)
        connection.rollback()

    def test_certifies_nothing_before_its_time_or_while_a_challenge_waits(
        self, connection: sa.Connection
    ) -> None:
        certify = "update elections set state = 'certified', certified_at = {} where id = :id"
        early, waiting = declare(), declare(days_ago=6)
        committee(waiting)
        challenge(waiting)
        self.refuses(connection, early, certify.format("now()"), id=early.election_id)
        self.refuses(connection, early, certify.format("now() + interval '9 days'"), id=early.election_id)
        self.refuses(connection, waiting, certify.format("now()"), id=waiting.election_id)

    def test_no_declared_result_falls_without_an_upheld_challenge(self, connection: sa.Connection) -> None:
        here = declare()
        void = "update elections set state = 'void', voided_at = now(), void_reason = 'no' where id = :id"
        self.refuses(connection, here, void, id=here.election_id)
        committee(here)
        challenge(here)
        self.refuses(connection, here, void, id=here.election_id)

    def test_a_final_result_does_not_change(self, connection: sa.Connection) -> None:
        here = declare(days_ago=8)
        run_the_job()
        for change in (
            "state = 'declared', certified_at = null",
            "state = 'void', voided_at = now(), void_reason = 'x'",
            "ballots = 1",
            "challenge_days = 60",
        ):
            self.refuses(
                connection, here, f"update elections set {change} where id = :id", id=here.election_id
            )

    def test_the_days_to_challenge_stay_as_they_were_when_it_was_called(
        self, connection: sa.Connection
    ) -> None:
        here = declare()
        for change in (
            "challenge_days = 0",
            "constitution_version = 9",
            "declared_at = declared_at - interval '30 days'",
        ):
            self.refuses(
                connection, here, f"update elections set {change} where id = :id", id=here.election_id
            )

    def test_shows_a_challenge_to_those_concerned_with_it_alone(self, connection: sa.Connection) -> None:
        here = declare()
        first, _ = committee(here)
        chair = an_officer(here, "chairperson")
        staff = make_holder(
            "administration", here.group
        ).id  # even where somebody gave them a role inside the group
        made = challenge(here)
        for who, sees in (
            (here.voter, 1),
            (first, 1),
            (chair, 0),
            (here.new, 0),
            (here.old, 0),
            (staff, 0),
            (None, 0),
        ):
            self.enter(connection, here, who)
            count = connection.execute(
                sa.text("select count(*) from election_challenges where id = :id"), {"id": made}
            )
            assert count.scalar() == sees
            connection.rollback()

    def test_one_alone_decides_nothing_and_nobody_else_answers(self, connection: sa.Connection) -> None:
        here = declare()
        first, _ = committee(here)
        chair = an_officer(here, "chairperson")
        made = challenge(here)
        answer(here, made, first, upholds=True)
        close = "update election_challenges set state = 'upheld', closed_at = now() where id = :id"
        self.refuses(connection, here, close, first, id=made)
        reply = (
            "insert into election_challenge_answers (id, group_id, challenge_id, account_id, upholds, answered_at)"
            " values (gen_random_uuid(), :g, :id, :who, true, now())"
        )
        for who in (chair, here.voter, here.new):
            self.refuses(connection, here, reply, who, g=here.group.id, id=made, who=who)
        self.refuses(connection, here, reply, first, g=here.group.id, id=made, who=chair)
        self.refuses(connection, here, "update election_challenge_answers set upholds = false", first)
        self.refuses(connection, here, "delete from election_challenges", first)
