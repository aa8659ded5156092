"""An applicant who left an e-mail address is told that an answer waits; others find it by their link."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from network.db import db
from network.messages.models import Letter
from network.outbox import commands as outbox
from network.outbox import worker
from network.permissions import Role
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_holder, word
from tests.factories.onboarding import Sent, send_application
from tests.support.app import in_scope
from tests.support.client import StrictClient

SECRET = "The key is under the stone"


def answer(sent: Sent, client: StrictClient, words: str = SECRET) -> int:
    office = f"/n/{sent.network.office_id}/applications/{sent.application.id}/answer"
    client.sign_in(make_holder(Role.ONBOARDING, sent.network))
    return client.send(client.fetch(office), {"words": words}, to="answer").status


def letters(sent: Sent) -> list[Letter]:
    with in_scope(sent.network.office_id):
        return list(db.session.scalars(sa.select(Letter)))


class TestAnAnswer:
    def test_is_announced_by_a_letter_in_the_applicants_language_that_a_worker_sees_off(
        self, app: Pamoja, client: StrictClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "LETTERS_FOLDER", str(tmp_path))
        monkeypatch.setattr(worker, "_app", [app])
        address = f"{word()}@people.example"
        sent = send_application(language="sw", reach=address)
        assert answer(sent, client) == 200
        [letter] = letters(sent)
        assert letter.recipient == address
        with app.app_context():
            queue = outbox.queue(app.extensions["redis"])
            SimpleWorker([queue], connection=app.extensions["redis"], serializer=JSONSerializer).work(
                burst=True
            )
        assert letters(sent) == []
        kept = (tmp_path / f"{letter.id}.eml").read_bytes()  # others may lie there: the queue is shared
        arrived = message_from_bytes(kept, policy=policy.default)
        said = arrived.get_content() + arrived["Subject"]
        assert arrived["To"] == address
        assert "/code" in said
        assert "You wrote to us" not in said
        assert SECRET not in said
        assert sent.network.name not in said

    def test_is_not_announced_to_a_phone_number(self, client: StrictClient) -> None:
        sent = send_application(reach="0700 000 123")
        assert answer(sent, client) == 200
        assert letters(sent) == []

    def test_that_was_not_kept_is_not_announced(self, client: StrictClient) -> None:
        sent = send_application(reach=f"{word()}@people.example")
        assert answer(sent, client, words="") == 422
        assert letters(sent) == []
