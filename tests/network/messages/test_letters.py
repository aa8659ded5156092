"""Letters are sealed while they wait, gone once they have left, and travel encrypted."""

import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import pytest
import sqlalchemy as sa
from jinja2 import DictLoader

from network import clock
from network.db import db
from network.messages import commands as messages
from network.messages.models import Letter
from network.outbox import commands as outbox
from network.outbox.models import OutboxItem, OutboxState
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_group
from tests.support.app import in_scope

TO = "wanjiku@people.example"


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture(autouse=True)
def folder(app: Pamoja, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pages = {
        "tried/letter.subject.txt": "For {{ name }}\n",
        "tried/letter.txt": "Dear {{ name }}, {{ _('Sign in') }}",
    }
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(pages))
    monkeypatch.setitem(app.config, "LETTERS_FOLDER", str(tmp_path / "letters"))
    return tmp_path / "letters"


def write(group: Group, *, to: str = TO, language: str = "en", name: str = "Wanjiku") -> OutboxItem:
    with in_scope(group):
        messages.write(to=to, template="tried/letter", language=language, now=clock.now(), name=name)
        letter_id = db.session.scalars(sa.select(Letter.id)).one()
        ours = sa.select(OutboxItem).where(OutboxItem.payload["letter_id"].astext == str(letter_id))
        return db.session.scalars(ours).one()


def see_off(item: OutboxItem) -> bool:
    with in_scope():
        return outbox.deliver(item.id)


class TestALetter:
    def test_is_sealed_while_it_waits_and_its_item_names_it_only(self, group: Group) -> None:
        item = write(group)
        assert set(item.payload) == {"letter_id"}
        with in_scope(group):
            row = db.session.execute(sa.text("select recipient, subject, body from letters")).one()
        assert not [value for value in row if b"anjiku" in bytes(value)]

    def test_is_gone_once_it_has_left(self, group: Group, folder: Path) -> None:
        item = write(group)
        assert see_off(item)
        with in_scope(group):
            assert db.session.scalars(sa.select(Letter)).all() == []
        (file,) = folder.glob("*.eml")
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert (letter["To"], letter["Subject"]) == (TO, "For Wanjiku")
        assert folder.stat().st_mode & 0o077 == 0
        assert not see_off(item)

    def test_does_not_leave_from_what_was_undone(self, group: Group, folder: Path) -> None:
        with pytest.raises(RuntimeError), in_scope(group):
            messages.write(to=TO, template="tried/letter", language="en", now=clock.now(), name="x")
            raise RuntimeError
        with in_scope(group):
            assert db.session.scalars(sa.select(Letter)).all() == []
        assert not folder.exists()

    @pytest.mark.parametrize("language", ["en", "sw", "fr", "ar", "en-XA", "xx", "not a language", ""])
    def test_is_written_whatever_the_reader_reads(self, group: Group, language: str) -> None:
        assert write(group, language=language)

    def test_its_subject_stays_on_one_line(self, group: Group, folder: Path) -> None:
        see_off(write(group, name="x\nBcc: everybody@people.example"))
        (file,) = folder.glob("*.eml")
        assert message_from_bytes(file.read_bytes(), policy=policy.default)["Bcc"] is None

    def test_an_address_that_is_two_lines_never_leaves(self, group: Group, folder: Path) -> None:
        item = write(group, to=f"{TO}\nBcc: everybody@people.example")
        assert not see_off(item)
        assert not folder.exists()
        with in_scope():
            assert db.session.get_one(OutboxItem, item.id).state == OutboxState.WAITING


class Post:
    """Stands for a mail server, and remembers what was asked of it in what order."""

    asked: list[str]

    def __init__(self, host: str, port: int, **how: Any) -> None:
        context = how.get("context")
        self.asked.append(f"{host} {port} {'checked' if context and context.check_hostname else 'plain'}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def starttls(self, *, context: Any) -> None:
        assert context.check_hostname
        self.asked.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.asked.append(f"login {user} {password}")

    def send_message(self, message: EmailMessage) -> None:
        self.asked.append(f"send {message['To']}")


class TestThePost:
    @pytest.mark.parametrize(
        ("url", "asked"),
        [
            ("smtps://me:p%40ss@post.example:465", ["post.example 465 checked", "login me p@ss"]),
            ("smtp://me:x@post.example:587", ["post.example 587 plain", "starttls", "login me x"]),
            ("smtp://localhost:25", ["localhost 25 plain"]),
        ],
    )
    def test_is_told_nothing_in_the_open(
        self, app: Pamoja, group: Group, monkeypatch: pytest.MonkeyPatch, url: str, asked: list[str]
    ) -> None:
        monkeypatch.setattr(Post, "asked", [], raising=False)
        monkeypatch.setattr("smtplib.SMTP", Post)
        monkeypatch.setattr("smtplib.SMTP_SSL", Post)
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        assert see_off(write(group))
        assert Post.asked == [*asked, f"send {TO}"]

    def test_a_letter_somebody_deleted_meanwhile_is_done(self, group: Group) -> None:
        item = write(group)
        with in_scope(group):
            db.session.execute(sa.delete(Letter))
        assert see_off(item)
        assert uuid.UUID(item.payload["letter_id"])
