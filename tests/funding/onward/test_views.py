"""Both sides' pages: each sees its own, and of the other what was sent."""

import uuid

import pytest
from babel.dates import format_skeleton

from funding.onward import queries
from funding.onward.models import OnwardAnswer, StandingWord
from network import clock
from network.db import db
from tests.factories.network import day_there, move_where_it_is_another_day
from tests.factories.onward import (
    Pair,
    acknowledge,
    answer,
    make_pair,
    make_sent,
    offer,
    put_in_order,
    say_standing,
    states,
    write_grant,
)
from tests.support.app import in_scope
from tests.support.client import StrictClient


class TestTheOffice:
    def test_writes_a_grant_adds_parts_and_offers_it(self, client: StrictClient) -> None:
        pair = make_pair()
        client.sign_in(pair.staff.finance)
        today = day_there()
        page = client.send(
            client.fetch(f"{pair.office_page}/write"),
            {
                "recipient": str(pair.people.group.id), "kind": "seed", "title": "First year", "purpose": "To begin.",
                "amount": "300", "fund": "general", "starts_on": today.isoformat(),
                "ends_on": today.replace(year=today.year + 1, day=1).isoformat(),
            },
        )  # fmt: skip
        grant_page = page.path
        form = client.fetch(f"{grant_page}/parts/add")
        ticked = [e.get("value") for e in form.form().iter("input") if e.get("checked") is not None]
        assert sorted(filter(None, ticked)) == ["figures", "met", "offices"]
        for amount, expected in (("200", 200), ("200", 422), ("100", 200)):
            sent = client.send(client.fetch(f"{grant_page}/parts/add"), {"amount": amount, "due_on": today.isoformat(), "asks": ["met"]})  # fmt: skip
            assert sent.status == expected
        assert client.send(client.fetch(f"{grant_page}/offer")).path == grant_page
        with in_scope(pair.people.group):
            assert len(queries.going_on(queries.received())) == 1

    def test_finance_writes_and_the_others_read(self, client: StrictClient) -> None:
        pair = answer(offer(write_grant(make_pair())))
        client.sign_in(pair.staff.onboarding)
        page = client.fetch(f"{pair.office_page}/{pair.grant_id}")
        assert page.status == 200
        assert not [link for link in page.links if link.endswith(("/end", "/send", "/add"))]
        for path in ("/write", f"/{pair.grant_id}/end", f"/parts/{pair.part_ids[0]}/send"):
            assert client.fetch(pair.office_page + path).status == 403

    def test_a_part_can_be_sent_from_its_page_once_all_is_in_order(self, client: StrictClient) -> None:
        pair = answer(offer(write_grant(make_pair())))
        client.sign_in(pair.staff.finance)
        send = f"{pair.office_page}/parts/{pair.part_ids[0]}/send"
        assert send not in client.fetch(f"{pair.office_page}/{pair.grant_id}").links
        typed = {"place": "bank", "paid_on": day_there().isoformat()}
        assert client.send(client.fetch(send), typed).status == 422
        put_in_order(pair)
        say_standing(pair)
        assert send in client.fetch(f"{pair.office_page}/{pair.grant_id}").links
        assert client.send(client.fetch(send), typed).path.startswith(
            f"/n/{pair.staff.office.id}/money/waiting/"
        )

    def test_reads_words_and_nothing_behind_them(self, client: StrictClient) -> None:
        pair = answer(offer(write_grant(make_pair())))
        put_in_order(pair)
        say_standing(pair)
        page = client.sign_in(pair.staff.finance).fetch(f"{pair.office_page}/{pair.grant_id}")
        for person in (pair.people.chair, pair.people.treasurer, pair.people.secretary):
            assert person.shown_name not in page.html
        assert "The hall" not in page.html

    def test_reads_the_day_on_the_clock_of_the_place(self, client: StrictClient) -> None:
        pair = answer(offer(write_grant(make_pair())))
        put_in_order(pair)
        say_standing(pair)
        for place, reader, page in (
            (pair.staff.office, pair.staff.finance, pair.office_page),
            (pair.people.group, pair.people.treasurer, pair.group_page),
        ):
            there = format_skeleton("MMMEd", move_where_it_is_another_day(place), locale="en")
            shown = client.sign_out().sign_in(reader).fetch(f"{page}/{pair.grant_id}").text
            assert f"n order, on {there}" in shown

    def test_believes_no_third_group(self, client: StrictClient) -> None:
        """Another group of the network writes words and answers about a grant that is not its own."""
        pair = offer(write_grant(make_pair()))
        from tests.factories.network import make_group

        with in_scope(make_group(pair.staff.network)):
            db.session.add(
                OnwardAnswer(
                    for_office_id=pair.staff.office.id,
                    grant_id=pair.grant_id,
                    accepts=True,
                    answered_at=clock.now(),
                )
            )
            about = {"for_office_id": pair.staff.office.id, "grant_id": pair.grant_id, "said_at": clock.now()}
            for name in ("figures", "met", "offices"):
                db.session.add(StandingWord(condition=name, is_in_order=True, **about))
        with in_scope(pair.staff.office):
            seen = queries.see(queries.get_given(pair.grant_id), now=clock.now())
            assert seen.state == "offered"
            assert seen.words == {}


class TestTheGroup:
    def test_reads_what_is_asked_before_it_answers(self, client: StrictClient) -> None:
        pair = offer(write_grant(make_pair()))
        client.sign_in(pair.people.member)
        page = client.fetch(f"{pair.group_page}/{pair.grant_id}")
        assert page.status == 200
        assert not page.forms()
        client.sign_out().sign_in(pair.people.secretary)
        page = client.fetch(f"{pair.group_page}/{pair.grant_id}")
        assert client.send(page, {"answer": "yes"}, to="/answer").path == page.path
        with in_scope(pair.staff.office):
            assert queries.see(queries.get_given(pair.grant_id), now=clock.now()).state == "in_force"

    def test_sees_the_words_and_where_to_put_them_right_before_it_sends_them(
        self, client: StrictClient
    ) -> None:
        pair = answer(offer(write_grant(make_pair())))
        page = client.sign_in(pair.people.chair).fetch(f"{pair.group_page}/{pair.grant_id}")
        home = f"/g/{pair.people.group.id}"
        assert {f"{home}/offices/", f"{home}/meetings", f"{home}/figures/"} <= set(page.links) | {
            link.rstrip("/") for link in page.links
        }
        with in_scope(pair.staff.office):
            assert queries.see(queries.get_given(pair.grant_id), now=clock.now()).words == {}
        client.send(page, to="/standing")
        with in_scope(pair.staff.office):
            words = queries.see(queries.get_given(pair.grant_id), now=clock.now()).words
            assert {name: word.is_in_order for name, word in words.items()} == {
                "figures": False, "met": False, "offices": False,
            }  # fmt: skip

    def test_sends_no_other_words_than_it_was_shown(self, client: StrictClient) -> None:
        pair = answer(offer(write_grant(make_pair())))
        page = client.sign_in(pair.people.chair).fetch(f"{pair.group_page}/{pair.grant_id}")
        put_in_order(pair)
        assert client.send(page, to="/standing").status == 422
        with in_scope(pair.staff.office):
            assert queries.see(queries.get_given(pair.grant_id), now=clock.now()).words == {}

    def test_the_treasurer_writes_down_what_arrived(self, client: StrictClient) -> None:
        pair = make_sent()
        page = client.sign_in(pair.people.treasurer).fetch(
            f"{pair.group_page}/parts/{pair.part_ids[0]}/received"
        )
        done = client.send(page, {"amount": "249.50", "place": "bank", "words": "The bank kept a little."})
        assert done.path.startswith(f"/g/{pair.people.group.id}/money/entries/")
        assert states(pair)[0] == "otherwise"
        client.sign_out().sign_in(pair.staff.finance)
        assert (
            f"{pair.office_page}/parts/{pair.part_ids[0]}/settle"
            in client.fetch(f"{pair.office_page}/{pair.grant_id}").links
        )

    def test_others_do_not_write_in_its_book(self, client: StrictClient) -> None:
        pair = make_sent()
        client.sign_in(pair.people.chair)
        assert client.fetch(f"{pair.group_page}/parts/{pair.part_ids[0]}/not-arrived").status == 403


def all_pages(pair: Pair) -> list[str]:
    grant, part = pair.grant_id, pair.part_ids[0]
    return [
        *(f"{pair.office_page}{end}" for end in ("", f"/{grant}", f"/{grant}/parts/add", f"/{grant}/offer", f"/{grant}/end")),
        *(f"{pair.office_page}/parts/{part}/{end}" for end in ("remove", "send", "settle")),
        *(f"{pair.group_page}{end}" for end in ("", f"/{grant}")),
        *(f"{pair.group_page}/parts/{part}/{end}" for end in ("received", "not-arrived")),
    ]  # fmt: skip


class TestNobodyElse:
    @pytest.mark.parametrize("who", ["their officer", "their staff"])
    def test_finds_anything(self, client: StrictClient, who: str) -> None:
        pair, other = make_sent(), make_pair()
        acknowledge(pair, 25_000)
        client.sign_in(other.people.treasurer if who == "their officer" else other.staff.finance)
        for path in all_pages(pair):
            assert client.fetch(path).status == 404, path
            theirs = path.replace(str(pair.staff.office.id), str(other.staff.office.id))
            theirs = theirs.replace(str(pair.people.group.id), str(other.people.group.id))
            if theirs not in (other.office_page, other.group_page):
                assert client.fetch(theirs).status == 404, theirs

    def test_a_second_group_of_the_same_network_neither(self, client: StrictClient) -> None:
        from tests.factories.funding import make_officers
        from tests.factories.network import make_group

        pair = make_sent()
        second = make_officers(make_group(pair.staff.network))
        client.sign_in(second.treasurer)
        for path in (f"/{pair.grant_id}", f"/parts/{pair.part_ids[0]}/received"):
            assert client.fetch(f"/g/{second.group.id}/money/from-network{path}").status == 404


class TestWhatNeedsDoing:
    def _links(self, client: StrictClient, account: object, place: uuid.UUID, kind: str) -> list[str]:
        client.sign_out().sign_in(account)  # type: ignore[arg-type]
        return client.fetch(f"/{kind}/{place}/").links

    def test_follows_the_grant_from_side_to_side(self, client: StrictClient) -> None:
        pair = offer(write_grant(make_pair()))
        group, office = pair.people.group.id, pair.staff.office.id
        page = f"{pair.group_page}/{pair.grant_id}"
        assert page in self._links(client, pair.people.chair, group, "g")
        assert page not in self._links(client, pair.people.member, group, "g")
        answer(pair)
        assert page in self._links(client, pair.people.secretary, group, "g")
        put_in_order(pair)
        say_standing(pair)
        assert page not in self._links(client, pair.people.secretary, group, "g")
        main = client.sign_out().sign_in(pair.staff.finance).fetch(f"/n/{office}/").text
        assert main != client.sign_out().sign_in(pair.staff.onboarding).fetch(f"/n/{office}/").text
