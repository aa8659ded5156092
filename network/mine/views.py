"""My page: what is held about me, taking it away, and being forgotten."""

import uuid

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from network import clock
from network.access.guard import requires
from network.accounts import queries
from network.accounts.rules import Refusal
from network.data_map.people import Row
from network.db import db
from network.documents.answers import Kind, answer
from network.home.views import places_with_addresses
from network.key_pairs import door
from network.mine import erasing, export, registry, rows, telling
from network.mine.account import is_not_own_password
from network.mine.forms import OwnPasswordForm
from network.mine.telling import Held
from network.mine.words import BECAUSE
from network.permissions import Permission
from network.signing_in.forms import REFUSALS
from network.support_sheets import queries as sheets
from network.tenancy.models import Group, GroupKind
from network.web.forms import render_form
from network.web.languages import language_of
from network.web.sessions import let_out

bp = Blueprint("mine", __name__)
LEFT = _l(
    "You are erased but for a part that could not be done just now. It is tried again by itself within the hour."
)


@bp.get("/me")
@requires(Permission.OWN_PAGE)
def show_me() -> ResponseReturnValue:
    """Everything there is about me, by where it is."""
    now_in = places_with_addresses(current_user.id)
    ever = rows.places_ever(current_user.id, with_seated=_is_open())
    past = [_place(place_id) for place_id in ever if place_id not in {place.id for place, _ in now_in}]
    return render_template(
        "network/mine/show_me.html",
        account=current_user,
        identifiers=queries.identifiers_of(current_user.id),
        own_language=language_of(current_user.language),
        places=now_in,
        past=past,
        notes=sheets.kept_by(current_user.id),
        pages=registry.pages(),
    )


@bp.get("/me/in/<uuid:place_id>")
@requires(Permission.OWN_PAGE)
def show_place(place_id: uuid.UUID) -> ResponseReturnValue:
    """What one group or office holds about me; with `about`, one part of it row by row."""
    place = _own_place(place_id)
    counts = rows.count_in_place(current_user.id, place_id, with_seated=_is_open())
    held = telling.parts_held(counts)
    is_here = place_id in queries.places_of(current_user.id, now=clock.now())
    if asked := next((one for one in held if one.part.name == request.args.get("about")), None):
        return _show_part(place, asked)
    return render_template(
        "network/mine/show_place.html",
        place=place,
        held=[(one, _where_to_correct(one, place) if is_here else None) for one in held],
        is_member=is_here and place.kind == GroupKind.GROUP,
    )


def _show_part(place: Group, held: Held) -> ResponseReturnValue:
    shown = rows.in_place(current_user.id, place.id, names=held.part.tables, latest=telling.MOST)
    return render_template(
        "network/mine/show_part.html",
        place=place,
        held=held,
        theirs=[telling.facts_of(one, place) for one in shown if one.row is Row.THEIRS],
        acts=[telling.facts_of(one, place) for one in shown if one.row is Row.ACTS],
        is_all=len(shown) >= held.count,
    )


def _place(place_id: uuid.UUID) -> Group:
    return db.session.get_one(Group, place_id)


def _own_place(place_id: uuid.UUID) -> Group:
    """A place one has or had a part in; any other is not there."""
    ever = rows.places_ever(current_user.id, with_seated=_is_open())
    return _place(place_id) if place_id in ever else abort(404)


def _is_open() -> bool:
    """Whether the door is open: before, whoever holds the phone does not learn that somebody has a part in a matter."""
    return door.opened_for(current_user.id) is not None


def _where_to_correct(held: Held, place: Group) -> str | None:
    endpoint = held.part.endpoint
    if (
        endpoint
        and place.kind == GroupKind.GROUP
        and current_app.url_map.is_endpoint_expecting(endpoint, "group_id")
    ):
        return url_for(endpoint, group_id=place.id)
    return None


@bp.get("/me/everything.zip")
@requires(Permission.OWN_PAGE)
def take_away() -> Response:
    """All of it, for oneself: a page to read and a file for programs."""
    taken = export.gather(current_user.id, with_seated=_is_open(), now=clock.now())
    return answer(export.as_zip(taken), Kind.ZIP, name=f"my-page-{clock.now():%Y-%m-%d}")


@bp.route("/me/forget", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def forget_me() -> ResponseReturnValue:
    """Erase what is held about me, everywhere."""
    form = OwnPasswordForm()
    if form.validate_on_submit():
        if is_not_own_password(form.password.data):
            form.refuse(Refusal.NOT_THE_PASSWORD, REFUSALS, field="password")
        else:
            account_id = current_user.id
            db.session.expunge(current_user._get_current_object())  # noqa: SLF001 - it is changed elsewhere from here on
            is_done = erasing.forget_everywhere(account_id, now=clock.now())
            let_out()
            flash(_("It is done. Nothing here knows you any more.") if is_done else str(LEFT))
            return redirect(url_for("network.enter"), 303)
    return render_form("network/mine/forget_me.html", form, reasons=BECAUSE.values())


@bp.route("/me/in/<uuid:place_id>/forget", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def forget_in_place(place_id: uuid.UUID) -> ResponseReturnValue:
    """Erase what one group holds about me; elsewhere nothing changes."""
    place, form = _own_place(place_id), OwnPasswordForm()
    if form.validate_on_submit():
        if is_not_own_password(form.password.data):
            form.refuse(Refusal.NOT_THE_PASSWORD, REFUSALS, field="password")
        else:
            is_done = erasing.forget_in(current_user.id, place_id, now=clock.now())
            flash(_("It is done. That group does not know you any more.") if is_done else str(LEFT))
            return redirect(url_for(".show_me"), 303)
    return render_form("network/mine/forget_in_place.html", form, place=place, reasons=BECAUSE.values())
