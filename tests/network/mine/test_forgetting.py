"""Being forgotten: nothing of the person is anywhere, and nothing the group rests on has changed."""

import uuid

import pytest
import sqlalchemy as sa

from funding.ledger.models import Book, Journal, Leg
from groups.elections.models import Outcome
from network.accounts.models import Account, AccountIdentifier
from network.db import db
from network.mine import rows
from tests.factories.network import PASSWORD
from tests.network.mine.conftest import Story
from tests.support import canaries
from tests.support.app import in_scope
from tests.support.client import StrictClient

TREASURER, CHAIR, STAFF = "+254700111203", "wanjiru@nairobi.example", "amina@usp-kenya.example"


def places_of(account_id: uuid.UUID) -> list[uuid.UUID]:
    with in_scope(None, account_id):
        return rows.places_ever(account_id)


def what_rests(place_id: uuid.UUID) -> list[object]:
    """What the group's book and results rest on."""
    with in_scope(place_id):
        book = sa.select(Journal.number, Journal.hash, Journal.recorded_by_id).order_by(Journal.number)
        legs = sa.select(sa.func.count(), sa.func.sum(Leg.amount)).select_from(Leg)
        results = sa.select(Outcome.id, Outcome.votes, Outcome.is_elected).order_by(Outcome.id)
        asked = (book, legs, results, sa.select(Book.entries, Book.head))
        return [list(map(tuple, db.session.execute(one))) for one in asked]


def forget(story: Story, account_id: uuid.UUID, path: str = "/me/forget") -> None:
    client = story.app.test_client()
    assert isinstance(client, StrictClient)
    client.sign_in(account_id)
    page = client.send(client.fetch(path), {"password": PASSWORD})
    assert page.status == 200


def files_of(story: Story) -> str:
    """Everything the service keeps outside the database."""
    return story.erasures.read_text()


def queue_of(story: Story) -> str:
    redis = story.app.extensions["redis"]
    return " ".join(str(redis.dump(key)) + str(key) for key in redis.keys("*"))


@pytest.mark.parametrize("sign_in", [TREASURER, STAFF])
def test_nothing_of_them_is_left_anywhere(story: Story, sign_in: str) -> None:
    account_id = story.account(sign_in)
    places = places_of(account_id)
    sang = canaries.mine(account_id, classes=canaries.OWN)
    assert len(sang) > (5 if sign_in == TREASURER else 0)
    with in_scope():
        own = db.session.get_one(Account, account_id)
        shown = sa.select(AccountIdentifier.shown).where(AccountIdentifier.account_id == account_id)
        said = {"MINE", own.shown_name, *db.session.scalars(shown)}
    before = {place: what_rests(place) for place in places}
    everything = "\n".join(canaries.everything_in(admin_url(story)))
    assert {one for one in sang | said if one not in everything} == set()

    forget(story, account_id)

    heard = [row for row in canaries.everything_in(admin_url(story)) if any(one in row for one in said)]
    assert heard == []
    assert not any(one in files_of(story) + queue_of(story) for one in said)
    assert {place: what_rests(place) for place in places} == before
    verified = story.app.test_cli_runner().invoke(args=["book", "verify"])
    assert verified.exit_code == 0, verified.output


def admin_url(story: Story) -> str:
    from network.servers import addresses

    name = addresses.database_of(story.urls.owner_url)
    assert story.urls.admin_url
    return addresses.with_database(story.urls.admin_url, name).replace(
        "postgresql://", "postgresql+psycopg://", 1
    )
