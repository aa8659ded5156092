"""Returns and reports of quarters: begin one, see what is missing, write, look over, hand in, take along; stamped copies."""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.permissions import Permission
from groups.registration.forms import authority_name
from groups.returns import commands, papers, queries, rules
from groups.returns.commands import CannotReturn
from groups.returns.formats.stamped import NotReadable
from groups.returns.forms import (
    FAULTS,
    FIELD_OF,
    GAPS,
    KINDS,
    REFUSALS,
    BeginForm,
    CopyForm,
    HandInForm,
    ReportForm,
    answers_form,
)
from groups.returns.models import Return, ReturnCopy
from groups.returns.rules import Gap, Refusal
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import can, current_group, requires
from network.authorities.guide import ANY, OTHER, Kind
from network.authorities.queries import profile_for
from network.documents.answers import Kind as FileKind
from network.documents.answers import answer
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.forms import Form, clean_text, render_form
from network.web.languages import language_of, offered
from network.web.paging import page_of

LARGEST_SENT = 9 * 1024 * 1024
bp = Blueprint("returns", __name__, url_prefix="/g/<uuid:group_id>/returns", template_folder="../templates")
WHERE = {
    Gap.NUMBER: "registration.list_registrations", Gap.OFFICERS: "offices.list_offices", Gap.PEOPLE: "members.list_members",
    Gap.RATIO: "members.show_composition", Gap.MEETINGS: "meetings.list_meetings", Gap.ASSETS: "assets.list_assets",
    Gap.OBJECTIVES: "objectives.list_objectives",
}  # fmt: skip


@bp.get("")
@requires(Permission.RETURNS_READ)
def list_returns() -> ResponseReturnValue:
    return render_template(
        "groups/returns/list.html",
        page=page_of(queries.returns()),
        asks_quarters=any(one.quarterly for one in profile_for(current_group()).authorities),
        name=lambda one: authority_name(queries.profile_of(one), one.authority, one.called),
        kinds=KINDS,
    )


@bp.route("/begin", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE)
def begin_return() -> ResponseReturnValue:
    group = current_group()
    form = BeginForm.choosing(profile_for(group), **_suggested(group))
    if form.validate_on_submit():
        try:
            begun = commands.begin_return(
                group, form.authority.data, called=form.called.data or "", kind=form.kind.data, covers_from=form.covers_from.data,
                covers_until=form.covers_until.data, by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except CannotReturn as refused:
            if there := _begun_already(form, refused):
                flash(_("A draft for this authority is begun already. Here it is."))
                return redirect(url_for(".show_return", return_id=there.id), 303)
            _refuse(form, refused)
        else:
            flash(_("The draft is there. See below what is missing."))
            return redirect(url_for(".show_return", return_id=begun.id), 303)
    return render_form("groups/returns/begin.html", form)


def _begun_already(form: BeginForm, refused: CannotReturn) -> Return | None:
    """The draft that somebody else, or oneself, began before."""
    if refused.refusal != Refusal.IS_DRAFT_ALREADY:
        return None
    called = (form.called.data or "") if form.authority.data == OTHER else ""
    return queries.find_draft(form.authority.data, called, form.kind.data)


def _suggested(group: Group) -> dict[str, Any]:
    """Whom it is for and what it covers, as far as the address or the certificate says."""
    first = next(iter(profile_for(group).authorities), ANY).code
    authority, kind = request.args.get("authority", first), request.args.get("kind", Kind.YEARLY)
    start, end = queries.suggested_period(
        authority, request.args.get("called", ""), kind, today=clock.today(group.time_zone)
    )
    return {"authority": authority, "kind": kind, "covers_from": start, "covers_until": end}


def _refuse(form: Form, refused: CannotReturn) -> None:
    field = FIELD_OF.get(refused.refusal)
    form.refuse(refused.refusal, REFUSALS, field=field if field in form else None)


@bp.get("/<uuid:return_id>/")
@requires(Permission.RETURNS_READ, of=queries.get_return)
def show_return(one: Return) -> ResponseReturnValue:
    facts, names = queries.facts_of(current_group(), one)
    counted_on = queries.counted_on(one) if facts["people"] else None
    authority, digest = queries.form_of(one, facts), queries.digest_of(facts, names)
    gaps = rules.missing(facts, authority.parts(one.kind), authority.questions) if one.is_draft else []
    return render_template(
        "groups/returns/show.html", one=one, held=facts, name=authority_name(queries.profile_of(one), one.authority, one.called),
        kind=KINDS[Kind(one.kind)], gaps=[(GAPS[gap], _where(gap, one)) for gap in gaps], copies=queries.copies_of(one),
        languages_of_paper=_languages(one), is_own=one.prepared_by_id == current_user.id,
        asks=set(authority.parts(one.kind)), counted_on=counted_on,
        is_counted_lately=rules.is_of_this_month(counted_on, clock.today(current_group().time_zone)),
        unseen=authority.unseen if one.kind == Kind.YEARLY else "", digest=digest.hex(), is_as_read=one.seen_digest == digest,
        report=papers.report_words(_page(one), language=queries.profile_of(one).language),
        report_language=queries.profile_of(one).language,
    )  # fmt: skip


def _where(gap: Gap, one: Return) -> str | None:
    """The page on which a gap is closed."""
    if gap is Gap.REPORT:
        return url_for(".write_report", return_id=one.id) if can(Permission.RETURNS_PREPARE) else None
    if gap is Gap.ANSWERS:
        return url_for(".answer_what_is_missing", return_id=one.id)
    endpoint = queries.page_of_money() if gap is Gap.MONEY else WHERE[gap]
    return url_for(endpoint) if endpoint else None


def _languages(one: Return) -> list[Any]:
    """The form's own language first, then the group's and the reader's others."""
    own = language_of(queries.profile_of(one).language)
    return [own, *(other for other in offered() if other.code != own.code)]


def _page(one: Return) -> papers.Page:
    facts, names = queries.facts_of(current_group(), one)
    return papers.Page(
        facts, names, queries.form_of(one, facts), one.called, one.kind, (one.covers_from, one.covers_until), one.handed_in_on
    )  # fmt: skip


@bp.route("/<uuid:return_id>/report", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE, of=queries.get_return)
def write_report(one: Return) -> ResponseReturnValue:
    drafted = papers.report_words(_page(one), language=queries.profile_of(one).language)
    form = ReportForm(data={"words": drafted, "before": one.words or ""})
    if form.validate_on_submit():
        try:
            commands.write_report(
                one, form.words.data or "", instead_of=clean_text(form.before.data) or "", by=current_user.id, now=clock.now()
            )  # fmt: skip
        except CannotReturn as refused:
            _refuse(form, refused)
        else:
            flash(_("The report is kept."))
            return redirect(url_for(".show_return", return_id=one.id), 303)
    return render_form(
        "groups/returns/report.html", form, one=one, language_of_form=language_of(queries.profile_of(one).language)
    )  # fmt: skip


@bp.route("/<uuid:return_id>/count", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE, of=queries.get_return)
def count_anew(one: Return) -> ResponseReturnValue:
    """Of a draft that was begun in an earlier month."""
    form = Form()
    if form.validate_on_submit():
        try:
            commands.count_anew(current_group(), one, by=current_user.id, now=clock.now())
        except CannotReturn as refused:
            _refuse(form, refused)
        else:
            flash(_("Everybody is counted anew."))
            return redirect(url_for(".show_return", return_id=one.id), 303)
    return render_form("groups/returns/count.html", form, one=one, counted_on=queries.counted_on(one))


@bp.route("/<uuid:return_id>/look-over", methods=["GET", "POST"])
@requires(Permission.RETURNS_READ, of=queries.get_return)
def look_over(one: Return) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            seen = bytes.fromhex(_hex(request.args.get("seen", "")))
            commands.look_over(current_group(), one, seen=seen, by=current_user.id, now=clock.now())
        except CannotReturn as refused:
            _refuse(form, refused)
        else:
            flash(_("It is noted that you read it over."))
            return redirect(url_for(".show_return", return_id=one.id), 303)
    return render_form("groups/returns/look_over.html", form, one=one)


def _hex(typed: str) -> str:
    """The fingerprint in an address; nothing where it is none."""
    return typed if re.fullmatch(r"(?:[0-9a-f]{2})+", typed) else ""


@bp.route("/<uuid:return_id>/hand-in", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE, of=queries.get_return)
def hand_in(one: Return) -> ResponseReturnValue:
    group = current_group()
    form = HandInForm(data={"on": clock.today(group.time_zone)})
    if form.validate_on_submit():
        commands.wait_for_others(one)
        words = papers.report_words(_page(one), language=queries.profile_of(one).language)
        try:
            commands.hand_in(group, one, words=words, on=form.on.data, by=current_user.id, now=clock.now())
        except CannotReturn as refused:
            _refuse(form, refused)
        else:
            flash(_("It is kept as it was handed in. Keep the stamped copy beside it."))
            return redirect(url_for(".show_return", return_id=one.id), 303)
    return render_form("groups/returns/hand_in.html", form, one=one)


@bp.route("/<uuid:return_id>/drop", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE, of=queries.get_return)
def drop_draft(one: Return) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            commands.drop_draft(one, by=current_user.id, now=clock.now())
        except CannotReturn as refused:
            _refuse(form, refused)
        else:
            flash(_("The draft is thrown away."))
            return redirect(url_for(".list_returns"), 303)
    return render_form("groups/returns/drop.html", form, one=one)


@bp.get("/<uuid:return_id>/return.pdf")
@requires(Permission.RETURNS_READ, of=queries.get_return)
def print_return(one: Return) -> Response:
    """Laid out like the authority's form, in its language or any other there is."""
    return answer(papers.paper(_page(one), language=_asked(one)), FileKind.PDF, name=_file(one))


@bp.get("/<uuid:return_id>/return.docx")
@requires(Permission.RETURNS_READ, of=queries.get_return)
def take_return(one: Return) -> Response:
    """The same as a document that can still be changed."""
    return answer(papers.editable(_page(one), language=_asked(one)), FileKind.DOCX, name=_file(one))


def _asked(one: Return) -> str:
    code = request.args.get("language")
    return code if code in {each.code for each in offered()} and code else queries.profile_of(one).language


def _file(one: Return) -> str:
    return f"return-{one.covers_until.year}-{one.covers_until.month:02}"


@bp.route("/answers", methods=["GET", "POST"])
@requires(Permission.RETURNS_READ)
def answer_forms() -> ResponseReturnValue:
    return _ask_about_the_group(back=url_for(".list_returns"))


@bp.route("/<uuid:return_id>/answers", methods=["GET", "POST"])
@requires(Permission.RETURNS_READ, of=queries.get_return)
def answer_what_is_missing(one: Return) -> ResponseReturnValue:
    """The same questions, for whoever came from a draft and wants to be back in it."""
    return _ask_about_the_group(back=url_for(".show_return", return_id=one.id))


def _ask_about_the_group(*, back: str) -> ResponseReturnValue:
    group = current_group()
    asked = [one.questions for one in (*profile_for(group).authorities, ANY)]
    codes = tuple(dict.fromkeys(code for questions in asked for code in questions))
    kept = queries.find_answers()
    form = answers_form(codes, kept.read if kept else {})
    if form.validate_on_submit():
        told = {code: form[code].data or "" for code in codes}
        commands.answer_forms(told, by=current_user.id, now=clock.now())
        flash(_("It is saved."))
        return redirect(back, 303)
    return render_form("groups/returns/answers.html", form, back=back)


@bp.route("/<uuid:return_id>/copy", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE, of=queries.get_return)
def keep_copy(one: Return) -> ResponseReturnValue:
    form = CopyForm()
    if form.validate_on_submit():
        try:
            commands.keep_copy(one, form.file.data.read(LARGEST_SENT), by=current_user.id, now=clock.now())
        except CannotReturn as refused:
            _refuse(form, refused)
        except NotReadable as refused:
            form.refuse(refused.fault, FAULTS, field="file")
        else:
            flash(_("The stamped copy is kept."))
            return redirect(url_for(".show_return", return_id=one.id), 303)
    return render_form("groups/returns/keep_copy.html", form, one=one)


keep_copy.takes_up_to = LARGEST_SENT  # type: ignore[attr-defined]


@bp.get("/copies/<uuid:copy_id>/stamped-copy")
@requires(Permission.RETURNS_PREPARE, of=queries.get_copy)
def take_copy(kept: ReturnCopy) -> Response:
    return answer(base64.b64decode(kept.content), FileKind(str(kept.kind)), name="stamped-copy")


@bp.route("/copies/<uuid:copy_id>/take-away", methods=["GET", "POST"])
@requires(Permission.RETURNS_PREPARE, of=queries.get_copy)
def take_copy_away(kept: ReturnCopy) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        commands.take_copy_away(kept, by=current_user.id, now=clock.now())
        flash(_("The copy is destroyed."))
        return redirect(url_for(".show_return", return_id=kept.return_id), 303)
    return render_form("groups/returns/take_copy_away.html", form, kept=kept)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """A draft waits: for whoever puts it together to go on, for a second person to read it over. A quarter is over."""
    if not table.is_granted(Permission.RETURNS_READ, actor):
        return
    if table.is_granted(Permission.RETURNS_PREPARE, actor):
        yield from _quarters(group, now)
    for one in queries.drafts():
        name = authority_name(queries.profile_of(one), one.authority, one.called)
        href = url_for("returns.show_return", return_id=one.id)
        if table.is_granted(Permission.RETURNS_PREPARE, actor):
            yield Todo(_("Go on with the return: %(authority)s", authority=name), _("A draft is begun"), href, order=35)  # fmt: skip
        elif one.looked_over_at is None and one.prepared_by_id != actor.account_id:
            yield Todo(_("Read the return over: %(authority)s", authority=name), _("A second pair of eyes helps"), href, order=70)  # fmt: skip


def _quarters(group: Group, now: datetime) -> Iterator[Todo]:
    """Where an authority asks for reports of quarters, and nobody has begun the last one."""
    today = clock.today(group.time_zone, at=now)
    if not rules.is_time_for_quarter(today):
        return
    start, end = rules.quarter_before(today)
    for authority in queries.authorities_waiting_for(group, start, end, today=today):
        yield Todo(
            _("The report of the last quarter: %(authority)s", authority=authority.name),
            _("As far as we know they ask for one. It is nearly written: look at it, and hand it in"),
            url_for("returns.begin_return", authority=authority.code, kind=Kind.QUARTERLY), order=55,
        )  # fmt: skip
