"""The one-page sheet, on the screen and on paper; earlier sheets, and what the members agreed on."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from funding.contributions import commands, papers, queries, rules
from funding.contributions.forms import (
    FIELD_OF,
    REFUSALS,
    AgreedForm,
    SheetForm,
    agreed_form,
    meetings_to_choose,
    sheet_form,
)
from funding.contributions.models import ContributionSheet
from funding.ledger import queries as ledger
from funding.ledger.commands import CannotPost
from funding.ledger.forms import PLACES, key_of, refuse
from funding.permissions import Permission
from funding.welfare.queries import share_on
from funding.welfare.rules import reserve_part
from groups.meetings.models import Meeting
from groups.meetings.queries import OPEN_FOR, find_meeting, latest_meetings
from groups.membership.queries import present_members
from network import clock
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.access.table import is_granted
from network.currencies import minor_digits
from network.db import db
from network.documents.answers import Kind, answer
from network.home.meeting_day import Part
from network.web.formatting import money
from network.web.forms import posted, render_form
from network.web.languages import current_language
from network.web.paging import page_of, stretch_of

bp = Blueprint(
    "contributions", __name__, url_prefix="/g/<uuid:group_id>/money", template_folder="../templates"
)
MEETINGS_TO_CHOOSE = 8
UNFINISHED = 422
LATELY = timedelta(days=3)
"""So long after a meeting its sheet is still written without choosing it."""


@bp.route("/sheet", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def write_sheet() -> ResponseReturnValue:
    """All members on one page: sheets are written in the time it takes to hear the names."""
    now = clock.now()
    meetings = _meetings(now)
    written = queries.totals_at(one.id for one in meetings)
    members = list(db.session.scalars(present_members()))
    form = sheet_form(members, meetings_to_choose(meetings, written, current_group().currency))
    if form.validate_on_submit() and "add_up" not in request.form:
        try:
            sheet = commands.save_sheet(
                form.given(),
                received_on=form.received_on.data,
                meeting_id=form.meeting_id,
                by=current_user.id,
                now=now,
                key=key_of(form),
            )
        except CannotPost as refused:
            refuse(form, refused)
        else:
            _say_saved(form.given(), sheet)
            return redirect(url_for(".show_sheet", sheet_id=sheet.id), 303)
    elif not form.is_submitted():
        _begin(form, meetings, now)
    return _page_of_sheet(form, written, now)


def _page_of_sheet(
    form: SheetForm, written: dict[Any, queries.Together], now: datetime
) -> ResponseReturnValue:
    day = form.received_on.data or clock.today(current_group().time_zone, at=now)
    agreed, given = queries.find_agreed(day), form.given()
    only_added_up = "add_up" in request.form
    page, status = render_form(
        "funding/contributions/write_sheet.html",
        form,
        columns=[PLACES[place] for place in rules.COLUMNS],
        percent=share_on(day),
        currency=current_group().currency,
        digits=minor_digits(current_group().currency),
        sums={place: sum(one.amount for one in given if one.place == place) for place in rules.COLUMNS},
        total=sum(one.amount for one in given),
        only_added_up=only_added_up,
        earlier=written.get(form.meeting_id) if form.meeting_id else None,
        suggestion=papers.suggestion(agreed) if agreed else None,
        print_url=url_for(".print_blank", meeting=form.meeting.data or None),
    )
    return page, UNFINISHED if only_added_up else status


def _meetings(now: datetime) -> list[Meeting]:
    """The latest meetings, and the one the address names."""
    latest = latest_meetings(now, most=MEETINGS_TO_CHOOSE)
    asked = find_meeting((request.form if posted() else request.args).get("meeting", type=UUID))
    is_another = asked is not None and asked not in latest and not asked.is_cancelled
    has_come = asked is not None and asked.day <= clock.today(current_group().time_zone, at=now)
    return [*latest, asked] if asked and is_another and has_come else latest


def _begin(form: SheetForm, meetings: list[Meeting], now: datetime) -> None:
    """The meeting the address names, else one of the last days; and its day."""
    today = clock.today(current_group().time_zone, at=now)
    asked = request.args.get("meeting", type=UUID)
    fits = (one for one in meetings if one.id == asked or (asked is None and today - one.day <= LATELY))
    meeting = next(fits, None)
    form.meeting.data = str(meeting.id) if meeting else ""
    form.received_on.data = min(meeting.day, today) if meeting else today


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


@bp.get("/sheet.pdf")
@requires(Permission.BOOK_POST)
def print_blank() -> Response:
    """The sheet to fill in by hand."""
    today = clock.today(current_group().time_zone)
    meeting = find_meeting(request.args.get("meeting", type=UUID))
    paper = papers.blank_sheet(
        [member.nickname for member in db.session.scalars(present_members())],
        meeting=meeting,
        agreed=queries.find_agreed(meeting.day if meeting else today),
        currency=current_group().currency,
        language=current_language().code,
    )
    return answer(paper, Kind.PDF, name="sheet")


@bp.get("/sheets")
@requires(Permission.BOOK_POST)
def list_sheets() -> ResponseReturnValue:
    page = stretch_of(queries.sheets(), *queries.ORDER_OF_SHEETS)
    return render_template(
        "funding/contributions/list_sheets.html",
        page=page,
        totals=queries.totals_of(sheet.id for sheet in page.items),
        taken_back=ledger.reversed_among(sheet.journal_id for sheet in page.items),
        currency=current_group().currency,
    )


@bp.get("/sheets/<uuid:sheet_id>")
@requires(Permission.BOOK_POST, of=queries.get_sheet)
def show_sheet(sheet: ContributionSheet) -> ResponseReturnValue:
    lines = queries.lines_of(sheet)
    meeting = find_meeting(sheet.meeting_id)
    others = [one for one in queries.sheets_at(meeting.id) if one.id != sheet.id] if meeting else []
    together = queries.totals_at([meeting.id]).get(meeting.id) if meeting else None
    return render_template(
        "funding/contributions/show_sheet.html",
        sheet=sheet,
        lines=lines,
        columns={place: PLACES[place] for place in rules.COLUMNS},
        sums={place: sum(given.get(place, 0) for _id, _name, given in lines) for place in rules.COLUMNS},
        is_taken_back=_is_taken_back(sheet),
        meeting=meeting,
        others=others,
        totals=queries.totals_of(one.id for one in others),
        together=together,
        currency=current_group().currency,
    )


def _is_taken_back(sheet: ContributionSheet) -> bool:
    return sheet.journal_id in ledger.reversed_among([sheet.journal_id])


@bp.get("/sheets/<uuid:sheet_id>/sheet.pdf")
@requires(Permission.BOOK_POST, of=queries.get_sheet)
def print_sheet(sheet: ContributionSheet) -> Response:
    """The saved sheet on paper, for the treasurer's file."""
    paper = papers.saved_sheet(
        sheet,
        [(nickname, given) for _id, nickname, given in queries.lines_of(sheet)],
        is_taken_back=_is_taken_back(sheet),
        currency=current_group().currency,
        language=current_language().code,
    )
    return answer(paper, Kind.PDF, name=f"sheet-{sheet.received_on}")


@bp.get("/agreed-amount")
@requires(Permission.BOOK_READ)
def show_agreed() -> ResponseReturnValue:
    """What the members suggest to give each month, and what they suggested before."""
    agreed = queries.find_agreed(clock.today(current_group().time_zone))
    return render_template(
        "funding/contributions/show_agreed.html",
        agreed=agreed,
        page=page_of(queries.agreed_amounts()),
        is_counted=_is_counted(clock.now()),
        counted_from=queries.find_first_counted(),
    )


def _is_counted(now: datetime) -> bool:
    """Whether what is suggested today rests on a decision that the members counted."""
    decided = queries.find_decided(clock.today(current_group().time_zone, at=now))
    return decided is not None and decided.motion_id is not None


@bp.route("/agreed-amount/decide", methods=["GET", "POST"])
@requires(Permission.AMOUNT_DECIDE)
def agree_amount() -> ResponseReturnValue:
    now = clock.now()
    meetings = latest_meetings(now, most=MEETINGS_TO_CHOOSE)
    form = agreed_form(meetings_to_choose(meetings, {}, current_group().currency))
    if form.validate_on_submit():
        chosen = next((one for one in meetings if str(one.id) == form.meeting.data), None)
        try:
            commands.agree_amount(
                amount=form.amount.data or 0,
                from_on=form.from_on.data,
                decided_on=chosen.day if chosen else form.decided_on.data,
                meeting_id=chosen.id if chosen else None,
                by=current_user.id,
                now=now,
            )
        except commands.CannotAgree as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELD_OF[refused.refusal])
        else:
            flash(_("What the members agreed on is written down."))
            return redirect(url_for(".show_agreed"), 303)
    elif not form.is_submitted():
        _suggest_days(form, now)
    return render_form("funding/contributions/agree_amount.html", form, is_counted=_is_counted(now))


def _suggest_days(form: AgreedForm, now: datetime) -> None:
    form.decided_on.data = form.from_on.data = clock.today(current_group().time_zone, at=now)


def parts_of_meeting(actor: Actor, meeting: Meeting, now: datetime) -> Iterable[Part]:
    """On a meeting's own page: the sum for everybody, the sheet for whoever writes it."""
    if meeting.is_cancelled or not is_granted(Permission.BOOK_READ, actor):
        return
    together = queries.totals_at([meeting.id]).get(meeting.id)
    writes = is_granted(Permission.BOOK_POST, actor)
    is_ahead = meeting.starts_at > now + OPEN_FOR
    if together:
        words = _("%(total)s was written down", total=money(together.amount, current_group().currency))
    else:
        words = _("Print the sheet to take along") if is_ahead else _("All names on one page")
    if writes:
        page = "contributions.print_blank" if is_ahead else "contributions.write_sheet"
        yield Part(_("Contributions"), words, url_for(page, meeting=meeting.id), 20)
    elif together:
        yield Part(_("Contributions"), words, url_for("money.show_money"), 20)
