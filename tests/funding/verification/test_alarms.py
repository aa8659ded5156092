"""A book that breaks a promise is stopped by the next check, and goes on when it holds again."""

import pytest
import sqlalchemy as sa

from funding.ledger.commands import CannotPost
from funding.ledger.rules import Refusal
from funding.verification.commands import note_faults
from funding.verification.jobs import verify_books
from funding.verification.queries import faults, find_alarm
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, make_officers, post_income
from tests.support.app import in_scope, the_app
from tests.support.client import StrictClient


def tamper(addresses: Addresses, people: Officers, add: int) -> None:
    engine = sa.create_engine(addresses.owner_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(
            sa.text("select set_config('app.group_id', :g, true)"), {"g": str(people.group.id)}
        )
        connection.execute(sa.text("alter table ledger_balances disable trigger kept"))
        connection.execute(
            sa.text("update ledger_balances set debit = debit + :n where group_id = :g and debit > 0"),
            {"n": add, "g": str(people.group.id)},
        )
        connection.execute(sa.text("alter table ledger_balances enable always trigger kept"))


def test_one_changed_balance_stops_that_book_and_no_other(
    app: object, database_urls: Addresses, client: StrictClient
) -> None:
    people, others = make_officers(), make_officers()
    post_income(people, 500)
    tamper(database_urls, people, 1)
    with the_app().app_context():
        verify_books(now=clock.now())
    with pytest.raises(CannotPost) as refused:
        post_income(people, 1)
    assert refused.value.refusal is Refusal.BOOK_STOPPED
    post_income(others, 1)
    client.sign_in(people.treasurer)
    assert "note" in [one.get("class") for one in client.fetch(f"/g/{people.group.id}/money").tree.iter("p")]
    tamper(database_urls, people, -1)
    with in_scope(people.group):
        assert faults() == []
        note_faults(faults(), now=clock.now())
        assert find_alarm() is None
    post_income(people, 1)
