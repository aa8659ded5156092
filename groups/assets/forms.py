"""What is asked about something the group owns."""

from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.validators import Optional

from groups.assets.models import LONGEST
from groups.assets.rules import Refusal, is_gone_before
from network.web.forms import DayField, Form, LineField, MoneyField, needed

REFUSALS = {
    Refusal.NOT_YET: _l("This day has not come yet."),
    Refusal.GONE_BEFORE: _l("It cannot be gone before it was there."),
    Refusal.TOO_MANY: _l("Two hundred things are as many as this list bears."),
}
FIELD_OF = {Refusal.NOT_YET: "since_on", Refusal.GONE_BEFORE: "gone_on", Refusal.TOO_MANY: "what"}


class AssetForm(Form):
    what = LineField(
        _l("What is it?"),
        [needed()],
        most=LONGEST,
        description=_l("Such as: forty chairs, a sewing machine, a plot in Mwala. Leave out who keeps it."),
    )
    since_on = DayField(_l("Since when is it yours?"), [needed()])
    amount = MoneyField(_l("What is it worth, about?"), [Optional()])
    gone_on = DayField(_l("When was it sold, lost or given away?"), [Optional()])

    def validate_gone_on(self, field: DayField) -> None:
        """Said at once, with whatever else is not right."""
        if self.since_on.data and is_gone_before(self.since_on.data, field.data):
            raise ValidationError(REFUSALS[Refusal.GONE_BEFORE])
