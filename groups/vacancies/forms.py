"""What is asked when a by-election is called."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields import SelectChoice

from groups.elections.forms import REFUSALS, Boxes
from groups.elections.rules import Refusal
from groups.officers.forms import office_name
from network.web.forms import DayField, Form, needed


class ByElectionForm(Form):
    offices = Boxes(_l("Which empty office?"), [needed(REFUSALS[Refusal.NO_OFFICE])])
    held_on = DayField(_l("On which day will people vote?"), [needed()])
    is_short_notice_agreed = BooleanField(_l("The members agree to vote sooner than the constitution says"))

    @classmethod
    def filling(cls, seats: Mapping[str, int], *, chosen: list[str], notice_days: int) -> "ByElectionForm":
        """The form with the offices that are empty; those chosen, else all of them, are ticked."""
        form = cls(data={"offices": [code for code in chosen if code in seats] or list(seats)})
        form.offices.choices = [SelectChoice(code, office_name(code)) for code in seats]
        form.held_on.description = _(
            "The constitution asks for %(days)d days between calling and voting.", days=notice_days
        )
        return form
