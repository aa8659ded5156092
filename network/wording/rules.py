"""Which words to show somebody, and what to say about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Words(Protocol):
    """What is asked of a wording."""

    language: str
    title: str
    body: str
    of_version: int
    state: str
    changed_at: datetime


class Named(Protocol):
    """What is asked of a language."""

    code: str
    direction: str
    autonym: str


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


def choose(  # noqa: PLR0913 - everything the choice depends on
    wordings: Mapping[str, Words], *, source_language: str, source_version: int, wanted: Sequence[str],
    named: Callable[[str], Named], approved_only: bool = False,
) -> ShownText:  # fmt: skip
    """The first wanted language there are words in, else the original. A draft is offered and marked, unless only approved words may be shown."""
    original = wordings[source_language]
    chosen = next(
        (wordings[code] for code in wanted if code in wordings and (wordings[code].state == "approved" or not approved_only)), original
    )
    is_original = chosen.language == source_language
    return ShownText(
        title=chosen.title, body=chosen.body, language=named(chosen.language), is_original=is_original,
        is_older=not is_original and chosen.of_version < source_version,
        is_draft=not is_original and chosen.state != "approved",
        original_title=original.title, original_body=original.body, original_language=named(source_language),
        source_date=original.changed_at,
    )  # fmt: skip
