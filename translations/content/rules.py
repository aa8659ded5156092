"""Paragraph by paragraph: what changed, which translation belongs to which paragraph, and who may approve."""

import difflib
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why a translation is not kept or approved."""

    SAME_LANGUAGE = "same_language"
    OWN_WORK = "own_work"
    NOT_NAMED = "not_named"
    CHANGED_MEANWHILE = "changed_meanwhile"


class Change(StrEnum):
    """What happened to a paragraph of the original."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Pair:
    """A paragraph of the original, the words there are for it already, and whether it is new since they were made."""

    original: str
    translated: str
    is_new: bool


def changes(before: Sequence[str], after: Sequence[str]) -> list[tuple[Change, str]]:
    """The paragraphs of both versions in reading order, each with what happened to it."""
    found: list[tuple[Change, str]] = []
    for _, old, old_end, new, new_end in _steps(before, after):
        if before[old:old_end] == after[new:new_end]:
            found += [(Change.SAME, part) for part in after[new:new_end]]
            continue
        found += [(Change.REMOVED, part) for part in before[old:old_end]]
        found += [(Change.ADDED, part) for part in after[new:new_end]]
    return found


def pairs(
    original: Sequence[str], translated: Sequence[str], *, made_from: Sequence[str] | None = None
) -> list[Pair]:
    """Lay the words there are beside the present original.

    `made_from` is the original they were made from, where it is known. A paragraph that did not change keeps its
    translation; one that did is offered the words of the one it replaced.
    """
    if made_from is None or len(made_from) != len(translated):
        made_from = original if len(original) == len(translated) else None
    if made_from is None:
        return [Pair(part, at(translated, i), is_new=bool(translated)) for i, part in enumerate(original)]
    laid: list[Pair] = []
    for kind, old, old_end, new, new_end in _steps(made_from, original):
        words = list(translated[old:old_end])
        laid += [
            Pair(part, at(words, i), is_new=kind != "equal") for i, part in enumerate(original[new:new_end])
        ]
    return laid


def at(parts: Sequence[str], position: int) -> str:
    """The part at a position, or nothing."""
    return parts[position] if position < len(parts) else ""


def _steps(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()


def why_not_translate(*, source_language: str, into: str) -> Refusal | None:
    """A text is translated into another language than its own."""
    return Refusal.SAME_LANGUAGE if source_language == into else None


def mark(title: str, body: str) -> str:
    """The mark of a translation's words, carried by the page that shows them."""
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()[:16]


def why_not_approve(
    *, translator_id: uuid.UUID | None, reviewer_id: uuid.UUID, reviewed_by: str, is_as_seen: bool = True
) -> Refusal | None:
    """Somebody else than the translator stands behind it as they saw it, by a name others can read."""
    if translator_id == reviewer_id:
        return Refusal.OWN_WORK
    if not is_as_seen:
        return Refusal.CHANGED_MEANWHILE
    return None if reviewed_by.strip() else Refusal.NOT_NAMED
