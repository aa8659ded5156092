"""The sheet as a form: one line a member, cash and mobile money side by side."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from funding.contributions.rules import COLUMNS, Given
from funding.ledger.rules import Place
from groups.membership.models import Member
from network.web.forms import DayField, Form, MoneyField, needed


class SheetForm(Form):
    received_on = DayField(_l("On which day?"), [needed()])

    def rows(self) -> list[tuple[str, list[Any]]]:
        """Each member's nickname with their boxes."""
        return [
            (member.nickname, [self[_name(member.id, place)] for place in COLUMNS]) for member in self.members
        ]

    def given(self) -> list[Given]:
        """What stands in the boxes; an empty one means nothing at all."""
        return [
            Given(member.id, place, amount)
            for member in self.members
            for place in COLUMNS
            if (amount := self[_name(member.id, place)].data)
        ]

    members: list[Member] = []  # noqa: RUF012 - set by `sheet_form` on a class of its own


def sheet_form(members: list[Member]) -> SheetForm:
    """The form for these members."""
    boxes = {_name(member.id, place): _box(member, place) for member in members for place in COLUMNS}
    made: SheetForm = type("SheetOf", (SheetForm,), {**boxes, "members": members})()
    return made


def _box(member: Member, place: Place) -> MoneyField:
    more = {"data-sum": "", "data-row": str(member.id), "size": "6", "enterkeyhint": "next"}
    label = (
        _("%(name)s, cash", name=member.nickname)
        if place is Place.CASH
        else _("%(name)s, mobile money", name=member.nickname)
    )
    return MoneyField(label, render_kw=more)


def _name(member_id: UUID, place: str) -> str:
    return f"{place}_{member_id.hex}"
