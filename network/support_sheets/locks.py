"""Closing and opening on the server, for phones without scripts. The browser's twin is `static/sheets.js`.

    content  base64 of nonce (12) and AES-256-GCM of the sheet as JSON, padded with spaces to whole kilobytes
    lock     1.<KiB>.<passes>.<salt>.<nonce and AES-256-GCM of the sheet's key>, base64, the key for it from the words by Argon2id

Nothing here keeps, notes or returns the words.
"""

import hashlib
import json
import re
import secrets
from base64 import b64decode, b64encode
from threading import BoundedSemaphore

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from network.support_sheets.rules import PEOPLE, Person, Written, plain_words

MEMORY, PASSES = 19 * 1024, 3
"""About three seconds on a cheap phone, which has to do the same work; above what OWASP asks for."""
MOST_MEMORY, MOST_PASSES = 64 * 1024, 6
"""What a lock may ask of the server."""
LONGEST_CONTENT = 60_000
_NONCE, _SALT, _KEY, _TAG, _PAGE = 12, 16, 32, 16, 1024
_FOR_KEY, _FOR_CONTENT = b"pamoja sheet key 1", b"pamoja sheet 1"
_LOCK = re.compile(r"1\.([0-9]{1,6})\.([0-9]{1,2})\.([A-Za-z0-9+/]{22}==)\.([A-Za-z0-9+/]{80})")
_at_once = BoundedSemaphore(2)


def new_key() -> bytes:
    """A key for one sheet."""
    return secrets.token_bytes(_KEY)


def is_lock(text: str) -> bool:
    """Whether a browser sent a lock of the strength asked for, and not beyond what a phone or we can do."""
    found = _LOCK.fullmatch(text)
    return (
        found is not None
        and MEMORY <= int(found[1]) <= MOST_MEMORY
        and PASSES <= int(found[2]) <= MOST_PASSES
    )


def is_content(text: str) -> bool:
    """Whether this is as long as a closed sheet is, and written as one."""
    if len(text) > LONGEST_CONTENT or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text) or len(text) % 4:
        return False
    length = len(b64decode(text)) - _NONCE - _TAG
    return length > 0 and length % _PAGE == 0


def lock(key: bytes, words: str) -> str:
    """Close a sheet's key with words."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    closed = nonce + AESGCM(_from_words(words, salt, MEMORY, PASSES)).encrypt(nonce, key, _FOR_KEY)
    return f"1.{MEMORY}.{PASSES}.{b64encode(salt).decode()}.{b64encode(closed).decode()}"


def unlock(text: str, words: str) -> bytes | None:
    """The sheet's key, if these are its words."""
    found = _LOCK.fullmatch(text)
    if found is None:
        return None
    closed = b64decode(found[4])
    key = _from_words(words, b64decode(found[3]), int(found[1]), int(found[2]))
    try:
        return AESGCM(key).decrypt(closed[:_NONCE], closed[_NONCE:], _FOR_KEY)
    except InvalidTag:
        return None


def close(key: bytes, written: Written) -> str:
    """A sheet, closed; its length says little."""
    said = json.dumps(
        {
            **{name: getattr(written, name) for name in ("name", "helps", "hurts", "wishes", "text")},
            "people": [[person.name, person.reach] for person in written.people],
        },
        ensure_ascii=False,
    ).encode()
    padded = said.ljust(-(-len(said) // _PAGE) * _PAGE)
    nonce = secrets.token_bytes(_NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, padded, _FOR_CONTENT)).decode()


def unclose(key: bytes, content: str) -> Written | None:
    """What stands on a sheet; nothing where it was not closed with this key, or where what comes out is no sheet."""
    try:
        closed = b64decode(content)
        found = json.loads(AESGCM(key).decrypt(closed[:_NONCE], closed[_NONCE:], _FOR_CONTENT))
        people = tuple(Person(_text(name), _text(reach)) for name, reach in found["people"][:PEOPLE])
        said = {name: _text(found[name]) for name in ("name", "helps", "hurts", "wishes", "text")}
    except (InvalidTag, LookupError, ValueError, TypeError, RecursionError):
        return None
    return Written(**said, people=people)


def state_of(lock: str, content: str) -> str:
    """A print of a sheet as it is kept: another one after every change, also where nothing but the words is new."""
    return hashlib.sha256(f"{lock} {content}".encode()).hexdigest()


def _text(found: object) -> str:
    """What a page can show: half a sign, which JSON can carry, becomes a question mark."""
    return str(found).encode(errors="replace").decode()


def _from_words(words: str, salt: bytes, memory: int, passes: int) -> bytes:
    with _at_once:
        return hash_secret_raw(plain_words(words).encode(), salt, passes, memory, 1, _KEY, Type.ID)
