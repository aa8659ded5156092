from datetime import timedelta

from groups.notes import queries
from groups.officers import commands as officers
from groups.officers.models import Term
from network import clock
from network.accounts.models import Account
from network.permissions import Role as StaffRole
from network.tenancy.models import Group
from tests.factories.groups import a_member, a_term
from tests.factories.network import give_role, make_account, make_group, make_holder, make_network
from tests.support.app import in_group
from tests.support.client import StrictClient

WORDS = "The key of the hall is with Rehema"


def in_office(group: Group, office: str, *, days_ago: int = 100) -> tuple[Account, Term]:
    """Somebody with a sign-in who came into an office then."""
    account, began = make_account(), clock.now() - timedelta(days=days_ago)
    with in_group(group):
        member = a_member(f"In office {days_ago} {office}", account_id=account.id, now=began)
        return account, a_term(member, office, now=began)


def over(group: Group, term: Term, *, days_ago: float = 1) -> None:
    with in_group(group):
        found = queries.db.session.get_one(Term, term.id)
        officers.end_term(found, by=None, now=clock.now() - timedelta(days=days_ago))


def notes(group: Group, term: Term) -> str:
    return f"/g/{group.id}/offices/notes/{term.id}"


def test_what_one_treasurer_writes_the_next_reads_and_nobody_else(client: StrictClient) -> None:
    network = make_network()
    group = make_group(network)
    leaving, first = in_office(group, "treasurer")
    assert client.send(client.sign_in(leaving).fetch(notes(group, first)), {"words": WORDS}).status == 200
    over(group, first)
    coming, second = in_office(group, "treasurer", days_ago=0)
    assert WORDS in client.sign_in(coming).fetch(notes(group, second)).text
    assert WORDS in client.sign_in(leaving).fetch(notes(group, first)).text, "one's own, while one may write"
    others = {role: make_holder(role, group) for role in ("chairperson", "secretary", "member")}
    staff = make_account()
    for role in StaffRole:
        give_role(staff, role, network)
    for who in (*others.values(), staff):
        client.sign_in(who)
        assert {client.get(notes(group, term)).status_code for term in (first, second)} <= {403, 404}


def test_after_thirty_days_the_door_is_shut(client: StrictClient) -> None:
    group = make_group()
    gone, term = in_office(group, "secretary")
    over(group, term, days_ago=29.9)
    assert client.sign_in(gone).get(notes(group, term)).status_code == 200
    later, other = in_office(group, "chairperson", days_ago=90)
    over(group, other, days_ago=30.1)
    assert client.sign_in(later).get(notes(group, other)).status_code == 404


def test_a_former_holder_sees_what_they_wrote_and_nothing_newer(client: StrictClient) -> None:
    group = make_group()
    leaving, first = in_office(group, "treasurer")
    over(group, first)
    coming, second = in_office(group, "treasurer", days_ago=0)
    client.send(client.sign_in(coming).fetch(notes(group, second)), {"words": "Written later"})
    assert "Written later" not in client.sign_in(leaving).fetch(notes(group, first)).text


def test_whoever_leaves_is_asked_and_whoever_comes_is_told(client: StrictClient) -> None:
    group = make_group()
    leaving, first = in_office(group, "treasurer")
    home = f"/g/{group.id}/"
    assert notes(group, first) not in client.sign_in(leaving).fetch(home).links
    over(group, first)
    coming, second = in_office(group, "treasurer", days_ago=0)
    assert notes(group, second) not in client.sign_in(coming).fetch(home).links, "nothing is written yet"
    page = client.sign_in(leaving).fetch(home)
    assert notes(group, first) in page.links
    assert client.send(client.fetch(notes(group, first)), {"words": ""}).fields_with_errors == {"words"}
    client.send(client.fetch(notes(group, first)), {"words": WORDS})
    assert notes(group, first) not in client.fetch(home).links
    assert notes(group, second) in client.sign_in(coming).fetch(home).links


def test_whoever_is_elected_again_is_not_asked(client: StrictClient) -> None:
    group = make_group()
    account, first = in_office(group, "secretary")
    over(group, first, days_ago=0)
    with in_group(group):
        a_term(queries.get_term_to_write_in(first.id).member, "secretary")
    assert notes(group, first) not in client.sign_in(account).fetch(f"/g/{group.id}/").links


def test_the_treasurers_notes_lead_to_the_handover_of_the_money(client: StrictClient) -> None:
    group = make_group()
    treasurer, term = in_office(group, "treasurer")
    assert f"/g/{group.id}/money/handovers" in client.sign_in(treasurer).fetch(notes(group, term)).links
    secretary, other = in_office(group, "secretary")
    assert f"/g/{group.id}/money/handovers" not in client.sign_in(secretary).fetch(notes(group, other)).links
