"""Recognising people: by what they type, by their session, and a second person for one act."""

import ipaddress
import uuid
from datetime import datetime

from flask import request
from flask_login import LoginManager

from network import clock
from network.accounts import commands
from network.accounts.models import Account
from network.db import db

login_manager = LoginManager()
login_manager.session_protection = None  # phones change their address between two requests


class TooManyTries(Exception):
    """Slow down; `until` says when the next try is welcome."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@login_manager.user_loader
def load_account(account_id: str) -> Account | None:
    account = db.session.get(Account, uuid.UUID(account_id))
    return account if account and account.is_active else None


def recognise(typed: str, password: str) -> Account | None:
    """The account these belong to. The try is noted first. Raises `TooManyTries`."""
    now = clock.now()
    if until := commands.note_try(what=typed, whence=shortened_address(), now=now):
        raise TooManyTries(until)
    account = commands.check_password(typed, password)
    if account:
        commands.forget_tries(what=typed)
        commands.password_typed.send(account, password=password, now=now)
    return account


def shortened_address() -> str:
    """The network the request came from, never the exact address (/24 or /48): whole villages share one."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - stands for 'unknown'
    except ValueError:
        return "unknown"
    prefix = 24 if address.version == 4 else 48  # noqa: PLR2004 - the two kinds of address
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
