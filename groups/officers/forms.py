"""Offices in words, and what is asked when somebody is appointed."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from groups.membership.models import Member
from groups.officers.rules import OWN, CountingRule, Method, Office, Refusal
from network.web.forms import Form

OFFICES = {
    "chairperson": _l("Chairperson"),
    "secretary": _l("Secretary"),
    "treasurer": _l("Treasurer"),
    "committee": _l("Committee member"),
    "facilitator": _l("Facilitator"),
    "disputes": _l("Committee for disputes"),
}
METHODS = {
    Method.ELECTED: _l("elected by the members"),
    Method.APPOINTED: _l("appointed by the members"),
    Method.NOMINATED: _l("named by fellow members"),
}
RULES = {
    CountingRule.FIRST_PAST_THE_POST: _l("Most votes"),
    CountingRule.BLOCK_VOTE: _l("Most votes; everybody has as many votes as there are seats"),
    CountingRule.APPROVAL: _l("Most votes; everybody votes for as many people as they like"),
    CountingRule.SCOTTISH_STV: _l("Order of preference, counted by the Scottish rules"),
}
REFUSALS = {
    Refusal.NOT_A_MEMBER: _l("Only members can hold an office."),
    Refusal.NO_SUCH_OFFICE: _l("The constitution knows no such office."),
    Refusal.NO_FREE_SEAT: _l("Every seat of this office is held. One has to become free first."),
    Refusal.HOLDS_IT_ALREADY: _l("They hold this office already."),
    Refusal.ELECTED_ONLY: _l("The members elect this office; it cannot be given."),
    Refusal.HOLDS_ELECTED: _l(
        "They hold an elected office. Whoever looks at disputes holds no elected office beside it."
    ),
}


def office_name(code: str) -> Any:
    """An office in words; one that only this group's constitution knows is called as the group calls it."""
    return OFFICES.get(code, code.removeprefix(OWN))


def member_choices(members: Iterable[Member], *, empty: Any = None) -> list[SelectChoice]:
    """Members to choose one from."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(member.id), member.nickname) for member in members)]


class AppointForm(Form):
    office = SelectField(_l("Office"))
    member_id = SelectField(_l("Whom did the members choose?"))

    @classmethod
    def choosing(cls, offices: Iterable[Office], members: Iterable[Member]) -> "AppointForm":
        """The form with what can be chosen."""
        form = cls()
        form.office.choices = [SelectChoice(office.code, office_name(office.code)) for office in offices]
        form.member_id.choices = member_choices(members)
        return form
