"""The first page of a group, of an office, and of a person."""

import uuid

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from network import clock
from network.access.actor import current_actor
from network.access.guard import current_group, requires
from network.accounts import queries
from network.db import db
from network.home.registry import at_a_glance, needs_doing
from network.permissions import Permission
from network.tenancy.models import Group, GroupKind

group_bp = Blueprint("home", __name__, url_prefix="/g/<uuid:group_id>")
office_bp = Blueprint("office_home", __name__, url_prefix="/n/<uuid:network_id>")
bp = Blueprint("places", __name__)


@group_bp.get("/")
@requires(Permission.HOME_READ)
def show_home() -> ResponseReturnValue:
    return _home("network/home/group.html")


@office_bp.get("/")
@requires(Permission.HOME_READ)
def show_home_of_office() -> ResponseReturnValue:
    return _home("network/home/office.html")


def _home(template: str) -> ResponseReturnValue:
    actor, group, now = current_actor(), current_group(), clock.now()
    return render_template(
        template, todos=needs_doing(actor, group, now=now), glances=at_a_glance(actor, group, now=now)
    )


@bp.get("/places")
@requires(Permission.OWN_PAGE)
def choose_place() -> ResponseReturnValue:
    """Where to after signing in: straight on where there is one place, a choice where there are several."""
    ids = queries.places_of(current_user.id, now=clock.now())
    if len(ids) == 1:
        return redirect(address_of(db.session.get_one(Group, ids[0])))
    return render_template("network/home/places.html", places=places_with_addresses(current_user.id))


def places_with_addresses(account_id: uuid.UUID) -> list[tuple[Group, str]]:
    """The groups and offices somebody has a role in, each with the address of its first page."""
    ids = queries.places_of(account_id, now=clock.now())
    found = {place.id: place for place in db.session.scalars(sa.select(Group).where(Group.id.in_(ids)))}
    return [(found[place_id], address_of(found[place_id])) for place_id in ids]


def address_of(place: Group) -> str:
    """The first page of a group or an office."""
    if place.kind == GroupKind.OFFICE:
        return url_for("office_home.show_home_of_office", network_id=place.id)
    return url_for("home.show_home", group_id=place.id)
