"""One sheet sent many times at once, over real HTTP to a server of several processes, is one entry (LED-05)."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from funding.ledger.models import Journal
from funding.verification import queries as checks
from network.db import db
from network.web.unit_of_work import REPLAYED
from tests.factories.funding import Officers, make_members, make_officers
from tests.support import strict
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.xdist_group("served")  # one worker sets it up, once
MANY = 50


@pytest.fixture(scope="module")
def port(app: object) -> Iterator[int]:
    """The service as it is served to people, in two processes, with threads to make them meet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "12",
    ]
    command += ["--no-ws", "--host", "127.0.0.1", "--port", str(number), "wsgi:app"]
    served = subprocess.Popen(
        command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_served(number, served)
        yield number
    finally:
        served.terminate()
        served.wait(20)


def _wait_until_served(port: int, served: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while served.poll() is None and time.monotonic() < until:
        try:
            _ask(port, "GET", "/sign-in")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("nobody is served")


class Answer(NamedTuple):
    status: int
    location: str | None
    replayed: str | None
    text: str


def _ask(port: int, method: str, path: str, cookie: str = "", body: str = "") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"pamoja={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body or None, headers)
    got = connection.getresponse()
    text = got.read().decode()
    connection.close()
    return Answer(got.status, got.getheader("Location"), got.getheader(REPLAYED), text)


class Treasurer(NamedTuple):
    """A treasurer with a sheet open and filled in."""

    people: Officers
    client: StrictClient
    page: Page
    values: dict[str, Any]
    box: str

    def send(self, port: int, **other: str) -> Answer:
        body = urllib.parse.urlencode({**self.values, **other}, doseq=True)
        cookie = self.client.get_cookie("pamoja")
        return _ask(port, "POST", self.page.path, cookie.value if cookie else "", body)

    def entries(self) -> int:
        with in_scope(self.people.group):
            assert checks.faults() == []
            return db.session.scalar(sa.select(sa.func.count()).select_from(Journal)) or 0


@pytest.fixture
def treasurer(client: StrictClient) -> Treasurer:
    people = make_officers()
    member = make_members(people, "Achieng")["Achieng"]
    client.sign_in(people.treasurer)
    page, box = client.fetch(f"/g/{people.group.id}/money/sheet"), f"cash_{member.hex}"
    return Treasurer(people, client, page, {**strict.values_of(page.form()), box: "200"}, box)


class TestFiftyAtOnce:
    def test_are_one_entry_one_answer_and_all_but_one_say_so(self, port: int, treasurer: Treasurer) -> None:
        together = threading.Barrier(MANY)

        def send(_: int) -> Answer:
            together.wait(30)
            return treasurer.send(port)

        with ThreadPoolExecutor(MANY) as pool:
            answers = list(pool.map(send, range(MANY)))
        assert {answer.status for answer in answers} == {303}
        assert len({(answer.location, answer.text) for answer in answers}) == 1
        assert [answer.replayed for answer in answers].count("true") == MANY - 1
        assert treasurer.entries() == 1

    def test_the_person_is_told_once_that_it_counted_once(self, port: int, treasurer: Treasurer) -> None:
        first, *others = [treasurer.send(port) for _ in range(4)]
        assert (first.replayed, {other.replayed for other in others}) == (None, {"true"})
        said = _flashes(treasurer.client.fetch(str(first.location)))
        assert len(said) == 2, (
            "what the first sending said is not lost, and the others say one sentence together"
        )
        assert _flashes(treasurer.client.fetch(str(first.location))) == []

    def test_another_amount_under_the_same_key_is_refused_with_a_sentence(
        self, port: int, treasurer: Treasurer
    ) -> None:
        first = treasurer.send(port)
        other = treasurer.send(port, **{treasurer.box: "300"})
        assert (first.status, other.status, other.replayed) == (303, 409, None)
        assert len(strict.text_of(next(strict.parse(other.text).iter("main"))).split()) > 20
        assert treasurer.entries() == 1

    def test_another_key_is_another_sheet(self, port: int, treasurer: Treasurer) -> None:
        assert treasurer.send(port).replayed is None
        assert treasurer.send(port, once=str(uuid.uuid4())).replayed is None
        assert treasurer.entries() == 2

    def test_what_was_refused_can_be_sent_again(self, port: int, treasurer: Treasurer) -> None:
        assert treasurer.send(port, received_on="2999-01-01").status == 422
        mended = treasurer.send(port)
        assert (mended.status, mended.replayed, treasurer.entries()) == (303, None, 1)


def _flashes(page: Page) -> list[str]:
    return [strict.text_of(one) for one in page.tree.iter("p") if one.get("class") == "flash"]
