"""From interest to the grant: what is kept on the way, and what is refused."""

import pytest
from sqlalchemy.exc import IntegrityError

from funding.applications import commands, queries
from funding.applications.commands import CannotApply, Progress
from funding.applications.models import ApplicationState, GrantApplication
from funding.applications.rules import Refusal
from funding.grants import queries as grants
from funding.grants.commands import CannotGrant, Terms
from funding.ledger.queries import open_funds
from funding.opportunities.models import Opportunity
from funding.opportunities.queries import get_opportunity
from network import clock
from network.db import db
from tests.factories.chances import WHY, advance, day, make_application, make_own
from tests.factories.funding import Officers, make_members, make_officers
from tests.support.app import in_scope

State = ApplicationState


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def chance(people: Officers) -> Opportunity:
    return make_own(people, asks=["registered", "bank_account"], papers=["plan", "budget"])


def terms(**changed: object) -> Terms:
    values = {
        "name": "Fund 2026", "funder": "The fund", "funder_kind": "women_fund", "purpose": "Soap", "amount": 500_000,
        "starts_on": day(), "ends_on": day(300), **changed,
    }  # fmt: skip
    return Terms(**values)  # type: ignore[arg-type]


class TestBegin:
    def test_once_at_a_time(self, people: Officers, chance: Opportunity) -> None:
        make_application(people, chance)
        with pytest.raises(CannotApply) as refused:
            make_application(people, chance)
        assert refused.value.refusal is Refusal.BEGUN_ALREADY

    def test_two_at_the_same_moment_are_one(
        self, people: Officers, chance: Opportunity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both looked before either had written: the database takes one, and the other is told."""
        first = make_application(people, chance)
        with monkeypatch.context() as patched:
            patched.setattr(queries, "find_going_on", lambda _: None)
            with pytest.raises(CannotApply) as refused:
                make_application(people, chance)
        assert refused.value.refusal is Refusal.BEGUN_ALREADY
        with in_scope(people.group):
            going_on = queries.find_going_on(chance.id)
            assert going_on
            assert going_on.id == first.id

    def test_again_when_the_last_one_is_settled(self, people: Officers, chance: Opportunity) -> None:
        first = make_application(people, chance, State.REFUSED)
        second = make_application(people, chance)
        with in_scope(people.group):
            assert queries.latest_for([chance.id])[chance.id].id == second.id
            assert queries.get_application(first.id).why == WHY

    def test_not_when_it_is_over(self, people: Officers) -> None:
        over = make_own(people, until="day", closes_on=day(-1))
        with pytest.raises(CannotApply) as refused:
            make_application(people, over)
        assert refused.value.refusal is Refusal.OVER


class TestKeep:
    def keep(self, people: Officers, one: GrantApplication, **said: object) -> GrantApplication:
        with in_scope(people.group, people.treasurer):
            found = queries.get_application(one.id)
            commands.keep_application(
                found,
                Progress(**said),
                seen=found.version,
                by=people.treasurer.id,
                now=clock.now(),  # type: ignore[arg-type]
            )
            return found

    def test_the_first_thing_that_is_kept_begins_the_preparing(
        self, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance)
        assert self.keep(people, one, notes="Ask in May").state == State.INTERESTED
        assert self.keep(people, one, gathered=["plan"]).state == State.PREPARING

    def test_what_somebody_kept_meanwhile_is_not_written_over(
        self, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance)
        self.keep(people, one, notes="The county answered")
        for seen, notes in ((1, "I called them"), (None, "I called them")):
            with in_scope(people.group, people.chair), pytest.raises(CannotApply) as refused:
                found = queries.get_application(one.id)
                commands.keep_application(
                    found, Progress(notes=notes), seen=seen, by=people.chair.id, now=clock.now()
                )
            assert refused.value.refusal is Refusal.WRITTEN_MEANWHILE
        with in_scope(people.group, people.chair):
            found = queries.get_application(one.id)
            assert found.notes == "The county answered"
            same = Progress(notes=found.notes)
            commands.keep_application(found, same, seen=1, by=people.chair.id, now=clock.now())

    def test_each_paper_and_answer_once_and_in_order(self, people: Officers, chance: Opportunity) -> None:
        one = make_application(people, chance)
        kept = self.keep(
            people, one, gathered=["budget", "plan", "plan"], said_yes=["registered"], said_no=["registered", "bank_account"]
        )  # fmt: skip
        assert kept.gathered == ["plan", "budget"]
        assert (kept.said_yes, kept.said_no) == (["registered"], ["bank_account"])

    def test_of_a_settled_one_only_the_notes_change(self, people: Officers, chance: Opportunity) -> None:
        one = make_application(people, chance, State.REFUSED)
        kept = self.keep(people, one, gathered=["plan"], notes="Next year in May")
        assert (kept.gathered, kept.notes, kept.state) == ([], "Next year in May", State.REFUSED)


class TestWhatBecameOfIt:
    @pytest.mark.parametrize("state", list(State))
    def test_comes_that_far(self, people: Officers, chance: Opportunity, state: State) -> None:
        assert make_application(people, chance, state).state == state

    @pytest.mark.parametrize("wanted", [State.AWARDED, State.REFUSED])
    def test_no_answer_before_it_went_out(self, people: Officers, chance: Opportunity, wanted: State) -> None:
        one, by, now = make_application(people, chance), people.treasurer.id, clock.now()
        with in_scope(people.group, people.treasurer), pytest.raises(CannotApply) as refused:
            found = queries.get_application(one.id)
            if wanted is State.AWARDED:
                commands.say_awarded(found, amount=5, on=day(), by=by, now=now)
            else:
                commands.say_refused(found, why=WHY, on=day(), by=by, now=now)
        assert refused.value.refusal is Refusal.NOT_NOW

    def test_days_are_not_in_the_future_and_in_order(self, people: Officers, chance: Opportunity) -> None:
        one, by, now = make_application(people, chance), people.treasurer.id, clock.now()
        with in_scope(people.group, people.treasurer):
            found = queries.get_application(one.id)
            with pytest.raises(CannotApply) as refused:
                commands.say_applied(found, on=day(1), by=by, now=now)
            assert refused.value.refusal is Refusal.IN_THE_FUTURE
            commands.say_applied(found, on=day(-3), by=by, now=now)
            with pytest.raises(CannotApply) as refused:
                commands.say_awarded(found, amount=5, on=day(-4), by=by, now=now)
            assert refused.value.refusal is Refusal.BEFORE_IT_WENT_OUT

    def test_a_no_without_a_reason_is_asked_for_one(self, people: Officers, chance: Opportunity) -> None:
        one = make_application(people, chance, State.APPLIED)
        with in_scope(people.group, people.treasurer), pytest.raises(CannotApply) as refused:
            found = queries.get_application(one.id)
            commands.say_refused(found, why=" ", on=day(), by=people.treasurer.id, now=clock.now())
        assert refused.value.refusal is Refusal.WHY_MISSING

    def test_what_is_settled_stays(self, people: Officers, chance: Opportunity) -> None:
        one = make_application(people, chance, State.AWARDED)
        with in_scope(people.group, people.treasurer), pytest.raises(CannotApply):
            advance(queries.get_application(one.id), State.WITHDRAWN, by=people.treasurer.id)


class TestTheGrant:
    def write(self, people: Officers, one: GrantApplication, chance: Opportunity, **more: object) -> None:
        with in_scope(people.group, people.treasurer):
            commands.write_award(
                queries.get_application(one.id), get_opportunity(chance.id), terms(**more),
                promises=["Two people count the stock"], by=people.treasurer.id, now=clock.now(),
            )  # fmt: skip

    def test_an_award_becomes_the_grant_with_what_was_promised(
        self, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.AWARDED)
        self.write(people, one, chance)
        with in_scope(people.group):
            grant_id = queries.get_application(one.id).grant_id
            assert grant_id
            assert grants.get_grant(grant_id).amount == 500_000
            assert [each.words for each in grants.conditions_of(grant_id)] == ["Two people count the stock"]
            behind = queries.find_behind(grant_id)
            assert behind
            assert behind.id == one.id
            assert queries.awards_to_write() == []

    def test_once(self, people: Officers, chance: Opportunity) -> None:
        one = make_application(people, chance, State.AWARDED)
        self.write(people, one, chance)
        with pytest.raises(CannotApply) as refused:
            self.write(people, one, chance)
        assert refused.value.refusal is Refusal.WRITTEN_ALREADY

    def test_by_the_rules_of_every_grant(self, people: Officers, chance: Opportunity) -> None:
        one = make_application(people, chance, State.AWARDED)
        with pytest.raises(CannotGrant):
            self.write(people, one, chance, ends_on=day(-1))
        with in_scope(people.group):
            assert open_funds() == []
            assert queries.get_application(one.id).grant_id is None

    def test_what_is_lent_is_no_grant(self, people: Officers) -> None:
        loan = make_own(people, gives="loan")
        one = make_application(people, loan, State.AWARDED)
        with pytest.raises(CannotApply) as refused:
            self.write(people, one, loan)
        assert refused.value.refusal is Refusal.PAID_BACK
        with in_scope(people.group):
            assert queries.awards_to_write() == []


class TestDueSoon:
    def test_what_has_not_gone_out_a_month_before_its_day(self, people: Officers) -> None:
        days = {days: make_own(people, until="day", closes_on=day(days)) for days in (0, 30, 31)}
        gone = make_own(people, until="day", closes_on=day(3))
        for chance in days.values():
            make_application(people, chance)
        make_application(people, gone, State.APPLIED)
        with in_scope(people.group):
            due = [chance.id for _, chance in queries.due_soon(day())]
        assert due == [days[0].id, days[30].id]

    def test_a_keeper_is_a_member_here(self, people: Officers, chance: Opportunity) -> None:
        elsewhere = make_members(make_officers(), "Moon")["Moon"]
        one = make_application(people, chance)
        with pytest.raises(IntegrityError), in_scope(people.group, people.treasurer):
            found = queries.get_application(one.id)
            commands.keep_application(
                found,
                Progress(keeper_id=elsewhere),
                seen=found.version,
                by=people.treasurer.id,
                now=clock.now(),
            )
            db.session.flush()
