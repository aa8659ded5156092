"""The one catalogue of what may be told: what is asked, why, who sees it, until when. These words are what a consent rests on.

Whoever changes a sentence raises its version: then everybody is asked again the next time they look, and what they said
yes to under the old words stands until they answer.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from groups.consents.models import Ended, Method, Purpose
from groups.consents.rules import How, Shown
from network.web.languages import current_language

UNTIL = _l("Until you take it back or leave the group. Then it is gone at once.")
ONLY_YOU = _l(
    "Only you. It is counted together with everybody else’s, and no list, officer or network sees it."
)

COUNTED = _l(
    "Only you see what you said. In the table of the yearly return it is one of a number, "
    "which the officers who make the return and the authority’s office see."
)
UNTIL_COUNTED = _l(
    "Until you take it back or leave the group. Then it is gone at once; a number counted before stays as it was."
)


@dataclass(frozen=True)
class Item:
    """One thing that may be told."""

    asks: Any
    why: Any
    who: Any
    until: Any = UNTIL
    version: int = 1


CATALOGUE: dict[Purpose, Item] = {
    Purpose.CONTACT: Item(
        asks=_l("A way to reach you"),
        why=_l("So that the group can reach you when something changes. A phone number or an e-mail address."),
        who=_l("You, the chairperson and the secretary. It is kept sealed."),
    ),
    Purpose.LANGUAGE: Item(
        asks=_l("Your language"),
        why=_l("So that what the group writes to you comes in words you read."),
        who=_l("You, the chairperson and the secretary."),
    ),
    Purpose.LIVED_EXPERIENCE: Item(
        asks=_l("Lived experience, or caring for somebody"),
        why=_l("Networks ask that most members have lived experience. All answers together make one word, once a month."),
        who=ONLY_YOU,
    ),
    Purpose.AGE_BAND: Item(
        asks=_l("Your age, in one of four bands"),
        why=_l(
            "The yearly return counts how many members are young and how many are older. "
            "If you are under 18, messages wait until a parent or guardian agrees."
        ),
        who=_l(
            "Only you see what you said. In the table of the yearly return it is one of a number, "
            "which the officers who make the return and the authority’s office see. "
            "If you are under 18, whoever tells people the news sees that a message to you waits."
        ),
        until=UNTIL_COUNTED,
        version=2,
    ),
    Purpose.SEX: Item(
        asks=_l("Your sex, as the authority’s form asks it"),
        why=_l("The yearly return counts women, men and intersex members. The form has no other words, and you need not say."),
        who=COUNTED,
        until=UNTIL_COUNTED,
        version=2,
    ),
    Purpose.DISABILITY_REGISTERED: Item(
        asks=_l("Whether you are registered as a person with a disability"),
        why=_l("The yearly return counts how many members are registered. Nobody asks with what."),
        who=COUNTED,
        until=UNTIL_COUNTED,
        version=2,
    ),
    Purpose.NAMED_ON_RETURN: Item(
        asks=_l("Standing on the list for the authority"),
        why=_l("Once a year the authority asks for a list of the members. You can be left out of it; then you are counted only."),
        who=_l("The officers who make the list, and the authority’s office."),
        until=_l("Until you take it back. A list that was handed in before stays with the authority."),
    ),
    Purpose.GUARDIAN: Item(
        asks=_l("Messages to somebody under 18"),
        why=_l("A parent or guardian agrees before the group sends messages to somebody under 18."),
        who=_l("The chairperson and the secretary see that somebody agreed. Who it was is not written down."),
        until=_l("Until the parent, the guardian or the young person takes it back, or the young person leaves."),
    ),
}  # fmt: skip
METHODS = {
    Method.SELF: _l("You said yes on this page."),
    Method.ALOUD: _l("It was read aloud to you, and you said yes."),
    Method.PAPER: _l("It was agreed in writing."),
    Method.LIST: _l("Somebody who keeps the list of members wrote it down for you. Nobody has shown you these words yet."),
    Method.BEFORE: _l("It was kept before we wrote down who said yes to what."),
}  # fmt: skip
ENDED = {
    Ended.SELF: _l("You took it back."),
    Ended.ALOUD: _l("You said that you take it back, and it was noted."),
    Ended.LEFT: _l("You left the group."),
    Ended.RENEWED: _l("You said yes anew."),
}


def beside(purpose: Purpose) -> Any:
    """What stands under a question in a form that asks several: why, who sees it, until when."""
    item = CATALOGUE[purpose]
    return _l(
        "%(why)s Who sees it: %(who)s Until when: %(until)s", why=item.why, who=item.who, until=item.until
    )


def words_of(purpose: Purpose) -> str:
    """What stands beside a question, in the language of this page."""
    item = CATALOGUE[purpose]
    return "\n".join(str(part) for part in (item.asks, item.why, item.who, item.until))


def shown(purpose: Purpose) -> Shown:
    """The words as they are shown now, in the language of this page."""
    return Shown(purpose, CATALOGUE[purpose].version, current_language().code, words_of(purpose))


def by_oneself(purpose: Purpose) -> How:
    """Somebody said yes on their own page."""
    return How(Method.SELF, shown(purpose))


def read_aloud(purpose: Purpose, read_by_id: Any, *, method: Method = Method.ALOUD) -> How:
    """It was read to them, and they said yes."""
    return How(method, shown(purpose), read_by_id)
