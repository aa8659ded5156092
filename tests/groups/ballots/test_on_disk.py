"""VOTE-01: a choice is looked for where a computer really keeps things: table files, write-ahead log, queue, logs, letters.

Each search has to find a canary that was written there without a box, so that it is known to look.
"""

import logging
import random
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
import redis

from groups.ballots import queries
from groups.ballots.commands import mark_on_roll
from groups.ballots.models import Channel
from groups.ballots.rules import FEWEST_TO_OPEN
from groups.elections.queries import reload
from network import clock
from network.servers import Addresses
from network.servers.addresses import plain
from network.tenancy.models import Group
from tests.factories.ballots import Held, an_open_box, people_of
from tests.factories.network import make_group
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.write_ahead import WriteAhead

CANDIDATES = 12
log = logging.getLogger(__name__)


class Disk:
    """The files of the database under test, as whoever has the machine reads them."""

    def __init__(self, servers: Addresses) -> None:
        self.sql = psycopg.connect(plain(servers.admin_url), autocommit=True)
        self.log = WriteAhead(servers.admin_url)
        self.folder = Path(self._ask("show data_directory"))
        self.database = self._ask("select oid::text from pg_database where datname = current_database()")

    def _ask(self, question: str) -> str:
        row = self.sql.execute(question.encode()).fetchone()
        assert row is not None
        return str(row[0])

    def tables(self) -> bytes:
        """Every table and index of this database, with rows that were deleted and not cleared up yet."""
        self.sql.execute("checkpoint")
        folder = self.folder / "base" / self.database
        return b"\0".join(one.read_bytes() for one in sorted(folder.iterdir()) if one.is_file())

    def table(self, name: str) -> bytes:
        """One table with its indexes."""
        self.sql.execute("checkpoint")
        paths = self.sql.execute(
            "select pg_relation_filepath(%s::regclass) union all"
            " select pg_relation_filepath(indexrelid) from pg_index where indrelid = %s::regclass",
            (name, name),
        ).fetchall()
        return b"\0".join((self.folder / path).read_bytes() for (path,) in paths)

    def close(self) -> None:
        self.log.close()
        self.sql.close()

    def server_log(self) -> bytes:
        kept = self.folder.parent / "postgres.log"
        return kept.read_bytes() if kept.exists() else b""


@pytest.fixture
def disk(database_urls: Addresses) -> Iterator[Disk]:
    if not database_urls.admin_url:
        pytest.skip("the server that was lent shows nobody its files")
    found = Disk(database_urls)
    if not (found.folder / "base").is_dir():
        pytest.skip("the server's files are on another machine")
    yield found
    found.close()


def everything_in(queue: redis.Redis) -> bytes:
    """Keys and what stands in them, whatever they are."""
    read = {
        b"string": queue.get,
        b"list": lambda key: queue.lrange(key, 0, -1),
        b"set": queue.smembers,
        b"zset": lambda key: queue.zrange(key, 0, -1),
        b"hash": queue.hgetall,
        b"stream": queue.xrange,
    }
    return "".join(f"{key} {read[queue.type(key)](key)}\n" for key in queue.scan_iter()).encode()


def letters_in(app_folder: str) -> bytes:
    return b"".join(one.read_bytes() for one in Path(app_folder).glob("*.eml"))


def forms_of(order: Sequence[int]) -> dict[str, bytes]:
    """How a choice may stand somewhere: as a paper, as a list, as the form that was sent."""
    in_order = ",".join(map(str, order))
    ranks = {candidate: rank for rank, candidate in enumerate(order, start=1)}
    sent = "&".join(f"contest-1-{candidate}={ranks[candidate]}" for candidate in sorted(order))
    return {
        "a paper": in_order.encode(),
        "a list": ", ".join(map(str, order)).encode(),
        "a form": sent.encode(),
        "small numbers side by side": b"".join(one.to_bytes(2, "little") for one in order),
    }


def an_order(chance: random.Random) -> list[int]:
    """An order of twelve that nobody else has: one in some hundred millions."""
    return chance.sample(range(1, CANDIDATES + 1), CANDIDATES)


def vote(client: StrictClient, group: Group, held: Held, order: Sequence[int]) -> None:
    page = client.fetch(f"/g/{group.id}/elections/{held.election.id}/box/vote")
    ranks = {f"contest-1-{candidate}": str(rank) for rank, candidate in enumerate(order, start=1)}
    assert client.send(page, ranks).status == 200


def test_before_the_close_no_choice_is_readable_anywhere(
    client: StrictClient,
    disk: Disk,
    database_urls: Addresses,
    redis_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    group, chance, began = make_group(), random.SystemRandom(), disk.log.place()
    with in_group(group):
        held = an_open_box(FEWEST_TO_OPEN + 1, candidates=CANDIDATES, office="committee")
    accounts, naive = people_of(group, held), an_order(chance)
    orders = [an_order(chance) for _ in accounts]
    for account, order in zip(accounts, orders, strict=True):
        vote(client.sign_in(account), group, held, order)
    with redis.Redis.from_url(redis_url) as queue, psycopg.connect(plain(database_urls.owner_url)) as owner:
        owner.execute("create table naive_papers (paper text)")
        owner.execute("insert into naive_papers values (%s)", (forms_of(naive)["a paper"].decode(),))
        owner.commit()
        queue.set("naive", forms_of(naive)["a paper"])
        log.debug("somebody chose %s", forms_of(naive)["a paper"].decode())
        places = {
            "write-ahead log": disk.log.since(began), "tables": disk.tables(), "queue": everything_in(queue),
            "log": caplog.text.encode(),
        }  # fmt: skip
        more = {
            "server's log": disk.server_log(),
            "letters": letters_in(client.application.config["LETTERS_FOLDER"]),
        }
        owner.execute("drop table naive_papers")
        owner.commit()
        queue.delete("naive")
    for place, content in places.items():
        assert forms_of(naive)["a paper"] in content, f"{place}: not looked at"
    for place, content in (places | more).items():
        for order in orders:
            for form, canary in forms_of(order).items():
                assert canary not in content, f"a choice stands in {place} as {form}"


def opened_and_found(client: StrictClient, disk: Disk) -> list[str]:
    """An election is voted in and opened; where a voter or an envelope is named in what that wrote."""
    group, chance = make_group(), random.SystemRandom()
    with in_group(group):
        held = an_open_box(FEWEST_TO_OPEN + 1, slips=2, candidates=CANDIDATES, office="committee")
        entries = [held.entry(voter) for voter in held.voters]
        slips = queries.slips_of(held.election.id)
        marked = held.entry(held.voters[-1])
    accounts = people_of(group, held)
    for account in accounts:
        vote(client.sign_in(account), group, held, an_order(chance))
    with in_group(group):
        mark_on_roll(held.entry(held.voters[-1]), Channel.ROOM, by=None, now=clock.now())
    with in_group(group):
        held.close()
    voters = [row.id.bytes for row in (*held.voters, *accounts, *entries, *slips, marked)]
    with in_group(group):
        letters = [one.encode() for one in queries.trackers(held.election.id)]
        sealed = queries.boxed(held.election.id)
    began = disk.log.place()
    with in_group(group):
        held.open_by_two()
    written = {"the opening's log": disk.log.since(began), "the papers": disk.table("opened_marks")}
    with in_group(group):
        found = queries.papers_by_contest(reload(held.election))
        assert sum(sum(one.values()) for one in found.values()) == FEWEST_TO_OPEN
    canaries = (*voters, *letters, *sealed)
    return [what for what, content in written.items() if any(canary in content for canary in canaries)]


def test_after_the_opening_nothing_on_disk_leads_from_a_paper_to_a_voter(
    client: StrictClient, disk: Disk, database_urls: Addresses
) -> None:
    # Once in some hundred openings a page of an index is full and goes to the log whole, with rows the opening had
    # no part in. That is chance; what leads from a paper to its voter would be there each time.
    tries = (opened_and_found(client, disk) for _ in range(3))
    assert any(found == [] for found in tries), "a voter or an envelope is named each time"
    voter = uuid.uuid4()
    with psycopg.connect(plain(database_urls.owner_url)) as owner:
        began = disk.log.place()
        owner.execute("create table naive_ballots (voter uuid, paper text)")
        owner.execute("insert into naive_ballots values (%s, '2,1')", (voter,))
        owner.commit()
        assert voter.bytes in disk.log.since(began), "the log is not looked at"
        assert voter.bytes in disk.table("naive_ballots"), "the table is not looked at"
        owner.execute("drop table naive_ballots")
        owner.commit()
