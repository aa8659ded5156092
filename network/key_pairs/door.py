"""The door: for twenty minutes after somebody typed their password, what is closed for them opens.

Their private key is kept in the session, closed with a key that only a cookie of this browser holds: neither the
database nor the cookie opens anything alone. Signing out, and "Leave now", end it at once.
"""

import secrets
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from flask import Response, after_this_request, current_app, request, session

from network import clock
from network.accounts import commands as accounts
from network.accounts import passwords
from network.accounts.sign_in import shortened_address
from network.key_pairs import boxes, commands
from network.key_pairs.forms import DoorForm

LASTS = timedelta(minutes=20)
_HELD = "door"


def try_password(form: DoorForm, account_id: uuid.UUID) -> bool:
    """Open the door with what was typed; where it does not fit, the form says so. Guessing is slowed like signing in."""
    now, what = clock.now(), f"door {account_id}"
    if accounts.note_try(what=what, whence=shortened_address(), now=now):
        form.say_wait()
        return False
    account = commands.hold_account(account_id)  # so that no other change of the password comes between
    if not passwords.matches(account.password_hash, form.password.data):
        form.say_wrong()
        return False
    accounts.forget_tries(what=what)
    private = commands.open_pair(account, password=form.password.data, now=now)
    if private is None and form.anew.data:
        commands.renew_pair(account_id, password=form.password.data, now=now)
        private = commands.open_pair(account, password=form.password.data, now=now)
    if private is None:
        form.say_lost()
        return False
    _open(account_id, private, now)
    return True


def _open(account_id: uuid.UUID, private: bytes, now: datetime) -> None:
    key = secrets.token_bytes(32)
    until = (now + LASTS).isoformat()
    session[_HELD] = {
        "until": until,
        "key": boxes.seal_bytes(key, private, bound_to=_bound(account_id, until)),
    }
    kept = urlsafe_b64encode(key).decode()

    @after_this_request
    def give_key(response: Response) -> Response:
        response.set_cookie(
            _cookie(), kept, max_age=int(LASTS.total_seconds()), path="/", httponly=True, samesite="Strict",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return response


def opened_for(account_id: uuid.UUID) -> bytes | None:
    """The private key of whoever is asking, while their door is open."""
    held, kept = session.get(_HELD), request.cookies.get(_cookie())
    if not held:
        return None
    if clock.now() >= datetime.fromisoformat(held["until"]):
        shut()
        return None
    try:
        key = urlsafe_b64decode(kept or "")
        return boxes.unseal_bytes(key, held["key"], bound_to=_bound(account_id, held["until"]))
    except ValueError:
        return None


def shut() -> None:
    """Close it, here and on the server."""
    session.pop(_HELD, None)

    @after_this_request
    def take_key(response: Response) -> Response:
        response.delete_cookie(
            _cookie(), path="/", httponly=True, samesite="Strict",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return response


def _cookie() -> str:
    return "__Host-pamoja-door" if current_app.config["IS_HTTPS"] else "pamoja-door"


def _bound(account_id: uuid.UUID, until: str) -> str:
    return f"{account_id} door {until}"
