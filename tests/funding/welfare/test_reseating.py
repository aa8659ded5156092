"""Who sees a request and decides, when offices and sign-ins have moved since it was filed."""

import pytest

from funding.ledger.commands import CannotPost
from funding.ledger.rules import Refusal
from funding.welfare import queries
from funding.welfare.commands import CannotHelp
from groups.membership.commands import link_account
from groups.membership.models import Member
from groups.officers.commands import end_term
from groups.permissions import OFFICERS
from network import clock
from network.accounts import commands as accounts
from network.accounts.models import Account, RoleAssignment
from network.db import db
from tests.factories.funding import Officers, fill_reserve, make_officers
from tests.factories.groups import a_member, a_term
from tests.factories.hardship import agree, answer, confirm, make_paid_request, make_request, write_payment
from tests.factories.network import give_role, make_account, make_holder
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    fill_reserve(made, 100_000)
    return made


def leave_office(people: Officers, *who: Account) -> None:
    with in_scope(people.group):
        db.session.execute(
            db.update(RoleAssignment)
            .where(RoleAssignment.account_id.in_([one.id for one in who]), RoleAssignment.role.in_(OFFICERS))
            .values(ends_at=clock.now())
        )


def sees(people: Officers, who: Account) -> int:
    with in_scope(people.group, who):
        return len(db.session.scalars(queries.requests()).all())


class TestWhenOfficesChangeHands:
    def test_all_at_once_those_in_office_now_decide_and_pay(self, people: Officers) -> None:
        request_id = make_request(people)
        leave_office(people, people.chair, people.treasurer, people.committee, people.secretary)
        assert [sees(people, one) for one in (people.chair, people.treasurer, people.committee)] == [0, 0, 0]
        chair, treasurer = make_holder("chairperson", people.group), make_holder("treasurer", people.group)
        assert [sees(people, one) for one in (chair, treasurer, people.member)] == [1, 1, 1]
        for who in (chair, treasurer):
            answer(people, request_id, who)
        confirm(people, write_payment(people, request_id, who=treasurer), who=chair)

    def test_what_somebody_said_while_in_office_counts(self, people: Officers) -> None:
        request_id = make_request(people)
        answer(people, request_id, people.chair)
        leave_office(people, people.chair)
        answer(people, request_id, people.treasurer)
        with in_scope(people.group, people.member):
            assert queries.get_request(request_id).state == "agreed"

    def test_by_terms_the_rights_move_at_that_moment(self, people: Officers) -> None:
        make_request(people)
        newly = make_account()
        with in_scope(people.group):
            member = a_member("Newly", account_id=newly.id)
            term = a_term(member, "committee")
        assert sees(people, newly) == 1
        with in_scope(people.group):
            end_term(db.session.merge(term), by=None, now=clock.now())
        assert sees(people, newly) == 0

    def test_whoever_asked_and_comes_into_office_decides_nothing_about_it(self, people: Officers) -> None:
        request_id = make_request(people)
        give_role(people.member, "chairperson", people.group)
        with pytest.raises(CannotHelp):
            answer(people, request_id, people.member)

    def test_what_is_settled_is_not_shown_to_whoever_comes_later(self, people: Officers) -> None:
        make_paid_request(people)
        declined = make_request(people)
        for who in (people.chair, people.treasurer):
            answer(people, declined, who, agrees=False)
        newly = make_account()
        with in_scope(people.group):
            accounts.give_role(newly.id, "committee", because_of=newly.id, now=clock.now())
        assert [sees(people, one) for one in (newly, people.treasurer)] == [0, 2]

    def test_the_secretary_stands_in_only_while_too_few_are_left(self, people: Officers) -> None:
        make_request(people)
        leave_office(people, people.committee)
        assert sees(people, people.secretary) == 0
        leave_office(people, people.chair)
        assert sees(people, people.secretary) == 1
        make_holder("chairperson", people.group)
        assert sees(people, people.secretary) == 0


def test_whoever_left_office_no_longer_sees_requests_of_others(
    people: Officers, client: StrictClient
) -> None:
    give_role(people.chair, "member", people.group)
    make_request(people)
    where = f"/g/{people.group.id}/money/hardship"
    assert "H-" in client.sign_in(people.chair).fetch(where).text
    leave_office(people, people.chair)
    assert "H-" not in client.fetch(where).text
    assert "H-" in client.sign_in(people.member).fetch(where).text


class TestAMemberForWhomItWasFiledAtTheDoor:
    def test_gets_a_sign_in_and_an_office_and_is_still_not_the_second_person(self, people: Officers) -> None:
        request_id, joined = self.filed_and_joined(people, "secretary")
        agree(people, request_id)
        draft_id = write_payment(people, request_id)
        with pytest.raises(CannotPost) as refused:
            confirm(people, draft_id, who=joined)
        assert refused.value.refusal == Refusal.ABOUT_THEMSELVES

    def test_nor_among_those_who_decide(self, people: Officers) -> None:
        request_id, joined = self.filed_and_joined(people, "committee")
        with in_scope(people.group, joined):
            assert queries.get_request(request_id).is_asked_by(joined.id)
            assert queries.count_to_answer(joined.id) == 0
            assert joined.id not in queries.panel(without=[joined.id])
        with pytest.raises(CannotHelp):
            answer(people, request_id, joined)

    def filed_and_joined(self, people: Officers, office: str) -> tuple[object, Account]:
        with in_scope(people.group):
            member = a_member()
        request_id = make_request(people, who=people.treasurer, member=member)
        joined = make_holder(office, people.group)
        with in_scope(people.group):
            link_account(db.session.get_one(Member, member.id), joined.id, now=clock.now())
        return request_id, joined


class TestHouseholds:
    def test_whoever_lives_with_them_does_not_confirm_the_payment(self, people: Officers) -> None:
        request_id = make_request(people, household=[people.secretary.id])
        agree(people, request_id)
        draft_id = write_payment(people, request_id)
        with pytest.raises(CannotPost) as refused:
            confirm(people, draft_id, who=people.secretary)
        assert refused.value.refusal == Refusal.ABOUT_THEMSELVES
        confirm(people, draft_id, who=people.chair)
