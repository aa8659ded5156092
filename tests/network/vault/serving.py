"""A group in which people read and write while its key is changed, and whether all of it stands afterwards."""

import os
import random
import signal
import time
import traceback
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from network import clock
from network.accounts.models import Account
from network.db import db
from network.messages.models import Letter
from network.tenancy.models import Group
from network.vault import commands, keys
from tests.factories.groups import a_member
from tests.factories.network import make_account, make_group
from tests.support.app import in_scope, the_app
from tests.support.client import StrictClient
from tests.support.crowd import Act

AT_ONCE = 50
PAUSE = 0.02
"""Seconds between two acts of one person: many people are at work, and none of them all the time."""


@dataclass
class Busy:
    """The body of letter n is `words n`, whatever happens to its subject."""

    group: Group
    letters: list[uuid.UUID]
    people: list[Account]

    def read(self, _: int) -> None:
        """Some letters next to each other: each says what it said."""
        time.sleep(PAUSE)
        first = random.randrange(len(self.letters))
        wanted = {one: f"words {first + n}" for n, one in enumerate(self.letters[first : first + AT_ONCE])}
        with in_scope(self.group):
            found = db.session.execute(sa.select(Letter.id, Letter.body).where(Letter.id.in_(wanted)))
            assert {row.id: row.body for row in found} == wanted

    def write(self, times: int) -> list[str]:
        """Change one letter and write another, sometimes slowly. Answers which was written."""
        time.sleep(PAUSE)
        with in_scope(self.group):
            db.session.get_one(Letter, random.choice(self.letters)).subject = f"changed {times}"
            db.session.flush()
            if times % 20 == 0:
                time.sleep(0.3)  # the key is held by whoever thinks
            return [str(new_letter())]

    def serve(self, person: Account) -> Act:
        """Somebody opens their own page in the group and tells how they are reached. Answers when and how long it took."""
        app = the_app()

        def visit(times: int) -> list[float]:
            began = time.time()
            client = app.test_client()
            assert isinstance(client, StrictClient)
            page = client.sign_in(person).fetch(f"/g/{self.group.id}/members/me")
            contact = f"kip{times}@example.org"
            page = client.send(page, {"purpose": "contact", "contact": contact}, to="me/tell")
            assert (page.status, contact in page.html) == (200, True)
            return [began, time.time() - began]

        return visit

    def faults(self, written: Iterable[str]) -> list[str]:
        """What is not as it should be, read with nothing remembered."""
        keys._opened.clear()
        with in_scope(self.group):
            kept = {row.id: row.body for row in db.session.execute(sa.select(Letter.id, Letter.body))}
            raw = db.session.scalars(sa.text("select distinct substring(body from 1 for 2) from letters"))
            sealed_with = {keys.version_of(bytes(one)) for one in raw}
            versions = set(db.session.scalars(sa.text("select version from group_keys")))
        gone = [f"{one} is gone" for one in written if kept.pop(uuid.UUID(one), None) != "new"]
        changed = [f"letter {n}" for n, one in enumerate(self.letters) if kept.pop(one, None) != f"words {n}"]
        # Whoever was killed may have written one more and not said so.
        others = [f"{one} is nobody's" for one, body in kept.items() if body != "new"]
        old = [] if versions == sealed_with and len(versions) == 1 else [f"{versions} for {sealed_with}"]
        return gone + changed + others + old


def new_letter() -> uuid.UUID:
    """One more in the group in scope."""
    letter = Letter(id=uuid.uuid4(), recipient="r", subject="s", body="new", created_at=clock.now())
    db.session.add(letter)
    return letter.id


def write_letters(group: Group, count: int) -> list[uuid.UUID]:
    """So many at once, numbered."""
    common = {"recipient": "r", "subject": "s", "created_at": clock.now()}
    rows = [{"id": uuid.uuid4(), "body": f"words {n}"} | common for n in range(count)]
    for first in range(0, count, 2000):  # nobody's statement takes longer than ten seconds
        with in_scope(group):
            db.session.execute(sa.insert(Letter), rows[first : first + 2000])
    return [row["id"] for row in rows]


def busy_group(letters: int, *, people: int) -> Busy:
    """A new group with so many letters, and so many people with a page of their own."""
    group = make_group()
    accounts = [make_account() for _ in range(people)]
    with in_scope(group):
        for number, account in enumerate(accounts):
            a_member(f"Somebody {number}", account_id=account.id)
    return Busy(group, write_letters(group, letters), accounts)


def rotate_until_killed(engine: sa.Engine, owner: keys.Owner, *, after: int) -> None:
    """Change a key in a process that is killed after so many rows."""
    _, status = os.waitpid(begin_rotation(engine, owner, kill_after=after), 0)
    assert os.WIFSIGNALED(status), "it was killed before it came to an end"


def begin_rotation(
    engine: sa.Engine, owner: keys.Owner, *, wait: timedelta = timedelta(0), kill_after: int | None = None
) -> int:
    """Change a key in a process of its own; which one that is. It ends with 0 where all went well."""

    def tell(rows: int) -> None:
        if kill_after is not None and rows >= kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    if pid := os.fork():
        return pid
    status = 1
    try:
        engine.dispose(close=False)  # the connections are the parent's
        with the_app().app_context():
            done = commands.rotate_key(engine, owner, now=clock.now(), wait=wait, tell=tell)
        status = 0 if done and not done.unopened else 1
    except BaseException:  # noqa: BLE001 - told, and this process must not go on as its parent
        traceback.print_exc()
    finally:
        os._exit(status)
