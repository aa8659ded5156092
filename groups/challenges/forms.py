"""What is asked when somebody challenges a result, and its words."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice

from groups.challenges.models import ChallengeState
from groups.challenges.rules import Refusal
from groups.membership.models import Member
from network.web.forms import Form, WordsField, needed

REFUSALS = {
    Refusal.NOT_NOW: _l("This result cannot be challenged now. Look at the election’s page."),
    Refusal.TOO_LATE: _l("The days to challenge this result are over."),
    Refusal.NOT_ON_ROLL: _l("Only somebody who could vote in this election can challenge its result."),
    Refusal.TOO_MANY: _l("Many challenges wait already. Those are looked at first."),
    Refusal.ALREADY: _l("This is kept already. It is being looked at."),
    Refusal.CLOSED: _l("This is decided, or was taken back."),
    Refusal.NOT_ONE_WHO_DECIDES: _l("Others decide about this one."),
    Refusal.SIGNS_IN: _l(
        "Whoever signs in here challenges a result themselves, so that nobody else learns of it."
    ),
    Refusal.HAD_A_PART: _l("Whoever stood or counted in this election writes down no challenge for others."),
}
STATES = {
    ChallengeState.OPEN: _l("Being looked at"),
    ChallengeState.UPHELD: _l("Upheld: the result fell"),
    ChallengeState.NOT_UPHELD: _l("Not upheld: the result stands"),
    ChallengeState.WITHDRAWN: _l("Taken back by whoever made it"),
}
READERS = {
    1: _l("The committee for disputes reads it, nobody else. Whoever stood or counted has no part in it."),
    2: _l("Officers and facilitators read it, nobody else. Whoever stood or counted has no part in it."),
    3: _l("All members who sign in here can read it. Whoever stood or counted has no part in it."),
    0: _l(
        "At present no two people can decide about it. It waits until two members can who sign in here and neither stood nor counted."
    ),
}
"""Who reads a challenge, by who decides about it."""


class ChallengeForm(Form):
    words = WordsField(
        _l("What went wrong?"),
        [needed()],
        most=2000,
        description=_l("Say what happened. Do not write for whom anybody voted."),
    )


class ChallengeForOtherForm(ChallengeForm):
    member_id = SelectField(
        _l("For whom do you write this down?"),
        description=_l("For yourself, or for a member without a phone."),
    )

    @classmethod
    def choosing(cls, members: Iterable[Member]) -> "ChallengeForOtherForm":
        """The form with whom it can be for; the first one is whoever writes."""
        form = cls()
        form.member_id.choices = [SelectChoice(str(member.id), member.nickname) for member in members]
        return form


class AnswerForm(Form):
    answer = RadioField(
        _l("What do you say?"),
        [needed(_l("Choose one."))],
        choices=[
            SelectChoice("upheld", _l("Something went so wrong that the result must fall")),
            SelectChoice("not_upheld", _l("The result stands")),
        ],
    )
