"""Answering somebody at the door, and noting what they said."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields import SelectChoice

from groups.referrals.models import Answer, Introducer, Referral, ReferralState
from groups.referrals.rules import MONTHS, Refusal, why_not_note_open
from network.web.fields import Several
from network.web.formatting import day as shown_day
from network.web.forms import Form, WordsField, needed

WHO_WROTE = {
    Introducer.ONESELF: _l("They wrote themselves"),
    Introducer.FAMILY: _l("Somebody of their family wrote"),
    Introducer.FRIEND: _l("A friend wrote"),
    Introducer.PROFESSIONAL: _l("Somebody who works in support wrote"),
    Introducer.ANOTHER: _l("Somebody else wrote"),
}
STANDS = {
    ReferralState.WAITING: _l("Waits for your answer"),
    ReferralState.ANSWERED: _l("Answered"),
    ReferralState.RESTING: _l("May be asked once now"),
    ReferralState.ASKED: _l("Was asked again"),
}
ANSWERS = {
    Answer.WELCOME: _l("You are welcome"),
    Answer.COME: _l("Come and see us"),
    Answer.NOT_HERE: _l("Not here, but…"),
}
REFUSALS = {
    Refusal.TOO_MANY_WAITING: _l(
        "Many people are waiting for this group already. Try again in a few days, or look for another group near you."
    ),
    Refusal.NOBODY_READS: _l(
        "Nobody in this group can read messages just now, so nothing is kept. Look for another group near you."
    ),
    Refusal.NOT_NOW: _l("This has changed in the meantime. Open the page again and see how it stands."),
    Refusal.NOT_YET: _l("The day they named has not come yet."),
    Refusal.NOT_THESE_MONTHS: _l("Choose three, six or twelve months."),
    Refusal.AGE_FIRST: _l("Tick this, or leave the line above it empty. Then nobody writes."),
    Refusal.WAITS_FOR_WORD: _l(
        "No message goes to them: nobody has said that they are 18 or older, or that a parent or guardian agrees."
    ),
    Refusal.THEIRS_ALONE: _l(
        "They were asked once already. From here only they themselves can open the door again, with the link in the note."
    ),
}
AFTER = {
    3: _l("You may ask again after three months"),
    6: _l("You may ask again after six months"),
    12: _l("You may ask again after twelve months"),
}
UNREACHED = {
    True: _l("They did not say. They read the answer with their own code."),
    False: _l("They did not say. Perhaps they come by themselves."),
}
CLOSED = "closed"


class AnswerForm(Form):
    words = WordsField(
        _l("What they will read"), [needed()], most=800,
        description=_l("In their language. Only they read it, behind a link of their own. Name nobody else."),
    )  # fmt: skip


class WelcomeForm(AnswerForm):
    with_invitation = BooleanField(_l("With an invitation: they join by accepting it"), default=True)


class SeveralForm(Form):
    """People at the door who are passed over together."""

    whom = Several(_l("Whom do you pass over?"), [needed(_l("Choose at least one."))])

    @classmethod
    def among(cls, people: Iterable[Referral]) -> "SeveralForm":
        """The form with these people to choose from."""
        form = cls()
        form.whom.choices = [
            SelectChoice(str(one.id), f"{one.called} · {shown_day(one.received_at)}") for one in people
        ]
        return form


class SaidForm(Form):
    """What somebody said about being asked again, noted by an officer."""

    said = RadioField(
        _l("What did they say?"), [needed(_l("Choose what they said."))],
        choices=[
            *(SelectChoice(str(months), AFTER[months]) for months in MONTHS),
            SelectChoice(CLOSED, _l("No. Then everything about them is erased now")),
        ],
    )  # fmt: skip

    @classmethod
    def about(cls, referral: Referral) -> "SaidForm":
        """The form with what can be noted of this person: whoever was asked already opens the door themselves."""
        form = cls()
        if why_not_note_open(referral.state):
            form.said.choices = [one for one in form.said.choices if one.value == CLOSED]
        return form
