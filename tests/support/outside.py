"""What somebody sees who looks at the phone from outside, and what they must not learn from it (PRIV-13, SEC-09)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

LISTS = Path(__file__).resolve().parents[2] / "network" / "messages" / "neutral.toml"
READY = ("sms:", "mailto:", "https://wa.me/")
WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(LISTS.read_text(encoding="utf-8"))


@cache
def _pattern(language: str, *, in_message: bool) -> re.Pattern[str]:
    listed = WORDS[language]
    words = [*listed["outside"], *(listed["messages"] if in_message else [])]
    begins = "" if language == "ar" else r"\b"
    return re.compile(begins + "(?:" + "|".join(re.escape(word.casefold()) for word in words) + ")")


def told_by(text: str, *, in_message: bool = False, names: Iterable[str] = ()) -> list[str]:
    """The listed words, of any language, and the names that this text tells to whoever looks."""
    plain = " ".join(text.casefold().split())
    found = [hit for language in WORDS for hit in _pattern(language, in_message=in_message).findall(plain)]
    return [*found, *(name for name in names if name.casefold() in plain)]


def is_public(path: str) -> bool:
    """Whether this is a page for anybody: those are there to be found, and are about support among people."""
    return re.match(r"/(en|sw|fr|ar|en-XA)/", path) is not None


def ready_words(href: str) -> str | None:
    """The words of a message that waits behind a link of this address; `None` where none does."""
    if not href.startswith(READY):
        return None
    asked = parse_qs(urlsplit(href.replace("sms:", "sms://x/", 1)).query)
    return " ".join(unquote(word) for name in ("subject", "body", "text") for word in asked.get(name, ()))
