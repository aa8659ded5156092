"""What is asked about how somebody is told, and its words."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from groups.consents.forms import ConsentForm, by_oneself, read_aloud
from groups.consents.models import Method, Purpose
from groups.consents.rules import How
from groups.notices.models import About, Asked, Channel, Telling
from groups.notices.rules import LONGEST_ADDRESS, Refusal
from network.web.fields import Several
from network.web.forms import Form, LineField, needed

CHANNELS = {
    Channel.NONE: _l("In person only"),
    Channel.SMS: _l("By text message (SMS)"),
    Channel.WHATSAPP: _l("By WhatsApp"),
    Channel.EMAIL: _l("By e-mail"),
}
SHOWS = {
    Channel.NONE: _l("Nothing is sent. Somebody tells you when you meet."),
    Channel.SMS: _l(
        "The message lies on the phone, and whoever opens the messages there can read it. It names no group and no person."
    ),
    Channel.WHATSAPP: _l(
        "The message can show while the phone is locked, with the name and picture of whoever sends it. It names no group and no person."
    ),
    Channel.EMAIL: _l(
        "The letter lies in the mailbox, and its subject, “News for you”, can show on the phone. It names no group and no person."
    ),
}
"""What each shows on a phone that several people use."""
ASKED = {
    Asked.IN_PERSON: _l("They told me when we met"),
    Asked.BY_PHONE: _l("They told me by phone"),
    Asked.IN_WRITING: _l("They wrote it"),
}
HOW_ASKED = {Asked.THEMSELVES: _l("They chose it on their own page"), **ASKED}
ABOUT = {
    About.ELECTION_CALLED: _l("An election is called"),
    About.VOTE_OPEN: _l("The vote is on"),
    About.VOTE_CLOSING: _l("The vote closes soon"),
    About.RESULT_DECLARED: _l("The result of the election"),
    About.DECISION_CALLED: _l("Something to decide together"),
    About.CONSTITUTION_PUT: _l("A change of the constitution"),
    About.RESULT_FELL: _l("The result of the election fell"),
    About.CALLED_OFF: _l("It is called off"),
    About.RENEWAL_AHEAD: _l("A certificate to renew"),
    About.RENEWAL_NEAR: _l("A certificate that ends soon"),
    About.REPORT_AHEAD: _l("The report of a quarter"),
}
REFUSALS = {
    Refusal.NUMBER_NEEDED: _l("Write a phone number, with the number of the country in front, such as +254."),
    Refusal.ADDRESS_NEEDED: _l("Write an e-mail address, such as name@example.org."),
    Refusal.SIGNS_IN: _l("They have a sign-in and choose on their own page."),
}
FIELDS = {Refusal.NUMBER_NEEDED: "address", Refusal.ADDRESS_NEEDED: "address"}


def how_asked(asked: Asked, read_by_id: uuid.UUID | None) -> How:
    """Under which words: those of this page, or those of what they wrote."""
    if asked == Asked.THEMSELVES:
        return by_oneself(Purpose.REACH)
    method = Method.PAPER if asked == Asked.IN_WRITING else Method.ALOUD
    return read_aloud(Purpose.REACH, read_by_id, method=method)


def _choices() -> list[SelectChoice]:
    return [SelectChoice(code.value, words) for code, words in CHANNELS.items()]


class OwnChannelForm(ConsentForm):
    channel = RadioField(_l("How may the group tell you?"), [needed(_l("Choose one."))], choices=_choices())
    address = LineField(
        _l("Phone number or e-mail address for this"),
        most=LONGEST_ADDRESS,
        description=_l("Needed unless you choose “in person”."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "dir": "ltr"},
    )

    def purposes(self) -> Iterable[Purpose]:
        return (Purpose.REACH,)


class ChannelForm(OwnChannelForm):
    channel = RadioField(_l("How do they want to be told?"), [needed(_l("Choose one."))], choices=_choices())
    address = LineField(
        _l("Phone number or e-mail address for this"),
        most=LONGEST_ADDRESS,
        description=_l("Needed unless they choose “in person”."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "dir": "ltr"},
    )
    asked = RadioField(
        _l("How do you know?"),
        [needed(_l("Choose one."))],
        choices=[SelectChoice(code.value, words) for code, words in ASKED.items()],
        description=_l("Ask them first, and read out what each way shows on a phone."),
    )


class ToldForm(Form):
    """A box to tick for each who still waits on this page."""

    told = Several(
        _l("Who has been told?"), [needed(_l("Tick whoever has been told."))], validate_choice=False
    )

    @classmethod
    def about(cls, people: Sequence[Telling]) -> "ToldForm":
        """The form with a box for each of these."""
        form = cls()
        form.told.choices = [SelectChoice(str(one.id), one.member.nickname) for one in people]
        return form

    @property
    def ticked(self) -> list[uuid.UUID]:
        """Whose boxes were ticked."""
        return [found for one in self.told.data or () if (found := _read(one))]

    def box_of(self, telling_id: uuid.UUID) -> Any:
        """The box of one person."""
        return next((box for box in self.told if box.data == str(telling_id)), None)


def _read(sent: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(sent)
    except ValueError:
        return None
