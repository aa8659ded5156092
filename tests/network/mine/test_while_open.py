"""Being forgotten while something is open: it goes on without them, or is taken back, and their words go."""

import uuid
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from funding.contributions.models import Contribution
from funding.ledger.commands import CannotPost
from funding.ledger.models import Journal
from funding.statements.models import Statement, StatementLine
from funding.welfare.models import HardshipAnswer, HardshipRequest
from funding.welfare.queries import get_request
from groups.challenges.models import Challenge
from groups.challenges.queries import count_open
from groups.disputes.models import Matter
from groups.elections import commands as elections
from groups.elections.models import CandidacyState, ElectionState, VotingMethod
from groups.elections.queries import get_election
from groups.membership.commands import unlink_account
from groups.membership.models import Member
from groups.officers.queries import present_terms
from groups.returns import commands as returns
from groups.returns.models import Return
from network import clock
from network.accounts.models import Account
from network.db import db
from network.mine import erasing
from network.servers import Addresses
from network.servers.addresses import plain
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from network.web.unit_of_work import Pamoja
from tests.factories import hardship
from tests.factories.challenges import (
    Declared,
    a_challenge,
    a_committee,
    a_declared_result,
    an_answer,
    an_officer,
)
from tests.factories.disputes import bring, make_disputes
from tests.factories.funding import fill_reserve, make_members, make_officers, post_income, save_sheet
from tests.factories.groups import NINE, a_candidate, a_member, a_term, an_election, some_members
from tests.factories.network import make_account, make_group, make_network
from tests.factories.returns import a_return
from tests.factories.statements import Moved, a_day, lines_of, mpesa
from tests.factories.statements import bring as bring_statement
from tests.support.app import in_scope


@pytest.fixture(autouse=True)
def outside(app: Pamoja, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ERASURES_FILE", str(tmp_path / "erasures.jsonl"))


def forget(app: Pamoja, account: Account | uuid.UUID) -> None:
    """Twice: done again it does no harm."""
    account_id = account if isinstance(account, uuid.UUID) else account.id
    with app.app_context():
        for _ in range(2):
            assert erasing.forget_everywhere(account_id, now=clock.now())


def forget_member(app: Pamoja, member_id: uuid.UUID, group: Group) -> None:
    with app.app_context():
        for _ in range(2):
            assert erasing.forget_member(member_id, group.id, now=clock.now())


class TestAnElection:
    def begun(self, standing: list[Account | None]) -> tuple[Group, uuid.UUID, list[uuid.UUID]]:
        """One in which these stand for treasurer, and people may still be named."""
        group = make_group()
        with in_scope(group):
            some = [
                a_member(f"Stands {number}", account_id=who.id if who else None)
                for number, who in enumerate(standing)
            ]
            some_members(9)
            election = an_election(offices=["treasurer"])
            for one in some:
                a_candidate(election, "treasurer", one)
            return group, election.id, [one.id for one in some]

    @pytest.mark.parametrize("signs_in", [True, False])
    def test_goes_on_without_a_candidate_whose_name_is_gone(self, app: Pamoja, *, signs_in: bool) -> None:
        who = make_account() if signs_in else None
        group, election_id, (gone, stays) = self.begun([who, None])
        if who:
            forget(app, who)
        else:
            forget_member(app, gone, group)
        with in_scope(group):
            tellers = list(
                db.session.scalars(
                    sa.select(Member).where(Member.nickname.like("Somebody %"), Member.left_on.is_(None))
                )
            )[-2:]
            election = get_election(election_id)
            elections.begin_vote(
                db.session.get_one(Group, group.id), election, method=VotingMethod.HANDS, tellers=tellers,
                by=None, now=clock.now(),
            )  # fmt: skip
            standing = [one for contest in get_election(election_id).contests for one in contest.candidacies]
            assert {one.member_id: one.state for one in standing} == {
                gone: CandidacyState.DECLINED,
                stays: CandidacyState.ACCEPTED,
            }
            assert "Stands 0" not in db.session.get_one(Member, gone).nickname

    def test_keeps_its_result_and_empties_the_office_when_the_winner_goes(self, app: Pamoja) -> None:
        here = a_declared_result()
        forget(app, here.new)
        with in_scope(here.group):
            election = get_election(here.election_id)
            assert election.state == ElectionState.DECLARED
            assert [one.office for one in present_terms(["treasurer"])] == []
            votes = {one.votes for contest in election.contests for one in contest.outcomes}
            assert votes >= set(NINE.offices["treasurer"].votes.values())


class TestAChallengeSomebodyElseWroteDown:
    def written(self, here: Declared) -> tuple[uuid.UUID, uuid.UUID]:
        """For a member without a sign-in, by somebody of the committee without a part in it; and who wrote it."""
        writer = an_officer(here, "disputes")
        with in_scope(here.group):
            member = db.session.get_one(Member, here.voter_member)
            unlink_account(member, by=None, now=clock.now())
        return a_challenge(here, by=writer), writer

    def seen(self, here: Declared, challenge_id: uuid.UUID, who: uuid.UUID) -> tuple[str | None, str]:
        with in_scope(here.group, who):
            kept = db.session.get_one(Challenge, challenge_id)
            return kept.words, kept.state

    def test_is_taken_back_without_its_words_when_its_member_is_erased(self, app: Pamoja) -> None:
        here = a_declared_result()
        made, writer = self.written(here)
        assert self.seen(here, made, writer) == ("The door was shut", "open")
        forget_member(app, here.voter_member, here.group)
        assert self.seen(here, made, writer) == (None, "withdrawn")
        with in_scope(here.group):
            assert count_open(here.election_id) == 0

    def test_that_is_decided_stays_decided_without_its_words(self, app: Pamoja) -> None:
        here = a_declared_result()
        panel = a_committee(here)
        made, writer = self.written(here)
        for who in panel:
            an_answer(here, made, who, upholds=False)
        forget_member(app, here.voter_member, here.group)
        assert self.seen(here, made, writer) == (None, "not_upheld")

    def test_stays_as_it_is_when_whoever_wrote_it_down_is_forgotten(self, app: Pamoja) -> None:
        here = a_declared_result()
        panel = a_committee(here)
        made, writer = self.written(here)
        forget(app, writer)
        assert self.seen(here, made, panel[0]) == ("The door was shut", "open")

    @pytest.mark.parametrize("url", ["web_url", "owner_url"])
    def test_is_taken_back_by_nobody_while_its_member_is_here(
        self, app: Pamoja, database_urls: Addresses, url: str
    ) -> None:
        here = a_declared_result()
        made, writer = self.written(here)
        with psycopg.connect(plain(getattr(database_urls, url))) as sql:
            for scope_account in (str(writer), ""):
                sql.execute("select set_config('app.group_id', %s, false)", (str(here.group.id),))
                sql.execute("select set_config('app.account_id', %s, false)", (scope_account,))
                told = sql.execute("select challenges_forget_member(%s)", (here.voter_member,)).fetchone()
                assert told == (0,)
                told = sql.execute("select hardship_forget_member(%s)", (here.voter_member,)).fetchone()
                assert told == (0,)
        assert self.seen(here, made, writer) == ("The door was shut", "open")


class TestAHardshipRequest:
    def left(self, group: Group) -> int:
        """How many requests the database holds, as it counts for a handover."""
        with in_scope(group):
            return db.session.scalar(sa.text("select hardship_count_open()")) or 0

    def test_goes_with_whoever_asked_and_its_waiting_payment_cannot_be_confirmed(self, app: Pamoja) -> None:
        people = make_officers()
        fill_reserve(people, 50_000)
        asked = hardship.make_request(people, words="for the bus")
        hardship.agree(people, asked)
        draft = hardship.write_payment(people, asked)
        forget(app, people.member)
        assert self.left(people.group) == 0
        with pytest.raises(CannotPost):
            hardship.confirm(people, draft)

    def test_that_somebody_else_wrote_down_goes_with_its_member(self, app: Pamoja) -> None:
        people = make_officers()
        fill_reserve(people, 50_000)
        (member_id,) = make_members(people, "Asks aloud").values()
        with in_scope(people.group):
            member = db.session.get_one(Member, member_id)
        asked = hardship.make_request(people, who=people.secretary, member=member, words="for the bus")
        hardship.answer(people, asked, people.chair)
        assert self.left(people.group) == 1
        forget_member(app, member_id, people.group)
        assert self.left(people.group) == 0
        with in_scope(people.group, people.chair):
            for table in (HardshipRequest, HardshipAnswer):
                assert db.session.scalars(sa.select(table)).all() == []

    def test_is_decided_by_the_others_when_one_who_answered_goes(self, app: Pamoja) -> None:
        people = make_officers()
        fill_reserve(people, 50_000)
        asked = hardship.make_request(people)
        hardship.answer(people, asked, people.chair)
        forget(app, people.chair)
        hardship.answer(people, asked, people.committee)
        with in_scope(people.group, people.member):
            assert get_request(asked).state in {"waiting", "agreed"}


class TestADraft:
    def test_of_a_return_is_handed_in_by_the_others(self, app: Pamoja) -> None:
        network = make_network(settings={COUNTRY_PROFILE: "kenya"})
        secretary, group = make_account(), make_group(network)
        with in_scope(group):
            a_term(a_member("Writes", account_id=secretary.id), "secretary")
            begun = a_return(by=secretary.id).id
        forget(app, secretary)
        with in_scope(group):
            one = db.session.get_one(Return, begun)
            found, now = db.session.get_one(Group, group.id), clock.now()
            returns.hand_in(
                found, one, words="We met.", on=clock.today(group.time_zone, at=now), by=None, now=now
            )
            assert "Writes" not in str(one.names)

    def test_sheet_and_statement_stay_with_the_book(self, app: Pamoja) -> None:
        people = make_officers()
        given = make_members(people, "Gives", "Too")
        save_sheet(people, dict.fromkeys(given.values(), 5_000))
        post_income(people, 7_000)
        bring_statement(people, mpesa([Moved("QWE1RTY2U3", a_day(), 500)]))
        with in_scope(people.group):
            before = db.session.execute(
                sa.select(Journal.number, Journal.hash).order_by(Journal.number)
            ).all()
        forget(app, people.treasurer)
        forget_member(app, given["Gives"], people.group)
        with in_scope(people.group):
            asked = sa.select(Journal.number, Journal.hash).order_by(Journal.number)
            assert db.session.execute(asked).all() == before
            amounts = db.session.scalars(sa.select(Contribution.amount)).all()
            assert sorted(amounts) == [5_000, 5_000]
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Statement)) == 1
            assert db.session.scalars(sa.select(StatementLine)).all()
            assert "Gives" not in db.session.get_one(Member, given["Gives"]).nickname
        assert lines_of(people)


class TestAMatter:
    def test_that_runs_is_taken_back_by_whoever_brought_it_going(self, app: Pamoja) -> None:
        here = make_disputes()
        matter = bring(here)
        forget(app, here.bringer)
        with in_scope(here.group, here.panel[0]):
            assert db.session.get(Matter, matter) is None

    def test_goes_on_with_the_others_when_one_who_hears_it_goes(self, app: Pamoja) -> None:
        here = make_disputes()
        matter = bring(here)
        forget(app, here.panel[0])
        with in_scope(here.group, here.panel[1]):
            assert here.panel[0].id not in db.session.get_one(Matter, matter).sitting


def test_an_officer_leaves_an_office_that_is_empty_from_then_on(app: Pamoja) -> None:
    chair, group = make_account(), make_group()
    with in_scope(group):
        a_term(a_member("Chairs", account_id=chair.id), "chairperson", now=clock.now() - timedelta(days=30))
    forget(app, chair)
    with in_scope(group):
        assert list(present_terms()) == []
