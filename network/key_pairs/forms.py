"""Typing one's password once more, to open what is closed for oneself."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from network.accounts.rules import LONGEST_PASSWORD
from network.web.forms import Form, NotTooLong, needed


class DoorForm(Form):
    password = PasswordField(
        _l("Your password"),
        [needed(), NotTooLong(LONGEST_PASSWORD)],
        description=_l(
            "The one you sign in with. It opens what is closed for you, for twenty minutes at most."
        ),
        render_kw={"autocomplete": "current-password"},
    )

    def say_wait(self) -> None:
        """Too many tries."""
        self.password.errors = [
            *self.password.errors,
            _("There were many tries just now. Wait a minute and try again."),
        ]

    def say_wrong(self) -> None:
        """Not this account's password."""
        self.password.errors = [*self.password.errors, _("This is not your password. Look at it once more.")]
