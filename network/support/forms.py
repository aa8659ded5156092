"""Asking and answering."""

from flask_babel import lazy_gettext as _l

from network.support.rules import Refusal, Standing
from network.web.forms import Form, LineField, WordsField, needed

REFUSALS = {
    Refusal.NO_NETWORK: _l("The group is at home in no network, so there is nobody to ask yet."),
    Refusal.TOO_MANY_OPEN: _l("Many requests are open already. Close one first."),
    Refusal.CLOSED: _l("The group has closed this request. There is nothing to answer any more."),
}
STANDINGS = {
    Standing.WAITING: _l("Waiting for an answer"),
    Standing.ANSWERED: _l("Answered"),
    Standing.SETTLED: _l("Settled"),
    Standing.WITHDRAWN: _l("Taken back"),
}


class AskForm(Form):
    title = LineField(_l("What is it about?"), [needed()])
    words = WordsField(
        _l("What would help?"), [needed()], most=2000,
        description=_l("Somebody to come along, a letter, a form, money, an idea. The office reads these words and nothing else."),
    )  # fmt: skip


class AnswerForm(Form):
    words = WordsField(
        _l("Your answer"), [needed()], description=_l("The group’s chairperson and secretary read this.")
    )
