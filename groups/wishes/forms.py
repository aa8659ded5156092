"""What is asked when somebody without a sign-in asks about what is held about them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from groups.wishes.rules import Refusal
from network.web.forms import Form, LineField, needed

REFUSALS = {
    Refusal.NOBODY: _l("Nobody here is or was called that. Look how the nickname was written."),
    Refusal.HAS_SIGN_IN: _l("They have a sign-in. They find both on their own page, under “My page”."),
    Refusal.WRITTEN_ALREADY: _l("It is written down already. Somebody else can say that they heard it too."),
    Refusal.ANOTHER_FIRST: _l("You wrote this down yourself. Somebody else says that they heard it too."),
}


class FindForm(Form):
    nickname = LineField(
        _l("The nickname of whoever asks"),
        [needed()],
        description=_l("Also of somebody who has left."),
        render_kw={"autocomplete": "off"},
    )


class AskForm(Form):
    asked = BooleanField(
        _l("They asked me themselves, and they know what goes and what stays."),
        [needed(_l("Tick this once they have said it to you."))],
    )


class HeardForm(Form):
    heard = BooleanField(
        _l("They told me too that they want it."), [needed(_l("Tick this once they have said it to you."))]
    )
