"""Nobody is led to a page that refuses them: what a page links to opens for whoever reads the page.

On the same walk: what somebody sees who only looks at the phone. Every page of every test has its way out and a title
that tells nothing, and every file its name (`tests/support/strict.py`, `tests/support/client.py`); here are the names of
this world besides, and the messages that wait to be sent or have been written (PRIV-12, PRIV-13, SEC-09).
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from network.db import db
from network.messages.models import Letter
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.browser.visitor import shape_of
from tests.support import strict
from tests.support.app import in_group, in_scope, the_app
from tests.support.client import Page, StrictClient
from tests.support.outside import is_public, ready_words, told_by

pytestmark = pytest.mark.xdist_group("browser")
ASIDE = ("/leave", "/language/", "/static/", "/sign-out", ".json", "mailto:", "tel:", "sms:")


@pytest.fixture(scope="module")
def places(story: list[dict[str, str]]) -> list[Group]:
    """All groups and networks of the demo."""
    assert story
    with in_scope():
        return list(db.session.scalars(sa.select(Group)))


def _told(page: Page, names: list[str]) -> Iterator[tuple[str, object]]:
    """What this page tells of its place to whoever looks at the phone, or at a message sent from it."""
    title = strict.text_of(next(page.tree.iter("title")))
    if not is_public(page.path) and (found := told_by(title, names=names)):
        yield title, found
    for words in filter(None, map(ready_words, page.links)):
        if found := told_by(words, in_message=True, names=names):
            yield words, found
        yield from _opened_by(words)


def _opened_by(words: str) -> Iterator[tuple[str, object]]:
    """Where the links of a message lead a phone on which nobody is signed in: never straight into a place."""
    for word in words.split():
        parts = urlsplit(word)
        if parts.scheme in {"http", "https"} and parts.path.startswith(("/g/", "/n/")):
            with the_app().test_client() as stranger:
                answer = stranger.get(parts.path)
                if not (answer.location or "").startswith("/sign-in"):
                    yield word, answer.status


def test_every_link_opens_for_whoever_sees_it(
    app: Pamoja, story: list[dict[str, str]], places: list[Group]
) -> None:
    dead: list[tuple[str, ...]] = []
    told: list[tuple[object, ...]] = []
    names = [place.name for place in places]
    for who in story:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        page = client.fetch("/sign-in")
        client.send(page, {"sign_in": who["sign_in"], "password": who["password"]})
        seen: set[str] = set()
        waiting = [("/sign-in", who["home"])]
        while waiting:
            source, path = waiting.pop(0)
            if shape_of(path) in seen or not path.startswith("/") or any(part in path for part in ASIDE):
                continue
            seen.add(shape_of(path))
            found = client.fetch(path)
            if found.status >= 400:
                dead.append((who["name"], source, path, str(found.status)))
                continue
            if found.response.mimetype == "text/html":
                waiting += [(path, link) for link in found.links]
                told += [(who["name"], path, *one) for one in _told(found, names)]
            elif named := told_by(found.response.headers.get("Content-Disposition", ""), names=names):
                told.append((who["name"], path, named))
    assert dead == []
    assert told == []


def test_no_letter_tells_where_it_comes_from(places: list[Group]) -> None:
    names = [place.name for place in places]
    told = []
    for place in places:
        with in_group(place):
            letters = [f"{letter.subject}\n{letter.body}" for letter in db.session.scalars(sa.select(Letter))]
        told += [
            (words, found) for words in letters if (found := told_by(words, in_message=True, names=names))
        ]
        told += [one for words in letters for one in _opened_by(words)]
    assert told == []
