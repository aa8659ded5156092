"""Setting objectives and steps, and saying how they move."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from groups.membership.models import Member
from groups.objectives.commands import StepWords
from groups.objectives.models import Objective, ObjectiveState, Outcome
from groups.objectives.rules import Refusal
from network.web.formatting import month
from network.web.forms import DayField, Form, LineField, MoneyField, WordsField, needed

REFUSALS = {
    Refusal.TOO_MANY: _l(
        "Twelve objectives are as many as a quarter bears. Carry one over or drop one first."
    ),
    Refusal.TOO_MANY_STEPS: _l("Thirty steps are as many as a plan bears."),
    Refusal.CLOSED: _l("This objective is closed. What was said about it stays."),
    Refusal.WRONG_QUARTER: _l("Objectives are set for this quarter or the next one."),
    Refusal.WHY_MISSING: _l("Say in a word why, so that the group can learn from it."),
    Refusal.WHO_TWICE: _l("Choose a member or write a name, not both."),
    Refusal.NOT_CLOSED: _l("This objective is open already."),
    Refusal.CARRIED_ON: _l("This objective goes on in the next quarter already."),
    Refusal.MEETING_TO_COME: _l("This meeting has not begun. Come back when people are there."),
}
FIELD_OF = {
    Refusal.WRONG_QUARTER: "quarter",
    Refusal.WHY_MISSING: "words",
    Refusal.WHO_TWICE: "who",
}
OUTCOMES = {
    Outcome.MOVED: _l("It moved"),
    Outcome.NOT_MOVED: _l("It has not moved"),
    Outcome.ACHIEVED: _l("We did it"),
    Outcome.CARRIED_OVER: _l("Carry it over to the next quarter"),
    Outcome.DROPPED: _l("Drop it"),
}
SAID = {
    Outcome.MOVED: _l("It moved"),
    Outcome.NOT_MOVED: _l("It had not moved"),
    Outcome.ACHIEVED: _l("Achieved"),
    Outcome.CARRIED_OVER: _l("Carried over"),
    Outcome.DROPPED: _l("Dropped"),
}
STATES = {
    ObjectiveState.OPEN: _l("We are at it"),
    ObjectiveState.ACHIEVED: _l("Achieved"),
    ObjectiveState.CARRIED_OVER: _l("Carried over"),
    ObjectiveState.DROPPED: _l("Dropped"),
}


class WordObjectiveForm(Form):
    title = LineField(
        _l("What do you want to change?"),
        [needed()],
        description=_l("One thing that people outside the group would notice."),
    )
    why = WordsField(_l("Why does it matter?"), most=600)


class ObjectiveForm(WordObjectiveForm):
    quarter = SelectField(_l("For which quarter?"))

    def __init__(self, quarters: Sequence[date], **named: Any) -> None:
        super().__init__(**named)
        self.quarter.choices = [(start.isoformat(), _quarter_words(start)) for start in quarters]


def _quarter_words(start: date) -> Any:
    return _l("%(first)s to %(last)s", first=month(start), last=month(date(start.year, start.month + 2, 1)))


class StepForm(Form):
    what = LineField(_l("What is to do?"), [needed()], most=200)
    member = SelectField(_l("Which member does it?"))
    who = LineField(_l("Or somebody else"), most=60, description=_l("A nickname is enough."))
    by_on = DayField(_l("By when?"), [Optional()])
    cost = MoneyField(
        _l("What will it cost?"),
        [Optional()],
        description=_l("An estimate. Nothing is paid by writing it here."),
    )

    def __init__(self, members: Sequence[Member], **named: Any) -> None:
        super().__init__(**named)
        self.member.choices = [
            ("", _l("Nobody yet")),
            *((str(member.id), member.nickname) for member in members),
        ]

    def said(self) -> StepWords:
        """What was filled in."""
        return StepWords(
            what=self.what.data,
            member_id=UUID(self.member.data) if self.member.data else None,
            who=self.who.data or "",
            by_on=self.by_on.data,
            cost=self.cost.data,
        )


class CloseForm(Form):
    outcome = SelectField(_l("How does it end?"))
    words = WordsField(_l("A word on why"), most=600)

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        ends = (Outcome.ACHIEVED, Outcome.CARRIED_OVER, Outcome.DROPPED)
        self.outcome.choices = [(str(code), OUTCOMES[code]) for code in ends]


class ReviewForm(Form):
    """One question and a few words for each objective; made for the objectives of one meeting by `review_form`."""

    def pairs(self, objectives: Sequence[Objective]) -> list[tuple[Objective, Any, Any]]:
        """Each objective with its two fields."""
        return [(each, self[f"outcome_{n}"], self[f"words_{n}"]) for n, each in enumerate(objectives)]


def review_form(objectives: Sequence[Objective], said: dict[str, Any]) -> ReviewForm:
    """The form for these objectives, in their order."""
    fields: dict[str, Any] = {}
    for n in range(len(objectives)):
        fields[f"outcome_{n}"] = SelectField(_l("How did it move?"))
        fields[f"words_{n}"] = WordsField(_l("A few words"), most=600)
    form: ReviewForm = type("ReviewFormOfMeeting", (ReviewForm,), fields)(data=said)
    for _, outcome, _words in form.pairs(objectives):
        outcome.choices = [
            ("", _l("Nothing was said about it")),
            *((str(code), words) for code, words in OUTCOMES.items()),
        ]
    return form
