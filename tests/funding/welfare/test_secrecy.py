"""A canary goes through the whole life of a request: it is heard nowhere but in the sealed rows, and after the day nowhere."""

import logging
from datetime import timedelta

import psycopg
import pytest

from funding.verification import queries as checks
from funding.welfare.jobs import destroy_requests
from funding.welfare.models import HardshipAnswer, HardshipRequest
from groups.membership.commands import link_account
from network import clock
from network.accounts.models import Account
from network.db import db
from network.figures.registry import registered
from network.servers import Addresses
from network.web.unit_of_work import Pamoja
from tests.factories.funding import Officers, fill_reserve, make_officers
from tests.factories.groups import a_member
from tests.factories.hardship import agree, answer, make_paid_request, make_request
from tests.factories.network import day_there, make_holder
from tests.support.app import in_scope, the_app
from tests.support.client import StrictClient

WORDS = "CANARY the clinic asks before Friday"
NAME = "CANARYNAME"
SEALED = {"hardship_requests", "hardship_answers"}
WHO_THEY_ARE = {"accounts", "account_identifiers", "role_assignments", "sessions", "members"}
"""Where somebody is known as a member and as somebody who signs in, whatever they ask for."""


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    fill_reserve(made, 100_000)
    with in_scope(made.group):  # in office for long, so that what is told below can lie in the past
        db.session.execute(db.text("update role_assignments set starts_at = now() - interval '1 year'"))
    return made


@pytest.fixture
def canary(people: Officers) -> Account:
    account = make_holder("member", people.group, shown_name=NAME)
    with in_scope(people.group):
        link_account(a_member(NAME), account.id, now=clock.now() - timedelta(days=100))
    return account


def walk_through(client: StrictClient, people: Officers, canary: Account) -> str:
    """Asked, answered with words, paid by two, all of it through the pages; returns the code."""
    money = f"/g/{people.group.id}/money"
    client.sign_in(canary)
    values = {"need": "medicine", "amount": "150", "words": WORDS, "household": str(people.secretary.id)}
    client.send(client.fetch(f"{money}/hardship/ask"), values, follow=False)
    with in_scope(people.group, canary):
        request = db.session.scalars(db.select(HardshipRequest)).one()
        where, code = f"{money}/hardship/{request.id}", request.code
    for who in (people.chair, people.committee):
        client.sign_in(who)
        client.send(client.fetch(where), {"answer": "yes", "reply": WORDS}, to="/answer", follow=False)
    client.sign_in(people.treasurer)
    waiting = client.send(client.fetch(f"{where}/pay"), {"place": "cash"})
    client.sign_in(people.chair)
    assert "/entries/" in client.send(client.fetch(waiting.path)).path
    return code


def heard_in(owner_url: str, people: Officers, needle: str, *, as_account: Account) -> set[str]:
    """The tables in which something is found, read as the owner with everything somebody may see."""
    with psycopg.connect(owner_url) as sql:
        sql.execute(
            "select set_config('app.group_id', %s, false), set_config('app.account_id', %s, false)",
            (str(people.group.id), str(as_account.id)),
        )
        tables = [
            row[0] for row in sql.execute("select tablename from pg_tables where schemaname = 'public'")
        ]
        return {
            t
            for t in tables
            if sql.execute(f"select 1 from {t} t where t::text ilike %s limit 1", (f"%{needle}%",)).fetchone()
        }


def diary_of(people: Officers, who: Account) -> set[str]:
    """What the group's diary says somebody did."""
    with in_scope(people.group):
        events = db.session.execute(
            db.text("select event from audit_events where account_id = :a"), {"a": who.id}
        )
        return set(events.scalars())


class TestWhileItLives:
    def test_who_asked_and_why_stand_in_the_sealed_rows_only(
        self, client: StrictClient, people: Officers, canary: Account, database_urls: Addresses, caplog: pytest.LogCaptureFixture
    ) -> None:  # fmt: skip
        with caplog.at_level(logging.DEBUG):
            code = walk_through(client, people, canary)
        owner, chair = database_urls.owner_url, people.chair
        assert heard_in(owner, people, "CANARY", as_account=chair) == {"members"}
        heard = heard_in(owner, people, str(canary.id), as_account=chair)
        assert heard - WHO_THEY_ARE == {"hardship_requests", "audit_events"}
        assert diary_of(people, canary) == {"member.account_linked"}
        assert heard_in(owner, people, code, as_account=chair) == {"journals", "drafts", "hardship_requests"}
        with in_scope(people.group, chair):
            request = db.session.scalars(db.select(HardshipRequest)).one()
        assert heard_in(owner, people, str(request.id), as_account=chair) == SEALED
        said = "\n".join(record.getMessage() for record in caplog.records)
        for needle in ("CANARY", str(canary.id), code, str(request.id)):
            assert needle not in said

    def test_no_page_of_the_book_and_no_figure_names_anybody(
        self, client: StrictClient, people: Officers, canary: Account
    ) -> None:
        walk_through(client, people, canary)
        other = make_holder("member", people.group)
        client.sign_in(other)
        for what in ("", "/report", "/hardship", "/reserve"):
            page = client.fetch(f"/g/{people.group.id}/money{what}")
            assert "CANARY" not in page.html
            assert str(canary.id) not in page.html

    def test_nobody_sees_when_who_asked_is_a_member_at_the_door(
        self, client: StrictClient, people: Officers, database_urls: Addresses
    ) -> None:
        with in_scope(people.group):
            member = a_member("Baraka")
        make_request(people, who=people.secretary, member=member)
        heard = heard_in(database_urls.owner_url, people, str(member.id), as_account=people.chair)
        assert heard == {"members", "hardship_requests", "audit_events"}
        with in_scope(people.group):
            events = db.session.execute(
                db.text("select event from audit_events where subject_id = :m"), {"m": member.id}
            )
            assert set(events.scalars()) == {"member.added"}


class TestWhenItsDayHasCome:
    def gone(self, people: Officers, *who: Account) -> bool:
        """Whether nobody who could see it finds it, nor what was said about it."""
        for one in who:
            with in_scope(people.group, one):
                if (
                    db.session.scalars(db.select(HardshipRequest)).all()
                    or db.session.scalars(db.select(HardshipAnswer)).all()
                ):
                    return False
        return True

    def test_a_paid_one_is_destroyed_and_the_book_still_verifies(
        self, app: Pamoja, people: Officers, database_urls: Addresses
    ) -> None:
        request_id = make_paid_request(people, now=clock.now() - timedelta(days=91))
        make_paid_request(people, now=clock.now() - timedelta(days=88))
        with the_app().app_context():
            destroy_requests(now=clock.now())
        with in_scope(people.group, people.member):
            left = db.session.scalars(db.select(HardshipRequest.id)).all()
        assert len(left) == 1
        assert request_id not in left
        assert heard_in(database_urls.owner_url, people, str(request_id), as_account=people.member) == set()
        ran = app.test_cli_runner().invoke(args=["book", "verify", "--group", people.group.slug])
        assert ran.exit_code == 0, ran.output
        with in_scope(people.group):
            assert checks.faults() == []

    def test_nobody_in_office_any_more_and_nobody_who_asked_signs_in(self, people: Officers) -> None:
        with in_scope(people.group):
            member = a_member("Baraka")
        long_ago = clock.now() - timedelta(days=200)
        make_request(people, who=people.secretary, member=member, now=long_ago)
        with in_scope(people.group):
            db.session.execute(
                db.text("update role_assignments set ends_at = now() where group_id = scope.group_id()")
            )
        with the_app().app_context():
            destroy_requests(now=clock.now())
        newly = make_holder("chairperson", people.group)
        assert self.gone(people, newly)

    @pytest.mark.parametrize("days", [182, 184])
    def test_one_that_nobody_settled_closes_on_the_day_fixed_when_it_was_filed(
        self, people: Officers, days: int
    ) -> None:
        request_id = make_request(people, now=clock.now() - timedelta(days=days))
        if days > 183:
            agree(people, request_id)
        with the_app().app_context():
            destroy_requests(now=clock.now())
        assert self.gone(people, people.member, people.chair) == (days > 183)

    def test_a_declined_one_goes_three_months_later(self, people: Officers) -> None:
        then = clock.now() - timedelta(days=91)
        request_id = make_request(people, now=then)
        for who in (people.chair, people.treasurer):
            answer(people, request_id, who, agrees=False, now=then)
        with the_app().app_context():
            destroy_requests(now=clock.now())
        assert self.gone(people, people.member, people.chair)


def test_the_network_is_sent_sums_that_no_request_shows_in(people: Officers) -> None:
    """What is asked for shows nowhere; what is paid is in the sum of all that was spent, and not told apart."""
    day = day_there()

    def figures() -> dict[str, int | None]:
        with in_scope(people.group):
            start = day.replace(day=1)
            return {one.name: one.compute(start, start + timedelta(days=31)) for one in registered()}

    before = figures()
    agree(people, make_request(people))
    assert figures() == before
    make_paid_request(people)
    changed = {name for name, value in figures().items() if value != before[name]}
    assert changed == {"money_spent"}
