"""Whatever fails, somebody gets a page in their language, and nothing half done is kept."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Response
from sqlalchemy.exc import IntegrityError

from network import clock
from network.access.guard import public
from network.accounts.models import FormSubmission
from network.db import db
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_account, make_network, word
from tests.support import strict
from tests.support.app import another_app, in_scope, without_a_database
from tests.support.client import StrictClient


@pytest.fixture(scope="module")
def broken() -> Iterator[Pamoja]:
    with without_a_database() as made:
        yield made


@pytest.fixture(scope="module")
def serving() -> Iterator[Pamoja]:
    """As when serving people: failures become pages. It has a few views that fail in their own ways."""
    with another_app() as made:
        made.config["WTF_CSRF_ENABLED"] = False
        _add_views(made)
        yield made


def _add_views(made: Pamoja) -> None:

    def add(name: str, view: Any) -> None:
        made.add_url_rule(f"/try/{name}", name, public("a test")(view), methods=["GET", "POST"])

    add("crash", _crash)
    add("refuse", lambda: _plain(422))
    add("commit", _fail_at_commit)
    add("keep", lambda: _plain(200))


NAME = "Asked by a test"
WORDS = "Wanjiku told us"


def _open_a_group() -> None:
    with db.session.no_autoflush:
        slug = f"asked-{word()}"
        row = {"kind": "group", "state": "open", "slug": slug, "name": NAME, "locality": "", "language": "en"}
        db.session.add(
            Group(id=uuid.uuid4(), currency="KES", time_zone="UTC", band=1, created_at=clock.now(), **row)
        )


def _plain(status: int) -> Response:
    _open_a_group()
    return Response("that is it", status, mimetype="text/plain")


def _crash() -> str:
    _open_a_group()
    raise RuntimeError(WORDS)


def _fail_at_commit() -> Response:
    _open_a_group()
    db.session.flush()

    @sa.event.listens_for(db.session(), "before_commit", once=True)
    def refuse(session: Any) -> None:
        raise IntegrityError("insert", None, Exception("refused at the last moment"))

    return Response("kept", mimetype="text/plain")


@contextmanager
def count_of_groups(added: int) -> Iterator[None]:
    def count() -> int:
        with in_scope():
            return db.session.scalar(sa.select(sa.func.count()).where(Group.name == NAME)) or 0

    before = count()
    yield
    assert count() == before + added


class TestARequestIsOneTransaction:
    def test_a_good_answer_keeps_what_was_done(self, serving: Pamoja) -> None:
        with count_of_groups(1):
            assert serving.test_client().get("/try/keep").status_code == 200

    @pytest.mark.parametrize(("view", "status"), [("crash", 500), ("refuse", 422), ("commit", 409)])
    def test_a_bad_answer_keeps_nothing(self, serving: Pamoja, view: str, status: int) -> None:
        once = uuid.uuid4()
        with count_of_groups(0):
            assert serving.test_client().post(f"/try/{view}", data={"once": str(once)}).status_code == status
        with in_scope():
            assert db.session.get(FormSubmission, once) is None

    def test_the_service_goes_on_after_each(self, serving: Pamoja) -> None:
        client = serving.test_client()
        for view in ("crash", "commit", "crash"):
            client.get(f"/try/{view}")
        assert client.get("/en/").status_code == 200

    def test_the_log_says_where_it_failed_and_nothing_of_people(
        self, serving: Pamoja, caplog: pytest.LogCaptureFixture
    ) -> None:
        place = make_network().office_id
        with caplog.at_level(logging.INFO):
            serving.test_client().get("/try/crash")
            serving.test_client().get(f"/g/{place}/")
        assert "RuntimeError" in caplog.text
        assert "_crash" in caplog.text
        assert WORDS not in caplog.text
        assert str(place) not in caplog.text


class TestWithoutADatabase:
    @pytest.mark.parametrize("path", ["/", "/en/", "/sw/help-now", "/sign-in", "/code"])
    def test_pages_that_need_none_still_show(self, broken: Pamoja, path: str) -> None:
        assert broken.test_client().get(path, headers={"Accept-Language": "en"}).status_code in {
            200,
            302,
            503,
        }

    @pytest.mark.parametrize(
        "path", ["/me", "/places", "/en/", "/g/8d1f0f2e-6c1c-4d8e-9f0a-000000000000/", "/nowhere"]
    )
    def test_somebody_signed_in_is_told_and_not_sent_away(self, broken: Pamoja, path: str) -> None:
        client = broken.test_client()
        client.set_cookie("pamoja", "x" * 43)
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Set-Cookie" not in answer.headers
        assert strict.parse(answer.text).find(".//h1") is not None

    @pytest.mark.parametrize("language", ["sw", "fr", "en-XA", "ar"])
    def test_the_page_is_in_the_language_of_the_address(self, broken: Pamoja, language: str) -> None:
        client = broken.test_client()
        client.set_cookie("pamoja", "x" * 43)
        answer = client.get(f"/{language}/")
        assert answer.status_code == 503
        html = strict.parse(answer.text)
        root = html if html.tag == "html" else html.find("html")
        assert root is not None
        assert root.get("lang") == language

    def test_signing_in_says_so(self, broken: Pamoja) -> None:
        broken.config["WTF_CSRF_ENABLED"] = False
        answer = broken.test_client().post("/sign-in", data={"sign_in": "somebody", "password": "mango-rain"})
        assert answer.status_code == 503


class TestPagesForWhatIsNotThere:
    def test_a_place_that_is_not_there_and_one_of_others_answer_alike(self, client: StrictClient) -> None:
        client.sign_in(make_account())
        others = make_network().office_id
        answers = [client.get(f"/n/{place}/") for place in (others, uuid.uuid4())]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].data.replace(str(others).encode(), b"") == answers[1].data
        assert dict(answers[0].headers) == dict(answers[1].headers)

    def test_a_wrong_method_says_which_are_right(self, client: StrictClient) -> None:
        answer = client.delete("/sign-in")
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]

    def test_too_much_at_once_has_its_page(self, serving: Pamoja) -> None:
        answer = serving.test_client().post("/sign-in", data={"sign_in": "x" * (3 * 1024 * 1024)})
        assert answer.status_code == 413
