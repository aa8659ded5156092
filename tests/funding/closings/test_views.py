"""Closing a grant: asked by one, agreed by another; the fund is empty and takes nothing more."""

import random

import psycopg
import pytest

from funding.closings import commands
from funding.closings.rules import Wish
from funding.grants.queries import get_grant
from funding.ledger import queries as book
from funding.ledger.rules import Place
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.grants import a_day, give, make_grant, plan, spend
from tests.factories.network import PASSWORD, make_holder
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def ask(client: StrictClient, people: Officers, grant: object, **more: str) -> Page:
    client.sign_in(people.treasurer)
    page = client.fetch(f"/g/{people.group.id}/money/closings/of/{grant.id}")  # type: ignore[attr-defined]
    return client.send(page, {"words": "Letter of 3 May", **more})


def funds(people: Officers) -> dict[str, int]:
    with in_scope(people.group):
        held = book.held()
        return {fund: sum(n for (_, f), n in held.items() if f == fund) for _, fund in held}


class TestCloseGrant:
    def test_what_is_left_goes_back_and_to_other_funds(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people)
        give(people, grant, 100_000)
        answer = ask(
            client, people, grant, given_back="400", place="bank", parts_general="1", parts_welfare="2"
        )
        assert funds(people) == {"grant-1": 100_000}
        client.sign_in(people.chair)
        assert answer.path in client.fetch(f"/g/{people.group.id}/").links
        done = client.send(client.fetch(answer.path))
        assert "grants" in done.path
        assert funds(people) == {"grant-1": 0, "general": 20_000, "welfare": 40_000}
        with in_scope(people.group):
            assert book.get_fund("grant-1").closed_on
            assert [fund.code for fund in book.open_funds() if fund.kind == "grant"] == []
        shown = client.fetch(done.path)
        assert "/change" not in "".join(shown.links)
        client.sign_in(people.member)
        assert client.fetch(done.path).status == 200

    def test_nothing_left_asks_for_words_only(self, client: StrictClient, people: Officers) -> None:
        answer = ask(client, people, make_grant(people))
        client.sign_in(people.chair)
        assert client.send(client.fetch(answer.path)).status == 200
        with in_scope(people.group):
            assert book.get_fund("grant-1").closed_on

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"given_back": "1000.01", "place": "bank"}, "given_back"),
            ({"given_back": "1000"}, "place"),
            ({"given_back": "999.99", "place": "bank"}, "given_back"),
            ({"given_back": "-1"}, "given_back"),
            ({"given_back": "1000", "place": "bank", "parts_general": "1"}, "given_back"),
            ({"given_back": "0", "parts_general": "1.5"}, "parts_general"),
            ({"given_back": "0", "parts_general": "5000"}, "parts_general"),
            ({"words": "", "given_back": "0", "parts_general": "1"}, "words"),
        ],
    )
    def test_bad_input_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, sent: dict[str, str], field: str
    ) -> None:
        grant = make_grant(people)
        give(people, grant, 100_000)
        answer = ask(client, people, grant, **sent)
        assert answer.status == 422
        assert field == "place" or answer.fields_with_errors == {field}
        assert funds(people) == {"grant-1": 100_000}

    def test_more_than_a_place_holds_is_said_when_agreeing(
        self, client: StrictClient, people: Officers
    ) -> None:
        grant = make_grant(people)
        give(people, grant, 100_000)
        answer = ask(client, people, grant, given_back="1000", place="cash")
        client.sign_in(people.chair)
        assert client.send(client.fetch(answer.path)).status == 422
        assert funds(people) == {"grant-1": 100_000}

    def test_whoever_asked_is_not_the_second(self, client: StrictClient, people: Officers) -> None:
        own = make_holder("treasurer", people.group, sign_in=f"{people.group.slug}-tx@people.example")
        answer = ask(client, people._replace(treasurer=own), make_grant(people))
        sent = {"sign_in": f"{people.group.slug}-tx@people.example", "password": PASSWORD}
        assert client.send(answer, sent).status == 422

    def test_a_payment_that_waits_is_answered_first(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people)
        give(people, grant, 100_000)
        plan(people, grant, {"Hall": ("venue", 600_000)})
        spend(people, grant, "venue", 100, is_confirmed=False)
        assert ask(client, people, grant, given_back="1000", place="bank").status == 422

    def test_money_that_moved_meanwhile_asks_anew(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people)
        give(people, grant, 100_000)
        answer = ask(client, people, grant, given_back="1000", place="bank")
        post_income(people, 5, fund="grant-1")
        client.sign_in(people.chair)
        page = client.fetch(answer.path)
        assert client.send(page).status == 422
        client.send(page, to="/refuse")
        with in_scope(people.group):
            assert book.get_fund("grant-1").closed_on is None


@pytest.mark.parametrize("currency", ["UGX", "KES", "KWD"])
def test_it_sums_exactly_in_every_money(app: object, currency: str) -> None:
    """Random amounts at random places, by random shares, in money with no, two and three decimals."""
    chance = random.Random(currency)
    people = make_officers(currency=currency)
    names = ["general", "welfare", "reserve"]
    for _ in range(6):
        grant = make_grant(people, amount=10**12)
        came = [chance.randrange(1, 10**9) for _ in range(2)]
        for amount, place in zip(came, (Place.BANK, Place.CASH), strict=True):
            give(people, grant, amount, place=place)
        before = funds(people)
        back = chance.randrange(0, came[0])
        weights = {name: chance.randrange(1, 100) for name in chance.sample(names, chance.randrange(1, 4))}
        with in_scope(people.group, people.treasurer):
            now = clock.now()
            closing = commands.ask_to_close(
                get_grant(grant.id), Wish(back, Place.BANK, weights), closes_on=a_day(), words="x", by=people.treasurer.id, now=now
            )  # fmt: skip
            commands.agree(closing, by=people.chair.id, now=now)
        after = funds(people)
        assert after[grant.fund] == 0
        gained = {name: after.get(name, 0) - before.get(name, 0) for name in names}
        assert sum(gained.values()) == sum(came) - back
        whole = sum(weights.values())
        for name, gain in gained.items():
            assert abs(gain * whole - (sum(came) - back) * weights.get(name, 0)) < whole


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses, people: Officers) -> psycopg.Connection:
    grant = make_grant(people)
    give(people, grant, 100_000)
    with in_scope(people.group, people.treasurer):
        wish, by = Wish(100_000, "bank", {}), people.treasurer.id
        commands.ask_to_close(get_grant(grant.id), wish, closes_on=a_day(), words="x", by=by, now=clock.now())
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        connection.execute("select set_config('app.group_id', %s, true)", (str(people.group.id),))
        yield connection
        connection.rollback()


class TestTheDatabase:
    def test_closes_by_two_people(self, sql: psycopg.Connection) -> None:
        with pytest.raises(REFUSED):
            sql.execute(
                "update grant_closings set state = 'done', decided_by_id = asked_by_id, decided_at = now()"
            )

    @pytest.mark.parametrize(
        "change",
        ["given_back = 5", "shares = '{\"general\": 1}'", "asked_by_id = gen_random_uuid()", "words = 'y'"],
    )
    def test_keeps_what_was_asked(self, sql: psycopg.Connection, change: str) -> None:
        with pytest.raises(REFUSED):
            sql.execute(f"update grant_closings set {change}")

    def test_a_grant_that_is_closed_has_a_closed_fund(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        sql.execute(
            "update grant_closings set state = 'done', decided_by_id = %s, decided_at = now()",
            (people.chair.id,),
        )
        with pytest.raises(REFUSED):
            sql.commit()

    @pytest.mark.parametrize("statement", ["delete from grant_closings", "truncate grant_closings"])
    def test_forgets_nothing(self, sql: psycopg.Connection, statement: str) -> None:
        with pytest.raises(REFUSED):
            sql.execute(statement)
