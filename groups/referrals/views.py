"""Who is at the door, for the two offices that answer: reading, answering, passing over, noting what was said, asking once."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from groups.meetings.queries import find_next
from groups.permissions import Permission
from groups.referrals import commands, queries
from groups.referrals.commands import CannotChangeDoor
from groups.referrals.emails import by_phone, note_to_send, words_of_answer
from groups.referrals.forms import (
    ANSWERS,
    CLOSED,
    REFUSALS,
    STANDS,
    UNREACHED,
    WHO_WROTE,
    AnswerForm,
    SaidForm,
    SeveralForm,
    WelcomeForm,
)
from groups.referrals.models import Answer, Referral, ReferralState
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.accounts.rules import kind_of
from network.home.registry import Todo
from network.invitations.emails import Note
from network.tenancy.models import Group
from network.web.formatting import clock_time, whole_day
from network.web.forms import Form, render_form
from network.web.languages import language_of, named
from network.web.pages import public_url
from network.web.paging import page_of

bp = Blueprint(
    "referrals", __name__, url_prefix="/g/<uuid:group_id>/referrals", template_folder="../templates"
)


@bp.get("")
@requires(Permission.REFERRAL_ANSWER)
def list_referrals() -> ResponseReturnValue:
    return render_template(
        "groups/referrals/list.html", page=page_of(queries.at_the_door()), stands=STANDS, who_wrote=WHO_WROTE
    )


@bp.get("/<uuid:referral_id>")
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def show_referral(referral: Referral) -> ResponseReturnValue:
    code, waits = referral.note_code, queries.waits_for_word(referral)
    note = note_to_send(referral, public_url("own_door.show_own", token=code)) if code and not waits else None
    return render_template(
        "groups/referrals/show.html", referral=referral, stands=STANDS[referral.state], who_wrote=WHO_WROTE[referral.introduced_by],
        speaks=named(referral.language), note=note, sms=_sms(referral, note) if note else None, can_answer=_can_answer(referral),
        unreached=UNREACHED[referral.is_own], answered=ANSWERS[referral.answer] if referral.answer else None,
        waits=waits,
    )  # fmt: skip


def _sms(referral: Referral, note: Note) -> str:
    """The note for their number where what they left is one, else without a number."""
    is_number = bool(referral.reach) and kind_of(referral.reach or "") == "phone"
    return by_phone(referral.reach or "", note) if is_number else note.sms


def _can_answer(referral: Referral) -> bool:
    return referral.state == ReferralState.WAITING


@bp.route("/<uuid:referral_id>/welcome", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def welcome_person(referral: Referral) -> ResponseReturnValue:
    words = words_of_answer(Answer.WELCOME, referral.language)
    return _answer(referral, Answer.WELCOME, WelcomeForm(data={"words": words, "with_invitation": True}))


@bp.route("/<uuid:referral_id>/come", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def invite_to_look(referral: Referral) -> ResponseReturnValue:
    return _answer(referral, Answer.COME, AnswerForm(data={"words": _come_and_see(referral)}))


@bp.route("/<uuid:referral_id>/not-here", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def say_not_here(referral: Referral) -> ResponseReturnValue:
    words = words_of_answer(Answer.NOT_HERE, referral.language)
    return _answer(referral, Answer.NOT_HERE, AnswerForm(data={"words": words}))


def _come_and_see(referral: Referral) -> str:
    """When and where the group meets next, in the person's language; the officer may leave the place out."""
    meeting = find_next(clock.now())
    if meeting is None:
        return words_of_answer(Answer.COME, referral.language)
    with force_locale(language_of(referral.language).babel):
        when = f"{whole_day(meeting.day)}, {clock_time(meeting.local.time())}"
    return words_of_answer(Answer.COME, referral.language, when=when, where=meeting.place)


def _answer(referral: Referral, answer: Answer, form: AnswerForm) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            commands.answer_person(
                current_group(), referral, answer, form.words.data, by=current_user.id, now=clock.now(),
                with_invitation=bool("with_invitation" in form and form["with_invitation"].data),
            )  # fmt: skip
        except CannotChangeDoor as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Your answer is kept. Now let them know where to read it."))
            return redirect(url_for(".show_referral", referral_id=referral.id), 303)
    return render_form(
        "groups/referrals/answer.html", form, referral=referral, answer=ANSWERS[answer], speaks=named(referral.language)
    )  # fmt: skip


@bp.route("/<uuid:referral_id>/pass-over", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def pass_over(referral: Referral) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        commands.erase_referral(referral, by=current_user.id, now=clock.now(), why="passed_over")
        flash(_("It is erased."))
        return redirect(url_for(".list_referrals"), 303)
    return render_form("groups/referrals/pass_over.html", form, referral=referral)


@bp.route("/pass-over", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER)
def pass_over_several() -> ResponseReturnValue:
    """Somebody may have sent fifty in a night: what is ticked on a page goes at once."""
    page = page_of(queries.at_the_door())
    form = SeveralForm.among(page.items)
    if form.validate_on_submit():
        gone = [one for one in page.items if str(one.id) in set(form.whom.data)]
        for referral in gone:
            commands.erase_referral(referral, by=current_user.id, now=clock.now(), why="passed_over")
        flash(ngettext("%(num)d is erased.", "%(num)d are erased.", len(gone)))
        return redirect(url_for(".list_referrals"), 303)
    return render_form("groups/referrals/pass_over_several.html", form, page=page)


@bp.route("/<uuid:referral_id>/said", methods=["GET", "POST"])
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def note_said(referral: Referral) -> ResponseReturnValue:
    """What they said about being asked again, where they have no phone to say it themselves."""
    form = SaidForm.about(referral)
    if form.validate_on_submit():
        try:
            _note(referral, form.said.data)
        except CannotChangeDoor as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".list_referrals"), 303)
    return render_form("groups/referrals/said.html", form, referral=referral)


def _note(referral: Referral, said: str) -> None:
    if said == CLOSED:
        commands.erase_referral(referral, by=current_user.id, now=clock.now(), why="closed")
        flash(_("It is erased."))
        return
    commands.leave_door_open(current_group(), referral, int(said), by=current_user.id, now=clock.now())
    flash(_("It is kept, and not shown to anybody before that day."))


@bp.post("/<uuid:referral_id>/ask-again")
@requires(Permission.REFERRAL_ANSWER, of=queries.get_referral)
def ask_again(referral: Referral) -> ResponseReturnValue:
    try:
        commands.ask_again(current_group(), referral, by=current_user.id, now=clock.now())
    except CannotChangeDoor as refused:
        flash(REFUSALS[refused.refusal])
    else:
        flash(_("It is kept that you ask, this once. Send them the note now."))
    return redirect(url_for(".show_referral", referral_id=referral.id), 303)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:  # noqa: ARG001 - every registered part takes the same
    """Somebody waits at the door; somebody may be asked again."""
    if not table.is_granted(Permission.REFERRAL_ANSWER, actor):
        return
    href = url_for("referrals.list_referrals")
    if waiting := queries.count_in(ReferralState.WAITING):
        title = ngettext("Somebody is at the door", "%(num)d people are at the door", waiting)
        yield Todo(title, _("They ask to join, or were introduced, and wait for a word."), href, order=14)
    if due := queries.count_in(ReferralState.RESTING):
        title = ngettext("Somebody may be asked again", "%(num)d people may be asked again", due)
        yield Todo(title, _("They left the door open for this. Ask once, and no more."), href, order=35)
