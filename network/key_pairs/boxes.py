"""Closing: a private key with a password, a text with a random key, and that key for somebody whose public key is known.

    lock      1.<KiB>.<passes>.<salt>.<nonce and AES-256-GCM of the private key>, base64, the key for it by Argon2id
    wrapped   a fresh public key (32), nonce (12), AES-256-GCM of the text's key, the key for it by X25519 and HKDF-SHA256
    content   nonce (12) and AES-256-GCM of the text, padded with zeros so that its length says little

Everything is bound to its place: moved elsewhere, it does not open.
"""

import re
import secrets
import unicodedata
from base64 import b64decode, b64encode

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from network.accounts.passwords import at_once

MEMORY, PASSES = 64 * 1024, 3
"""As much work as checking a password costs: guessing here is no cheaper than there."""
_NONCE, _SALT, _KEY, _PAGE = 12, 16, 32, 512
_LOCK = re.compile(r"1\.([0-9]{1,6})\.([0-9]{1,2})\.([A-Za-z0-9+/]{22}==)\.([A-Za-z0-9+/]{80})")


def new_key() -> bytes:
    """A key for one text, or for one while."""
    return secrets.token_bytes(_KEY)


def new_private() -> bytes:
    """The private half of a new pair."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The half that everybody may know."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def lock(private: bytes, password: str, *, bound_to: str) -> str:
    """Close a private key with its owner's password."""
    salt = secrets.token_bytes(_SALT)
    closed = _seal(_from_password(password, salt, MEMORY, PASSES), private, bound_to)
    return f"1.{MEMORY}.{PASSES}.{b64encode(salt).decode()}.{b64encode(closed).decode()}"


def unlock(text: str, password: str, *, bound_to: str) -> bytes | None:
    """The private key, if this is the password it was closed with."""
    found = _LOCK.fullmatch(text)
    if found is None:
        return None
    return _unseal(
        _from_password(password, b64decode(found[3]), int(found[1]), int(found[2])),
        b64decode(found[4]),
        bound_to,
    )


def wrap(key: bytes, public: bytes, *, bound_to: str) -> bytes:
    """Close a key for whoever has the private half; nobody else opens it, not even whoever closed it."""
    once = X25519PrivateKey.generate()
    known = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return known + _seal(_between(shared, known, public), key, bound_to)


def unwrap(wrapped: bytes, private: bytes, *, bound_to: str) -> bytes | None:
    """The key that was closed for this private half, if it was, and for this place."""
    known = wrapped[:_KEY]
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(known)
        )
    except ValueError:  # no point of the curve
        return None
    return _unseal(_between(shared, known, public_of(private)), wrapped[_KEY:], bound_to)


def close(key: bytes, text: str, *, bound_to: str) -> bytes:
    """A text, closed; its length tells no more than how many half kilobytes it has."""
    said = text.encode() + b"\x01"
    return _seal(key, said.ljust(-(-len(said) // _PAGE) * _PAGE, b"\x00"), bound_to)


def unclose(key: bytes, content: bytes, *, bound_to: str) -> str | None:
    """The text, if this is its key and its place."""
    said = _unseal(key, content, bound_to)
    return None if said is None else said.rstrip(b"\x00")[:-1].decode()


def seal_bytes(key: bytes, what: bytes, *, bound_to: str) -> str:
    """A few bytes, closed, as text that can stand in a session."""
    return b64encode(_seal(key, what, bound_to)).decode()


def unseal_bytes(key: bytes, sealed: str, *, bound_to: str) -> bytes | None:
    """These bytes again, if nothing was changed."""
    return _unseal(key, b64decode(sealed), bound_to)


def _seal(key: bytes, what: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, what, bound_to.encode())


def _unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes | None:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
    except (InvalidTag, ValueError):
        return None


def _between(shared: bytes, known: bytes, public: bytes) -> bytes:
    info = b"pamoja box 1" + known + public
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=info).derive(shared)


def _from_password(password: str, salt: bytes, memory: int, passes: int) -> bytes:
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    with at_once:
        return hash_secret_raw(typed, salt, passes, memory, 1, _KEY, Type.ID)
