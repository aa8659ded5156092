"""The lists from which words are drawn, one a language, written for this: short, kind, and unlike each other when spoken."""

import secrets
from functools import cache
from pathlib import Path

from network.support_sheets.rules import HOW_MANY_WORDS

FOLDER = Path(__file__).resolve().parent.parent / "static" / "words"
OTHERWISE = "en"


def list_for(language: str) -> str:
    """The file of words for people who read this language."""
    return f"words/{language if (FOLDER / f'{language}.txt').exists() else OTHERWISE}.txt"


@cache
def listed(name: str) -> tuple[str, ...]:
    """The words of one file."""
    return tuple((FOLDER.parent / name).read_text(encoding="utf-8").split())


def draw(language: str) -> str:
    """Four words, for a phone that cannot draw them itself."""
    return " ".join(secrets.choice(listed(list_for(language))) for _ in range(HOW_MANY_WORDS))
