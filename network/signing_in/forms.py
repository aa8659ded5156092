"""Signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from network.accounts.rules import Refusal
from network.web.forms import Form, LineField, needed

REFUSALS = {
    Refusal.TOO_SHORT: _l("Use at least 8 letters or numbers. A short sentence is easy to remember."),
    Refusal.TOO_LONG: _l("Keep it to 128 letters."),
    Refusal.OVERUSED: _l("Many people use this one, so it is easily guessed. Think of another."),
    Refusal.TELLS_WHO: _l("This holds your name, number or address. Think of one that does not."),
    Refusal.NOT_AN_IDENTIFIER: _l(
        "Write an e-mail address, a phone number, or a name of three or more letters without spaces."
    ),
    Refusal.NOT_THE_PASSWORD: _l("This is not your password. Look at it once more; nothing was changed."),
    Refusal.ONLY_ONE: _l("This is the only way you can sign in. Add another one first."),
    Refusal.TOO_MANY: _l("These are enough. Take one away before you add another."),
    Refusal.TAKEN: _l("Somebody signs in with this already. If it is you, sign in; if not, choose another."),
}


class SignInForm(Form):
    sign_in = LineField(
        _l("E-mail, phone number or user name"),
        [needed()],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(_l("Password"), [needed()], render_kw={"autocomplete": "current-password"})


class CodeForm(Form):
    code = LineField(
        _l("The code"),
        [needed()],
        most=40,
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "dir": "ltr"},
    )


class NewAccountForm(Form):
    """What it takes to be able to sign in: a way to be recognised and a password."""

    shown_name = LineField(
        _l("What should we call you?"),
        [needed()],
        most=60,
        description=_l("A nickname is enough. Your group sees it."),
        render_kw={"autocomplete": "nickname"},
    )
    sign_in = LineField(
        _l("How will you sign in?"),
        [needed()],
        description=_l("An e-mail address, a phone number, or a name you make up."),
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Choose a password"),
        [needed()],
        description=_l("At least 8 letters or numbers."),
        render_kw={"autocomplete": "new-password"},
    )


class SecondPersonForm(SignInForm):
    """A second person acts on the first one's phone, for one act; the first session stays as it is."""
