"""Decisions about consents: which words were shown, whether a new yes takes the place of the old one."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from groups.consents.models import UNASKED, Method, Purpose


@dataclass(frozen=True)
class Shown:
    """The words somebody was shown or read: what is asked, why, who sees it, until when."""

    purpose: Purpose
    version: int
    language: str
    words: str

    @property
    def digest(self) -> str:
        """What tells these words from all others."""
        whole = f"{self.purpose} {self.version} {self.language}\n{self.words}"
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True)
class How:
    """How somebody said yes: by themselves, or read aloud by a member; under which words."""

    method: Method
    shown: Shown | None = None
    read_by_id: uuid.UUID | None = None


def asks_again(method: Method, *, version: int | None, now_version: int) -> bool:
    """Whether somebody is asked once more, without losing what they told: other words now, or none were ever shown to them."""
    return method in UNASKED or (version is not None and version < now_version)


def whole_digest(shown: Sequence[Shown]) -> str:
    """What tells all the words on a page from any others."""
    return hashlib.sha256(" ".join(one.digest for one in shown).encode()).hexdigest()


def is_renewed(how: How, standing: How) -> bool:
    """Whether this yes is another than the one that stands: under other words, said in another way, or to somebody else."""
    now, before = how.shown and how.shown.digest, standing.shown and standing.shown.digest
    return now != before or (how.method, how.read_by_id) != (standing.method, standing.read_by_id)
