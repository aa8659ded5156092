"""The list of those who asked to be forgotten, kept outside the database: a restored backup is put right with it.

Each line holds identifiers and a moment, never a name or an address; `flask --app wsgi erasures replay` does them again.
"""

import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import current_app


@dataclass(frozen=True)
class Erasure:
    """Somebody asked to be forgotten: in these places, and, if `account`, altogether."""

    account_id: uuid.UUID
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
                "account": str(self.account_id),
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
            account_id=uuid.UUID(told["account"]),
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


def finish(erasure: Erasure) -> None:
    """Write down that all of it was done here. After a restore it is done again nevertheless."""
    _append(json.dumps({"done": str(erasure.id)}, separators=(",", ":")))


def _append(line: str) -> None:
    """A line of its own, whatever an earlier one that was cut off left behind; all of it, and on the disk."""
    path = where()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    left = f"\n{line}\n".encode()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)


@dataclass(frozen=True)
class Listed:
    """What the list holds."""

    wishes: list[Erasure]
    """Every one there is, in the order they were asked for."""
    done: frozenset[uuid.UUID]
    """Those that were carried out whole before."""
    broken: list[int]
    """Numbers of lines that cannot be read."""

    @property
    def open(self) -> list[Erasure]:
        """Those that were begun and not finished."""
        return [wish for wish in self.wishes if wish.id not in self.done]


def read(path: Path | None = None) -> Listed:
    """The list. A line that was cut off keeps no other back."""
    path = path or where()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    wishes, done, broken = [], set(), []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            if "done" in told:
                done.add(uuid.UUID(told["done"]))
            else:
                wishes.append(Erasure.from_line(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            broken.append(number)
    return Listed(wishes, frozenset(done), broken)
