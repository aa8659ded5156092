"""A form sent twice has the effect of once, also when both arrive together."""

import hashlib
import hmac
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Response, redirect

from network import clock
from network.access.guard import public
from network.accounts.models import FormSubmission
from network.audit import AuditEvent
from network.db import db
from network.tenancy.models import Group
from network.vault import keys
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_group
from tests.support.app import another_app, in_scope
from tests.support.client import StrictClient


@pytest.fixture(scope="module")
def counting() -> Iterator[tuple[Pamoja, Group]]:
    """A view that notes each time it really ran."""
    group = make_group()

    def note() -> Response:
        db.session.execute(sa.select(sa.func.pg_sleep(0.02)))
        db.session.add(AuditEvent(group_id=group.id, event="sent", at=clock.now()))
        return redirect(f"/thanks/{uuid.uuid4()}", 303)

    with another_app() as made:
        made.config["WTF_CSRF_ENABLED"] = False
        made.add_url_rule("/try/<uuid:group_id>", "note", public("a test")(note), methods=["POST"])
        yield made, group


def times(group: Group) -> int:
    with in_scope(group):
        return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) or 0


def send(made: Pamoja, group: Group, once: str, **more: object) -> Response:
    return made.test_client().post(f"/try/{group.id}", data={"once": once, "words": "x", **more})


class TestTheSameForm:
    def test_twice_is_once_and_answers_alike(self, counting: tuple[Pamoja, Group]) -> None:
        made, group = counting
        before, once = times(group), str(uuid.uuid4())
        answers = [send(made, group, once) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert times(group) == before + 1

    def test_twenty_together_are_once(self, counting: tuple[Pamoja, Group]) -> None:
        made, group = counting
        before, once = times(group), str(uuid.uuid4())
        answers: list[Response] = []
        threads = [
            threading.Thread(target=lambda: answers.append(send(made, group, once))) for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.status_code for answer in answers] == [303] * 20
        assert len({answer.location for answer in answers}) == 1
        assert times(group) == before + 1

    @pytest.mark.parametrize("other", [{"words": "y"}, {"more": "1"}, {"words": ["x", "x"]}])
    def test_with_other_words_is_told_so(
        self, counting: tuple[Pamoja, Group], other: dict[str, object]
    ) -> None:
        made, group = counting
        before, once = times(group), str(uuid.uuid4())
        first = send(made, group, once)
        assert first.status_code == 303
        again = send(made, group, once, **other)
        assert again.status_code == 409
        assert f'href="{first.location}"' in again.get_data(as_text=True)
        assert times(group) == before + 1

    def test_with_another_file_is_told_so(self, counting: tuple[Pamoja, Group]) -> None:
        made, group = counting
        once = str(uuid.uuid4())
        statuses = [
            send(made, group, once, file=(BytesIO(content), "a.csv")).status_code
            for content in (b"one", b"one", b"two")
        ]
        assert statuses == [303, 303, 409]

    @pytest.mark.parametrize("once", ["", "x", "0" * 400, "\x00"])
    def test_a_key_that_is_none_is_no_key(self, counting: tuple[Pamoja, Group], once: str) -> None:
        made, group = counting
        before = times(group)
        assert [send(made, group, once).status_code for _ in range(2)] == [303, 303]
        assert times(group) == before + 2

    def test_a_refused_form_may_be_sent_again_under_its_key(self, client: StrictClient) -> None:
        page = client.fetch("/code")
        again = client.send(page, {"code": ""})
        assert again.status == 422
        assert client.send(again, {"code": ""}).status == 422

    def test_a_missing_form_token_changes_nothing(self, client: StrictClient) -> None:
        once = str(uuid.uuid4())
        for _ in range(2):
            assert client.post("/code", data={"once": once, "code": "ABCDE-FGHJK"}).status_code == 400


class TestWhatIsKept:
    def test_cannot_be_found_or_tested_without_the_pages_own_key(
        self, counting: tuple[Pamoja, Group]
    ) -> None:
        made, group = counting
        once = str(uuid.uuid4())
        location = str(send(made, group, once).location)
        with in_scope():
            assert db.session.get(FormSubmission, uuid.UUID(once)) is None
            rows = db.session.scalars(sa.select(FormSubmission)).all()
            content = repr([("once", [once]), ("words", ["x"])])
            guess = f"None /try/{group.id} {content} []".encode()
            known = [str(made.secret_key).encode(), keys.derived("submissions")]
            tested = [hmac.new(secret, guess, hashlib.sha256).digest() for secret in known]
            assert not [row for row in rows if row.digest in tested]
            assert location not in [row.location for row in rows]

    def test_says_the_day_and_not_the_minute(self, counting: tuple[Pamoja, Group]) -> None:
        made, group = counting
        with in_scope():
            before = set(db.session.scalars(sa.select(FormSubmission.id)))
        send(made, group, str(uuid.uuid4()))
        with in_scope():
            new = db.session.scalars(
                sa.select(FormSubmission.created_at).where(FormSubmission.id.not_in(before))
            )
            days = set(new)
        assert days
        assert {day.astimezone(UTC).timetz() for day in days} == {time(0, tzinfo=UTC)}
        assert max(days) <= datetime.now(UTC)
