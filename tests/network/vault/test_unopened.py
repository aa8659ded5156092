"""What opens with no key, spoiled or changed by hand: it is named, everything else gets its new key, and the old one stays."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from click.testing import Result

from network.db import db
from network.messages.models import Letter
from network.tenancy.models import Group
from network.vault import commands, keys
from tests.factories.network import make_group
from tests.network.vault.serving import write_letters
from tests.support.app import in_scope, the_app

SPOILED = {
    "a bit turned": "body = set_byte(body, 20, get_byte(body, 20) # 1)",
    "from another column": "body = subject",
    "of a version there never was": "body = '\\x0009' || substring(body from 3)",
    "cut short": "body = substring(body from 1 for 5)",
    "a single byte": "body = '\\x07'",
}


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "rotate_key", partial(commands.rotate_key, wait=timedelta(0)))


@pytest.fixture
def group() -> Iterator[Group]:
    """Nothing of it is left that would be in the way of whoever reads every letter there is."""
    yield (made := make_group())
    with in_scope(made):
        db.session.execute(sa.delete(Letter))


def typed(*words: object) -> Result:
    with the_app().app_context():
        return the_app().test_cli_runner().invoke(args=["vault", "rotate", *map(str, words)])


def spoil(group: Group, which: uuid.UUID, how: str) -> None:
    with in_scope(group):
        db.session.execute(sa.text(f"update letters set {how} where id = :id"), {"id": which})


def versions(group: Group) -> list[int]:
    with in_scope(group):
        return sorted(db.session.scalars(sa.text("select version from group_keys")))


def sealed_with(group: Group, column: str = "body") -> dict[uuid.UUID, int]:
    with in_scope(group):
        rows = db.session.execute(sa.text(f"select id, {column} from letters"))
        return {row[0]: keys.version_of(bytes(row[1])) for row in rows}


def test_is_named_and_keeps_back_nothing_but_the_old_key(group: Group) -> None:
    letters = write_letters(group, 250)
    spoiled = dict(zip(letters, SPOILED.values(), strict=False))
    for one, how in spoiled.items():
        spoil(group, one, how)
    result = typed("--group", group.id)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    last = result.output.strip().splitlines()[-1]
    assert all(f"letters {one} (body)" in last for one in spoiled)
    assert last.count("letters ") == len(spoiled)
    assert versions(group) == [1, 2]
    others = set(letters) - set(spoiled)
    assert {sealed_with(group)[one] for one in others} == {2}
    assert set(sealed_with(group, "subject").values()) == {2}, "what else stands in the same row"
    with in_scope(group):
        kept = db.session.scalars(sa.select(Letter.body).where(Letter.id.in_(others))).all()
        assert set(kept) == {f"words {n}" for n in range(len(SPOILED), 250)}


def test_the_next_call_goes_on_and_ends_when_it_is_mended(group: Group) -> None:
    emptied, put_back, *_ = write_letters(group, 3)
    with in_scope(group):
        before = db.session.scalar(sa.text("select body from letters where id = :id"), {"id": put_back})
    for one in (emptied, put_back):
        spoil(group, one, SPOILED["a bit turned"])
    for _ in range(2):
        result = typed("--group", group.id)
        assert (result.exit_code, versions(group)) == (1, [1, 2])
    spoil(group, emptied, "body = ''")
    with in_scope(group):
        sent = {"id": put_back, "body": before}
        db.session.execute(sa.text("update letters set body = :body where id = :id"), sent)
    result = typed("--group", group.id)
    assert (result.exit_code, versions(group)) == (0, [2]), result.output
    with in_scope(group):
        assert set(db.session.scalars(sa.select(Letter.body))) == {"", "words 1", "words 2"}


def test_a_key_can_be_changed_again_although_one_row_keeps_an_old_one(group: Group) -> None:
    spoiled, *others = write_letters(group, 3)
    spoil(group, spoiled, SPOILED["a bit turned"])
    typed("--group", group.id)
    result = typed("--group", group.id, "--another")
    assert (result.exit_code, versions(group)) == (1, [1, 2, 3])
    assert {sealed_with(group)[one] for one in others} == {3}
    spoil(group, spoiled, "body = ''")
    assert typed("--group", group.id).exit_code == 0
    assert versions(group) == [3]


def test_a_key_that_does_not_open_is_said_in_a_sentence(group: Group) -> None:
    write_letters(group, 1)
    turned = sa.text("update group_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)")
    for exit_code, says in ((1, f"the key of {group.id}"), (0, "the old key is destroyed")):
        with in_scope(group):
            db.session.execute(turned)  # and back again
        result = typed("--group", group.id)
        assert result.exit_code == exit_code
        assert says in result.output
