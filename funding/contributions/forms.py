"""The sheet as a form: one line a member, cash and mobile money side by side; and what the members agreed on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from funding.contributions.queries import Together
from funding.contributions.rules import COLUMNS, Given, Refusal, pages_of
from funding.ledger.forms import choices
from funding.ledger.rules import Place
from funding.welfare.forms import COUNTED
from groups.meetings.models import Meeting
from groups.membership.models import Member
from network.web.formatting import day, money
from network.web.forms import DayField, Form, MoneyField, needed

REFUSALS = {
    Refusal.NOT_DECIDED_YET: _l("This day has not come yet. Write the day the members decided it."),
    Refusal.BEGINS_BEFORE: _l("What members suggest begins on the day they decided it, or later."),
    Refusal.COUNTED: COUNTED,
}
FIELD_OF = {
    Refusal.NOT_DECIDED_YET: "decided_on",
    Refusal.BEGINS_BEFORE: "from_on",
    Refusal.COUNTED: "from_on",
}


class SheetForm(Form):
    meeting = SelectField(_l("At which meeting?"), validators=[])
    received_on = DayField(_l("On which day?"), [needed()])

    def pages(self) -> list[list[tuple[str, list[Any]]]]:
        """Each member's nickname with their boxes, in the pages of the printed sheet."""
        return [
            [(member.nickname, self._boxes(member)) for member in page] for page in pages_of(self.members)
        ]

    def _boxes(self, member: Member) -> list[Any]:
        return [self[_name(member.id, place)] for place in COLUMNS]

    def given(self) -> list[Given]:
        """What stands in the boxes; an empty one means nothing at all."""
        return [
            Given(member.id, place, amount)
            for member in self.members
            for place in COLUMNS
            if (amount := self[_name(member.id, place)].data)
        ]

    @property
    def meeting_id(self) -> UUID | None:
        """The meeting that is chosen, if one is."""
        try:
            return UUID(self.meeting.data or "")
        except ValueError:
            return None

    members: list[Member] = []  # noqa: RUF012 - set by `sheet_form` on a class of its own


def sheet_form(members: list[Member], meetings: list[tuple[str, str]]) -> SheetForm:
    """The form for these members and meetings."""
    boxes = {_name(member.id, place): _box(member, place) for member in members for place in COLUMNS}
    made: SheetForm = type("SheetOf", (SheetForm,), {**boxes, "members": members})()
    made.meeting.choices = choices({"": _("At none, or at another"), **dict(meetings)})
    return made


def meetings_to_choose(
    meetings: Sequence[Meeting], written: Mapping[UUID, Together], currency: str
) -> list[tuple[str, str]]:
    """Meetings by their day, each with what was written down at it already."""
    return [
        (str(one.id), day(one.day) if one.id not in written else _with_sum(one, written[one.id], currency))
        for one in meetings
    ]


def _with_sum(meeting: Meeting, together: Together, currency: str) -> str:
    return _("%(day)s (%(total)s so far)", day=day(meeting.day), total=money(together.amount, currency))


def _box(member: Member, place: Place) -> MoneyField:
    more = {"data-sum": str(place), "data-row": str(member.id), "size": "6", "enterkeyhint": "next"}
    label = (
        _("%(name)s, cash", name=member.nickname)
        if place is Place.CASH
        else _("%(name)s, mobile money", name=member.nickname)
    )
    return MoneyField(label, render_kw=more)


def _name(member_id: UUID, place: str) -> str:
    return f"{place}_{member_id.hex}"


class AgreedForm(Form):
    amount = MoneyField(
        _l("How much do the members suggest to give each month?"),
        [needed()],
        description=_l("Write 0 where the members no longer suggest an amount."),
    )
    meeting = SelectField(_l("Which meeting decided it?"), validators=[])
    decided_on = DayField(_l("On which day was it decided?"), [needed()])
    from_on = DayField(_l("From which day on?"), [needed()])


def agreed_form(meetings: list[tuple[str, str]]) -> AgreedForm:
    """The form, with the latest meetings to choose from."""
    form = AgreedForm()
    form.meeting.choices = choices({"": _("Another one"), **dict(meetings)})
    return form
