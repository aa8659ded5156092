"""What is closed opens with its words and with nothing else."""

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag

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
    with pytest.raises(InvalidTag):
        locks.unclose(locks.new_key(), content)


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
