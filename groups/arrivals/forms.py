"""Somebody new is here: two answers, and a nickname only for who joins."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from groups.arrivals.rules import Refusal
from groups.membership.models import LONGEST_NICKNAME
from network.web.forms import Form, LineField, needed


class Stays(StrEnum):
    """As what they are here today."""

    JOINS = "joins"
    LOOKS_IN = "looks_in"


REFUSALS = {
    Refusal.NOT_TODAY: _l(
        "This page is for the day of the meeting. You can add members from the list at any time."
    ),
    Refusal.NAME_NEEDED: _l("Ask what they want to be called. Any name will do."),
}


class DoorForm(Form):
    stays = RadioField(
        _l("Today they"), [needed(_l("Choose what fits best."))],
        choices=[
            SelectChoice(Stays.LOOKS_IN.value, _l("only look in: they are counted, and nothing else is kept")),
            SelectChoice(Stays.JOINS.value, _l("join: a nickname is enough")),
        ],
    )  # fmt: skip
    nickname = LineField(
        _l("Nickname, if they join"), most=LONGEST_NICKNAME,
        description=_l("Whatever they want to be called here. Ask for nothing else at the door."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
