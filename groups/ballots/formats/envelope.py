"""The inner envelope: a paper, padded so that all are of one length, sealed to the key of an election.

    1 byte   version (1)
    65 bytes the sender's key for this envelope alone (P-256, uncompressed)
    12 bytes nonce
    rest     AES-256-GCM, bound to the election

The key comes from ECDH by HKDF-SHA256. Every browser since 2017 can do this without any library.
"""

import hashlib
import secrets
import uuid

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from groups.ballots.formats import letters

VERSION = 1
POINT, NONCE, TAG = 65, 12, 16
TRACKER_BYTES = 10


def seal(words: bytes, *, public_key: bytes, election_id: uuid.UUID) -> bytes:
    """Seal a padded paper. Whoever seals cannot open it again: the key for it is forgotten here."""
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = own.exchange(ec.ECDH(), read_point(public_key))
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(key_from(secret, election_id)).encrypt(nonce, words, election_id.bytes)
    return bytes([VERSION]) + point + nonce + sealed


def read_point(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """A public key as it is kept. Raises `ValueError` for anything else."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)


def key_from(secret: bytes, election_id: uuid.UUID) -> bytes:
    """The key of one envelope."""
    info = b"pamoja ballot " + election_id.bytes
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def sealed_length(length: int) -> int:
    """How long every envelope is whose paper is padded to this length."""
    return 1 + POINT + NONCE + length + TAG


def tracker(sealed: bytes) -> str:
    """What a voter writes down, to find the envelope in the published list: it says nothing about what is inside."""
    return letters.written(hashlib.sha256(sealed).digest()[:TRACKER_BYTES], group=4)
