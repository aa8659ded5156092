"""Putting the service together: settings, extensions, the ground floor, then each package's own part."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import redis
from flask import Flask, current_app, g, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, ValidationError

from network import config, key_pairs, onboarding, permissions, support_sheets
from network import tables as _tables  # noqa: F401 - every model is known before the first request
from network.access import table
from network.access.guard import can, current_group
from network.accounts.models import LinkPurpose
from network.accounts.sign_in import login_manager
from network.benefits import views as benefits
from network.config import Settings
from network.db import db, serve_from
from network.directory import jobs as directory_jobs
from network.directory import views as directory
from network.figures import demo as figures_demo
from network.figures import queries as figures_queries
from network.figures import views as figures
from network.home import registry as needs
from network.home import views as home
from network.invitations import views as invitations
from network.keeping import jobs as keeping
from network.messages import commands as messages
from network.mine import account as own_account
from network.mine import erasing
from network.mine import parts as held
from network.mine import registry as held_registry
from network.mine import views as mine
from network.outbox import commands as outbox
from network.outbox import periodic
from network.signing_in import jobs, links
from network.signing_in import views as accounts
from network.standing import registry as standing
from network.support import views as support
from network.support.commands import forget_signature
from network.tenancy.models import GroupKind
from network.web import errors, formatting, headers, help_contacts, languages, navigation, pages
from network.web.forms import once_key
from network.web.navigation import Way
from network.web.sessions import DatabaseSessions
from network.web.unit_of_work import Pamoja

ROOT = Path(__file__).resolve().parent


class LanguageConverter(BaseConverter):
    """A language somebody has registered; any other first word of an address is not a page."""

    regex = r"[a-z]{2}(?:-[A-Z]{2})?"

    def to_python(self, value: str) -> str:
        if value not in languages.known():
            raise ValidationError
        return value


def build(
    settings: Settings, packages: Sequence[ModuleType], *, catalogues: Path, testing: bool = False
) -> Pamoja:
    """The application with these packages on the ground floor."""
    app = Pamoja("network", root_path=str(ROOT), template_folder="templates", static_folder="static")
    _configure(app, settings, testing=testing)
    db.init_app(app)
    with app.app_context():
        serve_from(db.engine)
    # The queue must never hold up a page: whatever it is asked, it answers soon or counts as away.
    app.extensions["redis"] = redis.Redis.from_url(
        app.config["REDIS_URL"], socket_timeout=2, socket_connect_timeout=2
    )
    if settings.trusted_proxies != "0":
        # Behind a server of our own everybody would come from one place, and slow each other down.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=int(settings.trusted_proxies), x_proto=0)  # type: ignore[method-assign]
    app.session_interface = DatabaseSessions()
    login_manager.init_app(app)
    CSRFProtect(app)
    _speak(app, catalogues)
    _carry_place(app)
    _name_files_by_content(app)
    _open_rooms(app)
    for package in packages:
        package.init_app(app)
    if settings.default_language not in languages.known():
        raise config.UnsafeSettings(f"DEFAULT_LANGUAGE is one of: {', '.join(languages.known())}.")
    return app


def _configure(app: Flask, settings: Settings, *, testing: bool) -> None:
    app.config.update(
        TESTING=testing,
        SECRET_KEY=settings.secret_key,
        MASTER_KEY=settings.master_key,
        MASTER_KEY_BEFORE=settings.master_key_before,
        SQLALCHEMY_DATABASE_URI=settings.database_url or "postgresql://nowhere.invalid/none",
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": 5,
            "pool_pre_ping": True,
            "pool_timeout": 10,
            "hide_parameters": True,  # what people wrote does not belong in a log
            "connect_args": {"connect_timeout": 5},
        },
        REDIS_URL=settings.redis_url or "redis://localhost",
        DATABASE_OWNER_URL=settings.owner_url,
        DEFAULT_LANGUAGE=settings.default_language,
        PUBLIC_URL=settings.public_url,
        IS_HTTPS=settings.is_https,
        SMTP_URL=settings.smtp_url,
        ERASURES_FILE=settings.erasures_file or str(config.RUN_SETTINGS.parent / "erasures.jsonl"),
        LETTERS_FOLDER=settings.letters_folder or str(config.RUN_SETTINGS.parent / "letters"),
        SESSION_COOKIE_NAME="__Host-pamoja" if settings.is_https else "pamoja",
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session: people are interrupted
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our own policy keeps back
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["language"] = LanguageConverter


def _speak(app: Flask, catalogues: Path) -> None:
    languages.init_app(app, catalogues=str(catalogues))
    formatting.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    app.jinja_env.globals.update(
        can=can,
        once_key=once_key,
        group_navigation=navigation.ways,
        network_navigation=navigation.ways,
        language_url=pages.language_url,
    )
    app.context_processor(_what_every_page_knows)


def _what_every_page_knows() -> dict[str, Any]:
    place = current_group() if g.get("is_let_in") else None  # before that, a name must not be told
    return {
        "current_person": current_user,
        "group": place if place and place.kind == GroupKind.GROUP else None,
        "network_office": place if place and place.kind == GroupKind.OFFICE else None,
        "help_now_url": url_for(
            "network.help_now",
            language=languages.current_language().code,
            country=(help_contacts.country_of_zone(place.time_zone) or "") if place else None,
        ),
        "leave_url": url_for("network.leave"),
        "sign_out_url": url_for("accounts.sign_out"),
        "my_page_url": url_for("mine.show_me"),
        "insecure_note": not current_app.config["IS_HTTPS"],
    }


def _carry_place(app: Flask) -> None:
    """The group or network leaves the address once and returns by itself, so that no template passes it on."""

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:  # noqa: ARG001 - the library's signature
        for name in ("group_id", "network_id"):
            if values and name in values:
                g.place = (name, values.pop(name))

    @app.url_defaults
    def put_back(endpoint: str, values: dict[str, Any]) -> None:
        name, place_id = g.get("place", (None, None))
        is_named = "group_id" in values or "network_id" in values
        if name and not is_named and app.url_map.is_endpoint_expecting(endpoint, name):
            values[name] = place_id
        if "language" not in values and app.url_map.is_endpoint_expecting(endpoint, "language"):
            values["language"] = languages.current_language().code


def _name_files_by_content(app: Flask) -> None:
    prints: dict[str, str] = {}

    @app.url_defaults
    def name_by_content(endpoint: str, values: dict[str, Any]) -> None:
        """Our files are kept by a phone for a year, so their address changes with their content."""
        if endpoint == "static" and "v" not in values:
            name = values["filename"]
            if name not in prints:
                prints[name] = sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:10]
            values["v"] = prints[name]


def _open_rooms(app: Flask) -> None:
    table.register(permissions.LINES)
    for blueprint in (
        pages.bp,
        accounts.bp,
        mine.bp,
        own_account.bp,
        invitations.bp,
        home.bp,
        home.group_bp,
        home.office_bp,
        directory.bp,
        benefits.bp,
        benefits.public_bp,
    ):
        app.register_blueprint(blueprint)
    links.register(LinkPurpose.INVITATION, "invitations.accept_invitation")
    onboarding.init_app(app)
    support_sheets.init_app(app)
    key_pairs.init_app()
    held.init_app()
    for kind, endpoint in (
        (GroupKind.GROUP, "home.show_home"),
        (GroupKind.OFFICE, "office_home.show_home_of_office"),
    ):
        navigation.register(kind, Way(endpoint, _l("What needs doing"), permissions.Permission.HOME_READ, 0))
    outbox.register(messages.LETTER, messages.LetterPayload(), messages.send)
    periodic.register("forget-what-has-passed", timedelta(hours=1), jobs.forget_what_has_passed)
    periodic.register("forget-old-events", timedelta(days=1), keeping.forget_old_events)
    periodic.register("forget-unused-codes", timedelta(days=1), keeping.forget_unused_codes)
    periodic.register("forget-door-counts", timedelta(hours=6), directory_jobs.forget_door_counts)
    periodic.register("forget-done", timedelta(days=1), outbox.forget_done)
    _open_figures(app)
    _open_support(app)


def _open_support(app: Flask) -> None:
    periodic.register("finish-erasures", timedelta(hours=1), erasing.finish_what_was_begun)
    periodic.register("shorten-erasures", timedelta(days=1), erasing.shorten_the_list)
    held_registry.on_forgetting(forget_signature)
    for blueprint in (support.group_bp, support.office_bp):
        app.register_blueprint(blueprint)
    needs.register(GroupKind.GROUP, todos=support.todos_of_group)
    needs.register(GroupKind.OFFICE, todos=support.todos_of_office)
    way = Way("support.list_requests", _l("Support"), permissions.Permission.SUPPORT_READ, 30)
    navigation.register(GroupKind.OFFICE, way)


def _open_figures(app: Flask) -> None:
    standing.register(
        "figures", _l("The figures of the last quarter were sent"), figures_queries.has_sent_last_quarter,
        put_right=_l("Look at the figures and send them"), endpoint="figures.show_figures", order=30,
    )  # fmt: skip
    figures_demo.init_app()
    for blueprint in (figures.group_bp, figures.office_bp):
        app.register_blueprint(blueprint)
    needs.register(GroupKind.GROUP, todos=figures.todos_of_group)
    needs.register(GroupKind.OFFICE, todos=figures.todos_of_office, glances=figures.glances_of_office)
    own = Way("figures.show_figures", _l("Figures"), permissions.Permission.FIGURES_READ_OWN, 70)
    navigation.register(GroupKind.GROUP, own)
    groups = Way("network_figures.list_groups", _l("Groups"), permissions.Permission.FIGURES_READ, 20)
    navigation.register(GroupKind.OFFICE, groups)
