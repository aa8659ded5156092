"""What stands in an address instead of a code: a random word that means something in one browser alone, and for a while.

An address is remembered by the phone and written down by servers; what stands in it must open nothing for whoever reads it
there. The code itself is kept in the browser's session, closed with the word, of which the session holds a print only.
"""

import secrets
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any

from flask import session

from network.accounts.queries import token_hash
from network.vault import keys

PREFIX = "here-"
LASTS = timedelta(hours=3)
"""Since the page was last opened: long enough to count papers by, and short for a borrowed phone."""
REFRESHED_AFTER = timedelta(minutes=5)
AT_ONCE = 5
_KEPT = "stand_ins"


def stand_in_for(code: str, *, now: datetime) -> str:
    """A word to put into an address instead of this code."""
    word = PREFIX + secrets.token_urlsafe(24)
    sealed = keys.seal(_key(word), code, bound_to=_name(word))
    newest = sorted(_living(now).items(), key=lambda one: one[1]["until"])[-(AT_ONCE - 1) :]
    one = {"code": b64encode(sealed).decode(), "until": (now + LASTS).isoformat()}
    session[_KEPT] = {**dict(newest), _name(word): one}
    return word


def is_stand_in(token: str) -> bool:
    """Whether this is such a word, whatever it means here."""
    return token.startswith(PREFIX)


def meant_by(token: str, *, now: datetime) -> str | None:
    """The code this stands for, or the token itself where it stands for nothing else; `None` where its time has passed."""
    if not is_stand_in(token):
        return token
    kept = _living(now).get(_name(token))
    return keys.unseal(_key(token), b64decode(kept["code"]), bound_to=_name(token)) if kept else None


def keep_on(token: str, *, now: datetime) -> None:
    """Its page was opened once more, so its time begins anew."""
    living, name = _living(now), _name(token)
    if name in living and datetime.fromisoformat(living[name]["until"]) < now + LASTS - REFRESHED_AFTER:
        session[_KEPT] = {**living, name: {**living[name], "until": (now + LASTS).isoformat()}}


def _living(now: datetime) -> dict[str, Any]:
    return {
        name: one
        for name, one in session.get(_KEPT, {}).items()
        if now < datetime.fromisoformat(one["until"])
    }


def _name(word: str) -> str:
    return token_hash(word).hex()


def _key(word: str) -> bytes:
    return keys.spread(word.encode(), _KEPT)
