"""Starting a program, waiting for it, stopping it, and clearing away one that an earlier run left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from network.servers.addresses import CannotServe
from network.servers.owners import Owner

# Looked up before any fork: a child must not load anything between being forked and becoming another program.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # prctl(2): the kernel sends this signal to the child when we are gone


@dataclass
class Child:
    """A program we started; it is ours to stop."""

    name: str
    running: subprocess.Popen[bytes]
    log: Path
    stop_signal: int = signal.SIGTERM

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.running.poll() is None

    def stop(self, patience: float = 20) -> None:
        """Ask it to end and wait; what does not listen is ended the hard way."""
        if self.is_alive:
            self.running.send_signal(self.stop_signal)
            try:
                self.running.wait(patience)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait(5)
        # A program that died itself leaves its own children behind; one of them may still hold the port.
        _send_to_group(self.running.pid, signal.SIGKILL)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for somebody who has to find out what went wrong."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def start(
    name: str,
    command: list[str],
    *,
    folder: Path,
    log: Path,
    env: Mapping[str, str],
    owner: Owner | None = None,
    stop_signal: int = signal.SIGTERM,
) -> Child:
    """Start a program in a session of its own, so that Ctrl-C reaches only us and we stop things in order."""
    as_owner = owner or Owner.ourselves()
    with open(log, "ab", opener=_private) as words:
        running = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            command,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(stop_signal),  # noqa: PLW1509 - only one thread starts children
            **as_owner.for_popen(),
        )
    return Child(name, running, log, stop_signal)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def end_with_parent(stop_signal: int) -> None:
    """
    Ask the kernel for this signal when our parent is gone, even if it was killed -9.

    Linux only; elsewhere the next start clears away what was left.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, stop_signal)


def wait_until(ready: Callable[[], bool], child: Child, seconds: float = 30) -> None:
    """Wait for a program to be of use; if it dies or takes too long, say so with the end of its log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not child.is_alive:
            raise CannotServe(f"{child.name} stopped right after its start.\n{child.last_words()}")
        if time.monotonic() > deadline:
            raise CannotServe(f"{child.name} is not ready after {seconds:.0f} seconds.\n{child.last_words()}")
        time.sleep(0.02)


def stop_leftover(pidfile: Path, *, folder: Path, word: str, stop_signal: int = signal.SIGTERM) -> bool:
    """
    Stop what an earlier run, killed before it could tidy up, left behind; say whether there was such a thing.

    A number in a file proves nothing, since numbers are used again: the program must run in our folder and
    under that name.
    """
    pid = _number_in(pidfile)
    if pid is None or not _is_ours(pid, folder, word):
        _end_orphans(pid, folder, word)
        pidfile.unlink(missing_ok=True)
        return False
    for attempt in (stop_signal, signal.SIGKILL):
        _send(pid, attempt)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if not _is_ours(pid, folder, word):
                _end_orphans(pid, folder, word)
                pidfile.unlink(missing_ok=True)
                return True
            time.sleep(0.05)
    raise CannotServe(f"process {pid} of an earlier run does not stop; end it by hand (kill {pid}).")


def _end_orphans(group: int | None, folder: Path, word: str) -> None:
    """End the children of a program that is gone; they still carry its number as their group's."""
    deadline = time.monotonic() + 10
    while (orphans := _orphans(group, folder, word)) and time.monotonic() < deadline:
        for pid in orphans:
            _send(pid, signal.SIGKILL)
        time.sleep(0.05)


def _orphans(group: int | None, folder: Path, word: str) -> list[int]:
    found = []
    for seen in Path("/proc").glob("[0-9]*"):
        pid = int(seen.name)
        try:
            if os.getpgid(pid) == group and _is_ours(pid, folder, word):
                found.append(pid)
        except ProcessLookupError:  # gone in the meantime
            continue
    return found


def _send_to_group(group: int, what: int) -> None:
    try:
        os.killpg(group, what)
    except (ProcessLookupError, PermissionError):
        return


def _number_in(pidfile: Path) -> int | None:
    try:
        return int(pidfile.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _send(pid: int, what: int) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return
    except PermissionError as refused:
        raise CannotServe(
            f"process {pid} of an earlier run belongs to another user; stop it first."
        ) from refused


def _is_ours(pid: int, folder: Path, word: str) -> bool:
    """Whether this number is a program of ours: right folder, right name, and not dead already."""
    seen = Path(f"/proc/{pid}")
    if not Path("/proc/self").exists():
        ask = ["ps", "-p", str(pid), "-o", "command="]
        listed = subprocess.run(ask, capture_output=True, text=True, check=False)  # noqa: S603 - wherever ps is
        return word in listed.stdout
    try:
        where = (seen / "cwd").readlink()
        return word in (seen / "cmdline").read_text(errors="replace") and where == folder.resolve()
    except OSError:
        return False
