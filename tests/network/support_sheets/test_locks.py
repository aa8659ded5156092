"""What is closed opens with its words and with nothing else."""

import json
import secrets
from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from network.support_sheets import locks
from network.support_sheets.demo import WRITTEN
from network.support_sheets.rules import Written

WORDS = "mango river drum morning"


def test_a_sheet_comes_out_as_it_went_in() -> None:
    key = locks.new_key()
    lock = locks.lock(key, WORDS)
    assert locks.is_lock(lock)
    assert locks.unlock(lock, " Mango RIVER, drum morning") == key
    assert locks.unlock(lock, "mango river drum evening") is None
    content = locks.close(key, WRITTEN)
    assert locks.is_content(content)
    assert locks.unclose(key, content) == WRITTEN
    assert locks.unclose(locks.new_key(), content) is None


def test_two_locks_of_the_same_words_have_nothing_in_common() -> None:
    key = locks.new_key()
    assert locks.lock(key, WORDS).split(".")[3:] != locks.lock(key, WORDS).split(".")[3:]


def test_the_length_says_only_how_many_kilobytes() -> None:
    key = locks.new_key()
    assert len(locks.close(key, Written())) == len(locks.close(key, replace(WRITTEN, helps="x" * 50)))


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.8.1.AAAA.AAAA", "x" * 500, "1.999999.3." + "A" * 22 + "==." + "A" * 80, "1.1024.3." + "A" * 22 + "==." + "A" * 80],
)  # fmt: skip
def test_what_is_no_lock_or_too_weak_or_too_heavy_is_refused(text: str) -> None:
    assert not locks.is_lock(text)
    assert not locks.is_content(text)


PLAIN: dict[str, object] = {"name": "", "helps": "", "hurts": "", "wishes": "", "text": "", "people": []}


def closed(key: bytes, said: bytes) -> str:
    nonce = secrets.token_bytes(12)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, said, b"pamoja sheet 1")).decode()


@pytest.mark.parametrize(
    "said",
    [
        b"", b"\xff", b"tea", b"[]", b"7", b"{}", b"[" * 40_000,
        json.dumps(PLAIN | {"people": 1}).encode(), json.dumps(PLAIN | {"people": {}}).encode(),
        json.dumps(PLAIN | {"people": "tea"}).encode(), json.dumps(PLAIN | {"people": [["a"]]}).encode(),
    ],
)  # fmt: skip
def test_what_is_closed_and_no_sheet_opens_as_nothing(said: bytes) -> None:
    key = locks.new_key()
    assert locks.unclose(key, closed(key, said)) is None


@pytest.mark.parametrize("content", ["", "AAAA", "no base 64", "é"])
def test_what_is_not_closed_opens_as_nothing(content: str) -> None:
    assert locks.unclose(locks.new_key(), content) is None


def test_half_a_sign_can_be_shown() -> None:
    key = locks.new_key()
    found = locks.unclose(key, closed(key, json.dumps(PLAIN | {"helps": "tea \ud83d"}).encode()))
    assert found
    assert found.helps == "tea ?"


def test_a_sheet_closed_anew_is_in_another_state() -> None:
    key = locks.new_key()
    lock, content = locks.lock(key, WORDS), locks.close(key, WRITTEN)
    assert locks.state_of(lock, content) == locks.state_of(lock, content)
    assert locks.state_of(locks.lock(key, WORDS), content) != locks.state_of(lock, content)
    assert locks.state_of(lock, locks.close(key, WRITTEN)) != locks.state_of(lock, content)
