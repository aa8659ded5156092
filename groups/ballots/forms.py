"""The paper as a form, the key as it comes from a keeper's browser, and what keepers opened."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from groups.ballots.formats import envelope
from groups.ballots.models import Channel
from groups.ballots.rules import Asked, Refusal, in_order
from groups.elections.counting.any_rule import PaperFault
from groups.elections.forms import METHODS, BeginForm
from network.web.forms import Form, needed

LARGEST_SENT = 200_000
"""Letters a keeper's browser sends at most: far more than any group's papers."""
REFUSALS: dict[Any, Any] = {
    Refusal.NOT_NOW: _l("This cannot be done at this moment of the election. Nothing was changed."),
    Refusal.CLOSED: _l("The vote is over. This was not taken."),
    Refusal.NOT_OVER: _l("The vote is still on. The box can be closed when its time has come."),
    Refusal.NOT_ON_ROLL: _l("You are not on the roll of this election, or people vote another way."),
    Refusal.IN_THE_ROOM: _l("You were handed a paper or a slip in the room. That one counts."),
    Refusal.NOT_A_VOTE: _l("This did not arrive whole. What you sent before still counts. Choose once more."),
    Refusal.TOO_SHORT: _l("Leave people ten minutes at least."),
    Refusal.TOO_LONG: _l("The vote can last two weeks at most."),
    Refusal.RESULTS_DIFFER: _l("The two of you got different papers. Both open the box once more."),
    Refusal.DOES_NOT_ADD_UP: _l("There are more papers than envelopes. Open the box once more."),
    Refusal.KEEPERS_ARE_NOT_THREE: _l("Choose three different people."),
    Refusal.KEEPER_STANDS: _l("Somebody who stands cannot keep a share of the key."),
    Refusal.NOBODY_VOTES: _l(
        "Let people vote on their phones, or print slips: as many as you need, and no more than members."
    ),
    Refusal.HELD_ALREADY: _l("This election was held already. What was counted in the room is written down."),
    Refusal.OPENED_BY_THEM: _l("This person has opened the box. The second one has to be somebody else."),
}
FAULTS: dict[Any, Any] = {
    PaperFault.TOO_MANY: _l("These are more than there are seats."),
    PaperFault.TWICE: _l("The same number stands twice. Give each a number of their own."),
    PaperFault.GAP: _l("Begin with 1 and leave no number out."),
    PaperFault.UNKNOWN: _l("Choose from the list."),
}


class BallotForm(Form):
    """A paper. It carries no key of its own: a vote sent twice takes its own place, and nothing may tell when it came."""

    sealed = HiddenField()

    def __init__(self, asked: Sequence[Asked]) -> None:
        super().__init__()
        del self.once
        self.asked = asked
        self.faults: dict[int, Any] = {}

    def envelope(self) -> bytes | None:
        """What the browser sealed; nothing where it has no scripts."""
        return _bytes(self.sealed.data) if self.sealed.data else None

    def chosen(self) -> dict[int, tuple[int, ...]] | None:
        """What was chosen on a page without scripts; nothing where something has to be put right."""
        paper: dict[int, tuple[int, ...]] = {}
        for one in self.asked:
            numbers, fault = _ranked(one) if one.is_ranked else (_marked(one), None)
            if fault := fault or one.fault_of(numbers):
                self.faults[one.position] = FAULTS[fault]
            paper[one.position] = numbers
        return None if self.faults else paper

    def was_sent(self, name: str, value: object) -> bool:
        """Whether this was chosen on a paper that has to be put right: it stays chosen, on that one answer and nowhere else."""
        return bool(self.faults) and str(value) in request.form.getlist(name)


def _marked(asked: Asked) -> tuple[int, ...]:
    return tuple(
        sorted(_number(value) for value in request.form.getlist(f"contest-{asked.position}") if value)
    )


def _ranked(asked: Asked) -> tuple[tuple[int, ...], PaperFault | None]:
    ranks = {
        number: _number(typed)
        for number in asked.candidates
        if (typed := request.form.get(f"contest-{asked.position}-{number}", ""))
    }
    return in_order(ranks)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 - no list is that long


def _bytes(text: str | None) -> bytes:
    try:
        return base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        return b""


LASTS: dict[str, Any] = {
    "15": _l("15 minutes"),
    "30": _l("30 minutes"),
    "60": _l("1 hour"),
    "180": _l("3 hours"),
    "1440": _l("1 day"),
    "4320": _l("3 days"),
    "10080": _l("1 week"),
    "20160": _l("2 weeks"),
}
"""How long a vote may last, in minutes."""


class BeginWithBoxForm(BeginForm):
    method = RadioField(
        _l("And in the room?"),
        [needed(_l("Choose one."))],
        choices=[SelectChoice(code, said) for code, said in METHODS.items()],
        description=_l("It stands with the result for ever."),
    )
    with_phones = BooleanField(_l("Members vote on their own phones"), default=True)
    slips = IntegerField(
        _l("How many slips for people without a phone?"),
        [Optional(), NumberRange(0, 200, _l("Write a whole number from 0 to 200."))],
        default=0,
        render_kw={"inputmode": "numeric"},
    )
    lasts = SelectField(
        _l("How long does the vote last?"),
        choices=[SelectChoice(code, said) for code, said in LASTS.items()],
        default="60",
        description=_l("The end does not move any more once the vote has begun."),
    )


class KeyForm(Form):
    first = SelectField(_l("Who keeps the first share?"), validators=[needed()])
    second = SelectField(_l("Who keeps the second?"), validators=[needed()])
    third = SelectField(_l("Who keeps the third?"), validators=[needed()])
    public_key = HiddenField()
    wrapped_key = HiddenField()

    def keepers(self) -> list[str]:
        """The three who were chosen."""
        return [self.first.data, self.second.data, self.third.data]

    def keys(self) -> tuple[bytes, bytes] | None:
        """The lock and the closed key, where a browser made them."""
        public_key, wrapped = _bytes(self.public_key.data), _bytes(self.wrapped_key.data)
        try:
            envelope.read_point(public_key)
        except ValueError:
            return None
        return (public_key, wrapped) if 100 <= len(wrapped) <= 1000 else None  # noqa: PLR2004 - a closed P-256 key is about 170 bytes


def key_form(members: Sequence[tuple[str, str]]) -> KeyForm:
    """The form with the members who may keep a share."""
    form = KeyForm()
    for question in (form.first, form.second, form.third):
        question.choices = [
            SelectChoice("", _l("Choose")),
            *(SelectChoice(code, name) for code, name in members),
        ]
    return form


class OpenForm(Form):
    keeper = SelectField(_l("Who is opening the box?"), validators=[needed()])
    papers = HiddenField()

    def texts(self) -> list[str] | None:
        """What stood in the envelopes, as a keeper's browser read it."""
        if len(self.papers.data or "") > LARGEST_SENT:
            return None
        try:
            found = json.loads(self.papers.data or "")
        except ValueError:
            return None
        is_list = isinstance(found, list) and all(isinstance(one, str) for one in found)
        return found if is_list else None


def open_form(keepers: Mapping[str, str]) -> OpenForm:
    """The form with the three who hold a share."""
    form = OpenForm()
    form.keeper.choices = [SelectChoice(code, name) for code, name in keepers.items()]
    return form


class MarkForm(Form):
    channel = SelectField(
        _l("What were they handed?"),
        choices=[
            SelectChoice(Channel.ROOM, _l("A paper, or they vote by hand")),
            SelectChoice(Channel.SLIP, _l("A slip from the hat")),
            SelectChoice("", _l("Nothing")),
        ],
    )
