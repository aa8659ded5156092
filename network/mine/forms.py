"""What is asked on one's own page: another name, another password, another way in, and the password before anything weighty."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.fields import SelectChoice

from network.web.forms import Form, LineField, needed
from network.web.languages import to_choose


class NameForm(Form):
    shown_name = LineField(
        _l("What should we call you?"),
        [needed()],
        most=60,
        description=_l("A nickname is enough. Your group sees it."),
        render_kw={"autocomplete": "nickname"},
    )
    language = SelectField(_l("Your language"))

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        spoken = to_choose(self.language.object_data)
        self.language.choices = [SelectChoice(language.code, language.autonym) for language in spoken]


class PasswordForm(Form):
    old = PasswordField(_l("Your password now"), [needed()], render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        _l("The new password"),
        [needed()],
        description=_l("At least 8 letters or numbers."),
        render_kw={"autocomplete": "new-password"},
    )


class OwnPasswordForm(Form):
    """Phones are shared: what weighs is asked with the password once more."""

    password = PasswordField(_l("Your password"), [needed()], render_kw={"autocomplete": "current-password"})


class WayInForm(Form):
    way = LineField(
        _l("Another way to sign in"),
        [needed()],
        description=_l("An e-mail address, a phone number, or a name you make up."),
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    password = PasswordField(_l("Your password"), [needed()], render_kw={"autocomplete": "current-password"})
