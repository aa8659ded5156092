"""One person in two groups: chairperson of one, treasurer of the other, a member of a third. Rights stay where they are held."""

from network import clock
from network.accounts.queries import roles_held
from tests.factories.groups import a_member, a_term, some_members
from tests.factories.network import make_account, make_group
from tests.support.app import in_group
from tests.support.client import StrictClient

CHAIRS, COUNTS = "elections/call", "money/expenses/record"


def test_each_office_opens_its_own_doors_in_its_own_group_only(client: StrictClient) -> None:
    account, groups = make_account(), {name: make_group() for name in ("chairs", "counts", "comes")}
    for name, office in (("chairs", "chairperson"), ("counts", "treasurer"), ("comes", None)):
        with in_group(groups[name]):
            some_members(3)
            member = a_member("Both", account_id=account.id)
            if office:
                a_term(member, office)
    client.sign_in(account)

    def opens(name: str, page: str) -> bool:
        status = client.get(f"/g/{groups[name].id}/{page}").status_code
        assert status in {200, 403}
        return status == 200

    assert {name: opens(name, CHAIRS) for name in groups} == {"chairs": True, "counts": False, "comes": False}
    assert {name: opens(name, COUNTS) for name in groups} == {"chairs": False, "counts": True, "comes": False}
    held = {}
    for name, group in groups.items():
        with in_group(group):
            held[name] = roles_held(account.id, group.id, now=clock.now())
    assert held == {
        "chairs": {"member", "chairperson"},
        "counts": {"member", "treasurer"},
        "comes": {"member"},
    }
    places = client.fetch("/places").links
    assert all(any(str(group.id) in link for link in places) for group in groups.values())
