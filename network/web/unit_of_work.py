"""One transaction a request, opened, kept or undone here and nowhere else; and a form sent twice has the effect of once."""

import hashlib
import hmac
import traceback
import uuid
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, flash, redirect, request, session
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import FileStorage

from network import clock
from network.accounts import stand_ins
from network.accounts.models import FormSubmission, PrivateLink
from network.accounts.queries import token_hash
from network.db import db
from network.tenancy import scope
from network.vault import keys
from network.web.errors import SentWithOtherWords
from network.web.reading import PlainRequest
from network.web.sessions import catch_up

ERROR = 400
REPLAYED = "Idempotent-Replayed"
"""On an answer to what was sent before, as other services name it."""


class Pamoja(Flask):
    """The application: it knows in whose scope a request runs before anything is read."""

    request_class = PlainRequest

    def full_dispatch_request(self) -> Response:
        if request.path.startswith("/static/"):
            return super().full_dispatch_request()
        try:
            where = _group_of(request), _account_of_session()
        except SQLAlchemyError as failure:
            return self._own_up(failure)
        with scope.opened(*where):
            try:
                response = super().full_dispatch_request()
                _finish(response)
            except Exception as failure:  # noqa: BLE001 - every failure undoes what was begun, and is handed on
                db.session.rollback()
                return self._own_up(failure)
            except BaseException:
                db.session.rollback()
                raise
            return response

    def _own_up(self, failure: Exception) -> Response:
        """The page for what went wrong around the view, as when the commit fails; written in the same scope."""
        try:
            return self.finalize_request(self.handle_user_exception(failure))
        except Exception as unexpected:  # noqa: BLE001 - the framework logs it, and lets it through where tests want to see it
            return self.handle_exception(unexpected)

    def log_exception(self, exc_info: Any) -> None:
        """Say what failed and where in the code; the address and the words of a failure may be about people."""
        kind, _, trace = exc_info
        where = "".join(traceback.format_tb(trace))
        self.logger.error("%s failed with %s\n%s", request.endpoint, kind.__name__, where)

    def preprocess_request(self) -> Any:
        view = self.view_functions.get(request.endpoint or "")
        if (most := getattr(view, "takes_up_to", None)) is not None:  # before the form is read
            request.max_content_length = most
        return _sent_before(request) or super().preprocess_request()


def _group_of(request: Request) -> uuid.UUID | None:
    ids = request.view_args or {}
    if "token" in ids:
        brought = stand_ins.meant_by(ids["token"], now=clock.now()) or ids["token"]
        with db.engine.connect() as connection:
            return connection.execute(
                sa.select(PrivateLink.group_id).where(PrivateLink.token_hash == token_hash(brought))
            ).scalar()
    return ids.get("group_id") or ids.get("network_id")


def _account_of_session() -> uuid.UUID | None:
    if getattr(session, "failure", None) and request.endpoint != "network.healthz":
        raise session.failure  # type: ignore[attr-defined]
    found = session.get("_user_id")
    return uuid.UUID(found) if found else None


def _finish(response: Response) -> None:
    if response.status_code >= ERROR:
        db.session.rollback()
        return
    if (key := _form_key(request)) is not None and response.location:
        db.session.execute(
            sa.update(FormSubmission)
            .where(FormSubmission.id == _row_of(key))
            .values(location=_sealed(response.location, key))
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
    row, digest = _row_of(key), _digest(request, key)
    claimed = db.session.execute(
        insert(FormSubmission)
        .values(id=row, digest=digest, created_at=_day_of(clock.now()))
        .on_conflict_do_nothing()
        .returning(FormSubmission.id)
    ).scalar()
    if claimed is not None:
        return None
    earlier = db.session.get_one(FormSubmission, row)
    led_to = _unsealed(earlier.location, key) if earlier.location else None
    if not hmac.compare_digest(earlier.digest, digest):
        raise SentWithOtherWords(led_to)
    return _answer_again(led_to or request.path)


def _answer_again(location: str) -> Any:
    """Lead where the first sending led, and say to people and to programs that this one added nothing."""
    answer = redirect(location, 303)
    answer.headers[REPLAYED] = "true"
    said = _("This was sent before and counted once. Sending it again changed nothing.")
    if catch_up() and said not in [words for _kind, words in session.get("_flashes", ())]:
        flash(said)
    return answer


def _row_of(key: uuid.UUID) -> uuid.UUID:
    """The page's key itself is not kept: without it nothing here can be opened, nor tried with guesses."""
    return uuid.UUID(bytes=keys.lookup("submissions", str(key))[:16])


def _day_of(now: datetime) -> datetime:
    """A row is forgotten by its day; the minute would say beside which other row it was written."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _sealed(location: str, key: uuid.UUID) -> str:
    """Where a form led may hold the token of a private link, so it is not kept in plain sight."""
    return b64encode(keys.seal(_secret("location", key), location, bound_to=str(_row_of(key)))).decode()


def _unsealed(kept: str, key: uuid.UUID) -> str:
    return keys.unseal(_secret("location", key), b64decode(kept), bound_to=str(_row_of(key)))


def _secret(purpose: str, key: uuid.UUID) -> bytes:
    """Made of the platform's key and the page's together; neither is enough."""
    return keys.derived(f"submissions {purpose} {key}")


def _digest(request: Request, key: uuid.UUID) -> bytes:
    content = repr([(name, values) for name, values in sorted(request.form.lists()) if name != "csrf_token"])
    files = [(name, sent.filename, _print_of(sent)) for name, sent in sorted(request.files.items(multi=True))]
    whole = f"{session.get('_user_id')} {request.path} {content} {files}"
    return hmac.new(_secret("content", key), whole.encode(), hashlib.sha256).digest()


def _print_of(sent: FileStorage) -> str:
    found = hashlib.file_digest(sent.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # it reads like a file
    sent.stream.seek(0)
    return found
