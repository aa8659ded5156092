"""What is asked when a matter is brought, heard and agreed; what it is called in words."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from groups.disputes.models import AskState, MatterState, TextKind
from groups.disputes.rules import Refusal
from groups.membership.models import Member
from network.tenancy.models import Group
from network.web.fields import Several
from network.web.forms import DayField, Form, WordsField, needed

HERE = "here"
STATES: dict[str, Any] = {
    MatterState.BROUGHT: _l("Brought, and not heard yet"),
    MatterState.HEARD: _l("Being heard"),
    MatterState.AGREED: _l("An outcome is agreed"),
    MatterState.REVIEWED: _l("Looked at again"),
    MatterState.CLOSED: _l("Closed"),
}
KINDS: dict[str, Any] = {
    TextKind.WORDS: _l("What was brought"),
    TextKind.NOTES: _l("Notes of the panel"),
    TextKind.TOLD: _l("What the panel told somebody"),
    TextKind.OUTCOME: _l("The outcome"),
    TextKind.REVIEW: _l("When the panel looked again"),
    TextKind.ANSWER: _l("What somebody answers who was told"),
}
FOR_THEM = {**KINDS, TextKind.TOLD: _l("Written for you"), TextKind.ANSWER: _l("What you answered")}
ASKS: dict[str, Any] = {
    AskState.ASKED: _l("nobody has said yes yet"),
    AskState.ACCEPTED: _l("would send somebody"),
    AskState.DECLINED: _l("cannot send anybody"),
    AskState.SEATED: _l("sent somebody, who is on the panel"),
}
REFUSALS = {
    Refusal.NOBODY_TO_HEAR: _l(
        "Nobody of this committee who signs in could hear it: they are concerned themselves, or too near to somebody who is. "
        "Choose another group’s committee, or speak with somebody you trust and bring it on paper."
    ),
    Refusal.NO_KEY: _l("Type your password once first, so that what you write can be closed for you."),
    Refusal.LOST_KEY: _l(
        "This is not closed for the password you have now. Another of the panel can let you in again."
    ),
    Refusal.TOO_FEW: _l("It takes two on the panel to go on. Ask another group for somebody who helps."),
    Refusal.NOT_NOW: _l("This is not the moment for it. Nothing was changed."),
    Refusal.TOO_EARLY: _l("The day on which the panel looks again has not come."),
    Refusal.OWN_OUTCOME: _l("You have agreed with it already. Another of the panel has to agree too."),
    Refusal.ALREADY: _l("This was done already. Nothing was changed."),
    Refusal.CANNOT_BE_TOLD: _l(
        "They have not signed in since pages could be closed for them. Tell them in person, with nobody else around."
    ),
    Refusal.CONCERNED: _l("It concerns them, or they are too near to somebody it concerns."),
    Refusal.NOT_OFFERED: _l("That group’s committee does not hear matters of other groups now."),
    Refusal.BAD_DAY: _l("Choose a day after today and within a year."),
    Refusal.SIGNS_IN: _l("Whoever signs in here brings it themselves, so that nobody else has to know."),
    Refusal.TOO_NEAR: _l(
        "You are too near to somebody it concerns, so you do not hear it and do not write it down. Ask them to tell another of the committee."
    ),
    Refusal.NEAR_SITS: _l(
        "One of you is too near to them: by an office, or because one let the other in lately. Whoever that is steps aside first."
    ),
    Refusal.ENOUGH: _l("You have answered many times. Speak with those who hear it."),
}


NOBODY = _l("Nobody hears it now. Take it back, and bring it to somebody else.")
ONLY_ONE = _l(
    "Only one person can hear it now, and it takes two to agree. They can ask another group for help; or take it back, and bring it to somebody else."
)


def _about() -> Any:
    return Several(
        _l("Is it about somebody in the group?"),
        description=_l("Whoever you tick has no part in hearing it. They are not told by this page."),
    )


def _others() -> Any:
    return WordsField(
        _l("Is it about somebody else?"),
        most=500,
        description=_l("Somebody at home, a neighbour, a place. In words."),
    )


class BringForm(Form):
    words = WordsField(
        _l("What happened, or what goes on?"),
        [needed()],
        description=_l("In your own words, as much or as little as you like."),
    )
    about = _about()
    others = _others()
    panel = RadioField(_l("Who hears it?"), validators=[needed(_l("Choose one."))])

    @classmethod
    def bringing(cls, members: Iterable[Member], groups: Iterable[Group]) -> "BringForm":
        """The form with whom it may be about, and who may hear it."""
        form = cls()
        form.about.choices = [SelectChoice(str(one.id), one.nickname) for one in members]
        form.panel.choices = [
            SelectChoice(HERE, _l("The committee of this group")),
            *(
                SelectChoice(str(group.id), _l("The committee of %(name)s", name=group.name))
                for group in groups
            ),
        ]
        if not form.about.choices:
            del form.about
        if len(form.panel.choices) == 1:
            del form.panel
        return form

    def to(self) -> uuid.UUID | None:
        """The other group that hears it, if one was chosen."""
        chosen = self.panel.data if self.panel else HERE
        return None if chosen == HERE else uuid.UUID(chosen)

    def chosen(self) -> set[str]:
        """Members it is about."""
        return set(self.about.data or ()) if self.about else set()


class WriteDownForm(Form):
    """For a member who does not sign in: their words, read out to them again."""

    told_by = SelectField(
        _l("Who tells you?"),
        validators=[needed(_l("Choose one."))],
        description=_l("A member who does not sign in here. Whoever signs in brings it themselves."),
    )
    words = WordsField(
        _l("What do they tell you?"),
        [needed()],
        description=_l("In their words, as much or as little as they want written."),
    )
    about = _about()
    others = _others()
    is_read_out = BooleanField(
        _l("I read out to them who hears this, and what I wrote. They said yes to it."),
        [needed(_l("Read it out first. It is theirs."))],
    )

    @classmethod
    def writing(cls, tellers: Iterable[Member], members: Iterable[Member]) -> "WriteDownForm":
        """The form with who may tell it, and whom it may be about."""
        form = cls()
        form.told_by.choices = [
            SelectChoice("", ""),
            *(SelectChoice(str(one.id), one.nickname) for one in tellers),
        ]
        form.about.choices = [SelectChoice(str(one.id), one.nickname) for one in members]
        return form

    def chosen(self) -> set[str]:
        """Members it is about: never whoever tells it."""
        return set(self.about.data or ()) - {self.told_by.data}


class CarefulForm(Form):
    """What is only sent while the door is open."""

    def say_shut(self) -> None:
        """The twenty minutes were over when this was sent."""
        self.form_errors = [
            *self.form_errors,
            _l("Your twenty minutes are over. Open the pages with your password in a second window, then send this again."),
        ]  # fmt: skip


class NotesForm(CarefulForm):
    words = WordsField(
        _l("What did you hear?"),
        [needed()],
        description=_l("Only the panel reads this. As short as it can be."),
    )


class AnswerForm(CarefulForm):
    words = WordsField(
        _l("What do you want those who hear it to know?"),
        [needed()],
        description=_l(
            "They read it, nobody else: not whoever brought it, not whoever was told too. You can also speak with them instead."
        ),
    )


class TellForm(CarefulForm):
    who = SelectField(_l("Whom do you tell?"), validators=[needed(_l("Choose one."))])
    words = WordsField(
        _l("What do they need to know?"),
        [needed()],
        description=_l(
            "They read these words and nothing else. Think of the safety of whoever brought it: say who that was only if they agreed."
        ),
    )

    @classmethod
    def telling(cls, people: Mapping[uuid.UUID, str]) -> "TellForm":
        """The form with everybody who could be told."""
        form = cls()
        form.who.choices = [SelectChoice("", ""), *(SelectChoice(str(one), people[one]) for one in people)]
        return form


class OutcomeForm(CarefulForm):
    words = WordsField(
        _l("What do you agree on?"),
        [needed()],
        description=_l(
            "Once a second one of the panel agrees, whoever brought it reads this, and everybody you told before."
        ),
    )
    review_on = DayField(
        _l("When do you look again?"),
        [needed()],
        description=_l("A day within a year, to see whether it holds."),
    )


class ReviewForm(CarefulForm):
    words = WordsField(_l("What did you find?"), [needed()], description=_l("Only the panel reads this."))
    again_on = DayField(
        _l("When do you look once more?"),
        [Optional()],
        description=_l(
            "Leave this empty if it is over: once a second one of you agrees, it is closed, and destroyed ninety days later."
        ),
    )
