"""Typing words where the server has to try them: slowed down like signing in, because each try costs memory and a second."""

from flask_babel import gettext as _

from network import clock
from network.accounts import commands as accounts
from network.accounts.sign_in import shortened_address
from network.support_sheets.forms import SecretForm


def may_try(form: SecretForm, name: str, *, what: str) -> bool:
    """Note the try; where there were many, the form says to wait."""
    if accounts.note_try(what=what, whence=shortened_address(), now=clock.now()):
        form.say(name, _("There were many tries just now. Wait a minute and try again."))
        return False
    return True
