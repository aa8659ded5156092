"""Somebody in front of a screen, and what they would notice about every page."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Error, Page

SHOTS = Path(__file__).resolve().parent.parent.parent / "var" / "screenshots"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
WHAT_AXE_FOUND = """how => axe.run(how).then(all => all.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"""
"""Only what is wrong crosses over from the browser; all that is right would take longer than finding it."""


class Visitor:
    """One browser window with its own cookies. Notes what the page asks for, what it breaks, what it weighs."""

    def __init__(
        self,
        chromium: Browser,
        address: str,
        *,
        width: int = 360,
        language: str = "en",
        javascript: bool = True,
    ) -> None:
        self.address, self.has_javascript = address, javascript
        self.context = chromium.new_context(
            viewport={"width": width, "height": 740},
            locale=language,
            java_script_enabled=javascript,
            base_url=address,
        )
        self.page: Page = self.context.new_page()
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self.bytes = 0
        self.page.on("request", self._note_request)
        self.page.on("console", lambda message: self._note_console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._weigh)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith(self.address):
            self.strangers.append(request.url)

    def _note_console(self, kind: str, text: str) -> None:
        is_about_status = "Failed to load resource" in text
        if (kind == "error" and not is_about_status) or "Content Security Policy" in text:
            self.complaints.append(text)

    def _weigh(self, response: Any) -> None:
        try:
            sizes = response.request.sizes()
        except Error:  # the window was closed meanwhile
            return
        self.bytes += sizes["responseBodySize"] + sizes["responseHeadersSize"]

    def close(self) -> None:
        self.context.close()

    def sign_in(self, sign_in: str, password: str) -> None:
        """Sign in as people do."""
        self.page.goto("/sign-in")
        self.page.fill("input[name=sign_in]", sign_in)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")
        assert "/sign-in" not in self.page.url, f"{sign_in} could not sign in"

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole page; a name may begin with a folder."""
        path = SHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("scrollTo(0, 0)")  # what sticks to an edge stands where it stands at first
        self.page.screenshot(path=str(path), full_page=True)

    def failures(self) -> list[str]:
        """What is wrong with the page as it stands."""
        return [*self._axe(), *self.flaws()]

    def flaws(self) -> list[str]:
        """The same without the accessibility rules, which take a second: too wide, strangers asked, complaints."""
        found = self._overflow()
        if self.strangers or self.complaints:
            found += [f"asked others: {self.strangers}", f"complained: {self.complaints}"]
        self.strangers, self.complaints = [], []
        return found

    def _axe(self) -> list[str]:
        if not self.has_javascript:  # its rules are a script
            return []
        self.page.evaluate(AXE_SCRIPT)
        found: list[str] = self.page.evaluate(WHAT_AXE_FOUND, AXE)
        return found

    def _overflow(self) -> list[str]:
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return [f"wider than the screen by {wide} px"] if wide > 0 else []

    def links(self) -> list[str]:
        """Addresses of this service the page leads to."""
        hrefs = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
        return [href for href in hrefs if href.startswith("/") and not href.startswith("//")]


def shape_of(path: str) -> str:
    """An address without what differs between two pages of the same kind."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", path.partition("#")[0])
    plain = re.sub(r"=[^&]*", "=", plain)
    return re.sub(r"^/(en|sw|fr|ar|en-XA)/(groups|library)/[^/?]+", r"/\1/\2/SLUG", plain)
