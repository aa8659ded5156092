"""What leaves the house about grants: groups that are in the public finder, and nobody else."""

import csv
import io

from network.tenancy.settings import GIVING_IDENTIFIER, GIVING_PREFIX
from tests.factories.directory import list_group
from tests.factories.funding import make_officers
from tests.factories.network import make_group
from tests.factories.onward import Pair, acknowledge, answer, make_sent, offer, write_grant
from tests.funding.open_data.test_giving import require_standard
from tests.support.app import in_scope
from tests.support.client import StrictClient


def page_of(pair: Pair, file: str = "") -> str:
    return f"{pair.office_page}/open-data{file}"


def second_group(pair: Pair) -> Pair:
    """Another group of the network takes a grant and stays out of the finder."""
    people = make_officers(make_group(pair.staff.network, name="Hidden Circle"))
    return answer(offer(write_grant(Pair(pair.staff, people), 70_000)))


class TestTheFiles:
    def test_name_listed_groups_and_say_how_many_are_left_out(self, client: StrictClient) -> None:
        pair = make_sent(25_050, 15_000)
        acknowledge(pair, 25_050)
        hidden = second_group(pair)
        list_group(pair.people.group)
        client.sign_in(pair.staff.onboarding)
        page = client.fetch(page_of(pair))
        assert page.status == 200
        assert hidden.people.group.name not in page.html
        response = client.get(page_of(pair, "/grants.json"))
        assert response.mimetype == "application/json"
        assert "attachment" in response.headers["Content-Disposition"]
        grants = require_standard(response.get_data(as_text=True))["grants"]
        assert len(grants) == 1
        assert str(grants[0]["amountAwarded"]) == "400.50"
        assert str(grants[0]["amountDisbursed"]) == "250.50"
        assert grants[0]["recipientOrganization"][0]["name"] == pair.people.group.name
        table = client.get(page_of(pair, "/grants.csv")).get_data().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table)))
        assert [row["Amount Awarded"] for row in rows] == ["400.50"]
        for text in (response.get_data(as_text=True), table):
            assert "Hidden" not in text
            assert str(pair.people.group.id) not in text

    def test_hold_only_what_a_group_took(self, client: StrictClient) -> None:
        pair = make_sent()
        other = make_officers(make_group(pair.staff.network))
        offered = offer(write_grant(Pair(pair.staff, other), 9_000))
        list_group(other.group)
        list_group(pair.people.group)
        client.sign_in(pair.staff.finance)
        assert len(require_standard(client.get(page_of(pair, "/grants.json")).text)["grants"]) == 1
        answer(offered, accepts=False)
        assert len(require_standard(client.get(page_of(pair, "/grants.json")).text)["grants"]) == 1

    def test_a_card_taken_down_takes_the_grant_out(self, client: StrictClient) -> None:
        pair = make_sent()
        client.sign_in(pair.staff.finance)
        assert client.get(page_of(pair, "/grants.json")).status_code == 404
        assert client.fetch(page_of(pair)).status == 200
        list_group(pair.people.group, shown=False)
        assert client.get(page_of(pair, "/grants.csv")).status_code == 404

    def test_a_network_is_called_as_it_is_registered(self, client: StrictClient) -> None:
        pair = make_sent()
        list_group(pair.people.group)
        from network.db import db
        from network.tenancy.commands import decide_setting
        from network.tenancy.models import Network

        with in_scope():
            network = db.session.get_one(Network, pair.staff.network.id)
            decide_setting(network, GIVING_PREFIX, "360G-uspk")
            decide_setting(network, GIVING_IDENTIFIER, "KE-NCO-1234")
        client.sign_in(pair.staff.finance)
        grant = require_standard(client.get(page_of(pair, "/grants.json")).text)["grants"][0]
        assert grant["id"] == "360G-uspk-G1"
        assert grant["fundingOrganization"][0]["id"] == "KE-NCO-1234"

    def test_are_the_offices_own(self, client: StrictClient) -> None:
        pair, other = make_sent(), make_sent()
        list_group(pair.people.group)
        client.sign_in(other.staff.finance)
        assert client.get(page_of(pair, "/grants.json")).status_code == 404
        assert client.get(page_of(other, "/grants.json")).status_code == 404
