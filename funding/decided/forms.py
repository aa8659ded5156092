"""What is asked when an amount or a share is put to the members, and what is then read out."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.validators import NumberRange

from funding.welfare.forms import PercentField
from groups.decisions.forms import WhenForm, day_asked, sooner_asked
from groups.decisions.models import Motion
from network.web.formatting import money, number, whole_day
from network.web.forms import DayField, MoneyField, needed


class _FromADay(WhenForm):
    def validate_from_on(self, field: Any) -> None:
        """Nothing begins before it is decided."""
        if field.data and self.held_on.data and field.data < self.held_on.data:
            raise ValidationError(_("This cannot be before the day the members decide."))


class PutAmountForm(_FromADay):
    amount = MoneyField(
        _l("How much will members suggest to give each month?"),
        [needed()],
        description=_l(
            "It stays a suggestion, for whoever can and wants to. Write 0 to suggest nothing any more."
        ),
    )
    from_on = DayField(_l("From which day on?"), [needed()])
    held_on = day_asked()
    is_short_notice_agreed = sooner_asked()


class PutShareForm(_FromADay):
    percent = PercentField(
        _l("How many of each hundred are kept for hardship?"),
        [needed(), NumberRange(0, 100, _l("Write a whole number from 0 to 100."))],
        render_kw={"inputmode": "numeric"},
    )
    from_on = DayField(
        _l("From which day?"),
        [needed()],
        description=_l("Contributions from this day on are split this way. Earlier ones stay as they are."),
    )
    held_on = day_asked()
    is_short_notice_agreed = sooner_asked()


def say_amount(motion: Motion) -> str:
    """What is read out before people say yes or no."""
    value = motion.value or {}
    day = whole_day(date.fromisoformat(value["from_on"]))
    if not value["amount"]:
        return _("From %(day)s we suggest no amount. Everybody gives what they can and want to.", day=day)
    return _(
        "From %(day)s we suggest to give %(amount)s a month, for whoever can and wants to.",
        day=day, amount=money(value["amount"], value["currency"]),
    )  # fmt: skip


def say_share(motion: Motion) -> str:
    """The same for the share."""
    value = motion.value or {}
    return _(
        "From %(day)s we keep %(percent)s of each hundred that is given for hardship.",
        day=whole_day(date.fromisoformat(value["from_on"])), percent=number(value["percent"]),
    )  # fmt: skip
