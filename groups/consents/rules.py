"""Decisions about consents: which words were shown, whether a new yes takes the place of the old one."""

import hashlib
import uuid
from dataclasses import dataclass

from groups.consents.models import Method, Purpose


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


def asks_again(*, version: int | None, now_version: int) -> bool:
    """Whether somebody is asked once more, without losing what they told: other words now, or none were ever shown to them."""
    return version is None or version < now_version


def is_renewed(how: How, *, method: str, digest: str | None) -> bool:
    """Whether this yes is another than the one that stands: words they were not shown before, or now their own."""
    if how.shown is None:
        return False
    return how.shown.digest != digest or (how.method == Method.SELF and method != Method.SELF)
