"""A group asks its network's office, which sees what was sent and nothing else."""

import sqlalchemy as sa

from groups.permissions import Role
from network.db import db
from network.permissions import Role as Staff
from network.support.models import SupportRequest
from network.tenancy.models import Group, Network
from tests.factories.network import make_group, make_holder, make_network
from tests.factories.objectives import a_step, an_objective
from tests.support.app import in_group, in_scope
from tests.support.client import StrictClient


def asked_by(client: StrictClient, group: Group, words: str = "Somebody to come along") -> str:
    """The group asks about an objective; the answer is the objective's address."""
    with in_group(group):
        objective = an_objective("A bench at the clinic")
        a_step(objective, "A step nobody outside sees")
    client.sign_in(make_holder(Role.CHAIRPERSON, group))
    page = client.fetch(f"/g/{group.id}/objectives/{objective.id}/ask")
    client.send(page, {"words": words})
    return f"/g/{group.id}/objectives/{objective.id}"


def answer(client: StrictClient, network: Network, words: str) -> None:
    client.sign_in(make_holder(Staff.ONBOARDING, network))
    page = client.fetch(f"/n/{network.office_id}/support")
    link = next(a for a in page.links if "/support/" in a)
    client.send(client.fetch(link), {"words": words})


def test_staff_see_what_was_sent_and_nothing_else(client: StrictClient) -> None:
    network = make_network()
    group = make_group(network)
    address = asked_by(client, group)
    client.sign_in(make_holder(Staff.FINANCE, network))
    page = client.fetch(f"/n/{network.office_id}/support")
    assert "A bench at the clinic" in page.text
    page = client.fetch(next(a for a in page.links if "/support/" in a))
    assert "Somebody to come along" in page.text
    assert "A step nobody outside sees" not in page.html
    assert client.fetch(address).status == 404


def test_the_answer_reaches_the_group_and_settles(client: StrictClient) -> None:
    network = make_network()
    group = make_group(network)
    address = asked_by(client, group)
    answer(client, network, "We come on Friday")
    client.sign_in(make_holder(Role.SECRETARY, group))
    assert "We come on Friday" in client.fetch(address).text
    assert f"/g/{group.id}/support" in client.fetch(f"/g/{group.id}/").links
    client.send(client.fetch(f"/g/{group.id}/support"), to="/settle")
    assert f"/g/{group.id}/support" not in client.fetch(f"/g/{group.id}/").links


def test_what_is_taken_back_the_office_no_longer_reads(client: StrictClient) -> None:
    network = make_network()
    group = make_group(network)
    asked_by(client, group)
    client.send(client.fetch(f"/g/{group.id}/support"), to="/withdraw")
    with in_scope(network.office_id):
        assert list(db.session.scalars(sa.select(SupportRequest))) == []


def test_another_office_and_another_group_read_nothing(client: StrictClient) -> None:
    network, other = make_network(), make_network()
    asked_by(client, make_group(network))
    answer(client, network, "We come on Friday")
    for place in (other.office_id, make_group(network).id):
        with in_scope(place):
            assert db.session.execute(sa.text("select count(*) from support_requests")).scalar() == 0
            assert db.session.execute(sa.text("select count(*) from support_answers")).scalar() == 0


def test_says_beside_the_field_what_is_amiss(client: StrictClient) -> None:
    network = make_network()
    group = make_group(network)
    with in_group(group):
        objective = an_objective()
    client.sign_in(make_holder(Role.CHAIRPERSON, group))
    page = client.fetch(f"/g/{group.id}/objectives/{objective.id}/ask")
    for bad, field in (({"words": ""}, "words"), ({"words": "x" * 2001}, "words"), ({"title": ""}, "title")):
        page = client.send(page, {"words": "Help", **bad})
        assert (page.status, page.fields_with_errors) == (422, {field})


def test_a_request_waits_at_the_offices_home(client: StrictClient) -> None:
    network = make_network()
    asked_by(client, make_group(network))
    client.sign_in(make_holder(Staff.ADMINISTRATION, network))
    assert f"/n/{network.office_id}/support" in client.fetch(f"/n/{network.office_id}/").links
