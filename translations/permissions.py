"""Who translates, who stands behind a translation, and who takes one over."""

from enum import StrEnum

from network.access.table import Lines, holding
from network.permissions import Role as StaffRole

TRANSLATOR = "translator"
"""A volunteer who translates, in a group or in a network's office."""
FACILITATOR = "facilitator"
"""A role of a group, whose name this floor knows only as a word."""
SPEAKERS = ("chairperson", "secretary")


class Permission(StrEnum):
    """What is done with words in several languages."""

    TRANSLATION_WRITE = "translations:content:write"
    """See what waits to be translated, and translate it."""
    TRANSLATION_REVIEW = "translations:content:review"
    """Stand behind a translation somebody else made, by name."""
    TRANSLATION_TAKE = "translations:content:take"
    """Take over, or turn down, a translation that somebody elsewhere made of a text of one's own."""


LINES: dict[Permission, Lines] = {
    Permission.TRANSLATION_WRITE: [[holding(TRANSLATOR, FACILITATOR, *SPEAKERS, StaffRole.TRANSLATION)]],
    Permission.TRANSLATION_REVIEW: [[holding(FACILITATOR, StaffRole.TRANSLATION)]],
    Permission.TRANSLATION_TAKE: [[holding(FACILITATOR, *SPEAKERS, StaffRole.TRANSLATION)]],
}
