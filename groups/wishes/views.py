"""For members without a sign-in: a copy of what is held about them, and being erased. Officers see to it for them."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.looks.commands import note_look
from groups.membership.models import Member
from groups.permissions import Permission
from groups.wishes import commands, papers, queries, rules
from groups.wishes.commands import CannotAsk
from groups.wishes.forms import REFUSALS, AskForm, FindForm, HeardForm
from groups.wishes.models import ErasureWish
from network import clock
from network.access import table
from network.access.actor import Actor, current_actor
from network.access.guard import current_group, requires
from network.db import db
from network.documents.answers import Kind, answer
from network.home.registry import Todo
from network.mine import export
from network.mine.words import BECAUSE
from network.tenancy.models import Group
from network.web.forms import Form, render_form
from network.web.paging import page_of

bp = Blueprint("wishes", __name__, url_prefix="/g/<uuid:group_id>/wishes", template_folder="../templates")


@bp.get("")
@requires(Permission.WISHES_ANSWER)
def list_wishes() -> ResponseReturnValue:
    """Who asks to be erased and waits for a second person."""
    page = page_of(queries.wishes())
    return render_template("groups/wishes/list.html", page=page)


@bp.route("/ask", methods=["GET", "POST"])
@requires(Permission.WISHES_KEEP)
def find_asker() -> ResponseReturnValue:
    """Who asks, by nickname: somebody who is here or has left, without a sign-in."""
    form = FindForm()
    if form.validate_on_submit():
        try:
            found = commands.find_asker(form.nickname.data)
        except CannotAsk as refused:
            form.refuse(refused.refusal, REFUSALS, field="nickname")
        else:
            return redirect(url_for(".show_asker", member_id=found.id), 303)
    return render_form("groups/wishes/find.html", form)


@bp.get("/of/<uuid:member_id>")
@requires(Permission.WISHES_KEEP, of=queries.get_somebody)
def show_asker(member: Member) -> ResponseReturnValue:
    """What can be done for somebody: a copy, or being erased."""
    return render_template(
        "groups/wishes/asker.html",
        member=member,
        wish=queries.find_wish_of(member.id),
        namesakes=[one for one in queries.called(member.nickname) if one.id != member.id],
    )


def _all_is_asked() -> bool:
    return request.args.get("all") == "yes"


def _copy_of(member: Member) -> export.Taken:
    """The copy, and that an office looked at it; only whole where they agreed that whoever makes it sees everything."""
    now = clock.now()
    note_look([member], actor=current_actor(), now=now)
    return export.gather_of_member(current_group(), member.id, is_whole=_all_is_asked(), now=now)


def _language_of(member: Member) -> str:
    return member.language or current_group().language


def _file() -> str:
    return f"copy-{clock.now():%Y-%m-%d}"


@bp.get("/of/<uuid:member_id>/copy.pdf")
@requires(Permission.WISHES_KEEP, of=queries.get_somebody)
def print_copy(member: Member) -> Response:
    """To print: a page or two in their language."""
    paper = papers.copy_paper(_copy_of(member), is_whole=_all_is_asked(), language=_language_of(member))
    return answer(paper, Kind.PDF, name=_file())


@bp.get("/of/<uuid:member_id>/copy.zip")
@requires(Permission.WISHES_KEEP, of=queries.get_somebody)
def take_copy(member: Member) -> Response:
    """The same as everybody takes away from their own page: a page to read and a file for programs."""
    packed = papers.copy_files(_copy_of(member), language=_language_of(member))
    return answer(packed, Kind.ZIP, name=_file())


@bp.route("/of/<uuid:member_id>/erase", methods=["GET", "POST"])
@requires(Permission.WISHES_KEEP, of=queries.get_somebody)
def write_wish(member: Member) -> ResponseReturnValue:
    """Write down that they ask to be erased."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            commands.write_wish(member, by=current_user.id, now=clock.now())
        except CannotAsk as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("It is written down. Now a second person says that they heard it too."))
            return redirect(url_for(".list_wishes"), 303)
    return render_form("groups/wishes/erase.html", form, member=member, reasons=BECAUSE.values())


@bp.route("/<uuid:wish_id>", methods=["GET", "POST"])
@requires(Permission.WISHES_ANSWER, of=queries.get_wish)
def carry_out(wish: ErasureWish) -> ResponseReturnValue:
    """The second person says that they heard it too, and it is done at once."""
    form, now = HeardForm(), clock.now()
    if form.validate_on_submit():
        try:
            is_done = commands.carry_out(wish, by=current_user.id, now=now)
        except CannotAsk as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(
                _("It is done. The group does not know them any more.")
                if is_done
                else _("It is done but for a part that could not be done just now. It is tried again by itself within the hour.")
            )  # fmt: skip
            return redirect(url_for(".list_wishes"), 303)
    return render_form(
        "groups/wishes/carry_out.html",
        form,
        wish=wish,
        written_by=queries.names_of([wish.id]).get(wish.id),
        waits=_is_own_and_waits(wish, now=now),
        alone_from=wish.written_at + rules.ALONE_AFTER,
        reasons=BECAUSE.values(),
    )


def _is_own_and_waits(wish: ErasureWish, *, now: datetime) -> bool:
    is_own = wish.written_by_id == current_user.id
    return (
        rules.why_not_carry_out(is_own_writing=is_own, written_at=wish.written_at, now=now)
        == rules.Refusal.ANOTHER_FIRST
    )


@bp.post("/<uuid:wish_id>/take-back")
@requires(Permission.WISHES_ANSWER, of=queries.get_wish)
def take_back(wish: ErasureWish) -> ResponseReturnValue:
    """They do not ask it, or not any more."""
    if Form().validate_on_submit():
        commands.take_back(wish, by=current_user.id, now=clock.now())
        flash(_("It is taken back. Nothing was erased."))
    return redirect(url_for(".list_wishes"), 303)


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - every to-do takes all three
    """Somebody waits to be erased, and this person can say whether they heard it."""
    if actor.account_id is None or not table.is_granted(Permission.WISHES_ANSWER, actor):
        return
    waiting = [
        wish
        for wish in db.session.scalars(queries.wishes().limit(20))
        if not rules.why_not_carry_out(
            is_own_writing=wish.written_by_id == actor.account_id, written_at=wish.written_at, now=now
        )
    ]
    if waiting:
        yield Todo(
            _("Somebody asks to be erased"),
            _("They have no sign-in. Say whether they told you too; then it is done."),
            url_for("wishes.list_wishes"),
            order=11,
        )
