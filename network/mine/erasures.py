"""The list of those who asked to be forgotten, kept outside the database: a restored backup is put right with it.

Each line holds identifiers and a moment, never a name or an address; `flask --app wsgi erasures replay` does them again.
"""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

KEPT = timedelta(days=36)
"""Backups are kept for 35 days. Whoever was forgotten longer ago stands in none, so nobody has to be forgotten again."""


@dataclass(frozen=True)
class Erasure:
    """Somebody asked to be forgotten: in these places, and, if `account`, altogether."""

    account_id: uuid.UUID | None
    """None where they have no sign-in and others saw to it."""
    at: datetime
    places: dict[uuid.UUID, tuple[uuid.UUID, ...]]
    """Place: who they were there."""
    is_whole: bool = True
    """The account too, and not these places alone."""
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    def as_line(self) -> str:
        return json.dumps(
            {
                "id": str(self.id),
                "at": self.at.isoformat(),
                "account": str(self.account_id) if self.account_id else None,
                "whole": self.is_whole,
                "places": {str(place): [str(m) for m in members] for place, members in self.places.items()},
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_line(cls, line: str) -> "Erasure":
        told = json.loads(line)
        return cls(
            id=uuid.UUID(told["id"]),
            account_id=uuid.UUID(told["account"]) if told["account"] else None,
            at=datetime.fromisoformat(told["at"]),
            is_whole=told["whole"],
            places={
                uuid.UUID(place): tuple(uuid.UUID(m) for m in members)
                for place, members in told["places"].items()
            },
        )


def where() -> Path:
    """The file."""
    return Path(current_app.config["ERASURES_FILE"])


def add(erasure: Erasure) -> None:
    """Write it down before anything is gone: it is the person's wish from that moment on, whatever happens to the machine."""
    _append(erasure.as_line())


def finish(erasure: Erasure, *, now: datetime) -> None:
    """Write down that all of it was done here, and when. After a restore it is done again nevertheless."""
    _append(json.dumps({"done": str(erasure.id), "at": now.isoformat()}, separators=(",", ":")))


def _append(line: str) -> None:
    """A line of its own, whatever an earlier one that was cut off left behind; all of it, and on the disk."""
    with _alone() as path:
        _write(path, f"\n{line}\n", os.O_APPEND)


@contextmanager
def _alone() -> Iterator[Path]:
    """One at a time: what is written down while the list gets shorter must not be lost."""
    path = where()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    door = os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(door)


def _write(path: Path, text: str, how: int) -> None:
    left = text.encode()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)


def let_go(*, now: datetime) -> int:
    """Take away who was forgotten before the oldest backup was made. What is open stays, and what cannot be read.

    The shorter list stands beside the old one until it is whole, and then takes its place at once.
    """
    with _alone() as path:
        lines = _lines(path)
        listed = _understood(lines)
        gone = {
            wish.id for wish in listed.wishes if wish.id in listed.done and listed.last(wish) < now - KEPT
        }
        if gone:
            kept = [line for line in lines if line.strip() and _whose(line) not in gone]
            shorter = path.with_name(f"{path.name}.shorter")
            _write(shorter, "".join(f"{line}\n" for line in kept), os.O_TRUNC)
            shorter.replace(path)
            _keep_name(path.parent)
        return len(gone)


def _keep_name(folder: Path) -> None:
    """That the new file stands under the old one's name is on the disk too."""
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)


def _whose(line: str) -> uuid.UUID | None:
    """To which wish a line belongs; nothing where it cannot be read."""
    try:
        told = json.loads(line)
        return uuid.UUID(told.get("done") or told["id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


@dataclass(frozen=True)
class Listed:
    """What the list holds."""

    wishes: list[Erasure]
    """Every one there is, in the order they were asked for."""
    done: dict[uuid.UUID, datetime | None]
    """Those that were carried out whole before, and when; old lines do not say it."""
    broken: list[int]
    """Numbers of lines that cannot be read."""

    @property
    def open(self) -> list[Erasure]:
        """Those that were begun and not finished."""
        return [wish for wish in self.wishes if wish.id not in self.done]

    def last(self, wish: Erasure) -> datetime:
        """When something of it was done last, as far as the list says."""
        return max(wish.at, self.done.get(wish.id) or wish.at)


def read(path: Path | None = None) -> Listed:
    """The list. A line that was cut off keeps no other back."""
    return _understood(_lines(path or where()))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []


def _understood(lines: list[str]) -> Listed:
    wishes: list[Erasure] = []
    done: dict[uuid.UUID, datetime | None] = {}
    broken: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            if "done" in told:
                at = datetime.fromisoformat(told["at"]) if "at" in told else None
                done[uuid.UUID(told["done"])] = at
            else:
                wishes.append(Erasure.from_line(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            broken.append(number)
    return Listed(wishes, done, broken)
