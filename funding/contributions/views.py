"""The one-page sheet, earlier sheets, and a member's own."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from funding.contributions import commands, queries, rules
from funding.contributions.forms import sheet_form
from funding.contributions.models import ContributionSheet
from funding.ledger.commands import CannotPost
from funding.ledger.forms import PLACES, key_of, refuse
from funding.permissions import Permission
from funding.welfare.queries import share_on
from funding.welfare.rules import reserve_part
from groups.membership.queries import find_own_member, present_members
from network import clock
from network.access.guard import current_group, requires
from network.currencies import minor_digits
from network.db import db
from network.web.formatting import money
from network.web.forms import render_form
from network.web.paging import page_of

bp = Blueprint(
    "contributions", __name__, url_prefix="/g/<uuid:group_id>/money", template_folder="../templates"
)


@bp.route("/sheet", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def write_sheet() -> ResponseReturnValue:
    """All members on one page: sheets are written in the time it takes to hear the names."""
    members = list(db.session.scalars(present_members()))
    form, today = sheet_form(members), clock.today(current_group().time_zone)
    if form.validate_on_submit():
        try:
            sheet = commands.save_sheet(
                form.given(),
                received_on=form.received_on.data,
                by=current_user.id,
                now=clock.now(),
                key=key_of(form),
            )
        except CannotPost as refused:
            refuse(form, refused)
        else:
            _say_saved(form.given(), sheet)
            return redirect(url_for(".show_sheet", sheet_id=sheet.id), 303)
    elif not form.is_submitted():
        form.received_on.data = today
    return render_form(
        "funding/contributions/write_sheet.html",
        form,
        columns=[PLACES[place] for place in rules.COLUMNS],
        percent=share_on(form.received_on.data or today),
        currency=current_group().currency,
        digits=minor_digits(current_group().currency),
        total=sum(one.amount for one in form.given()),
        givers=len({one.member_id for one in form.given()}),
    )


def _say_saved(given: list[rules.Given], sheet: ContributionSheet) -> None:
    currency, people = current_group().currency, len({one.member_id for one in given})
    total = sum(rules.column_sums(given).values())
    kept = sum(reserve_part(amount, sheet.reserve_percent) for amount in rules.column_sums(given).values())
    flash(
        ngettext(
            "The sheet is saved: %(total)s from one person. %(kept)s of it went to the hardship reserve.",
            "The sheet is saved: %(total)s from %(num)d people. %(kept)s of it went to the hardship reserve.",
            people,
            total=money(total, currency),
            kept=money(kept, currency),
        )
    )


@bp.get("/sheets")
@requires(Permission.BOOK_POST)
def list_sheets() -> ResponseReturnValue:
    page = page_of(queries.sheets())
    return render_template(
        "funding/contributions/list_sheets.html",
        page=page,
        totals=queries.totals_of(sheet.id for sheet in page.items),
        currency=current_group().currency,
    )


@bp.get("/sheets/<uuid:sheet_id>")
@requires(Permission.BOOK_POST, of=queries.get_sheet)
def show_sheet(sheet: ContributionSheet) -> ResponseReturnValue:
    lines = queries.lines_of(sheet)
    return render_template(
        "funding/contributions/show_sheet.html",
        sheet=sheet,
        lines=lines,
        columns={place: PLACES[place] for place in rules.COLUMNS},
        sums={place: sum(given.get(place, 0) for _name, given in lines) for place in rules.COLUMNS},
        currency=current_group().currency,
    )


@bp.get("/mine")
@requires(Permission.BOOK_READ)
def show_mine() -> ResponseReturnValue:
    """What one gave oneself: nobody else opens this page."""
    member = find_own_member(current_user.id)
    page = page_of(queries.own_contributions(member.id)) if member else None
    return render_template(
        "funding/contributions/show_mine.html", page=page, places=PLACES, currency=current_group().currency
    )
