"""VOTE-03, 05, 08 and 09: what rows, times, pages and letters of a whole election give away. Each looks at a naive one too."""

import itertools
import logging
import random
import statistics
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from groups.ballots import commands, queries
from groups.ballots.commands import mark_on_roll
from groups.ballots.formats import envelope
from groups.ballots.models import Channel, Envelope
from groups.elections.models import ElectionKind
from groups.elections.queries import reload
from network import audit, clock
from network.db import db
from network.messages.models import Letter
from network.outbox.models import OutboxItem
from network.permissions import Role as StaffRole
from network.servers import Addresses
from network.servers.addresses import plain
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.ballots import Held, an_open_box, people_of, with_key
from tests.factories.groups import a_candidate, a_member, an_election
from tests.factories.network import give_role, make_account, make_group, make_holder, make_network
from tests.support.app import in_group
from tests.support.client import StrictClient

ELECTIONS, VOTERS = 200, 6
READERS = ("chairperson", "treasurer", "facilitator", "member")
ALSO = {"home.show_home", "elections.list_elections"}
NAMED = ("roll_entries", "envelopes", "ballot_slips")
UNNAMED = ("boxed_envelopes", "opened_marks")


def at(group: Group, held: Held) -> str:
    return f"/g/{group.id}/elections/{held.election.id}/box"


def vote(client: StrictClient, group: Group, held: Held, chosen: int) -> None:
    page = client.fetch(f"{at(group, held)}/vote")
    assert client.send(page, {"contest-1": str(chosen)}).status == 200


class TestNoPhysicalLink:
    def test_no_row_that_names_anybody_was_written_with_one_that_says_what_was_chosen(
        self, client: StrictClient
    ) -> None:
        group = make_group()
        with in_group(group):
            held = an_open_box(8, slips=3)
        for account, chosen in zip(people_of(group, held), (1, 2, 3, 1, 2, 3, 1, 2), strict=True):
            vote(client.sign_in(account), group, held, chosen)
        with in_group(group):
            mark_on_roll(held.entry(held.voters[0]), Channel.ROOM, by=None, now=clock.now())
        assert self.written_together(group) == []
        with in_group(group):
            held.close()
        with in_group(group):
            held.open_by_two()
        assert self.written_together(group) == []
        with in_group(group):
            papers = db.session.scalar(sa.text("select count(distinct xmin::text) from opened_marks"))
            assert papers == 1

    def written_together(self, group: Group) -> list[tuple[str, str]]:
        """Tables in which one transaction wrote some of both; where it wrote all of both, as the closing does, it tells nothing."""
        found = []
        with in_group(group):
            for named in NAMED:
                for unnamed in UNNAMED:
                    joined = f"select count(*) from {named} e join {unnamed} b on e.xmin = b.xmin"
                    every = f"select (select count(*) from {named}) * (select count(*) from {unnamed})"
                    together = db.session.scalar(sa.text(joined))
                    if together and (
                        named != "ballot_slips" or together != db.session.scalar(sa.text(every))
                    ):
                        found.append((named, unnamed))
        return found

    def test_it_would_see_one_transaction(self, database_urls: Addresses) -> None:
        with psycopg.connect(plain(database_urls.owner_url)) as owner:
            owner.execute("create temporary table voted (who int)")
            owner.execute("create temporary table ballots (chosen int)")
            owner.execute("insert into voted values (1)")
            owner.execute("insert into ballots values (3)")
            owner.commit()
            joined = "select count(*) from voted e join ballots b on e.xmin = b.xmin"
            assert owner.execute(joined).fetchone() == (1,)


def alike(first: Sequence[int], second: Sequence[int]) -> float:
    """The rank correlation of two orders of the same things."""
    count = len(first)
    apart = sum((first.index(one) - second.index(one)) ** 2 for one in first)
    return 1 - 6 * apart / (count * (count**2 - 1))


class TestWhereRowsLie:
    def test_over_two_hundred_elections_the_place_says_nothing_about_who_came_when(
        self, app: Pamoja, database_urls: Addresses
    ) -> None:
        """Each voter chooses somebody else, so that every paper is one person's."""
        group, chance = make_group(), random.SystemRandom()
        with in_group(group):
            voters = [a_member(f"Votes {number}") for number in range(VOTERS)]
            standing = [a_member(f"Stands {number}") for number in range(3)]
        envelopes, papers = [], []
        for _ in range(ELECTIONS):
            with in_group(group):
                of_envelopes, of_papers = self.hold(voters, standing, chance)
            envelopes.append(of_envelopes)
            papers.append(of_papers)
        assert abs(statistics.mean(envelopes)) <= 0.1
        assert abs(statistics.mean(papers)) <= 0.1
        assert self.naive(database_urls) == 1

    def hold(self, voters: list[Any], standing: list[Any], chance: random.Random) -> tuple[float, float]:
        now = clock.now()
        election = an_election(offices=["committee"], kind=ElectionKind.BY_ELECTION)
        for member in standing:
            a_candidate(election, "committee", member)
        held = with_key(election, voters[:3], voters, now=now)
        commands.open_box(
            held.election, with_phones=True, slips=0, closes_at=held.closes_at, by=None, now=now
        )
        came = chance.sample(range(VOTERS), VOTERS)
        papers = chance.sample(list(itertools.permutations((1, 2, 3))), VOTERS)
        letters = self.cast_at_once(held, [(voters[who].id, papers[who]) for who in came])
        held.close()
        held.open_by_two()
        lying = self.in_place("tracker", "boxed_envelopes", "election_id", held.election.id)
        firsts = sa.text(
            "select array_agg(candidate order by rank) from opened_marks where contest_id = :contest group by paper order by min(ctid)"
        )
        marked = db.session.scalars(firsts, {"contest": held.election.contests[0].id})
        return alike([letters.index(one) for one in lying], range(VOTERS)), alike(
            [came.index(papers.index(tuple(one))) for one in marked], range(VOTERS)
        )

    def cast_at_once(self, held: Held, papers: Sequence[tuple[Any, tuple[int, ...]]]) -> list[str]:
        """Envelopes in the order in which people came, without the questions each vote asks."""
        box = queries.get_box(held.election.id)
        entries = {row.member_id: row.id for row in db.session.scalars(queries.roll_of(box.election_id))}
        sealed = [commands.seal_here(box, {1: chosen}) for _, chosen in papers]
        rows = [
            {"id": uuid.uuid4(), "group_id": box.group_id, "election_id": box.election_id, "entry_id": entries[who], "sealed": one}
            for (who, _), one in zip(papers, sealed, strict=True)
        ]  # fmt: skip
        db.session.execute(sa.insert(Envelope), rows)
        return [envelope.tracker(one) for one in sealed]

    def in_place(self, what: str, table: str, key: str, value: object) -> list[Any]:
        rows = sa.text(f"select {what} from {table} where {key} = :value order by ctid")
        return list(db.session.scalars(rows, {"value": value}))

    def naive(self, database_urls: Addresses) -> float:
        with psycopg.connect(plain(database_urls.owner_url)) as owner:
            owner.execute("create temporary table ballots (chosen int)")
            for one in range(VOTERS):
                owner.execute("insert into ballots values (%s)", (one,))
            rows = owner.execute("select chosen from ballots order by ctid").fetchall()
        return alike([row[0] for row in rows], range(VOTERS))


TIMES = (
    "select c.table_name, c.column_name from information_schema.columns c join pg_tables t on t.tablename = c.table_name"
    " where t.schemaname = 'public' and c.data_type = 'timestamp with time zone' order by 1, 2"
)


def times_between(owner: psycopg.Connection[Any], group: Group, first: datetime, last: datetime) -> set[str]:
    """Every column of every table in which something happened between two moments, in this group or nowhere."""
    owner.execute("select set_config('app.group_id', %s, false)", (str(group.id),))
    found = set()
    for table, column in owner.execute(TIMES).fetchall():
        within = f"select count(*) from {table} where {column} > %s and {column} < %s"
        row = owner.execute(within, (first, last)).fetchone()
        if row and row[0]:
            found.add(f"{table}.{column}")
    return found


class TestWhen:
    def test_nothing_says_when_a_vote_came_but_the_opening_and_the_closing(
        self, client: StrictClient, database_urls: Addresses, caplog: pytest.LogCaptureFixture
    ) -> None:  # fmt: skip
        caplog.set_level(logging.DEBUG)
        group = make_group()
        with in_group(group):
            held = an_open_box(8)
        browsers = []
        for account in people_of(group, held):
            browser = client.application.test_client()
            assert isinstance(browser, StrictClient)
            browser.sign_in(account).fetch(f"{at(group, held)}/vote")  # the page is open, as on a phone
            browsers.append(browser)
        caplog.clear()
        opened = clock.now()
        for number, browser in enumerate(browsers):
            vote(browser, group, held, 1 + number % 3)
        closed = clock.now()
        said = [record.getMessage() for record in caplog.records]
        with psycopg.connect(plain(database_urls.owner_url)) as owner:
            assert times_between(owner, group, opened, closed) == set()
            owner.commit()
            with in_group(group):
                audit.record("naive", group, now=opened + (closed - opened) / 2)
            assert times_between(owner, group, opened, closed) == {"audit_events.at"}, "it looks"
        ids = [str(held.election.id), *(str(voter.id) for voter in held.voters)]
        assert not [line for line in said if any(one in line or one.replace("-", "") in line for one in ids)]


class TestNobodyReadsBeforeTheEnd:
    def test_pages_are_the_same_with_no_vote_in_the_box_and_with_eight(
        self, app: Pamoja, client: StrictClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network = make_network()
        group = make_group(network)
        with in_group(group):
            held = an_open_box(8, slips=2)
        at = clock.now()
        monkeypatch.setattr(clock, "now", lambda: at)  # pages that name the minute name the same one
        staff = make_account()
        for role in StaffRole:
            give_role(staff, role, network)
        readers = {"staff": staff} | {role: make_holder(role, group) for role in READERS}
        people = people_of(group, held)  # from now on they sign in, which some pages show
        before = {role: self.pages(app, client.sign_in(who), group, held) for role, who in readers.items()}
        for account, chosen in zip(people, (1, 2, 3, 1, 2, 3, 1, 2), strict=True):
            vote(client.sign_in(account), group, held, chosen)
        after = {role: self.pages(app, client.sign_in(who), group, held) for role, who in readers.items()}
        assert after == before
        assert [status for status, _ in after["chairperson"].values()].count(200) > 5
        assert {status for status, _ in after["staff"].values()} == {404}

    def pages(
        self, app: Pamoja, client: StrictClient, group: Group, held: Held
    ) -> dict[str, tuple[int, str]]:
        """Every address that has to do with an election, and the first page, as this person gets them."""
        found = {}
        contest = held.election.contests[0]
        values = {"group_id": group.id, "election_id": held.election.id, "contest_id": contest.id}
        for rule in app.url_map.iter_rules():
            is_about = "election_id" in rule.arguments or rule.endpoint in ALSO
            if "GET" in (rule.methods or set()) and is_about and rule.arguments <= values.keys():
                asked = {name: values[name] for name in rule.arguments}
                page = client.fetch(app.url_map.bind("localhost").build(rule.endpoint, asked))
                is_page = page.response.mimetype == "text/html" and page.status == 200
                found[rule.endpoint] = (page.status, page.text if is_page else "")
        return found


class TestLetters:
    def test_a_whole_election_writes_to_nobody_about_who_votes(self, client: StrictClient) -> None:
        group = make_group()
        with in_group(group):
            held = an_open_box(8, slips=2)
            waiting = db.session.scalar(sa.select(sa.func.count()).select_from(OutboxItem))
        for account, chosen in zip(people_of(group, held), (1, 2, 3, 1, 2, 3, 1, 2), strict=True):
            vote(client.sign_in(account), group, held, chosen)
        with in_group(group):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxItem)) == waiting
            names = [voter.nickname for voter in held.voters]
            written = [f"{one.subject} {one.body}" for one in db.session.scalars(sa.select(Letter))]
            assert not [name for name in names for words in written if name in words]
        with in_group(group):
            commands.close_box(reload(held.election), by=None, now=held.closes_at + timedelta(minutes=1))
            assert len(queries.trackers(held.election.id)) == 8
            assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxItem)) == waiting
