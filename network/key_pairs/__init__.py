"""Each account's own pair of keys: what is closed for somebody opens with their password, and with nothing the service keeps."""

from datetime import timedelta

from network.accounts.commands import password_changed, password_typed
from network.key_pairs import commands, jobs
from network.outbox import periodic


def init_app() -> None:
    """Whoever types or chooses their password, and has no pair yet, gets one: the password is at hand only then.

    Whoever changes it keeps their pair, closed with the new one.
    """
    password_typed.connect(commands.keep_pair)
    password_changed.connect(commands.change_password)
    periodic.register("shut-old-doors", timedelta(minutes=10), jobs.shut_old_doors)
