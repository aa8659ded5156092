"""A word in an address instead of a code: for one browser, for a while, and readable in no table."""

from datetime import timedelta

import pytest
from flask import session

from network import clock
from network.accounts import stand_ins
from network.web.unit_of_work import Pamoja

CODE = "ABCDE-FGHJK"


@pytest.fixture(autouse=True)
def here(app: Pamoja) -> object:
    with app.test_request_context():
        yield


def test_means_the_code_here_and_for_three_hours() -> None:
    now = clock.now()
    word = stand_ins.stand_in_for(CODE, now=now)
    assert stand_ins.meant_by(word, now=now) == CODE
    assert stand_ins.meant_by(word, now=now + stand_ins.LASTS) is None
    session.clear()
    assert stand_ins.meant_by(word, now=now) is None


def test_lasts_on_while_its_page_is_opened() -> None:
    now = clock.now()
    word, later = stand_ins.stand_in_for(CODE, now=now), now + timedelta(hours=2)
    stand_ins.keep_on(word, now=later)
    assert stand_ins.meant_by(word, now=now + timedelta(hours=4)) == CODE


def test_neither_the_code_nor_the_word_can_be_read_in_the_session() -> None:
    word = stand_ins.stand_in_for(CODE, now=clock.now())
    assert not [
        said for said in (CODE, word, word.removeprefix(stand_ins.PREFIX)) if said in str(dict(session))
    ]


def test_a_few_are_kept_and_the_newest_among_them() -> None:
    now = clock.now()
    words = [stand_ins.stand_in_for(CODE, now=now + timedelta(seconds=n)) for n in range(8)]
    living = [word for word in words if stand_ins.meant_by(word, now=now)]
    assert living == words[-stand_ins.AT_ONCE :]


def test_anything_else_means_itself() -> None:
    assert stand_ins.meant_by(CODE, now=clock.now()) == CODE
    assert stand_ins.meant_by("x" * 32, now=clock.now()) == "x" * 32
