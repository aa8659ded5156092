"""Sessions kept in the database. The cookie holds a random token and nothing else."""

import secrets
import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from network import clock
from network.accounts.models import Account, BrowserSession
from network.accounts.queries import token_hash
from network.db import db
from network.web.devices import family_of

LASTS = timedelta(hours=12)
"""Without a sign of life; see `AT_MOST` for a session that is always in use."""
AT_MOST = timedelta(days=30)
ERROR = 400
TOUCH_EVERY = timedelta(minutes=5)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What is remembered about a browser: who signed in, its language, its form token."""

    def __init__(
        self,
        contents: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        row_id: uuid.UUID | None = None,
        failure: Exception | None = None,
    ) -> None:
        def changed(_: Any) -> None:
            self.modified = True

        super().__init__(contents, changed)
        self.token, self.row_id, self.failure = token, row_id, failure
        self.modified = self.must_rotate = self.stale = False

    def rotate(self) -> None:
        """Take a new token at sign-in and sign-out, so that one learnt before is worth nothing after."""
        self.must_rotate = self.modified = True


class DatabaseSessions(SessionInterface):
    """Reads before the request's transaction opens, because the fence must know who is asking; writes inside it."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        token = request.cookies.get(self.get_cookie_name(app))
        if (
            not token or request.path.startswith("/static/") or request.path.endswith("/help-now")
        ):  # help needs no database
            return ServerSession()
        try:
            row = self._find(app, token)
        except SQLAlchemyError as failure:
            return ServerSession(failure=failure)  # an answer can only be given once the request has begun
        if row is None:
            return ServerSession()
        session = ServerSession(dict(row.contents), token=token, row_id=row.id)
        session.modified = False
        session.stale = row.seen_at < clock.now() - TOUCH_EVERY
        return session

    def _find(self, app: Flask, token: str) -> sa.Row[Any] | None:
        now = clock.now()
        with app.app_context(), db.engine.connect() as connection:
            return connection.execute(
                sa.select(BrowserSession.id, BrowserSession.contents, BrowserSession.seen_at).where(
                    BrowserSession.token_hash == token_hash(token),
                    BrowserSession.expires_at > now,
                    BrowserSession.created_at > now - AT_MOST,
                )
            ).first()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession) or response.status_code >= ERROR:
            return
        if session.failure or not (session.modified or session.stale):
            return
        if session.must_rotate or session.row_id is None:
            self._start_over(app, session, response)
        else:
            self._keep(session)

    def _start_over(self, app: Flask, session: ServerSession, response: Response) -> None:
        if session.row_id:
            db.session.execute(sa.delete(BrowserSession).where(BrowserSession.id == session.row_id))
        if not session:
            response.delete_cookie(
                self.get_cookie_name(app),
                path="/",
                secure=self.get_cookie_secure(app),
                httponly=True,
                samesite="Lax",
            )
            return
        token, now = secrets.token_urlsafe(32), clock.now()
        db.session.add(
            BrowserSession(
                id=uuid.uuid4(),
                token_hash=token_hash(token),
                account_id=_account(session),
                contents=dict(session),
                family=family_of(request.user_agent.string),
                created_at=now,
                seen_at=now,
                expires_at=now + LASTS,
            )
        )
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )

    def _keep(self, session: ServerSession) -> None:
        now = clock.now()
        db.session.execute(
            sa.update(BrowserSession)
            .where(BrowserSession.id == session.row_id)
            .values(contents=dict(session), account_id=_account(session), seen_at=now, expires_at=now + LASTS)
        )


def _account(session: ServerSession) -> uuid.UUID | None:
    found = session.get("_user_id")
    return uuid.UUID(found) if found else None


def own_row() -> uuid.UUID | None:
    """Which of an account's sessions this one is."""
    ours = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy hides the kind
    return ours.row_id if isinstance(ours, ServerSession) else None


def catch_up() -> bool:
    """Take over what another request of this browser has kept since ours began, so that keeping ours loses none of it.

    False where the session is gone by now, or never was: then nothing is kept in it.
    """
    ours = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy hides the kind
    if not isinstance(ours, ServerSession) or ours.row_id is None:
        return False
    kept = db.session.scalar(sa.select(BrowserSession.contents).where(BrowserSession.id == ours.row_id))
    if kept is not None:
        ours.update(kept)
    return kept is not None


def let_in(account: Account) -> None:
    """Sign the account in here, under a new token; nothing from before comes along but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(account)
    _rotate()


def let_out() -> None:
    """Sign out: the session is gone here and on the server."""
    logout_user()
    session.clear()
    _rotate()


def _rotate() -> None:
    if isinstance(session._get_current_object(), ServerSession):  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy hides the kind
        session.rotate()  # type: ignore[attr-defined]
