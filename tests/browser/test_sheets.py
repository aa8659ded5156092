"""PRIV-11: a support sheet made, opened, shown and closed in a browser leaves nothing readable with the server.

The search goes through every table, the log of changes (WAL), the server's log, Redis and the memory of the serving process.
The same search runs against a naive server, where it must find what it looks for in each of these places.
"""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from argon2.low_level import Type, hash_secret_raw
from playwright.sync_api import Page, expect

from network.accounts.models import Account
from network.db import db
from network.servers import Addresses
from network.support_sheets import locks
from network.support_sheets.queries import get_own_sheet
from network.support_sheets.rules import Written
from tests.browser.visitor import Visitor
from tests.factories.network import PASSWORD, make_account, word
from tests.support.app import in_scope
from tests.support.write_ahead import WriteAhead

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ROOT = Path(__file__).resolve().parent.parent.parent
AT = "/me/sheet"


def someone() -> tuple[Account, str]:
    name = f"{word()}@people.example"
    return make_account(sign_in=name), name


def write(page: Page, helps: str) -> str:
    """As a person does it: note the words, write, type the words. Returns them."""
    page.goto(f"{AT}/write")
    expect(page.locator("[data-drawn]")).to_have_text(re.compile(r"\S \S"))
    said = page.locator("[data-drawn]").inner_text()
    page.fill("[name=helps]", helps)
    page.fill("[name=person_1]", "Njeri")
    page.fill("[name=reach_1]", "+254 711 222 333")
    page.fill("[name=words]", said)
    page.click("form[data-write] button[type=submit]")
    page.wait_for_url(f"**{AT}")
    return said


def renew(page: Page, old: str) -> str:
    """Four new words for the old ones. Returns them."""
    page.goto(f"{AT}/words")
    expect(page.locator("[data-drawn]")).to_have_text(re.compile(r"\S \S"))
    new = page.locator("[data-drawn]").inner_text()
    page.fill("[name=old]", old)
    page.fill("[name=words]", new)
    page.click("form[data-renew] button[type=submit]")
    page.wait_for_url(f"**{AT}")
    return new


def open_it(page: Page, at: str, said: str) -> None:
    page.goto(at)
    page.fill("form[data-open] [name=words]", said)
    page.click("form[data-open] button[type=submit]")
    page.wait_for_selector("[data-card]:visible")


def share(page: Page) -> tuple[str, str]:
    """From the opened sheet: the link's path, and the words for it."""
    page.locator("form[data-share]").locator("xpath=..").locator("summary").click()
    said = page.locator("form[data-share] [data-drawn]").inner_text()
    page.click("form[data-share] button[type=submit]")
    page.wait_for_url("**/share")
    link = re.search(r"/note/[\w-]+", page.locator("main").inner_text())
    assert link
    return link[0], said


class TestTheTwins:
    def test_argon2id_gives_the_same_bytes_as_the_reference(self, visit: Any) -> None:
        page = visit().page
        page.goto("/en/help-now")
        page.add_script_tag(url="/static/argon2.js")
        for memory, passes, length in (
            (8, 1, 32),
            (64, 3, 32),
            (1027, 2, 16),
            (512, 4, 200),
            (19 * 1024, 3, 32),
        ):
            password, salt = secrets.token_bytes(secrets.randbelow(300) + 1), secrets.token_bytes(16)
            made = page.evaluate(
                "async ([p, s, m, t, l]) => Array.from(await argon2id(new Uint8Array(p), new Uint8Array(s), {memory: m, passes: t, length: l}))",
                [list(password), list(salt), memory, passes, length],
            )
            assert bytes(made) == hash_secret_raw(password, salt, passes, memory, 1, length, Type.ID)

    def test_what_a_browser_closed_the_server_can_open_where_it_is_asked_to(self, visit: Any) -> None:
        owner, name = someone()
        visitor = visit()
        visitor.sign_in(name, PASSWORD)
        said = write(visitor.page, "Sit with me. Chai ☕ na ukimya.")
        with in_scope(account=owner):
            sheet = get_own_sheet(owner.id)
            assert locks.is_lock(sheet.lock)
            key = locks.unlock(sheet.lock, said)
            assert key
            written = locks.unclose(key, sheet.content)
            assert written
            assert written.helps == "Sit with me. Chai ☕ na ukimya."
        plain = visit(javascript=False)
        plain.sign_in(name, PASSWORD)
        plain.page.goto(AT)
        assert plain.page.locator("input[name=words]:visible").count() == 0, (
            "without scripts one asks for it by name"
        )
        plain.page.click("[data-no-scripts] a")
        plain.page.fill("form [name=words]", said)
        plain.page.locator("form[data-here] button[type=submit]").first.click()
        plain.page.wait_for_selector("[data-card]")
        assert "ukimya" in plain.page.locator("[data-card]").inner_text()


class TestOnThePhone:
    def test_wrong_words_say_so_and_leaving_leaves_nothing_for_the_way_back(self, visit: Any) -> None:
        _owner, name = someone()
        visitor = visit()
        visitor.sign_in(name, PASSWORD)
        page = visitor.page
        said = write(page, "Tea with ginger")
        page.fill("form[data-open] [name=words]", "one two three four")
        page.click("form[data-open] button[type=submit]")
        page.wait_for_selector("[data-fault]:visible")
        open_it(page, AT, said)
        assert visitor.failures() == []
        assert "Tea with ginger" in page.locator("[data-card]").inner_text()
        assert "hard time" not in page.title()
        page.goto("/en/help-now")
        page.go_back()
        # A page the browser kept is emptied and fetched anew, at whatever moment that is.
        expect(page.locator("[data-opened]").first).to_be_hidden()
        expect(page.locator("body")).not_to_contain_text("ginger")

    def test_new_words_open_what_the_old_ones_did(self, visit: Any) -> None:
        _owner, name = someone()
        visitor = visit()
        visitor.sign_in(name, PASSWORD)
        page = visitor.page
        new = renew(page, write(page, "Tea with ginger"))
        open_it(page, AT, new)
        assert "ginger" in page.locator("[data-card]").inner_text()

    def test_a_tab_left_open_on_the_old_words_loses_nothing(self, visit: Any) -> None:
        _owner, name = someone()
        visitor = visit()
        visitor.sign_in(name, PASSWORD)
        page = visitor.page
        old = write(page, "Tea with ginger")
        open_it(page, AT, old)
        other_tab = page.context.new_page()
        new = renew(other_tab, old)
        page.locator("form[data-change]").locator("xpath=..").locator("summary").click()
        page.fill("form[data-change] [name=helps]", "Something else")
        page.click("form[data-change] button[type=submit]")
        page.wait_for_url("**/change")
        assert "The sheet changed meanwhile" in page.locator("main").inner_text()
        open_it(other_tab, AT, new)
        assert "ginger" in other_tab.locator("[data-card]").inner_text()

    def test_a_sheet_that_came_to_harm_says_so(self, visit: Any) -> None:
        owner, name = someone()
        visitor = visit()
        visitor.sign_in(name, PASSWORD)
        page = visitor.page
        said = write(page, "Tea with ginger")
        with in_scope(account=owner):
            get_own_sheet(owner.id).content = locks.close(locks.new_key(), Written())
            db.session.flush()
        page.goto(AT)
        page.fill("form[data-open] [name=words]", said)
        page.click("form[data-open] button[type=submit]")
        page.wait_for_selector("[data-unreadable]:visible")
        assert page.locator("[data-fault]:visible").count() == 0
        assert visitor.failures() == []


@dataclass
class Served:
    """A server of its own, and everything it could have kept something in."""

    address: str
    pid: int
    log: Path
    addresses: Addresses
    changes: WriteAhead
    since: str

    def places_with(self, secret: str) -> set[str]:
        """Where the secret can be read, in any of the ways bytes are written down here."""
        forms = {secret.encode(), secret.encode().hex().encode(), secret.replace(" ", "+").encode()}
        found = {
            "tables": self._tables(), "changes": self.changes.since(self.since), "log": self.log.read_bytes(),
            "redis": self._redis(), "memory": self._memory(),
        }  # fmt: skip
        return {place for place, content in found.items() if any(form in content for form in forms)}

    def _sql(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.addresses.admin_url.replace("+psycopg", ""))

    def _tables(self) -> bytes:
        whole = []
        with self._sql() as sql:
            for (table,) in sql.execute(
                "select tablename from pg_tables where schemaname = 'public'"
            ).fetchall():
                whole += [row[0] for row in sql.execute(f"select t::text from {table} t").fetchall()]
        return "\n".join(whole).encode()

    def _redis(self) -> bytes:
        """Every value as it is: a dump would come packed."""
        with redis.Redis.from_url(self.addresses.redis_url) as client:
            ways = {
                b"string": client.get, b"hash": client.hgetall, b"set": client.smembers,
                b"list": lambda key: client.lrange(key, 0, -1), b"zset": lambda key: client.zrange(key, 0, -1),
                b"stream": client.xrange,
            }  # fmt: skip
            return repr([(key, ways[client.type(key)](key)) for key in client.scan_iter()]).encode()

    def _memory(self) -> bytes:
        """Everything the process can write to."""
        whole = []
        with Path(f"/proc/{self.pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{self.pid}/maps").read_text(encoding="utf-8").splitlines():
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                if "rw" not in line.split()[1] or "[v" in line:
                    continue
                try:
                    memory.seek(start)
                    whole.append(memory.read(end - start))
                except (OSError, ValueError):
                    continue
        return b"".join(whole)


@contextmanager
def served(addresses: Addresses, folder: Path, **settings: str) -> Iterator[Served]:
    changes = WriteAhead(addresses.admin_url)
    since = changes.place()
    log = folder / "server.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.served"], cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, stderr=written
        )  # fmt: skip
    try:
        assert process.stdout
        port = process.stdout.readline().decode().strip()
        assert port, log.read_text(encoding="utf-8")
        process.stdout.close()
        yield Served(f"http://127.0.0.1:{port}", process.pid, log, addresses, changes, since)
    finally:
        process.terminate()
        process.wait(10)
        changes.close()


class TestWhatTheServerLearns:
    def test_nothing_readable_from_beginning_to_end(
        self, chromium: Any, database_urls: Addresses, tmp_path: Path
    ) -> None:
        canary, sign_in = f"canary{word()}", someone()[1]
        with served(database_urls, tmp_path) as server:
            owner = Visitor(chromium, server.address)
            owner.sign_in(sign_in, PASSWORD)
            said = write(owner.page, canary)
            open_it(owner.page, AT, said)
            owner.page.locator("form[data-change]").locator("xpath=..").locator("summary").click()
            owner.page.fill("form[data-change] [name=wishes]", f"also {canary}")
            owner.page.click("form[data-change] button[type=submit]")
            owner.page.wait_for_selector(".flash")
            open_it(owner.page, AT, said)
            link, other = share(owner.page)
            friend = Visitor(chromium, server.address)
            open_it(friend.page, link, other)
            assert f"also {canary}" in friend.page.locator("[data-card]").inner_text()
            owner.page.goto(AT)
            owner.page.click("form[action$='/stop'] button")
            owner.page.wait_for_selector(".flash")
            answer = friend.page.goto(link)
            assert answer
            assert answer.status == 404
            for secret in (canary, said, other):
                assert server.places_with(secret) == set()
            assert owner.complaints == friend.complaints == []
            owner.close()
            friend.close()

    def test_the_same_search_finds_all_of_it_where_a_server_keeps_what_it_is_sent(
        self, chromium: Any, database_urls: Addresses, tmp_path: Path
    ) -> None:
        canary, sign_in = f"canary{word()}", someone()[1]
        with psycopg.connect(database_urls.owner_url.replace("+psycopg", "")) as sql:
            try:
                with served(database_urls, tmp_path, NAIVE="1") as server:
                    owner = Visitor(chromium, server.address, javascript=False)
                    owner.sign_in(sign_in, PASSWORD)
                    owner.page.goto(f"{AT}/write?here=1")
                    owner.page.fill("[name=helps]", canary)
                    owner.page.fill("[name=words]", owner.page.locator(".code").inner_text())
                    owner.page.click("form[data-here] button[type=submit]")
                    owner.page.wait_for_url(f"**{AT}")
                    assert server.places_with(canary) == {"tables", "changes", "log", "redis", "memory"}
                    owner.close()
            finally:
                sql.execute("drop table if exists naive_bodies")
                sql.commit()

    def test_without_scripts_it_is_written_down_nowhere(
        self, chromium: Any, database_urls: Addresses, tmp_path: Path
    ) -> None:
        """The server's memory holds it while it works, and says so on the page; nothing else does."""
        canary, sign_in = f"canary{word()}", someone()[1]
        with served(database_urls, tmp_path) as server:
            owner = Visitor(chromium, server.address, javascript=False)
            owner.sign_in(sign_in, PASSWORD)
            owner.page.goto(f"{AT}/write?here=1")
            said = owner.page.locator(".code").inner_text()
            owner.page.fill("[name=helps]", canary)
            owner.page.fill("[name=words]", said)
            owner.page.click("form[data-here] button[type=submit]")
            owner.page.wait_for_url(f"**{AT}")
            owner.page.goto(f"{AT}?here=1")
            owner.page.fill("form [name=words] >> nth=0", said)
            owner.page.locator("form[data-here] button[type=submit]").first.click()
            owner.page.wait_for_selector("[data-card]")
            assert canary in owner.page.locator("[data-card]").inner_text()
            for secret in (canary, said):
                assert server.places_with(secret) <= {"memory"}
            owner.close()
