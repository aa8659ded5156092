"""How I am told; how a member without a sign-in is told; what was told, and the people to tell."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from groups.consents.forms import CATALOGUE, beside
from groups.consents.models import Purpose
from groups.looks.commands import note_look
from groups.membership.models import Member
from groups.membership.queries import find_own_member, get_member
from groups.notices import commands, emails, queries
from groups.notices.commands import CannotReach
from groups.notices.forms import (
    ABOUT,
    CHANNELS,
    FIELDS,
    HOW_ASKED,
    REFUSALS,
    SHOWS,
    ChannelForm,
    OwnChannelForm,
    ToldForm,
    how_asked,
)
from groups.notices.models import Asked, Channel, Notice, Telling
from groups.permissions import Permission
from groups.safeguarding.queries import held_back
from network import clock
from network.access import table
from network.access.actor import Actor, current_actor
from network.access.guard import can, current_group, requires
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import day
from network.web.forms import render_form
from network.web.languages import language_of
from network.web.paging import page_of

LATELY = timedelta(days=7)
bp = Blueprint("notices", __name__, url_prefix="/g/<uuid:group_id>/notices", template_folder="../templates")


@bp.get("/")
@requires(Permission.NOTICES_TELL)
def list_notices() -> ResponseReturnValue:
    page = page_of(queries.notices())
    progress = queries.progress_of([notice.id for notice in page.items])
    return render_template("groups/notices/list.html", page=page, about=ABOUT, progress=progress)


@bp.route("/<uuid:notice_id>/", methods=["GET", "POST"])
@requires(Permission.NOTICES_TELL, of=queries.get_notice)
def show_people(notice: Notice) -> ResponseReturnValue:
    """The people to tell of one thing, and ticking off who was told."""
    page = page_of(queries.tellings(notice.id))
    held = held_back([one.member_id for one in page.items])
    waiting = [one for one in page.items if one.told_at is None and one.channel != Channel.EMAIL]
    note_look(
        [one.member for one in waiting if one.channel in emails.SENT_BY_HAND],
        actor=current_actor(),
        now=clock.now(),
    )
    form = ToldForm.about(waiting)
    if form.validate_on_submit():
        count = commands.tick_off(notice, form.ticked, by=current_user.id, now=clock.now())
        flash(ngettext("One person is ticked off.", "%(num)d people are ticked off.", count))
        return redirect(url_for(".show_people", notice_id=notice.id), 303)
    return render_form(
        "groups/notices/people.html",
        form,
        notice=notice,
        page=page,
        waiting=waiting,
        held=held,
        to_send=_notes_for(notice, [one for one in waiting if one.member_id not in held]),
        aloud=emails.sentence_of(
            notice, language=current_group().language, time_zone=current_group().time_zone
        ),
        aloud_in=language_of(current_group().language).code,
        about=ABOUT,
        channels=CHANNELS,
        progress=queries.progress_of([notice.id])[notice.id],
    )


def _notes_for(notice: Notice, people: list[Telling]) -> dict[uuid.UUID, tuple[str, str, str]]:
    """Of those a message is sent to: the words in their language, that language's code, and what opens it on this phone."""
    group, reaches = current_group(), queries.reaches_of([one.member_id for one in people])
    notes = {}
    for one in people:
        language = language_of(one.member.language or group.language)
        link = current_app.config["PUBLIC_URL"] if one.member.has_sign_in else ""
        words = emails.words_of(notice, language=language.code, time_zone=group.time_zone, link=link)
        reach = reaches.get(one.member_id)
        if opens := emails.link_to_send(one.channel, reach.address if reach else None, words):
            notes[one.id] = (words, language.code, opens)
    return notes


@bp.post("/<uuid:notice_id>/meeting")
@requires(Permission.NOTICES_TELL, of=queries.get_notice)
def tick_off_meeting(notice: Notice) -> ResponseReturnValue:
    """Everybody who was left heard it in the meeting."""
    count = commands.tick_off_meeting(notice, by=current_user.id, now=clock.now())
    flash(ngettext("One person is ticked off.", "%(num)d people are ticked off.", count))
    return redirect(url_for(".show_people", notice_id=notice.id), 303)


@bp.route("/me", methods=["GET", "POST"])
@requires(Permission.MEMBERSHIP_OWN)
def choose_own_channel() -> ResponseReturnValue:
    member = find_own_member(current_user.id) or abort(404)
    form = OwnChannelForm(data=_chosen_before(member))
    if form.validate_on_submit() and _keep(member, form, asked=Asked.THEMSELVES):
        flash(_("It is saved."))
        return redirect(url_for("members.show_me"), 303)
    words = {"asks": CATALOGUE[Purpose.REACH].asks, "beside": beside(Purpose.REACH)}
    return render_form(
        "groups/notices/choose_own.html", form, member=member, channels=CHANNELS, shows=SHOWS, **words
    )


@bp.route("/members/<uuid:member_id>", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE, of=get_member)
def choose_channel(member: Member) -> ResponseReturnValue:
    """For somebody without a sign-in, as they said."""
    if member.has_sign_in:
        return redirect(url_for("members.show_member", member_id=member.id), 303)
    note_look([member], actor=current_actor(), now=clock.now())
    form = ChannelForm(data=_chosen_before(member))
    if form.validate_on_submit() and _keep(member, form, asked=Asked(form.asked.data)):
        flash(_("It is saved."))
        return redirect(url_for("members.show_member", member_id=member.id), 303)
    words = {"asks": CATALOGUE[Purpose.REACH].asks, "beside": beside(Purpose.REACH)}
    return render_form(
        "groups/notices/choose.html", form, member=member, channels=CHANNELS, shows=SHOWS, **words
    )


def _chosen_before(member: Member) -> dict[str, str]:
    """What was chosen before. The way to reach them that the group has already is not put in: it was told for something else."""
    reach = queries.find_reach(member.id)
    return {
        "channel": str(reach.channel if reach else Channel.NONE),
        "address": _as_typed(reach.address if reach else None),
        "asked": str(reach.asked) if reach else "",
    }


def _as_typed(address: str | None) -> str:
    """A number as people write it."""
    return f"+{address}" if address and address.isdecimal() and not address.startswith("0") else address or ""


def _keep(member: Member, form: OwnChannelForm, *, asked: Asked) -> bool:
    own = find_own_member(current_user.id)
    try:
        commands.choose_channel(
            current_group(), member, Channel(form.channel.data), form.address.data or "", asked=asked,
            how=how_asked(asked, own.id if own else None), by=current_user.id, now=clock.now(),
        )  # fmt: skip
    except CannotReach as refused:
        form.refuse(refused.refusal, REFUSALS, field=FIELDS.get(refused.refusal))
        return False
    return True


@bp.app_template_global("told_about")
def told_about(subject_id: uuid.UUID) -> list[tuple[str, Notice, queries.Progress]]:
    """What everybody is told about a thing and how far that has come, for whoever tells them."""
    if not can(Permission.NOTICES_TELL):
        return []
    found = queries.notices_of(subject_id)
    progress = queries.progress_of([notice.id for notice in found])
    return [(str(ABOUT[notice.about]), notice, progress[notice.id]) for notice in found]


@bp.app_template_global("told_how")
def told_how(member: Member) -> str:
    """How a member wants to be told, and how that is known."""
    reach = queries.find_reach(member.id)
    if reach is None:
        return str(CHANNELS[Channel.NONE])
    return _("%(way)s. %(how)s.", way=CHANNELS[Channel(reach.channel)], how=HOW_ASKED[Asked(reach.asked)])


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:
    """People who still have to be told, for whoever tells them."""
    if not table.is_granted(Permission.NOTICES_TELL, actor):
        return
    today = clock.today(group.time_zone, at=now)
    current = queries.current_notices(today - LATELY)
    progress = queries.progress_of([notice.id for notice in current])
    for notice in current:
        if left := progress[notice.id].by_hand:
            yield Todo(
                title=ngettext("Tell one person", "Tell %(num)d people", left),
                why=_("%(what)s, %(day)s", what=ABOUT[notice.about], day=day(notice.on_day)),
                href=url_for("notices.show_people", notice_id=notice.id), order=21,
            )  # fmt: skip
            return
