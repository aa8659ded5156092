"""Every page anybody in the demo can reach, looked at as a phone and as a desk would show it."""

import pytest

from tests.browser.visitor import Visitor, shape_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
COLD_LIMIT = 60 * 1024
OUR_FILES = 20 * 1024
"""The stylesheet, the scripts and the icon, which every page shares."""
NOT_PAGES = (
    "/leave", "/language/", "/static/", ".json", ".csv", ".pdf", ".xlsx", ".blt", ".beancount", ".docx", ".zip", "/stamped-copy", "/healthz",
)  # fmt: skip


def _walk(visitor: Visitor, start: str, seen: set[str], *, widths: tuple[int, ...]) -> list[str]:
    """Look at one page of every kind that can be reached from here."""
    failures: list[str] = []
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        shape = shape_of(path)
        if shape in seen or any(part in path for part in NOT_PAGES):
            continue
        seen.add(shape)
        visitor.page.set_viewport_size({"width": widths[0], "height": 740})
        response = visitor.page.goto(path)
        assert response is not None
        if response.status >= 500:
            failures.append(f"{path}: {response.status}")
        if (weight := len(visitor.page.content().encode())) > COLD_LIMIT - OUR_FILES:
            failures.append(f"{path} weighs {weight} bytes")
        for width in widths:
            visitor.page.set_viewport_size({"width": width, "height": 740})
            failures += [f"{path} at {width}: {one}" for one in visitor.failures()]
        waiting += visitor.links()
    return failures


class TestEveryPage:
    def test_opens_cleanly_for_a_visitor(self, visit: object) -> None:
        visitor = visit()  # type: ignore[operator]
        assert _walk(visitor, "/en/", set(), widths=(320, 1280)) == []

    def test_opens_cleanly_for_everybody_in_the_demo(
        self, visit: object, story: list[dict[str, str]]
    ) -> None:
        seen: set[str] = set()
        failures = []
        for who in story:
            visitor = visit()  # type: ignore[operator]
            visitor.sign_in(who["sign_in"], who["password"])
            failures += [
                f"{who['name']}: {one}" for one in _walk(visitor, who["home"], seen, widths=(320, 1280))
            ]
            visitor.close()
        assert failures == []
        assert len(seen) > 20

    @pytest.mark.parametrize("language", ["ar", "en-XA", "sw", "fr"])
    def test_keeps_its_shape_in_other_languages(self, visit: object, language: str) -> None:
        visitor = visit(width=320)  # type: ignore[operator]
        failures = []
        for path in ("", "groups", "start", "help-now", "library", "benefits"):
            visitor.page.goto(f"/{language}/{path}")
            failures += [f"{path}: {one}" for one in visitor.failures()]
        assert failures == []

    def test_weighs_little_on_a_first_visit(self, visit: object, story: list[dict[str, str]]) -> None:
        heavy = []
        first = story[0]
        for path in ("/en/", "/en/groups", "/en/start", "/en/help-now", "/sign-in", first["home"]):
            visitor = visit()  # type: ignore[operator]
            if path == first["home"]:
                visitor.sign_in(first["sign_in"], first["password"])
                visitor.context.clear_cookies(name="nothing")
            visitor.bytes = 0
            visitor.page.goto(path, wait_until="networkidle")
            if visitor.bytes > COLD_LIMIT:
                heavy.append((path, visitor.bytes))
        assert heavy == []
