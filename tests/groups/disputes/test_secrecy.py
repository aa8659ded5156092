"""A canary goes through the whole life of a matter: it is heard nowhere on the machine, with any key the platform has; then nothing is left."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import redis

from groups.disputes import commands, queries
from groups.disputes.jobs import destroy_matters
from groups.disputes.models import Matter, MatterLock, MatterText
from network import clock
from network.db import db
from network.key_pairs import boxes
from network.key_pairs.queries import find_pair
from network.servers import Addresses
from network.vault import keys
from tests.factories.disputes import (
    LONG_AGO,
    SAID,
    Disputes,
    agreed,
    bring,
    forget_password,
    heard,
    latest_review,
    make_disputes,
    offer,
    private_of,
    seen,
)
from tests.factories.groups import a_member
from tests.factories.network import PASSWORD, word
from tests.groups.disputes.test_views import at, enter
from tests.support.app import in_scope, the_app
from tests.support.client import StrictClient
from tests.support.write_ahead import WriteAhead


@pytest.fixture
def here(app: object) -> Disputes:
    return make_disputes()


@pytest.fixture
def administrator(database_urls: Addresses) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_urls.admin_url.replace("+psycopg", "")) as sql:
        yield sql


def tables(sql: psycopg.Connection[Any]) -> bytes:
    """Every row there is, past every fence."""
    names = [
        one
        for (one,) in sql.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    ]
    rows = [row[0] for name in names for row in sql.execute(f"select t::text from {name} t").fetchall()]
    return "\n".join(rows).encode()


def in_redis(url: str) -> bytes:
    with redis.Redis.from_url(url) as kept:
        return repr([(key, kept.dump(key)) for key in kept.scan_iter()]).encode()


class TestACanary:
    def test_is_heard_nowhere_and_by_the_panel(
        self, client: StrictClient, here: Disputes, administrator: psycopg.Connection[Any], database_urls: Addresses,
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        canary = f"canary{word()}"
        log = WriteAhead(database_urls.admin_url)
        since = log.place()
        offer(here)
        with caplog.at_level(logging.DEBUG):
            self.walk_through(client, here, canary)
        places = {
            "tables": tables(administrator), "changes": log.since(since), "redis": in_redis(database_urls.redis_url),
            "log": "\n".join(record.getMessage() for record in caplog.records).encode(),
        }  # fmt: skip
        log.close()
        for secret in (canary, PASSWORD, private_of(here.panel[0]).hex()):
            forms = {secret.encode(), secret.encode().hex().encode()}
            assert [
                place for place, content in places.items() if any(form in content for form in forms)
            ] == []

    def walk_through(self, client: StrictClient, here: Disputes, canary: str) -> None:
        client.send(
            client.sign_in(here.bringer).fetch(at(here) + "/bring"),
            {"words": canary, "others": canary, "panel": "here"},
        )
        with in_scope(here.group, here.bringer):
            matter_id = db.session.scalars(db.select(Matter.id)).one()
        place = at(here, matter_id)
        assert canary in enter(client, here.panel[0], place).text
        client.send(client.fetch(f"{place}/notes"), {"words": canary})
        client.send(client.fetch(f"{place}/tell"), {"words": canary, "who": str(here.party.id)})
        on = (clock.now() + timedelta(days=9)).date().isoformat()
        client.send(client.fetch(f"{place}/outcome"), {"words": canary, "review_on": on})
        client.send(enter(client, here.panel[1], place), to="/agree")
        assert client.fetch(place).text.count(canary) == 5
        told = enter(client, here.party, "/me/matters")
        link = next(one for one in told.links if "/told/" in one)
        assert canary in client.fetch(link).text
        assert client.send(client.fetch(f"{link}/answer"), {"words": canary}).text.count(canary) == 3
        for page in ("/me", f"/me/in/{here.group.id}"):
            assert canary not in client.fetch(page).html
        assert client.get("/me/everything.zip").status_code == 200
        writing = client.sign_in(here.panel[0]).fetch(at(here) + "/write-down")
        with in_scope(here.group):
            teller = str(a_member(word()).id)
        client.send(writing, {"told_by": teller, "words": canary, "others": canary, "is_read_out": "y"})
        forget_password(here.panel[2])
        client.send(enter(client, here.panel[0], place), to="/let-in")
        client.send(client.fetch(f"{place}/help"), {"group": str(here.other.id)})
        asked = client.sign_in(here.others[0]).fetch(f"/g/{here.other.id}/")
        client.send(client.fetch(next(one for one in asked.links if "/asks/" in one)))
        client.send(enter(client, here.panel[0], place), to="/seat")
        there = place.replace(str(here.group.id), str(here.other.id))
        assert canary in enter(client, here.others[0], there).text

    def test_opens_with_no_key_the_platform_has(self, here: Disputes) -> None:
        matter_id, one = heard(here), here.panel[0]
        with in_scope(here.group, one):
            texts = queries.texts_of(matter_id)
            locks = db.session.scalars(db.select(MatterLock)).all()
            pair = find_pair(one.id)
            assert pair
            master = the_app().config["MASTER_KEY"].encode()
            known = [
                keys.group_key().secret,
                keys.sealing_key(keys.ACCOUNTS).secret,
                keys.derived("wrap"),
                master[:32].ljust(32, b"0"),
            ]
            for key in known:
                for text in texts:
                    assert boxes.unclose(key, text.content, bound_to=queries.place_of(text)) is None
                    for lock in locks:
                        place = queries.place_of_lock(text, lock.account_id)
                        assert boxes.unwrap(lock.wrapped, key, bound_to=place) is None
                assert boxes.unlock(pair.lock, key.hex(), bound_to=f"{one.id} key_pairs.lock") is None
            private = boxes.unlock(pair.lock, PASSWORD, bound_to=f"{one.id} key_pairs.lock")
            assert private
            assert len(queries.opened(texts, one.id, private)) == 2

    def test_moved_to_another_text_or_another_matter_it_does_not_open(self, here: Disputes) -> None:
        one, two, me = heard(here), heard(here), here.panel[0]
        private = private_of(me)
        with in_scope(here.group, me):
            words = [queries.texts_of(each)[0] for each in (one, two)]
            found = queries.keys_of(words, me.id, private)
            assert (
                boxes.unclose(found[words[0].id], words[0].content, bound_to=queries.place_of(words[1]))
                is None
            )
            assert SAID in str(queries.opened(words, me.id, private))
            locks = [
                queries.locks_for(me.id, each)[text.id] for each, text in zip((one, two), words, strict=True)
            ]
            for lock, text in ((locks[0], words[1]), (locks[1], words[0])):
                place = queries.place_of_lock(text, me.id)
                assert boxes.unwrap(lock.wrapped, private, bound_to=place) is None
            other = queries.place_of_lock(words[0], here.panel[1].id)
            assert boxes.unwrap(locks[0].wrapped, private, bound_to=other) is None


class TestWhenItsDayHasCome:
    def run(self) -> None:
        with the_app().app_context():
            destroy_matters(now=clock.now())

    def test_one_nobody_settled_goes_after_a_year_with_everything_and_only_once(
        self, here: Disputes, administrator: psycopg.Connection[Any]
    ) -> None:
        with in_scope(here.group):  # of the committee then already
            db.session.execute(db.text("update role_assignments set starts_at = now() - interval '3 years'"))
        old = heard(here, now=clock.now() - timedelta(days=366))
        left = heard(here, now=clock.now() - timedelta(days=363))
        self.run()
        self.run()
        assert seen(old, here.group, here.panel[0]) is None
        assert seen(left, here.group, here.panel[0])
        assert str(old).encode() not in tables(administrator)

    def test_a_closed_one_goes_ninety_days_later_though_nobody_who_heard_it_is_there(
        self, here: Disputes
    ) -> None:
        with in_scope(here.group):
            db.session.execute(db.text("update role_assignments set starts_at = now() - interval '3 years'"))
        gone = []
        for days in (91, 89):
            then = clock.now() - timedelta(days=days)
            matter_id = agreed(here, now=then - timedelta(days=31))
            with in_scope(here.group, here.panel[0]):
                commands.review(
                    queries.get_matter(matter_id), SAID, again_on=None, by=here.panel[0].id, now=then
                )
            private = private_of(here.panel[1])
            with in_scope(here.group, here.panel[1]):
                matter, read = queries.get_matter(matter_id), latest_review(matter_id)
                commands.close(matter, read, private=private, by=here.panel[1].id, now=then)
            gone.append(matter_id)
        with in_scope(here.group):
            db.session.execute(
                db.text("update role_assignments set ends_at = now() where group_id = scope.group_id()")
            )
        self.run()
        assert seen(gone[0], here.group, here.panel[0]) is None
        assert seen(gone[1], here.group, here.panel[0])

    def test_what_is_taken_back_leaves_nothing(
        self, here: Disputes, administrator: psycopg.Connection[Any]
    ) -> None:
        matter_id = bring(here, now=clock.now() - LONG_AGO + timedelta(days=1))
        with in_scope(here.group, here.bringer):
            commands.take_back(queries.get_matter(matter_id), by=here.bringer.id)
        assert str(matter_id).encode() not in tables(administrator)
        with in_scope(here.group, here.panel[0]):
            assert db.session.scalars(db.select(MatterText)).all() == []
