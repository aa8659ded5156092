"""The public finder: found by place, day and language, and silent about everything else."""

import pytest
import sqlalchemy as sa

from network import clock
from network.db import db
from network.directory import commands
from network.directory.models import Enquiry, Listing
from network.tenancy.models import Group
from network.wording.models import EarlierOriginal
from tests.factories.directory import list_group
from tests.factories.network import make_group, word
from tests.support.app import in_group
from tests.support.client import Page, StrictClient
from tests.support.statements import statements


def names_of(page: Page) -> set[str]:
    return {
        link.rpartition("/")[2] for link in page.links if "/groups/" in link and not link.endswith("/ask")
    }


def search(client: StrictClient, **asked: str) -> set[str]:
    return names_of(client.fetch("/en/groups", query_string=asked))


def waiting_in(group: Group) -> list[Enquiry]:
    with in_group(group):
        return list(db.session.scalars(sa.select(Enquiry)))


class TestFindGroups:
    def test_finds_by_place_whatever_the_case_and_accents(self, client: StrictClient) -> None:
        town, group, other = word(), make_group(), make_group()
        list_group(group, place=f"Orléans {town}")
        list_group(other, place="Elsewhere")
        assert search(client, place=f"ORLEANS {town}") == {group.slug}
        assert search(client, place=f"{town}%") == {group.slug}
        assert group.slug in search(client, place=town[:6])

    def test_finds_by_day_language_and_who(self, client: StrictClient) -> None:
        town, tuesday, saturday = word(), make_group(), make_group()
        list_group(tuesday, place=town, weekday=1, languages=("en", "luo"), welcome=("any_distress",))
        list_group(saturday, place=town, weekday=5, languages=("sw",), welcome=("women",))
        assert search(client, place=town, day="1") == {tuesday.slug}
        assert search(client, place=town, language="sw") == {saturday.slug}
        assert search(client, place=town, who="voice_hearers") == {tuesday.slug}
        assert search(client, place=town, who="women") == {saturday.slug}
        assert search(client, place=town) == {tuesday.slug, saturday.slug}

    def test_offers_groups_online_where_there_is_none(self, client: StrictClient) -> None:
        group = make_group()
        list_group(group, mode="online", place="", weekday=6, languages=("kam",))
        assert group.slug in search(client, place=word(), day="6", language="kam")

    def test_leaves_no_cookie_and_says_nothing_is_to_be_stored(self, client: StrictClient) -> None:
        response = client.get("/sw/groups", query_string={"place": "Nairobi"})
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "asked",
        [
            {"day": "9"},
            {"day": "x"},
            {"language": "zz"},
            {"who": "'"},
            {"page": "99999999999"},
            {"place": "%00\x00\u202e"},
        ],
    )
    def test_takes_whatever_stands_in_the_address(self, client: StrictClient, asked: dict[str, str]) -> None:
        assert client.fetch("/en/groups", query_string=asked).status in {200, 422}

    def test_says_beside_the_field_that_a_place_is_too_long(self, client: StrictClient) -> None:
        page = client.fetch("/en/groups", query_string={"place": "x" * 500})
        assert page.status == 422
        assert page.fields_with_errors == {"place"}

    def test_reads_from_the_right_in_arabic(self, client: StrictClient) -> None:
        assert client.fetch("/ar/groups").tree.get("dir") == "rtl"

    def test_the_feed_says_no_more_than_the_page(self, client: StrictClient) -> None:
        town, group = word(), make_group()
        list_group(group, place=town)
        feed = client.get("/en/groups.json", query_string={"place": town}).get_json()
        assert [found["name"] for found in feed["groups"]] == [group.name]
        assert feed["groups"][0]["address"] is None
        assert str(group.id) not in str(feed)


class TestShowListing:
    def test_an_address_the_group_keeps_to_itself_stands_nowhere(self, client: StrictClient) -> None:
        town, group = word(), make_group()
        list_group(group, place=town, words="Come in", contact="0700 000 000")
        assert client.fetch(f"/en/groups/{group.slug}").status == 200
        with in_group(group):
            row = (
                db.session.execute(sa.text("select * from listings where group_id = :id"), {"id": group.id})
                .mappings()
                .one()
            )
        assert row["address"] == ""

    def test_a_group_that_is_not_listed_is_the_same_as_none(self, client: StrictClient) -> None:
        group = make_group()
        list_group(group, shown=False, words="Not yet for others")
        hidden, absent = client.get(f"/en/groups/{group.slug}"), client.get(f"/en/groups/{word()}")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.get_data(as_text=True).replace(group.slug, "") == absent.get_data(as_text=True).replace(
            absent.request.path.rpartition("/")[2], ""
        )
        assert client.get(f"/en/groups/{group.slug}/ask").status_code == 404

    def test_takes_as_many_statements_for_one_group_as_for_many(self, client: StrictClient) -> None:
        town = word()
        list_group(make_group(), place=town)
        with statements() as few:
            client.fetch("/en/groups", query_string={"place": town})
        for _ in range(3):
            list_group(make_group(), place=town)
        with statements() as many:
            client.fetch("/en/groups", query_string={"place": town})
        assert len(few) == len(many)


class TestAsk:
    def test_reaches_the_group_sealed_and_nobody_else(self, client: StrictClient) -> None:
        group = make_group()
        list_group(group)
        page = client.fetch(f"/en/groups/{group.slug}/ask")
        sent = client.send(page, {"contact": "0711 111 111", "words": "May I come?"})
        assert sent.path == f"/en/groups/{group.slug}"
        assert [(e.contact, e.words) for e in waiting_in(group)] == [("0711 111 111", "May I come?")]
        with in_group(group):
            raw = db.session.execute(sa.text("select contact from enquiries")).scalar_one()
        assert b"0711" not in bytes(raw)
        assert waiting_in(make_group()) == []

    def test_sent_twice_is_one_question(self, client: StrictClient) -> None:
        group = make_group()
        list_group(group)
        page = client.fetch(f"/en/groups/{group.slug}/ask")
        for _ in range(2):
            client.send(page, {"contact": "0711", "words": "May I come?"})
        assert len(waiting_in(group)) == 1

    @pytest.mark.parametrize(
        "bad",
        [{"contact": ""}, {"words": ""}, {"words": "x" * 1001}, {"words": "a\u202eb"}, {"name": "x" * 61}],
    )
    def test_says_what_is_amiss_and_keeps_nothing(self, client: StrictClient, bad: dict[str, str]) -> None:
        group = make_group()
        list_group(group)
        values = {"contact": "0711", "words": "May I come?", **bad}
        page = client.send(client.fetch(f"/en/groups/{group.slug}/ask"), values)
        assert page.status == 422
        assert page.fields_with_errors == set(bad)
        assert waiting_in(group) == []

    def test_leads_back_where_a_group_takes_no_questions(self, client: StrictClient) -> None:
        group = make_group()
        list_group(group, takes_questions=False, contact="0700")
        assert client.fetch(f"/en/groups/{group.slug}/ask").path == f"/en/groups/{group.slug}"


class TestWordsOfACard:
    def test_are_erased_with_what_they_were_before(self) -> None:
        group = make_group()
        for words in ("One way to say it", "Another way", ""):
            listing = list_group(group, words=words)
        with in_group(group):
            assert db.session.get_one(Listing, listing.id).text_id is None
            own = sa.select(EarlierOriginal).where(EarlierOriginal.group_id == group.id)
            assert db.session.scalars(own).all() == []

    def test_taken_down_are_closed_with_what_they_were_before(self) -> None:
        group = make_group()
        for words in ("One way to say it", "Another way"):
            listing = list_group(group, words=words)
        with in_group(group):
            here = db.session.get_one(Listing, listing.id)
            commands.take_down(here, by=None, now=clock.now())
            text_id = here.text_id
        with in_group(make_group()):
            found = sa.select(EarlierOriginal).where(EarlierOriginal.text_id == text_id)
            assert db.session.scalars(found).all() == []
