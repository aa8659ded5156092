"""Putting the monthly amount and the share kept for hardship to the members."""

from collections.abc import Callable

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from funding.contributions.queries import find_agreed
from funding.decided import commands
from funding.decided.forms import PutAmountForm, PutShareForm, say_amount, say_share
from funding.welfare.queries import share_on
from groups.decisions.commands import CannotDecide, Kind, one_by_one
from groups.decisions.models import Motion
from groups.decisions.views import refuse, to_motion
from groups.officers.queries import articles_in_force
from groups.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import render_form

bp = Blueprint("decided", __name__, url_prefix="/g/<uuid:group_id>/money", template_folder="../templates")


@bp.route("/agreed-amount/put", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL)
def put_amount() -> ResponseReturnValue:
    form, group = PutAmountForm(), current_group()
    form.say_notice(articles_in_force().notice_days)
    if form.validate_on_submit():
        done = _called(
            form,
            lambda: commands.put_amount(
                group, amount=form.amount.data or 0, from_on=form.from_on.data, held_on=form.held_on.data, by=current_user.id,
                now=clock.now(), is_short_notice_agreed=form.is_short_notice_agreed.data,
            ),
        )  # fmt: skip
        if done:
            return done
    agreed = find_agreed(clock.today(group.time_zone))
    return render_form("funding/decided/put_amount.html", form, agreed=agreed)


@bp.route("/reserve/put", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL)
def put_share() -> ResponseReturnValue:
    form, group = PutShareForm(), current_group()
    form.say_notice(articles_in_force().notice_days)
    if form.validate_on_submit():
        done = _called(
            form,
            lambda: commands.put_share(
                group, percent=form.percent.data, from_on=form.from_on.data, held_on=form.held_on.data, by=current_user.id,
                now=clock.now(), is_short_notice_agreed=form.is_short_notice_agreed.data,
            ),
        )  # fmt: skip
        if done:
            return done
    percent = share_on(clock.today(group.time_zone))
    return render_form("funding/decided/put_share.html", form, percent=percent)


def _called(form: PutAmountForm | PutShareForm, call: Callable[[], Motion]) -> ResponseReturnValue | None:
    try:
        motion = call()
    except CannotDecide as refused:
        refuse(form, refused)
        return None
    flash(_("It is put to the members."))
    return to_motion(motion)


KINDS = (
    Kind(
        commands.AMOUNT, _l("What to suggest to give each month"), carry=commands.carry_amount, say=one_by_one(say_amount),
        asked_at="decided.put_amount", came_of=lambda _motion: url_for("contributions.show_agreed"),
        follows=_l("It stands in the book from its day on, with this decision beside it. It stays a suggestion."),
    ),
    Kind(
        commands.SHARE, _l("The share kept for hardship"), carry=commands.carry_share, say=one_by_one(say_share),
        asked_at="decided.put_share", came_of=lambda _motion: url_for("welfare.show_reserve"),
        follows=_l("What is given from its day on is split this way, with this decision beside it. Earlier sheets stay as they are."),
    ),
)  # fmt: skip
"""What the members can decide about money, with what follows."""
