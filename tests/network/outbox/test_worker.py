"""The worker as a program: it starts, delivers, says that it is alive, and stops when asked."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from network import clock
from network.db import db
from network.messages import commands as messages
from network.messages.models import Letter
from network.outbox import commands as outbox
from network.outbox.beat import ALIVE
from network.servers import Addresses
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_group
from tests.support.app import in_scope, without_a_database, without_a_queue

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Program:
    """A worker that was started, and what it said."""

    running: subprocess.Popen[bytes]
    log: Path

    @property
    def words(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until(self, holds: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 60
        while not holds():
            assert self.running.poll() is None, self.words
            assert time.monotonic() < deadline, self.words
            time.sleep(0.05)


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    return tmp_path / "letters"


@pytest.fixture
def start(database_urls: Addresses, letters: Path, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start the real program; it is gone after the test."""
    begun: list[Program] = []

    def begin(**changed: str) -> Program:
        env = {**os.environ, "LETTERS_FOLDER": str(letters), "DATABASE_OWNER_URL": "", **changed}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        log = tmp_path / "worker.log"
        with log.open("wb") as kept:
            running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=kept, stderr=subprocess.STDOUT)
        begun.append(Program(running, log))
        return begun[-1]

    yield begin
    for each in begun:
        each.running.kill()
        each.running.wait()


def test_delivers_says_that_it_is_alive_and_stops_when_asked(
    app: Pamoja, start: Callable[..., Program], letters: Path
) -> None:
    redis = app.extensions["redis"]
    redis.delete(ALIVE)
    running = start()
    running.wait_until(lambda: redis.exists(ALIVE))
    assert app.test_client().get("/healthz").status_code == 200
    with in_scope(make_group()):
        letter_id = _write_letter()
    running.wait_until((letters / f"{letter_id}.eml").exists)
    running.running.send_signal(signal.SIGTERM)
    assert running.running.wait(timeout=60) == 0, running.words
    assert not redis.exists(ALIVE)
    assert "Traceback" not in running.words


def _write_letter() -> uuid.UUID:
    letter = Letter(
        id=uuid.uuid4(), recipient="x@people.example", subject="s", body="b", created_at=clock.now()
    )
    db.session.add(letter)
    outbox.put(messages.LETTER, now=clock.now(), letter_id=letter.id)
    return letter.id


def test_refuses_to_start_as_the_owner(start: Callable[..., Program], database_urls: Addresses) -> None:
    running = start(DATABASE_URL=database_urls.owner_url)
    assert running.running.wait(timeout=60) != 0
    assert "ordinary role" in running.words


def test_the_web_refuses_to_start_as_the_owner(database_urls: Addresses) -> None:
    env = {**os.environ, "DATABASE_URL": database_urls.owner_url, "FLASK_RUN_FROM_CLI": ""}
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "ordinary role" in ended.stderr


class TestHealth:
    def asked(self, app: Pamoja) -> tuple[int, set[str]]:
        answer = app.test_client().get("/healthz")
        return answer.status_code, {part for part, how in answer.json.items() if how != "well"}

    def test_all_well(self, app: Pamoja) -> None:
        app.extensions["redis"].set(ALIVE, "1", ex=5)
        assert self.asked(app) == (200, set())

    def test_names_the_worker_when_it_is_not_there(self, app: Pamoja) -> None:
        app.extensions["redis"].delete(ALIVE)
        assert self.asked(app) == (503, {"worker"})

    def test_names_the_queue_when_it_does_not_answer(self) -> None:
        with without_a_queue() as away:
            assert self.asked(away) == (503, {"queue", "worker"})

    def test_names_the_database_when_it_does_not_answer(self, app: Pamoja) -> None:
        app.extensions["redis"].set(ALIVE, "1", ex=30)
        with without_a_database() as away:
            assert self.asked(away) == (503, {"database"})
            client = away.test_client()
            client.set_cookie("pamoja", "x" * 43)
            assert client.get("/healthz").status_code == 503
            assert client.get("/healthz").json["database"] != "well"
