"""Nothing leaves before the commit, and never out of what was undone."""

import pytest

from network.db import after_commit, db
from tests.support.app import in_scope


@pytest.fixture
def left() -> list[str]:
    return []


class TestAfterCommit:
    def test_leaves_once_and_only_when_all_is_kept(self, left: list[str]) -> None:
        with in_scope():
            after_commit(lambda: left.append("letter"))
            db.session.flush()
            assert left == []
        assert left == ["letter"]

    def test_an_empty_transaction_lets_out_too(self, left: list[str]) -> None:
        with in_scope():
            after_commit(lambda: left.append("letter"))
        assert left == ["letter"]

    def test_stays_for_good_when_the_transaction_is_undone(self, left: list[str]) -> None:
        with in_scope():
            db.session.connection()
            after_commit(lambda: left.append("letter"))
            db.session.rollback()
            db.session.connection()
        with pytest.raises(RuntimeError), in_scope():
            after_commit(lambda: left.append("letter"))
            raise RuntimeError
        assert left == []

    def test_a_savepoint_lets_nothing_out_early(self, left: list[str]) -> None:
        with in_scope():
            with db.session.begin_nested():
                after_commit(lambda: left.append("inner"))
                with db.session.begin_nested():
                    after_commit(lambda: left.append("innermost"))
            assert left == []
            after_commit(lambda: left.append("outer"))
        assert left == ["inner", "innermost", "outer"]

    def test_what_was_asked_in_an_undone_savepoint_never_leaves(self, left: list[str]) -> None:
        with in_scope():
            after_commit(lambda: left.append("before"))
            with pytest.raises(RuntimeError), db.session.begin_nested():
                after_commit(lambda: left.append("undone"))
                with db.session.begin_nested():
                    after_commit(lambda: left.append("kept inside what was undone"))
                raise RuntimeError
            after_commit(lambda: left.append("after"))
        assert left == ["before", "after"]

    def test_one_that_fails_stops_neither_the_others_nor_the_answer(self, left: list[str]) -> None:
        with in_scope():
            after_commit(lambda: left.append(str(1 // 0)))
            after_commit(lambda: left.append("second"))
        assert left == ["second"]
