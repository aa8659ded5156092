"""PRIV-12: one tap on "Leave now", from any kind of page, leads to a page that tells nothing, and so does the way back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import abort, request

from network.accounts.models import SignInTry
from network.db import db
from network.web.unit_of_work import Pamoja
from tests.browser.visitor import Visitor
from tests.browser.walker import Walker
from tests.factories.directory import list_group
from tests.factories.network import make_group
from tests.factories.referrals import somebody_reads
from tests.support.app import in_scope

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
BEHIND_A_SIGN_IN = ("", "money", "matters", "/me", "/me/sheet")
FOR_ANYBODY = ("/en/", "/en/groups", "/en/help-now", "/sign-in", "/ar/start")
CODES = (400, 403, 404, 409, 410, 413, 422, 429, 500, 503)


@pytest.fixture(autouse=True)
def nobody_knocked_before() -> None:
    """Every browser here comes from the same place, and what comes from one place is slowed down."""
    with in_scope():
        db.session.execute(sa.delete(SignInTry))


@pytest.fixture
def broken(app: Pamoja, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that goes wrong in the way it is asked to."""
    monkeypatch.setitem(app.view_functions, "network.healthz", lambda: abort(int(request.args["code"])))


def _leave(visitor: Visitor) -> str:
    """Tap it once. Returns what was read before."""
    page = visitor.page
    before = page.locator("main").inner_text()
    with page.expect_response("**/leave") as answered:
        page.click("[data-leave]")
    page.wait_for_url("**/leave")
    headers = answered.value.all_headers()
    assert headers["clear-site-data"] == '"cache", "storage"'
    assert headers["cache-control"] == "no-store"
    _shows_nothing(visitor, before)
    assert visitor.context.cookies() == []
    return before


def _shows_nothing(visitor: Visitor, before: str) -> None:
    day = visitor.page.locator("body").inner_text()
    assert before not in day
    assert day == visitor.page.title()
    assert "Pamoja" not in visitor.page.content()


def _go_back_to_nothing(visitor: Visitor, before: str) -> None:
    visitor.page.go_back()
    visitor.page.wait_for_url("**/leave")
    _shows_nothing(visitor, before)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_pages_behind_a_sign_in(visit: Visit, story: list[dict[str, str]], *, javascript: bool) -> None:
    who = next(one for one in story if one["name"] == "Wekesa")
    for path in BEHIND_A_SIGN_IN:
        visitor = visit(javascript=javascript)
        visitor.sign_in(who["sign_in"], who["password"])
        visitor.page.goto(f"{who['home']}members")
        visitor.page.goto(path if path.startswith("/") else f"{who['home']}{path}")
        before = _leave(visitor)
        if javascript:
            _go_back_to_nothing(visitor, before)
            _go_back_to_nothing(visitor, before)
        else:
            visitor.page.go_back()
            assert "/sign-in" in visitor.page.url
            assert before not in visitor.page.locator("main").inner_text()
        visitor.close()


@pytest.mark.parametrize("path", FOR_ANYBODY)
def test_from_pages_for_anybody(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.page.goto("/sw/")
    visitor.page.goto(path)
    before = _leave(visitor)
    _go_back_to_nothing(visitor, before)
    visitor.page.goto(path)  # whoever asks for it anew, in the same window, gets it
    assert visitor.page.locator("main").inner_text() == before


def test_every_window_of_the_browser_leaves_with_it(visit: Visit) -> None:
    visitor = visit()
    other = visitor.context.new_page()
    for page in (visitor.page, other):
        page.goto("/sw/")
        page.goto("/en/help-now")
    before = _leave(visitor)
    other.wait_for_url("**/leave")
    assert before not in other.locator("body").inner_text()
    for page in (visitor.page, other):
        page.go_back()
        page.wait_for_url("**/leave")
        assert before not in page.locator("body").inner_text()


def test_from_pages_for_anybody_without_a_script(visit: Visit) -> None:
    visitor = visit(javascript=False)
    for path in FOR_ANYBODY:
        visitor.page.goto(path)
        _leave(visitor)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_private_link_open_and_ended(visit: Visit, *, javascript: bool) -> None:
    group = make_group()
    list_group(group, words="Come in")
    somebody_reads(group)
    visitor = visit(javascript=javascript)
    walker = Walker(visitor, None)
    walker.go(f"/en/groups/{group.slug}/join")
    walker.send(called="Sanaa", words="Saturday")
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", walker.words)
    assert code
    link = f"/answer/{code[0]}"
    walker.go(link)
    before = _leave(visitor)
    if javascript:
        _go_back_to_nothing(visitor, before)
    walker.go(f"{link}/take-back")
    walker.confirm()
    walker.go(link, expect=410)
    _leave(visitor)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_form_that_was_refused(visit: Visit, *, javascript: bool) -> None:
    walker = Walker(visit(javascript=javascript), None)
    walker.go("/sign-in")
    walker.send(sign_in="nobody@people.example", password="not the words", expect=422)
    before = _leave(walker.visitor)
    if javascript:
        _go_back_to_nothing(walker.visitor, before)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_every_page_about_what_went_wrong(visit: Visit, broken: Any, *, javascript: bool) -> None:
    visitor = visit(javascript=javascript)
    for code in CODES:
        visitor.page.goto("/sw/")
        answered = visitor.page.goto(f"/healthz?code={code}")
        assert answered is not None
        assert answered.status == code
        before = _leave(visitor)
        if javascript:
            _go_back_to_nothing(visitor, before)
