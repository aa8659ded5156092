"""Writing down what came in, and what was moved."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.income import commands
from funding.income.forms import TransferForm, fund_move_form, income_form
from funding.ledger.commands import CannotPost
from funding.ledger.forms import key_of, refuse
from funding.ledger.rules import Refusal
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import render_form
from network.web.place_pages import PlacePages

bp = PlacePages("income", __name__, under="/money", template_folder="../templates")


@bp.route("/income/record", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def record_income() -> ResponseReturnValue:
    form = income_form(current_group().kind)
    if form.validate_on_submit():
        try:
            entry_id = commands.record_income(
                kind=form.kind.data, amount=form.amount.data or 0, place=form.place.data, fund=form.fund.data,
                received_on=form.received_on.data, words=form.words.data or "", by=current_user.id, now=clock.now(),
                key=key_of(form),
            )  # fmt: skip
        except CannotPost as refused:
            refuse(form, refused, "amount")
        else:
            flash(_("Written in the book."))
            return redirect(url_for("money.show_entry", entry_id=entry_id), 303)
    elif not form.is_submitted():
        form.received_on.data = clock.today(current_group().time_zone)
    return render_form("funding/income/record_income.html", form)


@bp.route("/transfers/record", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def record_transfer() -> ResponseReturnValue:
    form = TransferForm()
    if form.validate_on_submit():
        try:
            entry_id = commands.record_transfer(
                source=form.source.data, target=form.target.data, amount=form.amount.data or 0, moved_on=form.moved_on.data,
                words=form.words.data or "", by=current_user.id, now=clock.now(), key=key_of(form),
            )  # fmt: skip
        except CannotPost as refused:
            refuse(form, refused, "target" if refused.refusal is Refusal.SAME_PLACE else "amount")
        else:
            flash(_("Written in the book."))
            return redirect(url_for("money.show_entry", entry_id=entry_id), 303)
    elif not form.is_submitted():
        form.moved_on.data = clock.today(current_group().time_zone)
    return render_form("funding/income/record_transfer.html", form)


@bp.route("/funds/move", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def record_fund_move() -> ResponseReturnValue:
    """Money that was for one thing is for another: decided by the members, written down by two."""
    form = fund_move_form(current_group().kind)
    if form.validate_on_submit():
        try:
            draft_id = commands.record_fund_move(
                source=form.source.data, target=form.target.data, amount=form.amount.data or 0, moved_on=form.moved_on.data,
                words=form.words.data, by=current_user.id, now=clock.now(), key=key_of(form),
            )  # fmt: skip
        except CannotPost as refused:
            refuse(form, refused, "target" if refused.refusal is Refusal.SAME_FUND else "amount")
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for("money.decide_draft", draft_id=draft_id), 303)
    elif not form.is_submitted():
        form.moved_on.data = clock.today(current_group().time_zone)
    return render_form("funding/income/record_fund_move.html", form)
