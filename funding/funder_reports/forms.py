"""Which time a report is about, and in which language it is."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import SelectField
from wtforms.validators import Optional

from network.web import languages
from network.web.forms import DayField


class AskForm(PlainForm):
    """Asked in the address, so that a report can be sent on as a link; what makes no sense is the usual time."""

    from_on = DayField(_l("From which day?"), [Optional()])
    to_on = DayField(_l("Up to which day?"), [Optional()])
    language = SelectField(_l("In which language?"))


def ask_form(said: Mapping[str, Any]) -> AskForm:
    """The form with the languages there are."""
    form = AskForm(data=said)
    form.language.choices = [(one.code, one.autonym) for one in languages.offered()]
    return form
