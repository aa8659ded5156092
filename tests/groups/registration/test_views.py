"""Certificates: entered by chairperson or secretary, seen by everybody in the group, due early on the right first page."""

from datetime import timedelta

import pytest

from groups.registration import queries
from network import clock
from network.authorities.guide import PROFILES
from network.db import db
from network.permissions import Role as StaffRole
from network.standing import registry as standing
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.network import make_group, make_holder, make_network
from tests.factories.returns import a_certificate
from tests.support.app import in_group
from tests.support.client import StrictClient


def group_in(country: str) -> Group:
    return make_group(make_network(settings={COUNTRY_PROFILE: country}))


def page(group: Group, rest: str = "") -> str:
    return f"/g/{group.id}/registration{rest}"


@pytest.fixture
def kenyan(app: object) -> Group:
    return group_in("kenya")


class TestEntering:
    def test_is_in_the_list_with_the_end_the_profile_knows(self, client: StrictClient, kenyan: Group) -> None:
        today = clock.today(kenyan.time_zone)
        client.sign_in(make_holder("secretary", kenyan))
        sent = client.send(
            client.fetch(page(kenyan, "/add?authority=ministry")),
            {"issued_on": today.isoformat(), "number": "SHG/77", "fee": "1000"},
        )
        assert sent.status == 200
        assert "SHG/77" in sent.text
        with in_group(kenyan):
            (one,) = db.session.scalars(queries.registrations()).all()
            assert one.holds_until is not None
            assert 364 <= (one.holds_until - today).days <= 365
            assert (one.fee, one.currency) == (100_000, "KES")

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"issued_on": ""}, "issued_on"),
            ({"issued_on": "2999-01-01"}, "issued_on"),
            ({"issued_on": "2026-01-01", "holds_until": "2025-01-01"}, "holds_until"),
            ({"issued_on": "2026-01-01", "authority": "other"}, "called"),
            ({"issued_on": "2026-01-01", "fee": "-3"}, "fee"),
            ({"issued_on": "2026-01-01", "number": "x" * 61}, "number"),
        ],
    )
    def test_says_beside_the_field_what_is_not_right(
        self, client: StrictClient, kenyan: Group, told: dict[str, str], field: str
    ) -> None:
        client.sign_in(make_holder("chairperson", kenyan))
        answer = client.send(client.fetch(page(kenyan, "/add")), told)
        assert answer.status == 422
        assert answer.fields_with_errors == {field}

    def test_the_same_certificate_twice_is_refused_and_one_can_be_put_right(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        with in_group(kenyan):
            one = a_certificate(number="A1")
        client.sign_in(make_holder("chairperson", kenyan))
        again = client.send(client.fetch(page(kenyan, "/add")), {"issued_on": one.issued_on.isoformat()})
        assert again.fields_with_errors == {"issued_on"}
        right = client.send(client.fetch(page(kenyan, f"/{one.id}/edit")), {"number": "A2"})
        assert right.status == 200
        assert "A2" in right.text

    def test_members_see_it_and_change_nothing_and_the_networks_staff_sees_nothing(
        self, client: StrictClient
    ) -> None:
        network = make_network(settings={COUNTRY_PROFILE: "kenya"})
        group = make_group(network)
        with in_group(group):
            one = a_certificate(number="ONLYOURS")
        client.sign_in(make_holder("member", group))
        assert "ONLYOURS" in client.fetch(page(group)).text
        assert client.get(page(group, "/add")).status_code == 403
        assert client.get(page(group, f"/{one.id}/edit")).status_code == 403
        client.sign_in(make_holder(StaffRole.ADMINISTRATION, network))
        assert client.get(page(group)).status_code == 404


class TestProfiles:
    @pytest.mark.parametrize("country", list(PROFILES))
    def test_a_group_with_nothing_written_down_has_a_page_in_each(
        self, client: StrictClient, country: str
    ) -> None:
        group = group_in(country)
        found = client.sign_in(make_holder("chairperson", group)).fetch(page(group))
        assert found.status == 200
        asked = [one for one in PROFILES[country].authorities if str(one.name) in found.text]
        assert len(asked) == len(PROFILES[country].authorities)

    def test_one_that_only_the_group_knows_is_followed_too(self, client: StrictClient) -> None:
        group = group_in("england")
        with in_group(group):
            until = clock.today(group.time_zone) + timedelta(days=20)
            a_certificate("other", called="Leeds register of groups", holds_until=until)
            (line,) = queries.lines_of(group, today=clock.today(group.time_zone))
        assert (line.called, line.standing.state) == ("Leeds register of groups", "due")
        assert (
            "Leeds register of groups" in client.sign_in(make_holder("member", group)).fetch(page(group)).text
        )


class TestWhatIsDue:
    def titles(self, client: StrictClient, group: Group, role: str) -> list[str]:
        client.sign_in(make_holder(role, group))
        return [link for link in client.fetch(f"/g/{group.id}/").links if link.endswith("/registration")]

    def test_is_told_to_chairperson_and_secretary_early_and_to_nobody_else(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        today = clock.today(kenyan.time_zone)
        with in_group(kenyan):
            for authority in ("ministry", "council"):
                a_certificate(authority, issued_on=today - timedelta(days=310))
        ways = len(self.titles(client, kenyan, "member"))
        assert len(self.titles(client, kenyan, "treasurer")) == ways
        assert len(self.titles(client, kenyan, "chairperson")) == ways + 2
        assert len(self.titles(client, kenyan, "secretary")) == ways + 2

    def test_nothing_is_asked_where_no_authority_is_known(self, client: StrictClient) -> None:
        group = group_in("england")
        assert len(self.titles(client, group, "chairperson")) == len(self.titles(client, group, "member"))

    def test_the_network_hears_in_order_or_not_and_no_more(self, kenyan: Group) -> None:
        today = clock.today(kenyan.time_zone)
        (condition,) = standing.asked(["registered"])
        with in_group(kenyan):
            assert condition.is_in_order(kenyan, today) is False
            a_certificate("ministry")
            assert condition.is_in_order(kenyan, today) is False
            a_certificate("council")
            assert condition.is_in_order(kenyan, today) is True
            assert condition.is_in_order(kenyan, today + timedelta(days=800)) is False
        england = group_in("england")
        with in_group(england):
            assert condition.is_in_order(england, today) is True
