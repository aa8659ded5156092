"""What is asked when somebody is named, and how far a naming has come, in words."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from groups.decisions.forms import WhenForm
from groups.membership.models import Member
from groups.namings.models import NamingState
from groups.namings.rules import Refusal
from groups.officers.forms import REFUSALS as OF_OFFICES
from groups.officers.forms import member_choices, office_name
from groups.officers.rules import Office
from network.web.forms import Form

REFUSALS: dict[Any, Any] = {
    **OF_OFFICES,
    Refusal.NOT_NOW: _l("This is over, or they have not said yes. Nothing was changed."),
    Refusal.ELECTED_OFFICE: _l("The members elect this office; it cannot be given."),
    Refusal.NOT_A_MEMBER: _l("Only members can hold an office."),
    Refusal.NAMES_THEMSELVES: _l("For this office people are named by others, not by themselves."),
    Refusal.NAMED_ALREADY: _l("They are named for this office already."),
    Refusal.IN_OFFICE: _l("They hold this office already."),
    Refusal.THEIR_OWN_NO: _l("They said no. They can say yes themselves, where they sign in."),
    Refusal.BEFORE_THE_MEMBERS: _l("It is before the members already."),
}
FIELDS = {Refusal.ELECTED_OFFICE: "office"}
STATES = {
    NamingState.NAMED: _l("has not answered yet"),
    NamingState.ACCEPTED: _l("has said yes"),
    NamingState.DECLINED: _l("has said no"),
    NamingState.SETTLED: _l("the members agreed"),
}


class NameForm(Form):
    office = SelectField(_l("Office"))
    member_id = SelectField(_l("Who could do it?"))

    @classmethod
    def choosing(cls, offices: Iterable[Office], members: Sequence[Member]) -> "NameForm":
        """The form with what can be chosen."""
        form = cls()
        form.office.choices = [SelectChoice(office.code, office_name(office.code)) for office in offices]
        form.member_id.choices = member_choices(members)
        return form


class RecordForm(NameForm):
    named_by_id = SelectField(_l("Who named them?"))
    has_accepted = BooleanField(_l("They have said yes"))

    @classmethod
    def choosing(cls, offices: Iterable[Office], members: Sequence[Member]) -> "RecordForm":
        """The form with what can be chosen."""
        form = super().choosing(offices, members)
        if not isinstance(form, RecordForm):
            raise TypeError("made by its own class")
        form.named_by_id.choices = member_choices(members)
        return form


class PutForm(WhenForm):
    """When the members decide about it."""

    @classmethod
    def with_notice(cls, days: int) -> "PutForm":
        """The form that says how many days before."""
        form = cls()
        form.say_notice(days)
        return form
