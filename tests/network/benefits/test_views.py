"""The guide is there for everybody, says where each thing is from, and leaves no trace."""

import re

import pytest

from network.benefits.guide import GUIDES, profile_for
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.network import make_group, make_holder, make_network
from tests.isolation.test_matrix import rows_of
from tests.support.client import StrictClient
from tests.support.statements import statements


class TestTheGuides:
    @pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
    def test_say_where_each_thing_is_from(self, guide: object) -> None:
        for one in (*guide.benefits, guide.registering):  # type: ignore[attr-defined]
            assert one is None or one.source

    @pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
    def test_have_no_sums_which_would_go_stale(self, guide: object) -> None:
        """A sum changes each year; numbers are days of the law, its name, or how long something takes."""
        for one in guide.benefits:  # type: ignore[attr-defined]
            assert not re.search(r"[£$€%]|\b(KES|GBP)\b", f"{one.what} {one.who} {one.takes}")

    @pytest.mark.parametrize(
        "name", ["PIP", "Attendance", "LCWRA", "Access to Work", "Blue Badge", "Student", "Council tax"]
    )
    def test_englands_names_what_there_is_and_whom_to_ask(self, name: str) -> None:
        found = [one for one in GUIDES["england"].benefits if name in str(one.what)]
        assert len(found) == 1
        assert found[0].takes

    def test_there_is_one_for_every_profile_and_for_anything_else(self) -> None:
        assert {"kenya", "england", "generic"} == set(GUIDES)
        assert profile_for("'; --", "sw") == "generic"
        assert profile_for(None, "sw") == "kenya"
        assert profile_for(None, "en") == "generic"


class TestForVisitors:
    @pytest.mark.parametrize("country", [*GUIDES, "nowhere"])
    @pytest.mark.parametrize("language", ["en", "sw", "fr", "ar"])
    def test_opens_in_every_language(self, client: StrictClient, language: str, country: str) -> None:
        page = client.fetch(f"/{language}/benefits", query_string={"country": country})
        assert page.status == 200
        assert len(list(page.tree.iter("h3"))) == len(GUIDES.get(country, GUIDES["generic"]).benefits)
        assert page.forms() == []

    def test_leads_to_the_other_countries(self, client: StrictClient) -> None:
        links = client.fetch("/sw/benefits").links
        assert {f"/sw/benefits?country={code}" for code in ("england", "generic")} <= set(links)

    def test_asks_no_database_and_sets_no_cookie(self, client: StrictClient) -> None:
        with statements() as seen:
            answer = client.get("/en/benefits?country=kenya")
        assert seen == []
        assert "Set-Cookie" not in answer.headers

    def test_the_first_page_leads_there(self, client: StrictClient) -> None:
        assert "/en/benefits" in client.fetch("/en/").links


class TestInAGroup:
    def test_shows_the_guide_of_its_networks_country(self, client: StrictClient) -> None:
        network = make_network(settings={COUNTRY_PROFILE: "kenya"})
        below = make_group(make_network(parent=network))
        for place, benefits in (
            (make_group(network), 6),
            (below, 6),
            (make_group(), len(GUIDES["generic"].benefits)),
        ):
            client.sign_in(make_holder("member", place))
            page = client.fetch(f"/g/{place.id}/benefits")
            assert len(list(page.tree.iter("h3"))) == benefits

    def test_an_office_has_it_too(self, client: StrictClient) -> None:
        network = make_network(settings={COUNTRY_PROFILE: "kenya"})
        client.sign_in(make_holder("staff_finance", network))
        assert client.fetch(f"/n/{network.office_id}/benefits").status == 200

    def test_nothing_is_kept_of_who_reads_it(self, client: StrictClient) -> None:
        group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        client.sign_in(make_holder("member", group))
        before = rows_of(group.id)
        assert client.fetch(f"/g/{group.id}/benefits").status == 200
        assert rows_of(group.id) == before

    def test_the_library_leads_there(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("member", group))
        assert f"/g/{group.id}/benefits" in client.fetch(f"/g/{group.id}/library/").links
