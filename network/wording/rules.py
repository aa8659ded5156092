"""Which words to show somebody, and what to say about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


class Words(Protocol):
    """What is asked of a wording."""

    @property
    def language(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def of_version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...


class Named(Protocol):
    """What is asked of a language."""

    @property
    def code(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def autonym(self) -> str: ...


@dataclass(frozen=True)
class ShownText:
    """Words in the reader's language where there are any, with the original one step away."""

    title: str
    body: str
    language: Named
    is_original: bool
    is_older: bool
    is_draft: bool
    original_title: str
    original_body: str
    original_language: Named
    source_date: datetime

    @property
    def is_untranslated(self) -> bool:
        return self.is_original

    @property
    def heading(self) -> "ShownText":
        """The title alone, to be shown in one line."""
        return replace(self, body=self.title, original_body=self.original_title)


def choose(
    wordings: Mapping[str, Words],
    *,
    source_language: str,
    source_version: int,
    wanted: Sequence[str],
    named: Callable[[str], Named],
    approved_only: bool = False,
) -> ShownText:
    """The first wanted language there are words in, else the original. A draft is offered and marked, unless only approved words may be shown."""
    original = wordings[source_language]
    chosen = next(
        (
            wordings[code]
            for code in wanted
            if code in wordings and (wordings[code].state == "approved" or not approved_only)
        ),
        original,
    )
    is_original = chosen.language == source_language
    return ShownText(
        title=chosen.title,
        body=chosen.body,
        language=named(chosen.language),
        is_original=is_original,
        is_older=not is_original and chosen.of_version < source_version,
        is_draft=not is_original and chosen.state != "approved",
        original_title=original.title,
        original_body=original.body,
        original_language=named(source_language),
        source_date=original.changed_at,
    )


def paragraphs(body: str) -> list[str]:
    """A text in the pieces it is read and translated in: an empty line ends a paragraph."""
    return [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]
