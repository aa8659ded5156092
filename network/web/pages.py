"""Pages that belong to nobody in particular: the way in, the language switch, leaving, and whether all is well."""

from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from network import clock
from network.access.guard import public
from network.db import db
from network.outbox.beat import ALIVE
from network.web import help_contacts
from network.web.languages import Language, current_language, known
from network.web.sessions import let_out

bp = Blueprint("network", __name__)


@bp.get("/")
@public("the way in; it only leads to the page in the visitor's language")
def enter() -> ResponseReturnValue:
    return redirect(url_for(".welcome", language=current_language().code))


@bp.get("/<language:language>/")
@public("what this is, for anybody")
def welcome(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    return render_template(
        "network/welcome.html",
        find_url=url_for("directory.find_groups"),
        start_url=url_for("onboarding.start_group"),
    )


@bp.get("/<language:language>/help-now")
@public("help must be one step away for everybody")
def help_now(language: str) -> ResponseReturnValue:
    """Whom to call. Asks neither the database nor who is reading."""
    country = help_contacts.country_for(request.args.get("country"), language)
    names = Locale.parse(current_language().babel).territories
    return render_template(
        "network/help_now.html",
        contacts=help_contacts.contacts_of(country),
        country=country,
        country_name=names.get(country),
        others=[(code, names.get(code, code)) for code in help_contacts.CONTACTS if code != country],
    )


@bp.get("/language/<language:language>")
@public("everybody may read in their own language")
def switch_language(language: str) -> ResponseReturnValue:
    """Remember the choice and go back to where the reader was."""
    session["language"] = language
    return redirect(local_path(request.args.get("next"), in_language=language))


@bp.get("/leave")
@public("leaving must work for everybody, at once")
def leave() -> ResponseReturnValue:
    """A page that shows nothing but the day. It ends the reader's own session: the way back must show nothing either."""
    let_out()
    response = Response(render_template("network/leave.html", today=clock.now().date()))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/healthz")
@public("whoever runs the service asks whether all is well; the answer names parts, never people")
def healthz() -> ResponseReturnValue:
    checks = {"web": True, "database": _database_answers(), **_queue_and_worker()}
    return jsonify({name: "well" if well else "not answering" for name, well in checks.items()}), (
        200 if all(checks.values()) else 503
    )


def _database_answers() -> bool:
    try:
        db.session.execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


def _queue_and_worker() -> dict[str, bool]:
    try:
        return {"queue": True, "worker": bool(current_app.extensions["redis"].exists(ALIVE))}
    except RedisError:
        return {"queue": False, "worker": False}


def public_url(endpoint: str, **values: Any) -> str:
    """A whole address to hand to somebody, as the service is known outside; never what a visitor's browser claims."""
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}{url_for(endpoint, **values)}"


def language_url(language: Language) -> str:
    """Where the switch leads: the same page in another language."""
    return url_for("network.switch_language", language=language.code, next=request.path)


def local_path(wanted: str | None, *, in_language: str | None = None) -> str:
    """Where to go on: a path on this service and nothing else; a public page in the language just chosen."""
    try:
        parts = urlsplit(wanted or "/")
    except ValueError:
        parts = urlsplit("/")
    is_local = (
        not (parts.scheme or parts.netloc)
        and parts.path.startswith("/")
        and "\\" not in (wanted or "")
        and "//" not in parts.path
    )
    path = parts.path if is_local else "/"
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{in_language}/{rest}" if in_language and first in known() else path
