"""Which kind of browser somebody uses, as a word they know; nothing by which one phone is told from another of its kind."""

from typing import Any

from flask_babel import lazy_gettext as _l

BROWSERS = (
    ("opera", ("OPR/", "Opera", "OPiOS")),
    ("samsung", ("SamsungBrowser",)),
    ("edge", ("Edg/", "EdgA/", "EdgiOS")),
    ("firefox", ("Firefox", "FxiOS")),
    ("chrome", ("Chrome", "CriOS", "Chromium")),
    ("safari", ("Safari",)),
)
"""In this order: most of them claim to be those after them as well."""
PHONES = ("Mobi", "Android", "iPhone", "iPad", "KAIOS", "Opera Mini")
NAMES = {
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "edge": "Edge",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
ON = {
    "phone": _l("%(browser)s on a phone or tablet"),
    "computer": _l("%(browser)s on a computer"),
}
OTHER = {"phone": _l("A phone or tablet"), "computer": _l("A computer")}


def family_of(user_agent: str) -> str:
    """The code kept for a browser: its family and the kind of device."""
    browser = next((code for code, signs in BROWSERS if any(s in user_agent for s in signs)), "other")
    where = "phone" if any(sign in user_agent for sign in PHONES) else "computer"
    return f"{browser}-{where}"


def in_words(family: str | None) -> Any:
    """How it is told to its owner."""
    browser, _, where = (family or "other-computer").partition("-")
    where = where if where in ON else "computer"
    return str(ON[where]) % {"browser": NAMES[browser]} if browser in NAMES else OTHER[where]
