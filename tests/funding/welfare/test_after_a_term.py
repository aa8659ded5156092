"""Who sees that there was a request."""

from funding.welfare import commands
from groups.permissions import OFFICERS
from network import clock
from network.accounts.models import RoleAssignment
from network.db import db
from tests.factories.funding import make_officers
from tests.factories.network import give_role
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
