"""What a visitor is asked to start a group, and what the office types."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from network.onboarding.applications.models import ApplicationState, Question
from network.onboarding.applications.rules import Refusal
from network.web.forms import Form, LineField, WordsField, needed

STATES = {
    ApplicationState.RECEIVED: _l("New"),
    ApplicationState.ACCOMPANIED: _l("On the way"),
    ApplicationState.OPENED: _l("The group is open"),
    ApplicationState.TAKEN_BACK: _l("Taken back, or over"),
}
STANDS = {
    ApplicationState.RECEIVED: _l("We have your application. Somebody will read it and answer you here."),
    ApplicationState.ACCOMPANIED: _l("Somebody is walking these steps with you."),
    ApplicationState.OPENED: _l("Your group is open."),
    ApplicationState.TAKEN_BACK: _l("You took your application back."),
}
QUESTIONS = {
    Question.FOR_WHOM: _l("Who it is for"),
    Question.SPOKEN: _l("Which languages people speak"),
    Question.WHY: _l("Why, in their own words"),
    Question.MESSAGE: _l("A message"),
    Question.REPLY: _l("From the office"),
}
REFUSALS = {
    Refusal.TAKEN_BACK: _l(
        "This was taken back, or nobody has followed it for a year. There is nobody to answer any more."
    ),
    Refusal.OPENED_ALREADY: _l("This group is open already. Nothing was opened a second time."),
    Refusal.NOT_OPENED: _l("This group is not open yet."),
    Refusal.CHAIR_IS_IN: _l(
        "Somebody has joined the group already. From here on the group invites its own people."
    ),
    Refusal.NOTHING_TO_SEND: _l("Choose a phrase or write a few words."),
    Refusal.UNKNOWN_PHRASE: _l("This phrase is not here any more. Choose another."),
}


class StartForm(Form):
    reach = LineField(
        _l("How can we reach you?"), [needed(_l("Without this we could not answer you. A number, an address, or other words will do."))],
        most=200, description=_l("A phone number, an e-mail address, or other words: “ask for me at the library on Saturday”."),
    )  # fmt: skip
    called = LineField(_l("What should we call you?"), most=60, description=_l("A nickname is fine."))
    place = LineField(
        _l("Where would the group meet?"), description=_l("A town, a village or a part of a town is enough.")
    )
    for_whom = WordsField(_l("Who is it for?"), most=1000)
    spoken = LineField(_l("Which languages do people speak there?"))
    why = WordsField(
        _l("Why would you like to start a group?"),
        most=2000,
        description=_l("In your own words, in your own language."),
    )


class MessageForm(Form):
    words = WordsField(_l("Write to us"), [needed(_l("Write a few words first."))], most=2000)


class TakeBackForm(Form):
    """Nothing is asked: the button is the answer."""


class AnswerForm(Form):
    phrase = RadioField(_l("A phrase we have in several languages"), choices=(), validate_choice=False)
    words = WordsField(_l("Your own words"), most=2000)


class OpenGroupForm(Form):
    name = LineField(
        _l("The group’s name"),
        [needed()],
        description=_l("Ask the applicant. The group can change it later."),
    )
    locality = LineField(_l("Where it meets"), description=_l("The town or the part of it, not the address."))
    language = SelectField(
        _l("The group’s language"), description=_l("Everything the group sees is in this language.")
    )
    is_invitation_shown = BooleanField(
        _l("The applicant becomes the first chairperson"),
        default=True, description=_l("The invitation then waits for them on their own page too."),
    )  # fmt: skip
