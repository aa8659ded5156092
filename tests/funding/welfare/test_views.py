"""A request for help, from asking to being destroyed; and who never sees it."""

import uuid
from datetime import timedelta

import psycopg
import pytest

from funding.ledger import queries as ledger
from funding.verification import queries as checks
from funding.welfare.jobs import destroy_requests
from funding.welfare.models import HardshipRequest
from network import clock
from network.db import db
from network.servers import Addresses
from tests.factories.funding import Officers, fill_reserve, make_members, make_officers
from tests.factories.network import PASSWORD, make_holder
from tests.support.app import in_scope, the_app
from tests.support.client import Page, StrictClient

WORDS = "CANARY the clinic asks before Friday"


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    fill_reserve(made, 100_000)
    return made


def ask(client: StrictClient, people: Officers, who: object = None, **more: str) -> uuid.UUID:
    client.sign_in(who or people.member)
    page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
    values = {"need": "medicine", "amount": "150", "words": WORDS, **more}
    assert client.send(page, values).status == 200
    with in_scope(people.group, people.chair):
        return db.session.scalars(
            db.select(HardshipRequest.id).order_by(HardshipRequest.filed_at.desc())
        ).first()


def path(people: Officers, request_id: uuid.UUID) -> str:
    return f"/g/{people.group.id}/money/hardship/{request_id}"


def answer(
    client: StrictClient, people: Officers, who: object, request_id: uuid.UUID, said: str = "yes"
) -> Page:
    client.sign_in(who)
    return client.send(client.fetch(path(people, request_id)), {"answer": said}, to="/answer")


def agree(client: StrictClient, people: Officers, request_id: uuid.UUID) -> None:
    for who in (people.chair, people.committee):
        assert answer(client, people, who, request_id).status == 200


def pay(client: StrictClient, people: Officers, request_id: uuid.UUID) -> Page:
    client.sign_in(people.treasurer)
    return client.send(client.fetch(path(people, request_id) + "/pay"), {"place": "cash"})


class TestFromAskingToPaying:
    def test_decided_by_two_and_paid_by_two_out_of_the_reserve(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        client.sign_in(people.chair)
        assert "/money/hardship" in "".join(client.fetch(f"/g/{people.group.id}/").links)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        done = client.send(client.fetch(waiting.path))
        assert "/entries/" in done.path
        with in_scope(people.group):
            assert ledger.held() == {("cash", "reserve"): 85_000}
            entry = ledger.get_entry(done.path.rsplit("/", 1)[1])
            assert entry.code.startswith("H-")
            assert entry.memo is None
        client.sign_in(people.member)
        assert client.fetch(path(people, request_id)).status == 200

    def test_the_report_counts_and_sums_and_names_nobody(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        client.send(client.fetch(waiting.path))
        report = client.fetch(f"/g/{people.group.id}/money/report")
        assert "150" in report.text
        assert people.member.shown_name not in report.text

    def test_two_noes_decline_it(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people)
        for who in (people.chair, people.committee):
            answer(client, people, who, request_id, "no")
        client.sign_in(people.treasurer)
        page = client.fetch(path(people, request_id) + "/pay")
        assert client.send(page, {"place": "cash"}).status == 422

    def test_an_empty_reserve_is_said(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people, amount="5000")
        agree(client, people, request_id)
        assert pay(client, people, request_id).status == 422

    def test_a_payment_that_was_refused_can_be_written_down_again(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        client.send(client.fetch(waiting.path + "/refuse"), {"why_not": "not there yet"})
        assert pay(client, people, request_id).status == 200


class TestNobodyDecidesTheirOwn:
    def test_an_officer_who_asks_is_not_among_those_who_decide(
        self, client: StrictClient, people: Officers
    ) -> None:
        client.sign_in(people.committee)
        ask_page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
        client.send(ask_page, {"need": "travel", "amount": "50"})
        with in_scope(people.group, people.committee):
            request_id = db.session.scalars(db.select(HardshipRequest.id)).one()
        page = client.fetch(path(people, request_id))
        assert not [form for form in page.forms() if "/answer" in (form.get("action") or "")]
        token = {"answer": "yes", "csrf_token": csrf(page, client, people), "once": str(uuid.uuid4())}
        assert client.post(path(people, request_id) + "/answer", data=token).status_code == 403
        assert client.get(path(people, request_id) + "/pay").status_code == 403

    def test_nor_confirms_their_own_payment(self, client: StrictClient, people: Officers) -> None:
        asking = make_holder("committee", people.group, sign_in=f"{people.group.slug}-a@people.example")
        request_id = ask(client, people, asking)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        here = client.send(
            waiting, {"sign_in": f"{people.group.slug}-a@people.example", "password": PASSWORD}
        )
        assert here.status == 422
        client.sign_in(asking)
        assert client.send(client.fetch(waiting.path)).status == 422
        with in_scope(people.group):
            assert ledger.held() == {("cash", "reserve"): 100_000}

    def test_where_too_few_are_left_it_says_so(self, client: StrictClient) -> None:
        from tests.factories.network import make_group, make_holder

        group = make_group()
        client.sign_in(make_holder("chairperson", group))
        page = client.fetch(f"/g/{group.id}/money/hardship/ask")
        assert client.send(page, {"need": "other", "amount": "5"}).status == 422

    def test_the_secretary_stands_in(self, client: StrictClient, people: Officers) -> None:
        from tests.factories.network import make_group

        group = make_group()
        few = Officers(
            group,
            *(
                make_holder(role, group)
                for role in ("treasurer", "chairperson", "facilitator", "secretary", "member")
            ),
        )
        client.sign_in(few.chair)
        client.send(client.fetch(f"/g/{group.id}/money/hardship/ask"), {"need": "other", "amount": "5"})
        client.sign_in(few.secretary)
        assert "H-" in client.fetch(f"/g/{group.id}/money/hardship").text


def csrf(page: Page, client: StrictClient, people: Officers) -> str:
    ask_page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
    return next(e.get("value") for e in ask_page.tree.iter("input") if e.get("name") == "csrf_token")


class TestItIsSealed:
    @pytest.mark.parametrize("who", ["member", "secretary"])
    def test_pages_are_not_there_for_others(self, client: StrictClient, people: Officers, who: str) -> None:
        another = make_holder(who, people.group)
        request_id = ask(client, people)
        client.sign_in(another)
        for what in ("", "/pay", "/destroy"):
            assert client.get(path(people, request_id) + what).status_code == 404
        assert "H-" not in client.fetch(f"/g/{people.group.id}/money/hardship").text

    def test_rows_are_not_there_for_others_in_sql(
        self, client: StrictClient, people: Officers, database_urls: Addresses
    ) -> None:
        ask(client, people)
        another = make_holder("member", people.group)
        seen = {}
        with psycopg.connect(database_urls.web_url) as sql:
            for name, account in {
                "other": another,
                "requester": people.member,
                "chair": people.chair,
                "secretary": people.secretary,
            }.items():
                sql.execute(
                    "select set_config('app.group_id', %s, false), set_config('app.account_id', %s, false)",
                    (str(people.group.id), str(account.id)),
                )
                seen[name] = [
                    sql.execute(f"select count(*) from {table}").fetchone()[0]
                    for table in ("hardship_requests", "hardship_seats", "hardship_answers")
                ]
        assert seen == {
            "other": [0, 0, 0],
            "requester": [1, 0, 0],
            "chair": [1, 1, 0],
            "secretary": [0, 0, 0],
        }

    def test_what_was_said_is_nowhere_else(
        self, client: StrictClient, people: Officers, database_urls: Addresses
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        pay(client, people, request_id)
        with psycopg.connect(database_urls.owner_url) as sql:
            sql.execute(
                "select set_config('app.group_id', %s, false), set_config('app.account_id', %s, false)",
                (str(people.group.id), str(people.chair.id)),
            )
            tables = [
                row[0] for row in sql.execute("select tablename from pg_tables where schemaname = 'public'")
            ]
            heard = [
                t
                for t in tables
                if sql.execute(f"select 1 from {t} t where t::text like '%CANARY%' limit 1").fetchone()
            ]
            diary = sql.execute(
                "select 1 from audit_events where account_id = %s", (people.member.id,)
            ).fetchone()
            ours = {
                t for t in tables if not t.startswith("hardship_") and t not in {"accounts", "sessions", "role_assignments", "account_identifiers"}
                and sql.execute(f"select 1 from {t} t where t::text like %s limit 1", (f"%{people.member.id}%",)).fetchone()
            }  # fmt: skip
        assert heard == []
        assert diary is None
        assert ours == set()


class TestAtTheDoor:
    def test_somebody_in_office_asks_for_a_member(self, client: StrictClient, people: Officers) -> None:
        member_id = make_members(people, "Baraka")["Baraka"]
        request_id = ask(client, people, people.secretary, member=str(member_id))
        client.sign_in(people.chair)
        assert "Baraka" in client.fetch(path(people, request_id)).text
        client.sign_in(people.secretary)
        assert client.get(path(people, request_id)).status_code == 404

    def test_a_member_asks_for_nobody_else(self, client: StrictClient, people: Officers) -> None:
        make_members(people, "Baraka")
        client.sign_in(people.member)
        assert "Baraka" not in client.fetch(f"/g/{people.group.id}/money/hardship/ask").text


class TestDestroy:
    def paid(self, client: StrictClient, people: Officers) -> uuid.UUID:
        request_id = ask(client, people)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        client.send(client.fetch(waiting.path))
        return request_id

    def test_whoever_asked_takes_it_away_while_it_is_open(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        client.send(client.fetch(path(people, request_id) + "/destroy"))
        assert client.get(path(people, request_id)).status_code == 404

    def test_those_who_decide_cannot_while_it_is_open(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people)
        client.sign_in(people.chair)
        assert client.send(client.fetch(path(people, request_id) + "/destroy")).status == 422

    def test_on_its_day_it_goes_and_the_book_still_holds(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = self.paid(client, people)
        with the_app().app_context():
            destroy_requests(now=clock.now() + timedelta(days=89))
            with in_scope(people.group, people.chair):
                assert db.session.get(HardshipRequest, request_id) is not None
            destroy_requests(now=clock.now() + timedelta(days=91))
        with in_scope(people.group, people.chair):
            assert db.session.get(HardshipRequest, request_id) is None
            assert checks.faults() == []


@pytest.mark.parametrize("typed", ["-1", "101", "twenty", "", "1e2", "20.5"])
def test_a_share_that_cannot_be_is_named(client: StrictClient, people: Officers, typed: str) -> None:
    client.sign_in(people.chair)
    answer_ = client.send(client.fetch(f"/g/{people.group.id}/money/reserve/decide"), {"percent": typed})
    assert answer_.status == 422
    assert answer_.fields_with_errors == {"percent"}
