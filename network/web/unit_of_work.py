"""One transaction a request, opened, kept or undone here and nowhere else; and a form sent twice has the effect of once."""

import hashlib
import hmac
import uuid
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, abort, current_app, redirect, request, session
from sqlalchemy.dialects.postgresql import insert

from network import clock
from network.accounts.models import FormSubmission, PrivateLink
from network.accounts.queries import token_hash
from network.db import db
from network.tenancy import scope

ERROR = 400


class Pamoja(Flask):
    """The application: it knows in whose scope a request runs before anything is read."""

    def full_dispatch_request(self) -> Response:
        if request.path.startswith("/static/"):
            return super().full_dispatch_request()
        with scope.opened(_group_of(request), _account_of_session()):
            try:
                response = super().full_dispatch_request()
                _finish(response)
            except BaseException:
                db.session.rollback()
                raise
            return response

    def preprocess_request(self) -> Any:
        return _sent_before(request) or super().preprocess_request()


def _group_of(request: Request) -> uuid.UUID | None:
    ids = request.view_args or {}
    if "token" in ids:
        with db.engine.connect() as connection:
            return connection.execute(
                sa.select(PrivateLink.group_id).where(PrivateLink.token_hash == token_hash(ids["token"]))
            ).scalar()
    return ids.get("group_id") or ids.get("network_id")


def _account_of_session() -> uuid.UUID | None:
    found = session.get("_user_id")
    return uuid.UUID(found) if found else None


def _finish(response: Response) -> None:
    if response.status_code >= ERROR:
        db.session.rollback()
        return
    if (key := _form_key(request)) is not None and response.location:
        db.session.execute(
            sa.update(FormSubmission).where(FormSubmission.id == key).values(location=response.location)
        )
    db.session.commit()


def _form_key(request: Request) -> uuid.UUID | None:
    if request.method != "POST" or request.mimetype not in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }:
        return None
    try:
        return uuid.UUID(request.form.get("once", ""))
    except ValueError:
        return None


def _sent_before(request: Request) -> Any:
    """Claim the form's key. If it was claimed before, answer as then; if the same key carries other words, say so."""
    if (key := _form_key(request)) is None:
        return None
    digest = _digest(request)
    claimed = db.session.execute(
        insert(FormSubmission)
        .values(id=key, digest=digest, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(FormSubmission.id)
    ).scalar()
    if claimed is not None:
        return None
    earlier = db.session.get_one(FormSubmission, key)
    if not hmac.compare_digest(earlier.digest, digest):
        abort(409)
    return redirect(earlier.location or request.path, 303)


def _digest(request: Request) -> bytes:
    content = repr([(name, values) for name, values in sorted(request.form.lists()) if name != "csrf_token"])
    whole = f"{session.get('_user_id')} {request.path} {content}"
    return hmac.new(str(current_app.secret_key).encode(), whole.encode(), hashlib.sha256).digest()
