"""Marking a step, and wording one."""

from flask_babel import lazy_gettext as _l

from network.onboarding.journey.rules import Refusal
from network.web.forms import DayField, Form, LineField, WordsField, needed

REFUSALS = {Refusal.NOT_YET: _l("This day has not come yet. Mark the step when it is done.")}


class MarkForm(Form):
    done_on = DayField(_l("On which day?"), [needed(_l("Choose the day."))])
    note = WordsField(
        _l("In a sentence: what was said or agreed"),
        most=500,
        description=_l("The applicant does not see this. Write no more than you need."),
    )


class StepForm(Form):
    title = LineField(_l("The name of the step"), [needed()])
    guide = WordsField(
        _l("What happens in it"), most=2000, description=_l("One or two sentences the applicant reads.")
    )
