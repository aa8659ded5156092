"""What somebody takes away: all of theirs, nothing about others, in a minute."""

import io
import json
import time
import uuid
import zipfile

import pytest
import sqlalchemy as sa

from groups.membership.models import Member
from network.accounts.models import Account
from network.data_map import DataClass
from network.db import db
from network.mine import rows
from tests.network.mine.conftest import Story
from tests.support import canaries
from tests.support.app import in_scope

EVERYTHING = frozenset(DataClass) - {DataClass.NONE, DataClass.SECRET}
PEOPLE = ("+254700111203", "wanjiru@nairobi.example", "amina@usp-kenya.example")


def taken(story: Story, account_id: object) -> tuple[str, str]:
    client = story.app.test_client().sign_in(account_id)  # type: ignore[attr-defined]
    response = client.get("/me/everything.zip")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.data)) as file:
        return file.read("my-page.json").decode(), file.read("my-page.html").decode()


@pytest.mark.parametrize("sign_in", PEOPLE)
def test_it_holds_every_word_of_mine_and_none_of_others(story: Story, sign_in: str) -> None:
    account_id = story.account(sign_in)
    with in_scope(None, account_id):
        places = rows.places_ever(account_id)
    others = {canary for place in places for canary in canaries.of_others(account_id, place)}
    assert len(others) > 40
    mine = canaries.mine(account_id, classes=EVERYTHING)
    began = time.monotonic()
    told, page = taken(story, account_id)
    assert time.monotonic() - began < 60
    assert {canary for canary in mine if canary not in told} == set()
    assert "OTHERS" not in told
    assert "OTHERS" not in page
    if "@usp" not in sign_in:
        assert len(mine) > 5
        assert "MINE-members-nickname-0" in page


def test_nobody_else_is_named_in_it_by_any_key(story: Story) -> None:
    account_id = story.account("wanjiru@nairobi.example")
    told, _ = taken(story, account_id)
    with in_scope():
        others = set(map(str, db.session.scalars(sa.select(Account.id)))) - {str(account_id)}
    with in_scope(None, account_id):
        places = rows.places_ever(account_id)
    for place in places:
        with in_scope(place):
            theirs = sa.select(Member.id).where(Member.account_id.is_distinct_from(account_id))
            others |= set(map(str, db.session.scalars(theirs)))
    assert len(others) > 20
    assert {one for one in others if one in told} == set()


def test_every_row_that_leads_to_them_is_in_it(story: Story) -> None:
    account_id = story.account("+254700111203")
    told = json.loads(taken(story, account_id)[0])
    for place in told["places"]:
        with story.app.app_context():
            counts = rows.count_in_place(account_id, uuid.UUID(place["id"]))
        assert {table: len(found) for table, found in place["rows"].items()} == counts
        assert "contributions" in counts or "journals" in counts
