"""What is asked about a certificate."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from groups.registration.commands import Certificate
from groups.registration.models import LONGEST_NAME, LONGEST_NUMBER, Registration
from groups.registration.rules import Refusal, State
from network.authorities.guide import ANY, OTHER, Profile
from network.web.forms import DayField, Form, LineField, MoneyField, needed

REFUSALS = {
    Refusal.ENDS_BEFORE: _l("It cannot end before it was given."),
    Refusal.NOT_YET: _l("This day has not come yet. Write the day that stands on the certificate."),
    Refusal.NAME_NEEDED: _l("Write who gave it."),
    Refusal.ENTERED_ALREADY: _l("A certificate of this day is in the list already."),
}
FIELD_OF = {
    Refusal.ENDS_BEFORE: "holds_until",
    Refusal.NOT_YET: "issued_on",
    Refusal.NAME_NEEDED: "called",
    Refusal.ENTERED_ALREADY: "issued_on",
}
STATES = {
    State.NONE: _l("Nothing is entered yet"),
    State.HOLDS: _l("In order"),
    State.DUE: _l("To be renewed soon"),
    State.OVER: _l("Its time is over"),
}


class CertificateForm(Form):
    authority = SelectField(_l("Who gave it?"))
    called = LineField(
        _l("Its name, if it is another authority"),
        most=LONGEST_NAME,
        description=_l("Only where it is not in the list above."),
    )
    number = LineField(_l("The number of the certificate"), most=LONGEST_NUMBER)
    issued_on = DayField(_l("When was it given or renewed?"), [needed()])
    holds_until = DayField(
        _l("Until when does it hold?"),
        [Optional()],
        description=_l("The last day that stands on it. Left empty, it is worked out where we know how long one holds."),
    )  # fmt: skip
    fee = MoneyField(_l("What did you pay for it?"), [Optional()])

    def validate_holds_until(self, field: DayField) -> None:
        """Said at once, with whatever else is not right."""
        if self.issued_on.data and field.data and field.data < self.issued_on.data:
            raise ValidationError(REFUSALS[Refusal.ENDS_BEFORE])

    @classmethod
    def choosing(cls, profile: Profile, kept: Registration | None = None, *, chosen: str = "") -> "CertificateForm":  # fmt: skip
        """The form with the country's authorities, filled in with what is kept."""
        form = cls(obj=kept) if kept else cls(data={"authority": chosen})
        form.authority.choices = [
            *(SelectChoice(one.code, one.name) for one in profile.authorities),
            SelectChoice(OTHER, ANY.name),
        ]
        return form

    def certificate(self) -> Certificate:
        """What was written."""
        return Certificate(
            authority=self.authority.data, called=self.called.data or "", number=self.number.data or "",
            issued_on=self.issued_on.data, holds_until=self.holds_until.data, fee=self.fee.data,
        )  # fmt: skip


def authority_name(profile: Profile, code: str, called: str = "") -> Any:
    """An authority in words."""
    return called or profile.authority(code).name
