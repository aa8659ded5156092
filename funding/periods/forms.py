"""Closing and opening months."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from funding.periods.rules import Refusal
from network.web.formatting import month
from network.web.forms import Form, LineField, needed

REFUSALS: dict[Any, Any] = {
    Refusal.NOT_OVER: _l("This month is not over yet."),
    Refusal.CLOSED_ALREADY: _l("This month is closed already."),
    Refusal.NOT_CLOSED: _l("This month is not closed."),
    Refusal.DRAFTS_WAITING: _l(
        "Something from that time still waits for a second person. Say yes or no to it first."
    ),
    Refusal.WAITING_ALREADY: _l("Another change of months waits for a second person. Answer that one first."),
    Refusal.DECIDED_ALREADY: _l("Somebody has decided this already. Nothing was changed."),
    Refusal.OWN_SECOND: _l("The second person has to be somebody else than the one who asked."),
    Refusal.NOT_AN_OFFICER: _l("The second person has to be somebody who signs for money here now."),
}


class CloseForm(Form):
    through = SelectField(_l("Up to the end of which month?"))


class ReopenForm(Form):
    since = SelectField(
        _l("From which month on?"), description=_l("This month and all after it are open again.")
    )
    reason = LineField(
        _l("Why?"), [needed()], description=_l("It stands beside the change. No names of people.")
    )


def close_form(ends: Sequence[date]) -> CloseForm:
    """The form with the months that can be closed."""
    form = CloseForm()
    form.through.choices = _months(ends)
    return form


def reopen_form(ends: Sequence[date]) -> ReopenForm:
    """The form with the months that are closed."""
    form = ReopenForm()
    form.since.choices = _months(ends)
    return form


def _months(ends: Sequence[date]) -> list[SelectChoice]:
    return [SelectChoice(end.isoformat(), month(end)) for end in ends]
