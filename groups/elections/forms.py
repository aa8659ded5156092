"""What is asked in an election, and its words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from groups.elections.counting import lot
from groups.elections.models import (
    CandidacyState,
    Contest,
    ElectionKind,
    ElectionState,
    NamedBy,
    VotingMethod,
)
from groups.elections.rules import Refusal
from groups.membership.models import Member
from groups.officers.forms import member_choices, office_name
from groups.officers.rules import Office
from network.web.forms import DayField, Form, LineField, WordsField, needed

REFUSALS = {
    Refusal.NOT_NOW: _l(
        "This step is over, or not open yet. Look at the election’s page to see how far it has come."
    ),
    Refusal.DAY_IS_PAST: _l(
        "This day is past. Choose today or a later day, or say below that the election was held already."
    ),
    Refusal.DAY_IS_TO_COME: _l("This day is still to come. Choose the day on which people voted."),
    Refusal.TOO_LONG_AGO: _l(
        "That is more than sixty days ago. Hold it anew, while people can still say what they saw."
    ),
    Refusal.DAY_TOO_FAR: _l("This is more than a year away. Choose a nearer day."),
    Refusal.NOTICE_TOO_SHORT: _l(
        "The constitution asks for more days between calling and voting. Choose a later day, or say below that the members agree."
    ),
    Refusal.NOT_YOUR_TURN: _l("Somebody is in office whose turn it is to call it."),
    Refusal.NO_OFFICE: _l("Choose at least one office."),
    Refusal.NO_VACANCY: _l(
        "Every seat of one of these offices is held. A by-election fills only what is empty."
    ),
    Refusal.ANOTHER_IS_OPEN: _l("The yearly election is under way already."),
    Refusal.NOT_A_MEMBER: _l("Only members who are in the group now can stand."),
    Refusal.NAMED_ALREADY: _l("They are named for this office already."),
    Refusal.STANDS_ELSEWHERE: _l(
        "They stand for another office already. One person stands for one office, so that two people look after the money."
    ),
    Refusal.NOT_THE_DAY_YET: _l("The day of the election has not come yet."),
    Refusal.NOBODY_ON_ROLL: _l(
        "Nobody can vote yet. The constitution says how long somebody is a member before they vote."
    ),
    Refusal.NOBODY_STANDS: _l("Nobody has said yes to standing yet."),
    Refusal.TELLERS_ARE_ONE: _l("Two different people count."),
    Refusal.TELLER_IS_CANDIDATE: _l("Somebody who stands cannot count. Choose two others."),
    Refusal.WRONG_SUMS: _l("These numbers do not add up yet."),
    Refusal.REASON_NEEDED: _l("Say in a few words why."),
    Refusal.NOT_TIED: _l("There is nothing to draw here: nobody is level, or the lot is drawn."),
    Refusal.TOO_FEW_NUMBERS: _l(
        "Write at least three numbers between 0 and 999999, each called out by somebody else in the room."
    ),
    Refusal.LOT_NEEDED: _l("Some are level. Draw the lot first."),
    Refusal.COUNTED_BEFORE: _l("They were to count in this vote before. Choose somebody else."),
    Refusal.STILL_OPEN_TO_CHALLENGE: _l(
        "The result can still be challenged. Look again when the days are over."
    ),
    Refusal.CHALLENGE_WAITS: _l("A challenge is being looked at. The result is final once it is answered."),
    Refusal.NOT_QUORATE: _l("Too few took part for this election to count."),
    Refusal.ORDER_NEEDS_PAPER: _l(
        "The constitution says that people put candidates in order. Hands cannot show an order; vote on paper."
    ),
}
STATES = {
    ElectionState.CALLED: _l("Called"),
    ElectionState.NOMINATING: _l("Nominations are open"),
    ElectionState.VOTING: _l("The vote is on"),
    ElectionState.COUNTED: _l("Counted"),
    ElectionState.DECLARED: _l("Declared"),
    ElectionState.CERTIFIED: _l("Final"),
    ElectionState.VOID: _l("Void"),
}
KINDS = {ElectionKind.YEARLY: _l("Yearly election"), ElectionKind.BY_ELECTION: _l("By-election")}
IN_ROOM = {VotingMethod.HANDS: _l("Show of hands"), VotingMethod.PAPER: _l("On paper")}
METHODS = IN_ROOM | {VotingMethod.ELSEWHERE: _l("Nobody in the room: only on phones and with slips")}
CANDIDACIES = {
    CandidacyState.NAMED: _l("has not answered yet"),
    CandidacyState.ACCEPTED: _l("stands"),
    CandidacyState.DECLINED: _l("does not stand"),
}
NAMED = {NamedBy.MEETING: _l("named by the meeting"), NamedBy.THEMSELVES: _l("put themselves forward")}


def as_choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """Codes and their words, to choose from."""
    return [SelectChoice(str(code), word) for code, word in words.items()]


class Boxes(SelectMultipleField):
    """Boxes to tick, as many as fit."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CallForm(Form):
    kind = RadioField(
        _l("What is it for?"),
        [needed()],
        choices=[
            SelectChoice(str(ElectionKind.YEARLY), _l("The yearly election: all seats of these offices")),
            SelectChoice(str(ElectionKind.BY_ELECTION), _l("A by-election: only seats that are empty")),
        ],
        default=str(ElectionKind.YEARLY),
    )
    offices = Boxes(_l("Which offices?"), [needed(REFUSALS[Refusal.NO_OFFICE])])
    held_on = DayField(_l("On which day will people vote?"), [needed()])
    is_short_notice_agreed = BooleanField(_l("The members agree to vote sooner than the constitution says"))
    was_held = BooleanField(
        _l("It was held already, on paper or by show of hands"),
        description=_l("You write it down now. The result will say so."),
    )

    @classmethod
    def for_offices(cls, offices: Sequence[Office], *, notice_days: int) -> "CallForm":
        """The form filled in from the constitution."""
        form = cls(data={"offices": [office.code for office in offices]})
        form.offices.choices = [SelectChoice(office.code, office_name(office.code)) for office in offices]
        form.held_on.description = _(
            "The constitution asks for %(days)d days between calling and voting.", days=notice_days
        )
        return form


class NameForm(Form):
    contest_id = SelectField(_l("Office"))
    member_id = SelectField(_l("Who was named?"))
    named_by = RadioField(_l("How?"), [needed()], choices=as_choices(NAMED), default=str(NamedBy.MEETING))
    has_accepted = BooleanField(_l("They have said yes: they stand"))

    @classmethod
    def choosing(cls, contests: Iterable[Contest], members: Iterable[Member]) -> "NameForm":
        """The form with what can be chosen."""
        form = cls()
        form.contest_id.choices = contest_choices(contests)
        form.member_id.choices = member_choices(members)
        return form


class StandForm(Form):
    contest_id = SelectField(_l("For which office?"))

    @classmethod
    def choosing(cls, contests: Iterable[Contest]) -> "StandForm":
        """The form with what can be chosen."""
        form = cls()
        form.contest_id.choices = contest_choices(contests)
        return form


def contest_choices(contests: Iterable[Contest]) -> list[SelectChoice]:
    """Offices of an election, to choose one from."""
    return [SelectChoice(str(contest.id), office_name(contest.office)) for contest in contests]


class BeginForm(Form):
    method = RadioField(
        _l("How do people vote?"),
        [needed(_l("Choose one."))],
        choices=as_choices(IN_ROOM),
        description=_l("It stands with the result for ever."),
    )
    first_teller = SelectField(
        _l("First person who counts"),
        [needed(_l("Choose somebody."))],
        description=_l("Two members who do not stand. Each counts alone and enters their own numbers."),
    )
    second_teller = SelectField(_l("Second person who counts"), [needed(_l("Choose somebody."))])

    @classmethod
    def choosing(cls, members: Sequence[Member]) -> "BeginForm":
        """The form with who can count."""
        form = cls()
        for field in (form.first_teller, form.second_teller):
            field.choices = member_choices(members, empty=_l("Choose somebody"))
        return form


class LotForm(Form):
    numbers = LineField(
        _l("The numbers called out"),
        [needed()],
        description=_l(
            "Three or more people each say a number between 0 and 999999, before anything is typed. "
            "Write them in the order they were said, with a space between."
        ),
        render_kw={"inputmode": "text", "autocomplete": "off", "dir": "ltr"},
    )

    @property
    def called_out(self) -> list[int]:
        """The numbers, or nothing where something else was typed."""
        words = (self.numbers.data or "").replace(",", " ").replace("،", " ").split()
        return (
            [int(word) for word in words]
            if all(word.isdecimal() and len(word) <= len(str(lot.LARGEST_NUMBER)) for word in words)
            else []
        )


class VoidForm(Form):
    reason = WordsField(
        _l("Why?"),
        [needed(REFUSALS[Refusal.REASON_NEEDED])],
        most=500,
        description=_l("Everybody in the group can read this. Name nobody."),
    )
