"""The group's members, one's own page in the group, and the word about everybody together."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from groups.consents.forms import CATALOGUE, ENDED, METHODS, beside, by_oneself, read_aloud
from groups.consents.models import SAID_ELSEWHERE, Ended, Method, Purpose
from groups.consents.queries import history_of, standing_of
from groups.looks.commands import note_look
from groups.membership import commands, queries, rules
from groups.membership.commands import CannotChangeMembers
from groups.membership.forms import (
    MEANING,
    REFUSALS,
    WORDS,
    AddMembersForm,
    AloudForm,
    AnswersForm,
    InviteForm,
    NicknameForm,
    TellForm,
    details,
)
from groups.membership.models import Member
from groups.permissions import Permission
from network import clock
from network.access.actor import Actor, current_actor
from network.access.guard import current_group, requires
from network.home.registry import Glance
from network.invitations import commands as invitations
from network.invitations.emails import note_of_invitation
from network.invitations.models import InvitationKind
from network.invitations.queries import find_waiting_for_member
from network.tenancy.models import Group
from network.web.formatting import number
from network.web.forms import Form, render_form
from network.web.languages import language_of
from network.web.paging import page_of

bp = Blueprint("members", __name__, url_prefix="/g/<uuid:group_id>/members", template_folder="../templates")


@bp.get("/")
@requires(Permission.MEMBERS_READ)
def list_members() -> ResponseReturnValue:
    return render_template(
        "groups/membership/list.html",
        page=page_of(queries.present_members()),
        count=queries.count_present_members(),
        own=queries.find_own_member(current_user.id),
    )


@bp.route("/add", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE)
def add_members() -> ResponseReturnValue:
    form = AddMembersForm()
    if form.validate_on_submit():
        try:
            added = commands.add_members(
                current_group(), form.names.data, by=current_user.id, now=clock.now()
            )
        except CannotChangeMembers as refused:
            if refused.lines:
                form.refuse_lines(refused.lines)
            else:
                form.refuse(refused.refusal, REFUSALS, field="names")
        else:
            count = len(added)
            flash(ngettext("One member is added.", "%(num)d members are added.", count))
            return redirect(url_for(".list_members"), 303)
    return render_form("groups/membership/add.html", form)


@bp.get("/<uuid:member_id>/")
@requires(Permission.MEMBERS_CHANGE, of=queries.get_member)
def show_member(member: Member) -> ResponseReturnValue:
    note_look([member], actor=current_actor(), now=clock.now())
    return render_template(
        "groups/membership/show.html",
        member=member,
        member_language=language_of(member.language).autonym if member.language else None,
        invitation=find_waiting_for_member(member.id, now=clock.now()),
        is_own=member.account_id == current_user.id,
    )


@bp.route("/<uuid:member_id>/edit", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE, of=queries.get_member)
def edit_member(member: Member) -> ResponseReturnValue:
    note_look([member], actor=current_actor(), now=clock.now())
    form = NicknameForm(obj=member)
    if form.validate_on_submit() and _rename(member, form):
        flash(_("It is saved."))
        return redirect(url_for(".show_member", member_id=member.id), 303)
    is_own = member.account_id == current_user.id
    return render_form("groups/membership/edit.html", form, member=member, is_own=is_own)


def _rename(member: Member, form: NicknameForm) -> bool:
    try:
        commands.change_member(member, nickname=form.nickname.data, by=current_user.id, now=clock.now())
    except CannotChangeMembers as refused:
        form.refuse(refused.refusal, REFUSALS, field="nickname")
        return False
    return True


@bp.route("/<uuid:member_id>/aloud", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE, of=queries.get_member)
def read_aloud_to(member: Member) -> ResponseReturnValue:
    """Ask somebody aloud, and note what they say. What was kept before is not shown here.

    Nobody is their own witness: whoever signs in says it on their own page, and a parent says it to somebody else.
    """
    if member.account_id == current_user.id:
        abort(404)
    form = AloudForm()
    if form.validate_on_submit():
        before = member.contact
        _note_aloud(member, form.told())
        flash(_("It is kept, and not shown again."))
        if before not in {None, member.contact}:
            flash(
                _(
                    "Nothing is sent to the number or address from before. Ask them how they want to be told now."
                )
            )
        return redirect(url_for(".show_member", member_id=member.id), 303)
    return render_form("groups/membership/aloud.html", form, member=member)


def _note_aloud(member: Member, told: Sequence[tuple[Purpose, str | None]]) -> None:
    """Keep what was said to whoever is signed in; a parent or guardian may have said it in writing."""
    own, now = queries.find_own_member(current_user.id), clock.now()
    for purpose, value in told:
        is_own = own is not None and own.id == member.id
        if value is None:
            ended = Ended.SELF if is_own else Ended.ALOUD
            commands.take_back(member, purpose, ended=ended, by=current_user.id, now=now)
        elif is_own:
            commands.tell(member, purpose, value, how=by_oneself(purpose), by=current_user.id, now=now)
        else:
            method = Method(value) if purpose == Purpose.GUARDIAN else Method.ALOUD
            how = read_aloud(purpose, own.id if own else None, method=method)
            commands.tell(member, purpose, value, how=how, by=current_user.id, now=now)


@bp.route("/<uuid:member_id>/leave", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE, of=queries.get_member)
def let_member_go(member: Member) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        commands.let_member_go(current_group(), member, by=current_user.id, now=clock.now())
        flash(_("%(name)s has left the group.", name=member.nickname))
        return redirect(url_for(".list_members"), 303)
    return render_form("groups/membership/let_go.html", form, member=member)


@bp.route("/<uuid:member_id>/invite", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE, of=queries.get_member)
def invite_member(member: Member) -> ResponseReturnValue:
    """Make an invitation, or show the one that waits; both stay readable until it is used."""
    form, now = InviteForm(data={"language": current_group().language}), clock.now()
    if member.has_sign_in:
        return redirect(url_for(".show_member", member_id=member.id), 303)
    waiting = find_waiting_for_member(member.id, now=now)
    if form.validate_on_submit():
        if waiting is None:
            invitations.give_invitation(
                InvitationKind.MEMBER, language=form.language.data, now=now, by=current_user.id, member_id=member.id
            )  # fmt: skip
        return redirect(url_for(".invite_member", member_id=member.id), 303)
    if waiting is None:
        return render_form("groups/membership/invite.html", form, member=member)
    link = url_for("invitations.accept_invitation", token=waiting.token, _external=True)
    note = note_of_invitation(link=link, code=waiting.code or "", language=waiting.language)
    return render_template(
        "groups/membership/invitation.html", member=member, link=link, invitation=waiting, note=note
    )


@bp.post("/<uuid:member_id>/withdraw-invitation")
@requires(Permission.MEMBERS_CHANGE, of=queries.get_member)
def withdraw_invitation(member: Member) -> ResponseReturnValue:
    invitations.withdraw_for_member(member.id, by=current_user.id, now=clock.now())
    flash(_("The invitation opens nothing any more."))
    return redirect(url_for(".show_member", member_id=member.id), 303)


@bp.route("/answers", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE)
def record_answers() -> ResponseReturnValue:
    """Keep what members told about themselves. What was kept before is not shown here, nor anywhere but to the member."""
    page = page_of(queries.present_members())
    form = AnswersForm.about(page.items)
    if form.validate_on_submit():
        for member, answer in form.told(page.items):
            _note_aloud(member, [(Purpose.LIVED_EXPERIENCE, answer)])
        flash(_("It is kept, and not shown again."))
        return redirect(url_for(".show_composition"), 303)
    asks, words = CATALOGUE[Purpose.LIVED_EXPERIENCE].asks, beside(Purpose.LIVED_EXPERIENCE)
    return render_form("groups/membership/answers.html", form, page=page, asks=asks, beside=words)


@bp.get("/composition")
@requires(Permission.COMPOSITION_READ)
def show_composition() -> ResponseReturnValue:
    return _composition(Form(formdata=None))


@bp.post("/composition")
@requires(Permission.COMPOSITION_COUNT)
def count_composition() -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            commands.count_composition(current_group(), now=clock.now())
        except CannotChangeMembers as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("This month is counted."))
            return redirect(url_for(".show_composition"), 303)
    return _composition(form)


def _composition(form: Form) -> ResponseReturnValue:
    group = current_group()
    page = page_of(queries.readings(), per_page=12)
    today = clock.today(group.time_zone)
    return render_form(
        "groups/membership/composition.html",
        form,
        page=page,
        words=WORDS,
        meaning=MEANING,
        minimum=commands.minimum_for(group),
        newest=page.items[0] if page.items and page.page == 1 else None,
        is_counted=queries.find_reading(rules.month_of(today)) is not None,
        room=rules.ROOM_TO_SPARE,
    )


@bp.route("/me", methods=["GET", "POST"])
@requires(Permission.MEMBERSHIP_OWN)
def show_me() -> ResponseReturnValue:
    """What the group keeps about oneself: all of it, each said and taken back by oneself."""
    member = _oneself()
    form = NicknameForm(obj=member)
    if form.validate_on_submit() and _rename(member, form):
        flash(_("It is saved."))
        return redirect(url_for(".show_me"), 303)
    return _own_page(member, form)


@bp.post("/me/tell")
@requires(Permission.MEMBERSHIP_OWN)
def tell_about_me() -> ResponseReturnValue:
    member, purpose = _oneself(), _asked_for()
    form, before = TellForm.about(purpose, kept=member.language), member.contact
    if not form.validate_on_submit():
        return _own_page(member, NicknameForm(formdata=None, obj=member), refused=form)
    value = form.question.data if form.question is not None else None
    commands.tell(member, purpose, value, how=by_oneself(purpose), by=current_user.id, now=clock.now())
    flash(_("It is kept. You can take it back whenever you want."))
    if before not in {None, member.contact}:
        flash(
            _("Nothing is sent to the number or address from before. Further down you see how you are told.")
        )
    return redirect(url_for(".show_me", _anchor=purpose), 303)


@bp.post("/me/take-back")
@requires(Permission.MEMBERSHIP_OWN)
def take_back_about_me() -> ResponseReturnValue:
    member, purpose, form = _oneself(), _asked_for(taking_back=True), Form()
    if not form.validate_on_submit():
        return _own_page(member, NicknameForm(formdata=None, obj=member))
    commands.take_back(member, purpose, ended=Ended.SELF, by=current_user.id, now=clock.now())
    flash(_("It is gone."))
    return redirect(url_for(".show_me", _anchor=purpose), 303)


def _asked_for(*, taking_back: bool = False) -> Purpose:
    """Which one of the questions on the page was sent; what is said elsewhere can be taken back here, and not given."""
    sent = request.form.get("purpose", "")
    if sent not in set(Purpose) or (sent in SAID_ELSEWHERE and not taking_back):
        abort(404)
    return Purpose(sent)


def _own_page(member: Member, form: NicknameForm, *, refused: TellForm | None = None) -> ResponseReturnValue:
    told, standing = queries.told_by(member.id), standing_of(member.id)
    found = details(told, standing, is_left_out=member.left_out_of_return, refused=refused)
    page, status = render_form(
        "groups/membership/me.html", form, member=member, details=found, refused=refused
    )
    return page, 422 if refused is not None else status


@bp.get("/me/consents")
@requires(Permission.MEMBERSHIP_OWN)
def list_consents() -> ResponseReturnValue:
    """Everything oneself said yes to here, also what was taken back."""
    page = page_of(history_of(_oneself().id), per_page=12)
    return render_template(
        "groups/membership/consents.html", page=page, catalogue=CATALOGUE, methods=METHODS, ended=ENDED
    )


@bp.route("/me/leave", methods=["GET", "POST"])
@requires(Permission.MEMBERSHIP_OWN)
def leave_group() -> ResponseReturnValue:
    member, form = _oneself(), Form()
    if form.validate_on_submit():
        commands.let_member_go(current_group(), member, by=current_user.id, now=clock.now())
        flash(_("You have left the group. You can come back whenever you want."))
        return redirect(url_for("places.choose_place"), 303)
    return render_form("groups/membership/leave.html", form, member=member)


def _oneself() -> Member:
    return queries.find_own_member(current_user.id) or abort(404)


def glances(actor: Actor, group: Group, now: datetime) -> Iterable[Glance]:  # noqa: ARG001 - every glance takes all three
    """How many we are."""
    count = queries.count_present_members()
    yield Glance(
        title=_("Members"),
        big=number(count),
        text=_("A nickname is enough to be one."),
        order=40,
        href=url_for("members.list_members"),
    )
