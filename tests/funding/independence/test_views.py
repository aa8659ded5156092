"""The page opens for every member, empty and full, with numbers beside every bar."""

import pytest

from funding.ledger.queries.by_month import moved_by_month
from funding.ledger.rules import EntryKind
from network.db import db
from tests.factories.funding import make_officers, post_income, today
from tests.support.app import in_scope
from tests.support.client import StrictClient


def test_an_empty_book_teaches_the_next_step(client: StrictClient) -> None:
    people = make_officers()
    assert client.sign_in(people.member).fetch(f"/g/{people.group.id}/money/over-time").status == 200


@pytest.mark.parametrize("language", ["en", "sw"])
def test_has_a_number_for_every_bar(client: StrictClient, language: str) -> None:
    people = make_officers()
    post_income(people, 500_000)
    post_income(people, 250_000, kind=EntryKind.OTHER_INCOME)
    client.sign_in(people.member).get(f"/language/{language}")
    page = client.fetch(f"/g/{people.group.id}/money/over-time")
    assert "7,500" in page.text
    assert len(list(page.tree.iter("table"))) == 2


def test_reads_the_book_once(app: object) -> None:
    people = make_officers()
    post_income(people, 5)
    with in_scope(people.group):
        assert db.session is not None
        assert sum(one.amount for one in moved_by_month(today().replace(year=today().year + 1))) == 0
