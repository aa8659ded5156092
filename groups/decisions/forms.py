"""What is asked when the members decide something, and its words."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice

from groups.decisions.commands import Kind
from groups.decisions.models import MotionMethod, MotionState
from groups.decisions.rules import Count, Outcome, Refusal
from groups.membership.models import Member
from groups.officers.forms import member_choices
from groups.officers.rules import Majority
from network.web.fields import CountField
from network.web.forms import DayField, Form, LineField, WordsField, needed

MOST = 9999
STATES = {
    MotionState.CALLED: _l("Put to the members"),
    MotionState.COUNTING: _l("Being counted"),
    MotionState.DECIDED: _l("Decided"),
    MotionState.WITHDRAWN: _l("Taken back before it was decided"),
}
METHODS = {
    MotionMethod.HANDS: _l("Show of hands"),
    MotionMethod.PAPER: _l("On paper"),
    MotionMethod.SEALED: _l("On folded papers, sealed"),
}
OUTCOMES = {
    Outcome.CARRIED: _l("The members agreed"),
    Outcome.NOT_CARRIED: _l("The members did not agree"),
    Outcome.TOO_FEW: _l("Too few took part"),
}
MAJORITIES = {
    Majority.HALF: _l("more yes than no"),
    Majority.TWO_THIRDS: _l("two yes for every no"),
    Majority.THREE_QUARTERS: _l("three yes for every no"),
}
"""What is needed; those who abstain are not counted for it."""
NUMBERS = {
    "present": _l("how many people are there"),
    "votes_for": _l("how many say yes"),
    "votes_against": _l("how many say no"),
    "abstain": _l("how many say neither"),
}
REFUSALS = {
    Refusal.NOT_NOW: _l("This step is over, or not open yet. Look at the page of this decision."),
    Refusal.DAY_IS_PAST: _l("This day is past. Choose today or a later day."),
    Refusal.DAY_TOO_FAR: _l("This is more than a year away. Choose a nearer day."),
    Refusal.NOTICE_TOO_SHORT: _l(
        "The constitution asks for more days between calling and deciding. Choose a later day, or say below that the members agree."
    ),
    Refusal.WORDS_NEEDED: _l("Write what the members are to decide."),
    Refusal.ANOTHER_IS_OPEN: _l(
        "The members have a change of the constitution before them already. One at a time."
    ),
    Refusal.OUT_OF_DATE: _l(
        "The constitution has changed since this was written. Write the proposal anew from what holds now."
    ),
    Refusal.NOT_THE_DAY_YET: _l("The day of this decision has not come yet."),
    Refusal.NOBODY_MAY_DECIDE: _l("Nobody may vote yet: the constitution asks for more days after joining."),
    Refusal.COUNTERS_ARE_ONE: _l("Two different people count."),
    Refusal.DOES_NOT_ADD_UP: _l("Yes, no and neither do not add up to the people who are there."),
    Refusal.MORE_THAN_ROLL: _l("This is more people than can vote."),
    Refusal.REASON_NEEDED: _l("Say in a few words why."),
}
FIELDS = {
    Refusal.DAY_IS_PAST: "held_on",
    Refusal.DAY_TOO_FAR: "held_on",
    Refusal.NOTICE_TOO_SHORT: "held_on",
    Refusal.WORDS_NEEDED: "words",
    Refusal.COUNTERS_ARE_ONE: "second_counter",
    Refusal.DOES_NOT_ADD_UP: "abstain",
    Refusal.MORE_THAN_ROLL: "present",
    Refusal.REASON_NEEDED: "reason",
}
"""Beside which question a refusal is told; the others stand on top."""


def day_asked() -> DayField:
    """The question on which day."""
    return DayField(_l("On which day do the members decide?"), [needed()])


def sooner_asked() -> BooleanField:
    """The question whether sooner is fine."""
    return BooleanField(_l("The members agree to decide sooner than the constitution says"))


class WhenForm(Form):
    """When something is decided; forms about one kind of thing build on it, and ask this again where it should come last."""

    held_on = day_asked()
    is_short_notice_agreed = sooner_asked()

    def say_notice(self, days: int) -> None:
        """Say what the constitution asks for."""
        self.held_on.description = _(
            "The constitution asks for %(days)d days between calling and deciding.", days=days
        )


class CallForm(WhenForm):
    kind = RadioField(_l("What is it about?"), [needed(_l("Choose one."))])
    words = WordsField(
        _l("What do the members decide?"),
        [needed(REFUSALS[Refusal.WORDS_NEEDED])],
        most=1000,
        description=_l("As it will be read out. People say yes or no to it."),
    )
    held_on = day_asked()
    is_short_notice_agreed = sooner_asked()

    @classmethod
    def choosing(cls, kinds: Iterable[Kind], *, notice_days: int) -> "CallForm":
        """The form with what can be put to the members in the group's own words."""
        form = cls()
        form.kind.choices = [SelectChoice(kind.code, kind.name) for kind in kinds]
        form.say_notice(notice_days)
        return form


class BeginForm(Form):
    method = RadioField(
        _l("How do people decide?"),
        [needed(_l("Choose one."))],
        choices=[SelectChoice(str(code), word) for code, word in METHODS.items()],
        description=_l("It stands with the outcome for ever."),
    )
    first_counter = SelectField(
        _l("First person who counts"),
        [needed(_l("Choose somebody."))],
        description=_l("Any two members. Each counts alone and enters their own numbers."),
    )
    second_counter = SelectField(_l("Second person who counts"), [needed(_l("Choose somebody."))])

    @classmethod
    def choosing(cls, members: Sequence[Member]) -> "BeginForm":
        """The form with who can count."""
        form = cls()
        for field in (form.first_counter, form.second_counter):
            field.choices = member_choices(members, empty=_l("Choose somebody"))
        return form


def _counted(label: Any, **named: Any) -> CountField:
    return CountField(label, [needed(_l("Write a number; 0 where there was none."))], most=MOST, **named)


class CountForm(Form):
    present = _counted(_l("How many people who may vote are there?"))
    votes_for = _counted(_l("How many say yes?"))
    votes_against = _counted(_l("How many say no?"))
    abstain = _counted(
        _l("How many say neither?"), description=_l("Empty papers and papers that cannot be read count here.")
    )

    @property
    def count(self) -> Count:
        """What was typed."""
        return Count(
            *(
                int(field.data or 0)
                for field in (self.present, self.votes_for, self.votes_against, self.abstain)
            )
        )


class CountAgainForm(CountForm):
    reason = LineField(_l("Why do you count again?"), [needed(REFUSALS[Refusal.REASON_NEEDED])], most=200)


class WithdrawForm(Form):
    reason = WordsField(
        _l("Why?"),
        [needed(REFUSALS[Refusal.REASON_NEEDED])],
        most=500,
        description=_l("Everybody in the group can read this. Name nobody."),
    )
