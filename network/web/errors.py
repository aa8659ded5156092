"""Pages for what went wrong: what happened, that nothing was lost, and what to do."""

from flask import Flask, Response, g, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from network.db import db

HAVE_A_PAGE = {400, 403, 404, 409, 410, 413, 422, 429, 500, 503}


class SentWithOtherWords(Exception):
    """A form's key came a second time, with something else written in the form; `led_to` is where the first led."""

    def __init__(self, led_to: str | None) -> None:
        super().__init__(led_to)
        self.led_to = led_to


def init_app(app: Flask) -> None:
    """Answer every failure with a page in the reader's language."""

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        code = error.code or 500
        if code < 400 or error.response is not None:  # noqa: PLR2004 - a redirect raised as an exception
            return error.get_response()  # type: ignore[return-value]
        page = code if code in HAVE_A_PAGE else (404 if code < 500 else 500)  # noqa: PLR2004 - whose mistake it was
        answer = Response(_page(page), code)
        answer.headers.extend(
            {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
        )
        return answer

    @app.errorhandler(CSRFError)
    def form_too_old(error: CSRFError) -> tuple[str, int]:  # noqa: ARG001 - the reason is the library's, not the reader's
        return _page(400), 400

    @app.errorhandler(SentWithOtherWords)
    def sent_before(error: SentWithOtherWords) -> tuple[str, int]:
        return _page("sent_before", led_to=error.led_to), 409

    @app.errorhandler(IntegrityError)
    @app.errorhandler(DataError)
    def refused_by_the_database(error: Exception) -> tuple[str, int]:
        db.session.rollback()
        app.logger.warning("the database refused: %s", type(error).__name__)
        return _page(409), 409

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(NoConnectionFree)
    def no_database(error: Exception) -> tuple[str, int]:
        db.session.rollback()
        why = type(getattr(error, "orig", error)).__name__
        app.logger.error("the database is not answering: %s", why)
        return _page(503), 503


def _page(name: int | str, **known: str | None) -> str:
    """The same page for everybody: whatever failed, it asks nothing of the database, and tells nothing of the place."""
    g.pop("actor", None)
    return render_template(f"network/errors/{name}.html", **known)
