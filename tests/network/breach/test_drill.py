"""PRIV-10: from the id of a row to the people it touches, the columns and the readers of the last thirty days."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result

from groups.looks.models import Look
from network import audit, clock
from network.breach.queries import trace
from network.db import db
from tests.factories.challenges import a_challenge, a_committee, a_declared_result
from tests.factories.groups import a_member
from tests.factories.network import make_account, make_group, make_holder
from tests.factories.onboarding import send_application
from tests.support.app import in_scope, the_app


def drill(*words: object) -> Result:
    return the_app().test_cli_runner().invoke(args=["breach", *map(str, words)])


def told(*words: object) -> dict[str, Any]:
    result = drill(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def account(app: object) -> uuid.UUID:
    return make_account(shown_name="Wanjiru Zebra").id


def test_a_member_is_traced_with_columns_and_readers(account: uuid.UUID) -> None:
    group, today = make_group(), clock.today("UTC")
    chair = make_holder("chairperson", group)
    with in_scope(group, chair.id):
        member, other = a_member("Canary Zebra", account_id=account).id, a_member("Somebody Else").id
        for who, days in ((member, 3), (member, 40), (other, 3)):
            db.session.add(Look(member_id=who, office="chairperson", on_day=today - timedelta(days=days)))
        for name, days in (("member.changed", 2), ("member.seen_long_ago", 45)):
            audit.record(name, _Thing(member), now=clock.now() - timedelta(days=days))
    found = told("members", member)
    [place] = found["touched"]
    assert (place["group_id"], place["accounts"], place["members"]) == (
        str(group.id),
        [str(account)],
        [str(member)],
    )
    assert [(one["office"], one["day"]) for one in place["looks"]] == [
        ("chairperson", str(today - timedelta(days=3)))
    ]
    done = {one["event"]: one["account"] for one in place["done"]}
    assert done["member.changed"] == str(chair.id)
    assert "member.seen_long_ago" not in done
    columns = {one["column"]: (one["data_class"], one["held"], one["is_filled"]) for one in found["columns"]}
    assert columns["nickname"] == ("person", "readable", True)
    assert columns["contact"] == ("contact", "sealed", False)
    for said in (drill("members", member).output, json.dumps(found)):
        assert "Zebra" not in said


class _Thing:
    def __init__(self, which: uuid.UUID) -> None:
        self.id = which


def test_an_account_is_traced_to_each_group(account: uuid.UUID) -> None:
    groups = [make_group(), make_group()]
    members = []
    for group in groups:
        with in_scope(group):
            members.append(a_member("Canary", account_id=account).id)
    found = told("accounts", account)
    places = {one["group_id"]: one["members"] for one in found["touched"] if one["group_id"]}
    assert places == {str(group.id): [str(member)] for group, member in zip(groups, members, strict=True)}
    assert str(account) in drill("accounts", account).output


def test_a_row_shown_to_few_is_found_all_the_same(app: object) -> None:
    here = a_declared_result()
    a_committee(here)
    made = a_challenge(here)
    found = told("election_challenges", made)
    [place] = found["touched"]
    assert (place["accounts"], place["members"]) == ([str(here.voter)], [str(here.voter_member)])
    assert ("words", "sensitive", "sealed") in {
        (one["column"], one["data_class"], one["held"]) for one in found["columns"]
    }


def test_a_groups_key_touches_everybody_there(app: object) -> None:
    here = a_declared_result()
    a_committee(here)
    a_challenge(here)
    with in_scope(here.group):
        key = db.session.scalar(sa.text("select id from group_keys"))
        everybody = {str(one) for one in db.session.scalars(sa.text("select id from members"))}
    assert set(told("group_keys", key)["touched"][0]["members"]) == everybody


def test_somebody_without_an_account_is_said_to_be_one(app: object) -> None:
    sent = send_application(why="Zebra")
    found = told("applications", sent.application.id)
    assert "no account" in found["nobody"]
    assert "Nobody, as far as is noted." in drill("applications", sent.application.id).output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("no_table", uuid.uuid4()), "No table is called no_table."),
        (("members", uuid.uuid4()), "No row of members has this id. It may be gone already."),
        (("members", "Wanjiru"), "Wanjiru is not the id of a row."),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(app: object, words: tuple[object, ...], says: str) -> None:
    result = drill(*words)
    assert (result.exit_code, result.output.strip()) == (1, f"Error: {says}")


def test_says_by_when_whom_to_tell(account: uuid.UUID) -> None:
    said = drill("accounts", account).output
    asked = told("accounts", account)["at"]
    days = [(datetime.fromisoformat(asked) + timedelta(hours=hours)).date() for hours in (48, 72)]
    assert all(str(day) in said for day in days)


def test_goes_by_the_time_it_is_given(account: uuid.UUID) -> None:
    group, now = make_group(), clock.now()
    with in_scope(group):
        member = a_member("Canary").id
        db.session.add(Look(member_id=member, office="secretary", on_day=(now - timedelta(days=5)).date()))
    with the_app().app_context():
        assert trace("members", member, now=now).touched[0].looks
        assert not trace("members", member, now=now + timedelta(days=30)).touched[0].looks
