"""Members who seem to be written down twice, for whoever keeps the list."""

from typing import Never

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.duplicates import commands, queries
from groups.duplicates.commands import CannotLetGo
from groups.duplicates.forms import REASONS, REFUSALS, PairForm
from groups.duplicates.rules import Refusal
from groups.permissions import Permission
from network import clock
from network.access.guard import can, current_group, requires
from network.web.forms import Form, render_form
from network.web.paging import page_in

bp = Blueprint(
    "duplicates", __name__, url_prefix="/g/<uuid:group_id>/members/alike", template_folder="../templates"
)


@bp.get("")
@requires(Permission.MEMBERS_CHANGE)
def list_lookalikes() -> ResponseReturnValue:
    return _pairs(Form(formdata=None))


@bp.post("/two-people")
@requires(Permission.MEMBERS_CHANGE)
def say_different() -> ResponseReturnValue:
    form = PairForm()
    if form.validate_on_submit():
        try:
            one, other = form.chosen() or _nobody()
            commands.say_different(one, other, by=current_user.id, now=clock.now())
        except CannotLetGo as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Two people. We will not ask again."))
            return redirect(url_for(".list_lookalikes"), 303)
    return _pairs(form)


@bp.post("/same-person")
@requires(Permission.MEMBERS_CHANGE)
def let_one_go() -> ResponseReturnValue:
    form = PairForm()
    if form.validate_on_submit():
        try:
            stays, goes = form.chosen() or _nobody()
            commands.let_one_go(current_group(), stays=stays, goes=goes, by=current_user.id, now=clock.now())
        except CannotLetGo as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("One entry is let go. The other stays as it was."))
            return redirect(url_for(".list_lookalikes"), 303)
    return _pairs(form)


def _nobody() -> Never:
    raise CannotLetGo(Refusal.NOT_ALIKE)


def _pairs(form: Form) -> ResponseReturnValue:
    page = page_in(queries.lookalikes(), per_page=12)
    both = {entry.id for pair in page.items for entry in (pair.earlier, pair.later)}
    hangs = queries.with_something_on_them(both) if both else set()
    return render_form("groups/duplicates/list.html", form, page=page, reasons=REASONS, hangs=hangs)


@bp.app_template_global("count_lookalikes")
def count_lookalikes() -> int:
    """How many pairs look alike, for whoever keeps the list; for everybody else none."""
    return len(queries.lookalikes()) if can(Permission.MEMBERS_CHANGE) else 0
