"""Reading the word guide, and giving a hint where a text uses a word it advises against."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TERMS = Path(__file__).resolve().parent / "terms.toml"


@dataclass(frozen=True)
class Avoided:
    """A word we would rather not use, and why."""

    language: str
    word: str
    why: str


@dataclass(frozen=True)
class Term:
    """One idea: what it means, the word for it in each language, and words to avoid."""

    concept: str
    status: str
    decided_by: str
    meaning: dict[str, str]
    words: dict[str, str]
    avoid: tuple[Avoided, ...] = field(default_factory=tuple)

    def meaning_in(self, language: str) -> tuple[str, str]:
        """What it means, and the language that is said in."""
        return (self.meaning[language], language) if language in self.meaning else (self.meaning["en"], "en")

    def avoided_in(self, language: str) -> list[Avoided]:
        """The words to avoid in a language."""
        return [one for one in self.avoid if one.language == language]


@cache
def terms() -> tuple[Term, ...]:
    """The whole guide."""
    found = tomllib.loads(TERMS.read_text(encoding="utf-8"))["term"]
    return tuple(Term(**{**one, "avoid": tuple(Avoided(**word) for word in one["avoid"])}) for one in found)


def terms_in(text: str, language: str, into: str) -> list[tuple[Term, str, str]]:
    """The guide's terms that occur in a text, each with its word there and its word in the other language."""
    return [
        (term, term.words[language], term.words.get(into, ""))
        for term in terms()
        if language in term.words and occurs(term.words[language], text)
    ]


def words_to_reconsider(text: str, language: str) -> list[Avoided]:
    """Words in a text that the guide advises against, once each: a hint, never a refusal."""
    return [word for term in terms() for word in term.avoided_in(language) if occurs(word.word, text)]


def occurs(word: str, text: str) -> bool:
    """Whether a text has this as a word of its own, also in the plural that English makes with an s."""
    return re.search(rf"\b{re.escape(word)}s?\b", text, flags=re.IGNORECASE) is not None
