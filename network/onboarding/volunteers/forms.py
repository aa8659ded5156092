"""Choosing what goes out to a volunteer, and the volunteer's own page."""

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from network.onboarding.volunteers.rules import Refusal
from network.web.forms import Form, LineField, WordsField

REFUSALS = {
    Refusal.NONE_CHOSEN: _l("Choose at least one passage."),
    Refusal.NOTHING_WRITTEN: _l("Nothing is translated yet. Write at least one passage in your language."),
}
MOST = 6000


class AskVolunteerForm(Form):
    passages = SelectMultipleField(
        _l("What to send out"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=(),
        validate_choice=False,
    )  # fmt: skip
    into = SelectField(_l("Into which language?"))


class TranslationForm(Form):
    """One field for each passage is added by `form_for`."""

    volunteer = LineField(
        _l("How may we name you?"), most=60, description=_l("Shown to the office beside your translation.")
    )

    def words(self, asked_id: uuid.UUID) -> str:
        """What was written for one passage."""
        return str(self[field_name(asked_id)].data or "")


def field_name(asked_id: uuid.UUID) -> str:
    """The name of the field for one passage."""
    return f"passage_{asked_id.hex}"


def form_for(asked: Iterable[uuid.UUID]) -> TranslationForm:
    """The volunteer's form, with a field for each passage that went out."""
    fields = {field_name(one): WordsField(_l("Your translation"), most=MOST) for one in asked}
    made: TranslationForm = type("TranslationFormOfRequest", (TranslationForm,), fields)()
    return made
