"""The list of those who asked to be forgotten, kept outside the database: a restored backup is put right with it.

Each line holds identifiers and a moment, never a name or an address; `flask --app wsgi erasures replay` does them again.
"""

import json
import os
import uuid
from dataclasses import dataclass
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

    def as_line(self) -> str:
        return json.dumps(
            {
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
    path = where()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, (erasure.as_line() + "\n").encode())
        os.fsync(file)
    finally:
        os.close(file)


def read(path: Path | None = None) -> list[Erasure]:
    """Every one there is, in the order they were asked for."""
    path = path or where()
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Erasure.from_line(line) for line in lines if line.strip()]
