"""A group's door takes so many messages a day from one place; nobody can read which place, and the count is let go of."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from network import clock
from network.accounts.models import SignInTry
from network.db import db
from network.directory import commands, jobs, rules
from network.directory.commands import NotTaken
from network.directory.models import DoorCount, Enquiry
from network.tenancy.models import Group
from tests.factories.directory import list_group
from tests.factories.network import make_group
from tests.factories.referrals import somebody_reads
from tests.support.app import in_group, in_scope
from tests.support.client import StrictClient

TODAY = date(2026, 11, 22)


def count(group: Group, times: int = 1, *, whence: str = "192.0.2.0/24", today: date = TODAY) -> None:
    with in_scope():
        for _ in range(times):
            commands.count_message(group.id, whence=whence, today=today)


def test_each_group_place_and_day_is_counted_by_itself() -> None:
    group = make_group()
    count(group, rules.MOST_A_DAY)
    with pytest.raises(NotTaken) as refused:
        count(group)
    assert refused.value.refusal == rules.Refusal.TOO_MANY_TODAY
    count(group, whence="198.51.100.0/24")
    count(group, today=TODAY + timedelta(days=1))
    count(make_group())


def test_the_row_tells_neither_place_nor_group() -> None:
    group = make_group()
    count(group)
    with in_scope():
        columns = {column.name for column in DoorCount.__table__.columns}
        rows = db.session.execute(sa.text("select c::text from door_counts c")).scalars().all()
    assert columns == {"id", "whence", "on_day", "times"}
    assert not [row for row in rows if "192.0.2" in row or str(group.id) in row]


def test_goes_when_its_day_has_passed() -> None:
    now = clock.now()
    group = make_group()
    for ago in (0, 1, 2):
        count(group, today=now.date() - timedelta(days=ago))
    with in_scope():
        jobs.forget_door_counts(now=now)
    with in_scope():
        old = sa.select(DoorCount).where(DoorCount.on_day < now.date() - timedelta(days=1))
        assert db.session.scalars(old).all() == []
        assert db.session.scalars(sa.select(DoorCount).where(DoorCount.on_day == now.date())).first()


def test_all_doors_count_together_and_say_so_when_a_day_takes_no_more(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make_group()
    list_group(group)
    somebody_reads(group)
    monkeypatch.setattr(rules, "MOST_A_DAY", 3)
    sent = [
        ("join", {"called": "One"}),
        ("introduce", {"called": "Two", "introduced_by": "friend", "agreement": "y"}),
        ("ask", {"contact": "0700", "words": "Three?"}),
    ]
    for way, values in sent:
        assert client.send(client.fetch(f"/en/groups/{group.slug}/{way}"), values).status == 200
    for way, values in sent:
        with in_scope():
            db.session.execute(sa.delete(SignInTry))
        page = client.send(client.fetch(f"/en/groups/{group.slug}/{way}"), values)
        assert page.status == 429
    with in_group(group):
        assert len(db.session.scalars(sa.select(Enquiry)).all()) == 1
