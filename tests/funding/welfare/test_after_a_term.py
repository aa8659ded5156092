"""Who sees that there was a request, and who pays it, when offices and sign-ins have moved since."""

import pytest

from funding.ledger.commands import CannotPost, confirm_draft
from funding.ledger.queries import get_draft
from funding.ledger.rules import Refusal
from funding.welfare import commands, queries
from groups.membership.commands import link_account
from groups.membership.models import Member
from groups.permissions import OFFICERS
from network import clock
from network.accounts.models import RoleAssignment
from network.db import db
from tests.factories.funding import fill_reserve, make_officers
from tests.factories.groups import a_member
from tests.factories.network import give_role, make_holder
from tests.support.app import in_scope
from tests.support.client import StrictClient


def test_whoever_left_office_no_longer_sees_requests_of_others(app: object, client: StrictClient) -> None:
    people = make_officers()
    give_role(people.chair, "member", people.group)
    with in_scope(people.group, people.member):
        code = commands.file_request(
            need="medicine", amount=100, words="", by=people.member.id, now=clock.now()
        ).code
    where = f"/g/{people.group.id}/money/hardship"
    assert code in client.sign_in(people.chair).fetch(where).text
    with in_scope(people.group):
        ended = db.update(RoleAssignment).where(
            RoleAssignment.account_id == people.chair.id, RoleAssignment.role.in_(OFFICERS)
        )
        db.session.execute(ended.values(ends_at=clock.now()))
    assert code not in client.fetch(where).text
    assert code in client.sign_in(people.member).fetch(where).text


def test_whoever_got_a_sign_in_since_is_still_not_the_second_person(app: object) -> None:
    people = make_officers()
    fill_reserve(people, 100_000)
    now = clock.now()
    with in_scope(people.group):
        member_id = a_member().id
    with in_scope(people.group, people.treasurer):
        member = db.session.get_one(Member, member_id)
        request_id = commands.file_request(
            need="medicine", amount=100, words="", by=people.treasurer.id, now=now, member=member
        ).id
    for who in (people.chair, people.committee):
        with in_scope(people.group, who):
            commands.answer_request(queries.get_request(request_id), by=who.id, agrees=True, now=now)
    joined = make_holder("secretary", people.group)
    with in_scope(people.group):
        link_account(db.session.get_one(Member, member_id), joined.id, now=now)
    with in_scope(people.group, people.treasurer):
        draft_id = commands.pay_request(
            queries.get_request(request_id), place="cash", by=people.treasurer.id, now=now
        )
    with in_scope(people.group, joined), pytest.raises(CannotPost) as refused:
        confirm_draft(get_draft(draft_id), by=joined.id, now=clock.now())
    assert refused.value.refusal == Refusal.ABOUT_THEMSELVES
