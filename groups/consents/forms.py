"""The one catalogue of what may be told: what is asked, why, who sees it, until when. These words are what a consent rests on.

Whoever changes a sentence raises its version: then everybody is asked again the next time they look, and what they said
yes to under the old words stands until they answer.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from groups.consents.models import Ended, Method, Purpose
from groups.consents.rules import How, Shown, whole_digest
from network.web.forms import Form
from network.web.languages import current_language

UNTIL = _l("Until you take it back or leave the group. Then it is gone at once.")
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
        _l("A way to reach you"),
        _l("So that the group can reach you when something changes. A phone number or an e-mail address."),
        _l("You, the chairperson and the secretary. It is kept sealed."),
    ),
    Purpose.REACH: Item(
        _l("Being told of news by message"),
        _l("So that you hear of an election or a decision before it comes, also where you missed a meeting."),
        _l("You, the chairperson and the secretary. It is kept sealed."),
    ),
    Purpose.LANGUAGE: Item(
        _l("Your language"),
        _l("So that what the group writes to you comes in words you read."),
        _l("You, the chairperson and the secretary."),
    ),
    Purpose.LIVED_EXPERIENCE: Item(
        _l("Lived experience, or caring for somebody"),
        _l("Networks ask that most members have lived experience. All answers together make one word, once a month."),
        _l("Only you. It is counted together with everybody else’s, and no list, officer or network sees it."),
    ),
    Purpose.AGE_BAND: Item(
        _l("Your age, in one of four bands"),
        _l(
            "The yearly return counts how many members are young and how many are older. "
            "If you are under 18, messages wait until a parent or guardian agrees."
        ),
        _l(
            "Only you see what you said. In the table of the yearly return it is one of a number, "
            "which the officers who make the return and the authority’s office see. "
            "If you are under 18, whoever tells people the news sees that a message to you waits."
        ),
        UNTIL_COUNTED, 2,
    ),
    Purpose.SEX: Item(
        _l("Your sex, as the authority’s form asks it"),
        _l("The yearly return counts women, men and intersex members. The form has no other words, and you need not say."),
        COUNTED, UNTIL_COUNTED, 2,
    ),
    Purpose.DISABILITY_REGISTERED: Item(
        _l("Whether you are registered as a person with a disability"),
        _l("The yearly return counts how many members are registered. Nobody asks with what."),
        COUNTED, UNTIL_COUNTED, 2,
    ),
    Purpose.NAMED_ON_RETURN: Item(
        _l("Standing on the list for the authority"),
        _l("Once a year the authority asks for a list of the members. You can be left out of it; then you are counted only."),
        _l("The officers who make the list, and the authority’s office."),
        _l("Until you take it back. A list that was handed in before stays with the authority."),
    ),
    Purpose.GUARDIAN: Item(
        _l("A parent or guardian agrees to messages"),
        _l("Before that, the group sends nothing to somebody under 18, and they are told when they meet."),
        _l(
            "The young person, on their own page. Whoever tells people the news sees whether messages wait. "
            "Who noted it is written down; which parent or guardian it was is not."
        ),
        _l(
            "Until the parent, the guardian or the young person takes it back. When the young person leaves, it is erased at once."
        ),
        2,
    ),
}  # fmt: skip
METHODS = {
    Method.SELF: _l("You said yes yourself."),
    Method.ALOUD: _l("It was read aloud, and the answer was yes."),
    Method.PAPER: _l("It was agreed in writing. The words are on the paper."),
    Method.INVITATION: _l("It came with your invitation. Nobody has shown you these words yet."),
    Method.LIST: _l("Somebody who keeps the list of members wrote it down for you. Nobody has shown you these words yet."),
    Method.BEFORE: _l("It was kept before we wrote down who said yes to what."),
}  # fmt: skip
ENDED = {
    Ended.SELF: _l("You took it back."),
    Ended.ALOUD: _l("It was taken back aloud, and that was noted."),
    Ended.LEFT: _l("You left the group."),
    Ended.RENEWED: _l("There was a new yes."),
}
WORDS_CHANGED = _l(
    "These words are not the ones you had before you: they have changed since, or the language has. "
    "Read them once more, then press the button again."
)


def beside(purpose: Purpose) -> Any:
    """What stands under a question: why, who sees it, until when."""
    item = CATALOGUE[purpose]
    return _l(
        "%(why)s Who sees it: %(who)s Until when: %(until)s", why=item.why, who=item.who, until=item.until
    )


def words_of(purpose: Purpose) -> str:
    """The question and what stands under it, in the language of this page, letter for letter."""
    return f"{CATALOGUE[purpose].asks}\n{beside(purpose)}"


def shown(purpose: Purpose) -> Shown:
    """The words as they are shown now, in the language of this page."""
    return Shown(purpose, CATALOGUE[purpose].version, current_language().code, words_of(purpose))


def by_oneself(purpose: Purpose) -> How:
    """Somebody said yes on their own page."""
    return How(Method.SELF, shown(purpose))


def read_aloud(purpose: Purpose, read_by_id: uuid.UUID | None, *, method: Method = Method.ALOUD) -> How:
    """It was read to them and they said yes; or it was agreed on a paper, which has words of its own."""
    return How(method, shown(purpose) if method == Method.ALOUD else None, read_by_id)


class ConsentForm(Form):
    """A form that says which words it shows. Where they are others by the time it is sent, it is shown again."""

    words_shown = HiddenField()

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        for field in self:
            field.flags.keeps_hint = True
        self._sent, now = self.words_shown.data, whole_digest([shown(one) for one in self.purposes()])
        self.words_shown.data, self.are_words_the_same = now, self._sent == now

    def purposes(self) -> Iterable[Purpose]:
        """What this form asks."""
        raise NotImplementedError

    @property
    def question(self) -> Any:
        """The one field it has, where it asks for one thing."""
        return None

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        if self.are_words_the_same:
            return is_right
        where, name = (self, "form_errors") if self.question is None else (self.question, "errors")
        setattr(where, name, [*getattr(where, name), WORDS_CHANGED])
        return False
