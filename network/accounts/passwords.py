"""Argon2id, at most two at once, so that many people signing in cannot exhaust the machine's memory."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
at_once = BoundedSemaphore(2)
"""Held by whatever else derives a key from a password."""
_of_nobody: list[str] = []


def hashed(password: str) -> str:
    """The stored form of a password."""
    with at_once:
        return _hasher.hash(_composed(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. For an unknown account the same work is done, so that time tells nothing."""
    if stored is None:
        if not _of_nobody:
            _of_nobody.append(hashed("nobody has this password"))
        stored, known = _of_nobody[0], False
    else:
        known = True
    with at_once:
        try:
            return _hasher.verify(stored, _composed(password)) and known
        except (VerificationError, InvalidHashError):
            return False


def _composed(password: str) -> str:
    """Two phones may send the same letters in two ways."""
    return unicodedata.normalize("NFC", password)
