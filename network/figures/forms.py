"""The one question beside the figures: whether the group would like help."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice

from network.figures.models import Need
from network.figures.rules import Refusal, Sign
from network.web.forms import Form, WordsField, needed

NEEDS = {
    Need.NO: _l("No, we are all right"),
    Need.MONEY: _l("With money"),
    Need.PEOPLE: _l("With people: members, a facilitator, somebody to share the work"),
    Need.PLACE: _l("With a place to meet"),
    Need.OTHER: _l("With something else"),
}
NEEDS_SHORT = {
    Need.NO: _l("Needs no help now"),
    Need.MONEY: _l("Asks for help with money"),
    Need.PEOPLE: _l("Asks for help with people"),
    Need.PLACE: _l("Asks for help with a place to meet"),
    Need.OTHER: _l("Asks for help"),
}
SIGNS = {
    Sign.ASKED: _l("Asks for help"),
    Sign.SILENT: _l("Nothing sent for two quarters"),
    Sign.QUIET: _l("A nought where there is usually something"),
}
REFUSALS = {
    Refusal.NOT_A_QUARTER: _l(
        "These three months cannot be sent now. Choose one of the quarters on this page."
    ),
    Refusal.CHANGED_MEANWHILE: _l(
        "The numbers changed while you were looking. Here they are as they are now; send them if they are right."
    ),
    Refusal.NOTHING_NEW: _l("This is what you sent already. Nothing new was sent."),
    Refusal.NO_NETWORK: _l("The group has no network to send figures to."),
    Refusal.SAY_WHAT: _l("Say in a few words what would help."),
}


class SendFiguresForm(Form):
    seen = HiddenField()
    needs_help = RadioField(
        _l("Would your group like help from the network?"),
        choices=[SelectChoice(code.value, words) for code, words in NEEDS.items()],
        default=Need.NO.value,
        validators=[needed()],
    )
    note = WordsField(
        _l("A few words to the network"),
        most=500,
        description=_l("What would help, or what went well. No names, and nothing about one person."),
        render_kw={"rows": 3},
    )
