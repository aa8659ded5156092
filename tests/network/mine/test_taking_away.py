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
from network.db import db
from network.mine import rows
from tests.network.mine.conftest import Story
from tests.support import canaries
from tests.support.app import in_scope

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
    written = {words for place in places for words in canaries.words_beside(account_id, place)}
    others = {canary for place in places for canary in canaries.of_others(account_id, place)}
    assert len(others) > 40
    assert canaries.of_other_people(account_id, places)
    mine = canaries.mine(account_id, classes=canaries.EVERYTHING, shown=True)
    began = time.monotonic()
    told, page = taken(story, account_id)
    assert time.monotonic() - began < 60
    assert {canary for canary in mine if canary not in told} == set()
    assert "OTHERS" not in told
    assert "OTHERS" not in page
    assert {words for words in written if words in told} == set()
    if "@usp" not in sign_in:
        assert len(written) > 20
        assert len(mine) > 5
        assert "MINE-members-nickname-0" in page


@pytest.mark.parametrize(
    ("who", "place"),
    [("wanjiru@nairobi.example", ("objective_steps", "who")), ("+254700111203", ("drafts", "words"))],
)
def test_a_column_that_is_shown_by_mistake_is_heard(
    story: Story, monkeypatch: pytest.MonkeyPatch, who: str, place: tuple[str, str]
) -> None:
    """The canaries sit beside what is theirs, so that the test above can fail."""
    table, column = place
    account_id, as_ever = story.account(who), rows._shown
    with in_scope(None, account_id):
        places = rows.places_ever(account_id)
    sang = {canary for one in places for canary in canaries.of_others(account_id, one)}
    assert [one for one in sang if f"-{table}-{column}".replace("_", "") in one]
    monkeypatch.setattr(
        rows, "_shown", lambda t, kind: [*as_ever(t, kind), column] if t.name == table else as_ever(t, kind)
    )
    assert "OTHERS" in taken(story, account_id)[0]


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
