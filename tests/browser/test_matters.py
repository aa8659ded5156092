"""Pages behind the door of a matter, which no walk without a password reaches: each as a phone and as a desk shows it."""

from typing import Any

import pytest

from tests.browser.visitor import Visitor
from tests.factories.network import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGES = {
    "Wekesa": ("", "/notes", "/tell", "/outcome", "/help", "/step-aside"),
    "Kip": ("",),
    "Achieng": ("", "/take-back"),
    "Barasa": ("", "/answer"),
}
MATTER = "main .todo a[href*='/matters/']"


def _opened(visitor: Visitor, path: str) -> None:
    visitor.page.goto(path)
    if "/door" in visitor.page.url:
        visitor.page.fill("main [name=password]", PASSWORD)
        visitor.page.click("main form button[type=submit]")


def _failures(visitor: Visitor) -> list[str]:
    found = []
    for width in (320, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 740})
        found += [f"{visitor.page.url} at {width}: {one}" for one in visitor.failures()]
    return found


def test_open_cleanly_for_the_panel_and_whoever_brought_it(visit: Any, story: list[dict[str, str]]) -> None:
    failures = []
    for who in (one for one in story if one["name"] in PAGES and "Nairobi" in one["role"]):
        visitor = visit()
        visitor.sign_in(who["sign_in"], who["password"])
        _opened(visitor, "/me/matters")
        failures += _failures(visitor)
        _opened(visitor, visitor.page.locator(MATTER).first.get_attribute("href") or "")
        matter = visitor.page.url  # of whoever hears it in a group of theirs
        if who["name"] == "Kip":
            _opened(visitor, f"{who['home']}matters/write-down")
            failures += _failures(visitor)
        for page in PAGES[who["name"]]:
            _opened(visitor, matter + page)
            assert "/door" not in visitor.page.url
            failures += _failures(visitor)
        visitor.close()
    assert failures == []


def test_leaving_shuts_the_door_and_the_way_back_shows_nothing(
    visit: Any, story: list[dict[str, str]]
) -> None:
    who = next(one for one in story if one["name"] == "Wekesa")
    visitor = visit()
    visitor.sign_in(who["sign_in"], who["password"])
    _opened(visitor, "/me/matters")
    _opened(visitor, visitor.page.locator(MATTER).first.get_attribute("href") or "")
    said = "The key to the hall"
    assert said in visitor.page.locator("main").inner_text()
    assert "key" not in visitor.page.title()
    visitor.page.click("[data-leave]")
    visitor.page.wait_for_url("**/leave")
    visitor.page.go_back()
    assert said not in visitor.page.locator("body").inner_text()
