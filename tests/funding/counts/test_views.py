"""Counting the box together: blind first, then beside the book, then two signatures on one phone."""

import pytest

from funding.counts.models import CashCount, CountState
from funding.ledger import queries as ledger
from funding.ledger.rules import EntryKind
from funding.verification import queries as checks
from network.db import db
from tests.factories.funding import Officers, make_officers, make_staff, post_income
from tests.factories.network import PASSWORD, make_group, make_holder, make_network
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 125_000)
    return made


def where(people: Officers) -> str:
    return f"/g/{people.group.id}/money/counts"


def count(client: StrictClient, people: Officers, who: object = None, **pieces: str) -> Page:
    client.sign_in(who or people.treasurer)
    return client.send(client.fetch(f"{where(people)}/write"), pieces)


def second(people: Officers, role: str = "chairperson") -> dict[str, str]:
    sign_in = f"{people.group.slug}-{role}@people.example"
    make_holder(role, people.group, sign_in=sign_in)
    return {"sign_in": sign_in, "password": PASSWORD}


class TestCount:
    def test_does_not_show_the_book_before_it_is_counted(
        self, client: StrictClient, people: Officers
    ) -> None:
        client.sign_in(people.treasurer)
        assert "1,250" not in client.fetch(f"{where(people)}/write").html

    def test_the_same_as_the_book_posts_nothing_and_is_kept(
        self, client: StrictClient, people: Officers
    ) -> None:
        sign = count(client, people, piece_100000="1", piece_20000="1", piece_5000="1")
        shown = client.send(sign, second(people))
        assert shown.path.startswith(where(people))
        assert "1,250" in shown.text
        with in_scope(people.group):
            kept = db.session.scalars(db.select(CashCount)).one()
            assert (kept.state, kept.amount, kept.book, kept.journal_id) == (
                CountState.DONE,
                125_000,
                125_000,
                None,
            )
            assert kept.entries == 1

    @pytest.mark.parametrize(
        ("pieces", "left"), [({"piece_100000": "1"}, 100_000), ({"piece_100000": "2"}, 200_000)]
    )
    def test_a_difference_is_posted_under_its_own_name_with_words(
        self, client: StrictClient, people: Officers, pieces: dict[str, str], left: int
    ) -> None:
        sign = count(client, people, **pieces)
        signing = second(people)
        assert client.send(sign, signing).fields_with_errors == {"why"}
        shown = client.send(sign, {**signing, "why": "We do not know", "once": ""})
        assert "We do not know" in shown.text
        with in_scope(people.group):
            kept = db.session.scalars(db.select(CashCount)).one()
            entry = ledger.get_entry(kept.journal_id)
            assert (entry.kind, entry.memo.words) == (EntryKind.COUNT, "We do not know")
            assert {entry.recorded_by_id, entry.confirmed_by_id} == {kept.counted_by_id, kept.agreed_by_id}
            assert (kept.book, kept.entries) == (125_000, 2)
            assert ledger.held() == {("cash", "general"): left}
            assert checks.faults() == []

    def test_by_one_person_does_not_count(self, client: StrictClient, people: Officers) -> None:
        signing = second(people, "treasurer")
        with in_scope(people.group):
            from network.accounts.queries import find_account

            alone = find_account(signing["sign_in"])
        sign = count(client, people, alone, piece_100000="1", other="250")
        assert client.send(sign, signing).status == 422
        assert client.send(sign, {**second(people, "member"), "once": ""}).status == 422

    def test_waits_also_on_the_second_persons_own_phone(self, client: StrictClient, people: Officers) -> None:
        sign = count(client, people, other="1250")
        client.sign_in(people.secretary)
        assert sign.path in client.fetch(f"/g/{people.group.id}/").links
        assert client.send(client.fetch(sign.path)).status == 200
        with in_scope(people.group):
            assert db.session.scalars(db.select(CashCount.agreed_by_id)).one() == people.secretary.id

    def test_is_looked_at_again_when_the_book_has_moved(self, client: StrictClient, people: Officers) -> None:
        sign = count(client, people, other="1250")
        post_income(people, 500)
        signing = second(people)
        again = client.send(sign, signing)
        assert again.status == 422
        assert "5" in again.text
        assert client.send(again, {**signing, "why": "A gift came in between"}).status == 200

    def test_can_be_begun_again(self, client: StrictClient, people: Officers) -> None:
        sign = count(client, people, other="3")
        assert count(client, people, other="4").status == 422
        client.send(client.fetch(sign.path), to="/take-away")
        assert client.get(sign.path).status_code == 404
        assert count(client, people, other="4").path.endswith("/sign")

    def test_nothing_at_all_is_asked_about(self, client: StrictClient, people: Officers) -> None:
        assert count(client, people).fields_with_errors == {"other"}
        assert count(client, people, piece_5000="-3").fields_with_errors == {"piece_5000"}

    def test_members_read_it_and_write_nothing(self, client: StrictClient, people: Officers) -> None:
        shown = client.send(count(client, people, other="1250"), second(people))
        client.sign_in(people.member)
        assert client.fetch(shown.path).status == 200
        assert client.get(f"{where(people)}/write").status_code == 403

    def test_prints(self, client: StrictClient, people: Officers) -> None:
        shown = client.send(count(client, people, other="1250"), second(people))
        paper = client.get(f"{shown.path}/count.pdf")
        assert paper.data.startswith(b"%PDF")
        assert people.group.name not in paper.headers["Content-Disposition"]


def test_money_without_known_notes_is_one_amount(client: StrictClient) -> None:
    people = make_officers(make_group(make_network(currency="KWD")))
    page = client.sign_in(people.treasurer).fetch(f"{where(people)}/write")
    assert "piece_" not in page.html
    assert count(client, people, other="1.250").path.endswith("/sign")


def test_an_office_counts_its_box_too(client: StrictClient) -> None:
    staff = make_staff()
    client.sign_in(staff.finance)
    sign = client.send(client.fetch(f"/n/{staff.office.id}/money/counts/write"), {"other": "0"})
    client.sign_in(staff.administration)
    assert client.send(client.fetch(sign.path)).path.startswith(f"/n/{staff.office.id}/money/counts/")
