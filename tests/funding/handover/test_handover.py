"""From the election of a new treasurer to two signatures, as people do it."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import psycopg
import pytest

from funding.handover import commands, queries
from funding.handover.models import Handover, HandoverState
from funding.ledger import queries as ledger
from funding.ledger.commands import post
from funding.ledger.rules import Fund, Place
from funding.verification import queries as checks
from groups.elections import commands as elections
from groups.membership.queries import find_own_member
from groups.officers.commands import end_term, start_term
from groups.officers.queries import present_terms
from network import clock
from network.accounts.models import Account
from network.db import db
from network.servers import Addresses
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.funding import Officers, income
from tests.factories.groups import NINE, a_counted_vote, a_member, a_term, some_members
from tests.factories.hardship import make_request
from tests.factories.network import PASSWORD, make_account, make_group, make_network
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient


class Two(NamedTuple):
    """A group whose treasurer has just changed."""

    group: Group
    outgoing: Account
    incoming: Account
    chair: Account
    member: Account


def sign_in_of(name: str, group: Group) -> str:
    return f"{name}-{group.slug}@people.example".lower()


def joined(group: Group, name: str, office: str | None = None) -> Account:
    """A member with a sign-in, in office if wanted."""
    account = make_account(shown_name=name, sign_in=sign_in_of(name, group))
    with in_scope(group):
        member = a_member(name, account_id=account.id)
        if office:
            a_term(member, office)
    return account


def take_office(group: Group, account: Account, office: str = "treasurer") -> None:
    """Whoever holds it leaves, and this one comes in."""
    with in_scope(group):
        for term in present_terms([office]):
            end_term(term, by=None, now=clock.now())
        start_term(get_group(group.id), find_own_member(account.id), office, by=None, now=clock.now())


def make_two(*, amount: int = 125_000) -> Two:
    group = make_group(make_network())
    outgoing, chair = joined(group, "Odile", "treasurer"), joined(group, "Chidi", "chairperson")
    incoming, member = joined(group, "Inaya"), joined(group, "Mosi")
    if amount:
        with in_scope(group, outgoing):
            for place, fund in ((Place.CASH, Fund.GENERAL), (Place.BANK, Fund.RESERVE)):
                post(income(amount, place=place, fund=fund), by=outgoing.id, now=clock.now())
    return Two(group, outgoing, incoming, chair, member)


@pytest.fixture
def two(app: object) -> Two:
    made = make_two()
    take_office(made.group, made.incoming)
    return made


def waiting(two: Two) -> Handover | None:
    with in_scope(two.group):
        return queries.find_waiting()


def count(client: StrictClient, two: Two, who: Account, **typed: str) -> Page:
    client.sign_in(who)
    found = waiting(two)
    assert found is not None
    values = {"piece_100000": "1", "other": "250", "bank": "1250", **typed}
    return client.send(client.fetch(f"/g/{two.group.id}/money/handovers/{found.id}/count"), values)


def signing(account: Account, group: Group) -> dict[str, str]:
    return {"sign_in": sign_in_of(account.shown_name, group), "password": PASSWORD}


class TestItFollows:
    def test_from_the_election_of_somebody_else(self, app: object) -> None:
        made = make_two(amount=0)
        with in_scope(made.group, made.outgoing):
            post(income(100), by=made.outgoing.id, now=clock.now())
        with in_scope(made.group):
            members = some_members(9)
            election = a_counted_vote(members, NINE)
            elections.declare_result(get_group(made.group.id), election, by=None, now=clock.now())
        found = waiting(made)
        assert found is not None
        assert (found.outgoing.nickname, found.incoming.nickname) == ("Odile", members[1].nickname)

    def test_not_when_the_same_one_goes_on(self, app: object) -> None:
        made = make_two()
        take_office(made.group, made.outgoing)
        assert waiting(made) is None

    def test_not_for_an_empty_book_nor_another_office(self, app: object) -> None:
        made = make_two(amount=0)
        take_office(made.group, made.incoming)
        assert waiting(made) is None
        full = make_two()
        take_office(full.group, full.incoming, "chairperson")
        assert waiting(full) is None

    def test_when_offices_move_again_it_goes_on_with_whoever_takes_over_now(
        self, client: StrictClient, two: Two
    ) -> None:
        count(client, two, two.incoming)
        take_office(two.group, two.member)
        found = waiting(two)
        assert found is not None
        assert (found.state, found.outgoing.nickname, found.incoming.nickname) == ("open", "Odile", "Mosi")
        take_office(two.group, two.outgoing)
        assert waiting(two) is None

    def test_it_is_what_needs_doing_for_both_and_nobody_else(self, client: StrictClient, two: Two) -> None:
        for who, is_asked in ((two.outgoing, True), (two.incoming, True), (two.member, False)):
            links = client.sign_in(who).fetch(f"/g/{two.group.id}/").links
            assert any("/money/handovers/" in link for link in links) is is_asked


class TestRights:
    def test_the_outgoing_one_keeps_just_this(self, client: StrictClient, two: Two) -> None:
        found = waiting(two)
        assert found is not None
        client.sign_in(two.outgoing)
        assert client.get(f"/g/{two.group.id}/money/handovers/{found.id}/count").status_code == 200
        for path in ("/money/sheet", "/money/waiting", "/money/expenses/record", "/money/counts/write"):
            assert client.get(f"/g/{two.group.id}{path}").status_code == 403

    def test_members_wait_until_it_is_signed(self, client: StrictClient, two: Two) -> None:
        found = waiting(two)
        assert found is not None
        client.sign_in(two.member)
        for what in ("count", "sign"):
            assert client.get(f"/g/{two.group.id}/money/handovers/{found.id}/{what}").status_code == 403
        assert client.get(f"/g/{two.group.id}/money/handovers/{found.id}").status_code == 404


class TestCountAndSign:
    def test_both_on_one_phone(self, client: StrictClient, two: Two) -> None:
        sign = count(client, two, two.incoming, words="Two keys, the phone")
        assert "1,250" in sign.text
        shown = client.send(sign, signing(two.outgoing, two.group))
        assert shown.path.endswith(str(done(two).id))
        kept = done(two)
        assert (kept.outgoing_signed, kept.journal_id, kept.entries) == (True, None, 2)
        assert dict(kept.funds) == {"general": 125_000, "reserve": 125_000}
        client.sign_in(two.member)
        assert "Two keys, the phone" in client.fetch(shown.path).text
        assert client.get(f"{shown.path}/handover.pdf").data.startswith(b"%PDF")

    def test_each_on_their_own(self, client: StrictClient, two: Two) -> None:
        sign = count(client, two, two.outgoing)
        client.sign_in(two.incoming)
        assert client.send(client.fetch(sign.path)).status == 200
        assert done(two).state == HandoverState.DONE

    def test_somebody_in_office_for_whoever_cannot_come_and_it_says_so(
        self, client: StrictClient, two: Two
    ) -> None:
        sign = count(client, two, two.incoming)
        shown = client.send(sign, signing(two.chair, two.group))
        assert done(two).outgoing_signed is False
        assert "Odile" in shown.text

    @pytest.mark.parametrize("who", ["member", "incoming"])
    def test_not_with_anybody_else(self, client: StrictClient, two: Two, who: str) -> None:
        sign = count(client, two, two.incoming)
        assert client.send(sign, signing(getattr(two, who), two.group)).status == 422
        assert waiting(two) is not None

    def test_not_without_whoever_takes_over(self, client: StrictClient, two: Two) -> None:
        sign = count(client, two, two.chair)
        assert client.send(sign, signing(two.outgoing, two.group)).status == 422

    def test_differences_have_words_and_go_to_an_account_of_their_own_or_stay(
        self, client: StrictClient, two: Two
    ) -> None:
        sign = count(client, two, two.incoming, other="50", bank="1245")
        both = signing(two.outgoing, two.group)
        assert client.send(sign, both).fields_with_errors == {"why_cash", "why_bank"}
        whys = {
            "why_cash": "Fares, we think",
            "why_bank": "A fee that is not written down",
            "post_cash": "y",
            "once": "",
        }
        shown = client.send(sign, {**both, **whys})
        assert "Fares, we think" in shown.text
        assert "A fee that is not written down" in shown.text
        with in_scope(two.group):
            held = ledger.held_in_places(ledger.held())
            assert (held[Place.CASH], held[Place.BANK]) == (105_000, 125_000)
            places = {
                one.place: (one.counted, one.book, one.is_posted) for one in queries.places_of(done(two))
            }
            assert places == {"cash": (105_000, 125_000, True), "bank": (124_500, 125_000, False)}
            entry = ledger.get_entry(done(two).journal_id)
            assert (entry.recorded_by_id, entry.confirmed_by_id) == (two.incoming.id, two.outgoing.id)
            assert checks.faults() == []

    def test_a_place_with_money_in_the_book_is_not_left_out(self, client: StrictClient, two: Two) -> None:
        assert count(client, two, two.incoming, bank="").fields_with_errors == {"bank"}

    def test_is_looked_at_again_when_the_book_has_moved(self, client: StrictClient, two: Two) -> None:
        sign = count(client, two, two.incoming)
        with in_scope(two.group, two.incoming):
            post(income(500, place=Place.MOBILE_MONEY), by=two.incoming.id, now=clock.now())
        assert client.send(sign, signing(two.outgoing, two.group)).status == 422

    def test_requests_for_help_are_a_number(self, client: StrictClient, two: Two) -> None:
        joined(two.group, "Tariq", "committee")
        people = Officers(two.group, two.incoming, two.chair, two.chair, two.chair, two.member)
        make_request(people, words="CANARY")
        sign = count(client, two, two.outgoing)
        assert "CANARY" not in sign.html
        assert "H-" not in sign.text
        client.sign_in(two.incoming)
        client.send(client.fetch(sign.path))
        assert (done(two).open_requests, done(two).drafts_waiting) == (1, 0)

    def test_counting_again_replaces_what_was_counted(self, client: StrictClient, two: Two) -> None:
        count(client, two, two.incoming, other="1")
        sign = count(client, two, two.outgoing)
        assert client.send(sign, signing(two.incoming, two.group)).status == 200
        with in_scope(two.group):
            assert {one.counted for one in queries.places_of(done(two))} == {125_000}

    def test_signed_twice_is_signed_once(self, client: StrictClient, two: Two) -> None:
        sign = count(client, two, two.incoming)
        client.send(sign, signing(two.outgoing, two.group))
        with in_scope(two.group, two.incoming), pytest.raises(commands.CannotHandOver):
            commands.sign(
                db.session.get_one(Handover, done(two).id),
                by=two.outgoing.id,
                whys={},
                posting=[],
                seen=2,
                now=clock.now(),
            )

    def test_changing_the_treasurer_waits_for_two_who_are_just_signing(
        self, client: StrictClient, two: Two, database_urls: Addresses
    ) -> None:
        count(client, two, two.incoming)
        with ThreadPoolExecutor(1) as pool, psycopg.connect(database_urls.web_url) as beside:
            with in_scope(two.group, two.outgoing):
                found = queries.find_waiting()
                assert found is not None
                commands.sign(found, by=two.outgoing.id, whys={}, posting=[], seen=2, now=clock.now())
                later = pool.submit(take_office, two.group, two.member)
                while not beside.execute("select 1 from pg_locks where not granted").fetchone():
                    assert not later.done()
                    beside.rollback()
            later.result()
        found = waiting(two)
        assert found is not None
        assert (found.outgoing.nickname, found.incoming.nickname) == ("Inaya", "Mosi")
        assert done(two).incoming.nickname == "Inaya"


def done(two: Two) -> Handover:
    with in_scope(two.group):
        return db.session.scalars(queries.handovers()).one()
