"""Typing one's password once more, to open what is closed for oneself."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField

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

    anew = BooleanField(_l("Begin anew: what was closed for me before opens no more"))

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.is_lost = bool(self.anew.data)

    def say_lost(self) -> None:
        """The password is right, and what is closed for them was closed with another."""
        self.is_lost = True
        self.password.errors = [
            *self.password.errors,
            _("This is your password, but what is closed for you was closed with an earlier one. You can begin anew below."),
        ]  # fmt: skip

    def without_question(self) -> "DoorForm":
        """The form as it is shown: beginning anew is asked only where the key is lost."""
        if not self.is_lost:
            del self.anew
        return self

    def say_wait(self) -> None:
        """Too many tries."""
        self.password.errors = [
            *self.password.errors,
            _("There were many tries just now. Wait a minute and try again."),
        ]

    def say_wrong(self) -> None:
        """Not this account's password."""
        self.password.errors = [*self.password.errors, _("This is not your password. Look at it once more.")]
