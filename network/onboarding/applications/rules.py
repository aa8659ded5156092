"""Decisions about applications: what may still happen to one, and how an answer arrives."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from network.onboarding.applications.models import ApplicationState, Arrival

LINK_LASTS = timedelta(days=400)
"""A journey takes months; the applicant's way back stays open that long."""
WAITED_LONG = timedelta(days=3)


class Refusal(StrEnum):
    """Why something cannot be done with an application."""

    TAKEN_BACK = "application_taken_back"
    OPENED_ALREADY = "application_opened_already"
    NOT_OPENED = "application_not_opened"
    CHAIR_IS_IN = "chairperson_is_in"
    NOTHING_TO_SEND = "nothing_to_send"
    UNKNOWN_PHRASE = "unknown_phrase"


class Words(Protocol):
    """What is asked of the words of a phrase in one language."""

    @property
    def state(self) -> str: ...

    @property
    def of_version(self) -> int: ...


def why_not_open(state: str) -> Refusal | None:
    """A group is opened once, and only for somebody who still wants it."""
    if state == ApplicationState.TAKEN_BACK:
        return Refusal.TAKEN_BACK
    return Refusal.OPENED_ALREADY if state == ApplicationState.OPENED else None


def why_not_invite_again(state: str, *, is_chair_in: bool) -> Refusal | None:
    """The office hands out the first invitation again only until somebody has come in with one: after that
    the group decides about its own people, and nobody outside holds a key.
    """
    if state != ApplicationState.OPENED:
        return Refusal.NOT_OPENED
    return Refusal.CHAIR_IS_IN if is_chair_in else None


def why_not_answer(*, has_phrase: bool, words: str, state: str) -> Refusal | None:
    """An answer needs something to say and somebody who still listens."""
    if state == ApplicationState.TAKEN_BACK:
        return Refusal.TAKEN_BACK
    return None if has_phrase or words else Refusal.NOTHING_TO_SEND


def arrival_of_phrase(
    wordings: Mapping[str, Words],
    *,
    source_language: str,
    source_version: int,
    wanted: str,
    approved_only: bool,
) -> tuple[str, Arrival]:
    """In which language a phrase arrives, and what has to be said about it."""
    if wanted == source_language:
        return source_language, Arrival.OWN
    words = wordings.get(wanted)
    if words is None or (approved_only and words.state != "approved"):
        return source_language, Arrival.UNTRANSLATED
    is_reviewed = words.state == "approved" and words.of_version == source_version
    return wanted, Arrival.REVIEWED if is_reviewed else Arrival.DRAFT


def arrival_of_own_words(written_in: str, *, read_in: str) -> Arrival:
    """Words somebody in the office typed arrive as they are."""
    return Arrival.OWN if written_in == read_in else Arrival.UNTRANSLATED


def is_read(language: str, reads: Collection[str]) -> bool:
    """Whether somebody who reads these languages can read this one."""
    return language in reads


def has_waited_long(waits_since: datetime | None, *, now: datetime) -> bool:
    """Whether the applicant has been waiting longer than is kind."""
    return waits_since is not None and now - waits_since >= WAITED_LONG
