"""`make run`, with a service that has nothing in it: it starts, stops, and starts again whatever happened."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from network.servers import roles, settings

PROJECT = Path(__file__).resolve().parents[3]
STUB = PROJECT / "tests" / "support" / "stub_wsgi.py"
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "MASTER_KEY", "PUBLIC_URL", "HOST")


class Launcher:
    """A folder with a service in it, and `python -m network.servers run` on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.var = folder, folder / "var"
        shutil.copy(STUB, folder / "wsgi.py")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.said = folder / "said.txt"
        self.env = {name: value for name, value in os.environ.items() if name not in OURS}
        self.env |= {"PORT": str(self.port), "PYTHONPATH": str(PROJECT)}
        self.running: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        return [sys.executable, "-m", "network.servers", "run", "--folder", str(self.folder)]

    def begin(self) -> "subprocess.Popen[bytes]":
        with self.said.open("wb") as out:
            self.running = subprocess.Popen(
                self.command(), env=self.env, stdout=out, stderr=subprocess.STDOUT
            )
        return self.running

    def start(self) -> "subprocess.Popen[bytes]":
        running = self.begin()
        until(lambda: "Ctrl-C stops" in self.said.read_text() or running.poll() is not None)
        assert running.poll() is None, self.said.read_text()
        return running

    def stop(self, how: int = signal.SIGTERM) -> int:
        assert self.running is not None
        self.running.send_signal(how)
        return self.running.wait(60)

    def ask(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def written(self) -> dict[str, str]:
        return settings.read(self.var / "run.env")

    def programs_of_ours(self) -> list[str]:
        """Whatever still runs from this folder."""
        found = []
        for seen in Path("/proc").glob("[0-9]*/cwd"):
            try:
                if seen.readlink().is_relative_to(self.folder):
                    found.append((seen.parent / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def pid_in(path: Path) -> int:
    return int(path.read_text().split()[0])


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    folder = Path(tempfile.mkdtemp(prefix="pamoja-run-", dir="/tmp"))
    folder.chmod(0o755)
    launched = Launcher(folder.resolve())
    yield launched
    if launched.running is not None and launched.running.poll() is None:
        launched.stop()
    until(lambda: not launched.programs_of_ours(), 10)
    shutil.rmtree(folder, ignore_errors=True)


class TestFirstRun:
    def test_serves_and_says_where_and_stops_without_a_trace(self, launcher: Launcher) -> None:
        launcher.start()
        said = launcher.said.read_text()
        assert f"http://127.0.0.1:{launcher.port}" in said
        assert "chairperson" in said
        assert "a-b-c" in said
        assert launcher.ask("/healthz") == "well"
        sockets = Path(launcher.written()["DATABASE_URL"].partition("host=")[2])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert launcher.stop(signal.SIGINT) == 0
        until(lambda: not launcher.programs_of_ours(), 10)
        assert not sockets.exists()

    def test_secrets_are_for_nobody_elses_eyes(self, launcher: Launcher) -> None:
        launcher.start()
        for name in ("run.env", "secrets.env"):
            assert stat.S_IMODE((launcher.var / name).stat().st_mode) == 0o600
        written = launcher.written()
        assert {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PUBLIC_URL"} < set(written)
        assert len(written["SECRET_KEY"]) == len(written["MASTER_KEY"]) == 44
        assert written["SECRET_KEY"] != written["MASTER_KEY"]

    def test_people_are_served_by_the_ordinary_role_and_rows_are_safe(self, launcher: Launcher) -> None:
        launcher.start()
        url = launcher.written()["DATABASE_URL"]
        assert roles.why_not_ordinary(url) is None
        assert url in launcher.ask("/told")
        assert "pamoja_owner" not in launcher.ask("/told")
        with psycopg.connect(url) as db:
            assert db.execute("SELECT current_setting('fsync')").fetchone() == ("on",)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that the servers cannot enter")
    def test_root_below_a_closed_home(self, launcher: Launcher) -> None:
        launcher.folder.chmod(0o700)
        launcher.start()
        elsewhere = (launcher.var / "servers").resolve()
        assert launcher.stop() == 0
        assert not elsewhere.is_relative_to(launcher.folder)
        launcher.start()
        assert launcher.stop() == 0
        shutil.rmtree(elsewhere)


class TestAfterAHardEnd:
    def test_a_second_run_just_works_and_keeps_everything(self, launcher: Launcher) -> None:
        launcher.start()
        before = launcher.written()
        launcher.stop(signal.SIGKILL)
        launcher.start()
        assert launcher.written() == before
        with psycopg.connect(before["DATABASE_URL"]) as db:
            assert db.execute("SELECT count(*) FROM loads").fetchone() == (2,)

    def test_it_stops_when_what_called_it_is_killed(self, launcher: Launcher) -> None:
        call = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
        launcher.command = lambda: [  # type: ignore[method-assign] # only for this test
            sys.executable, "-c", call, *Launcher.command(launcher), "--stop-with-parent",
        ]  # fmt: skip
        launcher.start()
        launcher.stop(signal.SIGKILL)
        until(lambda: not launcher.programs_of_ours(), 30)

    def test_when_the_worker_dies_it_is_started_again(self, launcher: Launcher) -> None:
        launcher.start()
        first = pid_in(launcher.var / "worker.pid")
        os.kill(first, signal.SIGKILL)
        until(
            lambda: (text := (launcher.var / "worker.pid").read_text().strip()) != "" and int(text) != first,
            20,
        )
        assert "The worker stopped unexpectedly" in launcher.said.read_text()

    def test_when_the_web_server_dies_its_children_do_not_keep_the_port(self, launcher: Launcher) -> None:
        running = launcher.start()
        os.kill(pid_in(launcher.var / "web.pid"), signal.SIGKILL)
        assert running.wait(60) == 1
        assert "the web stopped unexpectedly" in launcher.said.read_text()
        until(lambda: not launcher.programs_of_ours(), 10)

    def test_when_both_are_killed_the_next_run_ends_the_orphans(self, launcher: Launcher) -> None:
        launcher.start()
        web = pid_in(launcher.var / "web.pid")
        launcher.stop(signal.SIGKILL)
        os.kill(web, signal.SIGKILL)
        launcher.start()

    def test_when_the_database_dies_everything_stops_and_it_says_why(self, launcher: Launcher) -> None:
        running = launcher.start()
        os.kill(pid_in(launcher.var / "servers" / "postgres" / "postmaster.pid"), signal.SIGKILL)
        assert running.wait(60) == 1
        assert "PostgreSQL stopped unexpectedly" in launcher.said.read_text()
        until(lambda: not launcher.programs_of_ours(), 10)
        launcher.start()


class TestRefusals:
    def test_a_taken_port_gets_a_clear_sentence(self, launcher: Launcher) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", launcher.port))
            other.listen()
            assert launcher.begin().wait(60) == 1
        said = launcher.said.read_text()
        assert f"make run PORT={launcher.port + 1}" in said
        assert "Traceback" not in said

    def test_lost_secrets_are_not_made_anew_beside_rows_that_need_them(self, launcher: Launcher) -> None:
        launcher.start()
        launcher.stop()
        (launcher.var / "secrets.env").unlink()
        assert launcher.begin().wait(60) == 1
        assert "MASTER_KEY" in launcher.said.read_text()
        assert not (launcher.var / "secrets.env").exists()

    @pytest.mark.parametrize("port", ["x", "0", "70000", "-1", "\uff18\uff10"])
    def test_a_port_that_is_none(self, launcher: Launcher, port: str) -> None:
        launcher.env["PORT"] = port
        assert launcher.begin().wait(60) == 1
        assert "PORT must be a number" in launcher.said.read_text()
