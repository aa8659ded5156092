"""Somebody who walks through the service on a phone: follows links, fills in forms, presses buttons, and keeps pictures."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor


class Walker:
    """Knows pages by their addresses and fields by their names, so it can walk in any language."""

    def __init__(self, visitor: Visitor, album: str | None) -> None:
        self.visitor, self.page, self.album = visitor, visitor.page, album
        self.status = 0

    @property
    def here(self) -> str:
        """The address of this page, without the host."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What stands in the page's own part."""
        return self.page.locator("main").inner_text()

    @property
    def language(self) -> str:
        return self.page.locator("html").get_attribute("lang") or ""

    def go(self, address: str, *, expect: int = 200) -> None:
        """Open an address somebody gave, wherever it says the service lives."""
        parts = urlsplit(address)
        answered = self.page.goto(parts.path + (f"?{parts.query}" if parts.query else ""))
        self.status = answered.status if answered else 0
        assert self.status == expect, f"{parts.path} answered {self.status}: {self.words[:300]}"

    def follow(self, ending: str, *, within: str = "main", number: int = 0) -> None:
        """Tap the link whose address ends so."""
        link = self.page.locator(f'{within} a[href$="{ending}"]')
        assert link.count() > number, f"no link to …{ending} on {self.here}: {self.visitor.links()}"
        self.click(link.nth(number))

    def choose(self, ending: str) -> None:
        """Open the menu and tap an entry."""
        menu = self.page.locator("details.menu")
        menu.locator("summary").click()
        self.follow(ending, within="details.menu")

    def tap(self, name: str) -> None:
        """Tap the link that carries this name; names are people's, not sentences."""
        self.click(self.page.locator("main a").filter(has_text=name).first)

    def click(self, what: Locator, *, expect: int = 200) -> None:
        """Tap a link or a button, and wait for the page it leads to."""
        with self.page.expect_response(_is_a_page) as answered:
            what.click()
        self.status = answered.value.status
        self.page.wait_for_load_state()
        assert self.status == expect, f"{self.here} answered {self.status}: {self._complaints()}"

    def fill(self, **values: Any) -> None:
        """Answer questions by their names: type, choose or tick, whatever each of them asks."""
        for name, value in values.items():
            self.answer(self.page.locator(f'main [name="{name}"]'), value)

    def answer(self, question: Locator, value: Any) -> None:
        """Answer one question as a thumb would."""
        first = question.first
        kind = first.get_attribute("type") or first.evaluate("field => field.tagName.toLowerCase()")
        if kind == "radio":
            question.and_(self.page.locator(f'[value="{value}"]')).check()
        elif kind == "checkbox" and isinstance(value, bool):
            first.set_checked(value)
        elif kind == "checkbox":
            for n in range(question.count()):
                question.nth(n).set_checked(question.nth(n).get_attribute("value") in value)
        elif kind == "select":
            first.select_option(value)
        else:
            first.fill(str(value))

    def send(self, *, expect: int = 200, **values: Any) -> None:
        """Fill in the form and press its main button."""
        self.fill(**values)
        holds = f'form:has([name="{next(iter(values))}"])' if values else 'form[method="post"]'
        self._press(f"main {holds} button[type=submit]", expect)

    def press(self, ending: str, *, expect: int = 200) -> None:
        """Press the button that goes to this address."""
        self._press(f'main form[action$="{ending}"] button[type=submit]', expect)

    def look_for(self, **values: Any) -> None:
        """Fill in a form that only asks, and press its button."""
        self.fill(**values)
        self.click(self.page.locator('main form[method="get"] button[type=submit]'))

    def confirm(self, *, expect: int = 200) -> None:
        """Press the page's main button where nothing is to be filled in, or all is filled in already."""
        self._press('main form[method="post"] button.primary[type=submit]', expect)

    def _press(self, button: str, expect: int) -> None:
        found = self.page.locator(button)
        assert found.count(), f"no {button} on {self.here}: {self.words[:300]}"
        self.click(found.last, expect=expect)

    def _complaints(self) -> str:
        return (
            " / ".join(self.page.locator("main .error, main .errors").all_inner_texts()) or self.words[:400]
        )

    def option(self, name: str, words: str) -> str:
        """The value of the choice that carries these words, such as a nickname."""
        found = self.page.locator(f'main select[name="{name}"] option').filter(
            has_text=re.compile(rf"^\s*{re.escape(words)}\s*$")
        )
        return found.first.get_attribute("value") or ""

    def address(self, part: str) -> str:
        """The address of the first link in which this part stands."""
        return self.page.locator(f'main a[href*="{part}"]').first.get_attribute("href") or ""

    def join(self, address: str, *, called: str, sign_in: str, password: str) -> None:
        """Open an invitation and make a sign-in of one's own."""
        self.go(address)
        self.send(shown_name=called, sign_in=sign_in, password=password)

    def stop(self, name: str, *, axe: bool = False) -> None:
        """Look at the page, keep a picture of it, and have it clean."""
        if self.album:
            self.visitor.shoot(f"{self.album}/{name}")
        found = self.visitor.failures() if axe else self.visitor.flaws()
        assert found == [], f"{name}, {self.here}: {found}"


def _is_a_page(response: Any) -> bool:
    return bool(response.request.is_navigation_request() and response.status not in (302, 303))
