"""Decisions about young people: to whom no message goes yet, and who can be named for them to turn to."""

from collections.abc import Mapping
from enum import StrEnum

from groups.membership.models import AgeBand

ASKS_GUARDIAN: Mapping[str, bool] = {"kenya": True, "england": True, "generic": True}
"""By country profile: whether a message to somebody under 18 waits until a parent or guardian agreed.

Kenya: the Data Protection Act, 2019, section 33, asks a parent's or guardian's consent before a child's data is used.
England, and anywhere else: we know no rule about a group's own messages, so the more careful one holds; the page says "ask".
"""


class Refusal(StrEnum):
    """Why this person cannot be named."""

    NOBODY = "nobody"
    TWO = "two"
    NO_CONTACT = "no_contact"
    NOT_GROWN_UP = "not_grown_up"


def waits_for_guardian(age_band: str | None, *, is_for_young_people: bool, profile: str) -> bool:
    """Whether no message goes to somebody yet: under 18, or of unknown age in a group for young people."""
    if not ASKS_GUARDIAN.get(profile, True):
        return False
    return age_band == AgeBand.UNDER or (is_for_young_people and age_band is None)


def why_not_named(*, is_member: bool, name: str, contact: str, age_band: str | None) -> Refusal | None:
    """Why young people cannot turn to this person: it is nobody, or two, or not to be reached, or not grown up."""
    if is_member and name:
        return Refusal.TWO
    if not is_member and not name:
        return Refusal.NOBODY
    if name and not contact:
        return Refusal.NO_CONTACT
    return Refusal.NOT_GROWN_UP if is_member and not is_grown_up(age_band) else None


def says_yes_at_once(*, is_own: bool, has_sign_in: bool, was_heard: bool) -> bool:
    """Whether a member who is named has said yes with it: they name themselves, or have no sign-in to say it with and said it aloud."""
    return is_own or (was_heard and not has_sign_in)


def is_grown_up(age_band: str | None) -> bool:
    """Whether somebody has told that they are 18 or older. Whoever told nothing is answered as whoever is younger."""
    return age_band in {AgeBand.YOUTH, AgeBand.ADULT, AgeBand.OLDER}
