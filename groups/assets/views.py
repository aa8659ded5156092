"""The list of what the group owns."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.assets import commands, queries
from groups.assets.commands import CannotKeep
from groups.assets.forms import FIELD_OF, REFUSALS, AssetForm
from groups.assets.models import Asset
from groups.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import render_form
from network.web.paging import page_of

bp = Blueprint("assets", __name__, url_prefix="/g/<uuid:group_id>/assets", template_folder="../templates")


@bp.get("")
@requires(Permission.RETURNS_READ)
def list_assets() -> ResponseReturnValue:
    return render_template("groups/assets/list.html", page=page_of(queries.assets()))


@bp.route("/add", methods=["GET", "POST"])
@requires(Permission.RETURNS_READ)
def add_asset() -> ResponseReturnValue:
    form = AssetForm()
    if form.validate_on_submit() and _keep(None, form):
        flash(_("It is in the list."))
        return redirect(url_for(".list_assets"), 303)
    return render_form("groups/assets/add.html", form)


@bp.route("/<uuid:asset_id>/edit", methods=["GET", "POST"])
@requires(Permission.RETURNS_READ, of=queries.get_asset)
def edit_asset(asset: Asset) -> ResponseReturnValue:
    form = AssetForm(obj=asset)
    if form.validate_on_submit() and _keep(asset, form):
        flash(_("It is saved."))
        return redirect(url_for(".list_assets"), 303)
    return render_form("groups/assets/edit.html", form, asset=asset)


def _keep(asset: Asset | None, form: AssetForm) -> bool:
    try:
        commands.keep_asset(
            current_group(), asset, form.what.data, since_on=form.since_on.data, amount=form.amount.data, gone_on=form.gone_on.data,
            by=current_user.id, now=clock.now(),
        )  # fmt: skip
    except CannotKeep as refused:
        form.refuse(refused.refusal, REFUSALS, field=FIELD_OF[refused.refusal])
        return False
    return True
