"""The words of receipts, and the button that makes one."""

from flask_babel import lazy_gettext as _l

from funding.receipts.rules import Refusal
from network.web.forms import Form

REFUSALS = {
    Refusal.TAKEN_BACK: _l("This entry was taken back, so there is no receipt for it."),
}


class MakeForm(Form):
    """Nothing to fill in: the button says it."""
