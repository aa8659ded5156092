"""Bad input, in every form anybody in the demo can reach: a sentence beside the field, what was typed kept, nothing changed."""

import uuid
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from network import demo
from network.web.unit_of_work import Pamoja
from tests.browser.visitor import shape_of
from tests.isolation.test_matrix import rows_of
from tests.isolation.world import World
from tests.support import strict
from tests.support.client import Page, StrictClient

pytestmark = pytest.mark.xdist_group("world")
ASIDE = ("/leave", "/language/", "/static/", ".json", "mailto:", "tel:", "sms:")
TURNED = "abc\u202edef"
BAD = {
    "a hidden mark that turns the direction": TURNED,
    "letters that arrived broken": "caf\ufffd",
    "far too long": "x" * 30_000,
    "something that is no date, number or choice": "-99999999999999999999 \u202e",
}


def test_no_form_takes_it_and_every_form_says_so(app: Pamoja, world: World) -> None:
    with app.test_request_context():
        people = demo.sign_ins()
    before = _kept_in(world.theirs.id), _kept_in(world.their_office.id)
    seen: set[str] = set()
    wrong: list[tuple[str, ...]] = []
    tried = 0
    for who in people:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        client.send(client.fetch("/sign-in"), {"sign_in": who["sign_in"], "password": who["password"]})
        for page in _pages(client, who["home"], seen):
            for form in page.forms():
                tried += 1
                wrong += [(who["name"], page.path, *one) for one in _try(client, page, form)]
    assert wrong == []
    assert tried > 30
    assert (_kept_in(world.theirs.id), _kept_in(world.their_office.id)) == before


def _kept_in(group_id: uuid.UUID) -> dict[str, str]:
    """Everything but who looked: to open a page about one member is noted, and changes nothing."""
    return {table: rows for table, rows in rows_of(group_id).items() if table != "looks"}


def _pages(client: StrictClient, start: str, seen: set[str]) -> Iterator[Page]:
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        if shape_of(path) in seen or not path.startswith("/") or any(part in path for part in ASIDE):
            continue
        seen.add(shape_of(path))
        page = client.fetch(path)
        if page.response.mimetype == "text/html" and page.status == 200:
            waiting += page.links
            yield page


def _typed(form: Element) -> list[str]:
    """The fields somebody types into."""
    free = {"text", "search", "email", "tel", "number", "date", "time", "url", None}
    inputs = [e for e in form.iter("input") if e.get("type") in free]
    return [str(e.get("name")) for e in (*inputs, *form.iter("textarea")) if e.get("name")]


def _try(client: StrictClient, page: Page, form: Element) -> Iterator[tuple[str, ...]]:
    action, typed = form.get("action") or page.path, _typed(form)
    if not typed:
        return
    for what, value in BAD.items():
        values: dict[str, Any] = {**strict.values_of(form), **dict.fromkeys(typed, value)}
        answer = Page(client.post(action, data=values), action)
        if answer.status == 429:
            return
        if answer.status != 422:
            yield (action, what, f"answered {answer.status}")
        elif not answer.fields_with_errors:
            yield (action, what, "no field is marked")


def test_a_missing_field_or_a_choice_nobody_offered_is_answered_not_failed(app: Pamoja, world: World) -> None:
    """Forms sent with nothing but their token, and with choices of another group."""
    with app.test_request_context():
        people = demo.sign_ins()
    before = _kept_in(world.theirs.id)
    failed = []
    seen: set[str] = set()
    for who in people[:8]:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        client.send(client.fetch("/sign-in"), {"sign_in": who["sign_in"], "password": who["password"]})
        for page in _pages(client, who["home"], seen):
            for form in page.forms():
                chosen = [str(e.get("name")) for e in form.iter("select") if e.get("name")]
                if not chosen:
                    continue
                stranger = str(world.ours.id)
                answer = client.post(
                    form.get("action"), data={**strict.values_of(form), **dict.fromkeys(chosen, stranger)}
                )
                if answer.status_code not in {422, 429}:
                    failed.append((form.get("action"), answer.status_code))
    assert failed == []
    assert _kept_in(world.theirs.id) == before
