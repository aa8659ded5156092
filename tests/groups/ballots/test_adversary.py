"""VOTE-04: somebody with a dump after each vote, every log and one share tries to find who voted for whom.

The same attack runs against a deliberately naive box, which keeps each choice in a row of its own: there it must succeed,
so that it is known to look.
"""

import itertools
import json
import logging
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from network.servers import Addresses
from network.tenancy.models import Group
from tests.factories.ballots import an_open_box, people_of
from tests.factories.network import make_group
from tests.support.app import in_group
from tests.support.client import StrictClient

VOTERS, CANDIDATES = 25, 3
Dump = dict[str, dict[str, dict[str, Any]]]
"""Table, then physical place, then what stands there."""
TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' order by 1"


def dump(sql: psycopg.Connection[Any], group: Group) -> Dump:
    """Everything in every table, with where each row lies and which transaction wrote it."""
    sql.execute("select set_config('app.group_id', %s, false)", (str(group.id),))
    found: Dump = {}
    for (table,) in sql.execute(TABLES).fetchall():
        rows = sql.execute(f"select ctid::text, xmin::text, to_jsonb(t.*) from {table} t").fetchall()
        found[table] = {f"{place} {by}": {**content, "xmin": int(by)} for place, by, content in rows}
    sql.commit()
    return found


def new_rows(before: Dump, after: Dump) -> list[tuple[str, dict[str, Any]]]:
    """What one vote left behind."""
    return [
        (table, row) for table, rows in after.items() for place, row in rows.items() if place not in before.get(table, {})
    ]  # fmt: skip


def guesses(dumps: Sequence[Dump], last: Dump, choices: Counter[int]) -> dict[str, list[int | None]]:
    """Every way this attacker knows: for each, what it says the voters chose, in the order they voted."""
    steps = [new_rows(before, after) for before, after in itertools.pairwise(dumps)]
    found: dict[str, list[int | None]] = {}
    places = {(table, column) for step in steps for table, row in step for column in row}
    for table, column in sorted(places):  # a choice that stands in what a vote wrote
        read = [
            next(
                (row[column] for name, row in step if name == table and row.get(column) in list(choices)),
                None,
            )
            for step in steps
        ]
        if any(read):
            found[f"{table}.{column} says it"] = read
    for table, rows in last.items():  # opened papers put in the order of anything there is
        papers = [row for row in rows.values() if "candidate" in row]
        for column in sorted({name for row in papers for name in row}):
            ordered = sorted(papers, key=lambda row: str(row[column]).rjust(40))
            found[f"{table} by {column}"] = [row["candidate"] for row in ordered]
        found[f"{table} as it lies"] = [row["candidate"] for row in papers]
    values = [{str(value) for _table, row in step for value in row.values()} for step in steps]
    opened = [row for rows in last.values() for row in rows.values() if "candidate" in row]
    found["a value in common"] = [
        next((row["candidate"] for row in opened if {str(row["id"]), str(row.get("ballot"))} & its), None)
        for its in values
    ]
    return found


def best(found: dict[str, list[int | None]], truth: Sequence[int]) -> tuple[int, str]:
    """The most links any way finds."""
    return max((sum(a == b for a, b in zip(said, truth, strict=False)), how) for how, said in found.items())


@pytest.fixture
def sql(database_urls: Addresses) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_urls.owner_url) as connection:
        yield connection


def choices(chance: random.Random) -> list[int]:
    """Who chooses whom: each candidate eight times or nine, in an order of no pattern."""
    chosen = [1 + number % CANDIDATES for number in range(VOTERS)]
    chance.shuffle(chosen)
    return chosen


def test_it_finds_no_link_above_chance(
    client: StrictClient, sql: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    group = make_group()
    with in_group(group):
        held = an_open_box(VOTERS, candidates=CANDIDATES)
    truth = choices(random.Random(uuid.uuid4().int))
    dumps = [dump(sql, group)]
    for account, chosen in zip(people_of(group, held), truth, strict=True):
        client.sign_in(account)
        page = client.fetch(f"/g/{group.id}/elections/{held.election.id}/box/vote")
        assert client.send(page, {"contest-1": str(chosen)}).status == 200
        dumps.append(dump(sql, group))
    with in_group(group):
        held.close()
        held.open_by_two()
    last = dump(sql, group)
    lengths = {len(row["sealed"]) for rows in dumps[-1].values() for row in rows.values() if "sealed" in row}
    assert len(lengths) == 1
    links, how = best(guesses(dumps, last, Counter(truth)), truth)
    # by guessing eight or nine of twenty-five are right; the best of a few dozen ways reaches about fifteen
    assert links < 21, f"{how} finds {links} of {VOTERS}"
    everything = json.dumps([dumps, last], default=str) + caplog.text
    assert '{"1":[' not in everything, "a paper as it was filled in stands somewhere"


def test_it_finds_every_link_in_a_naive_box(
    app: object, sql: psycopg.Connection[Any], database_urls: Addresses
) -> None:
    """No column names the voter, and yet the order tells."""
    group = make_group()
    truth = choices(random.Random(7))
    with psycopg.connect(database_urls.owner_url) as owner:
        owner.execute(
            "create table naive_ballots (id uuid primary key default gen_random_uuid(), candidate int)"
        )
        owner.commit()
        try:
            dumps = [dump(sql, group)]
            for chosen in truth:
                owner.execute("insert into naive_ballots (candidate) values (%s)", (chosen,))
                owner.commit()
                dumps.append(dump(sql, group))
            links, _how = best(guesses(dumps, dumps[-1], Counter(truth)), truth)
            late, how = best(guesses([], dumps[-1], Counter(truth)), truth)
        finally:
            owner.execute("drop table naive_ballots")
            owner.commit()
    assert links == VOTERS
    assert late == VOTERS, f"a single dump at the end is enough: {how}"
