"""The browser that page tests use."""

import pytest
from playwright.sync_api import Browser


@pytest.mark.browser
def test_chromium_opens_a_page(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content("<h1>Habari</h1>")
    assert page.inner_text("h1") == "Habari"
    page.close()
