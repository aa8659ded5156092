"""Whom young people can turn to: for every member to see, for the chairperson and the secretary to say."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.permissions import Permission
from groups.safeguarding import commands, queries
from groups.safeguarding.commands import CannotName
from groups.safeguarding.forms import FIELDS, MOST, REFUSALS, SafeguardingForm, rule_for
from groups.safeguarding.models import Safeguarding
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import requires
from network.db import db
from network.home.registry import Glance, Todo
from network.tenancy.models import Group
from network.web.forms import Form, render_form

bp = Blueprint(
    "safeguarding", __name__, url_prefix="/g/<uuid:group_id>/young-people", template_folder="../templates"
)


@bp.get("")
@requires(Permission.SAFEGUARDING_READ)
def show_safeguarding() -> ResponseReturnValue:
    kept = queries.find_safeguarding()
    return render_template(
        "groups/safeguarding/show.html",
        kept=kept,
        somebody=queries.find_somebody(),
        is_for_young_people=queries.is_for_young_people(),
        rule=rule_for(queries.profile_here()),
        is_me=_is_me(kept),
    )


@bp.route("/edit", methods=["GET", "POST"])
@requires(Permission.SAFEGUARDING_NAME)
def name_contact() -> ResponseReturnValue:
    members = db.session.scalars(present_members().limit(MOST + 1)).all()
    form = SafeguardingForm.among(members, data=_as_kept(queries.find_safeguarding()))
    if form.validate_on_submit():
        try:
            kept = commands.name_contact(
                form.chosen_among(members), name=form.name.data or "", contact=form.contact.data or "",
                was_heard=form.was_heard.data, by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except CannotName as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELDS[refused.refusal])
        else:
            if kept.waits_for_yes:
                flash(_("It is saved. Nobody else sees it before they say yes."))
            else:
                flash(_("It is saved. Every member sees it now."))
            return redirect(url_for(".show_safeguarding"), 303)
    return render_form("groups/safeguarding/edit.html", form)


@bp.post("/take-name-away")
@requires(Permission.SAFEGUARDING_NAME)
def take_name_away() -> ResponseReturnValue:
    form, kept = Form(), queries.find_safeguarding()
    if form.validate_on_submit() and kept is not None:
        commands.take_name_away(kept, by=current_user.id, now=clock.now())
        flash(_("Nobody is named for young people any more."))
    return redirect(url_for(".show_safeguarding"), 303)


@bp.post("/yes")
@requires(Permission.SAFEGUARDING_READ)
def say_yes() -> ResponseReturnValue:
    """Whoever was named says yes, to what stands on the page they saw."""
    form, kept = Form(), queries.find_safeguarding()
    if kept is None or not _is_me(kept):
        abort(404)
    if request.form.get("seen") != kept.changed_at.isoformat():
        flash(_("It was changed while your page was open. Look at it once more."))
    elif form.validate_on_submit():
        commands.say_yes(kept, by=current_user.id, now=clock.now())
        flash(_("It is kept. Every member sees it now, and you can say no whenever you want."))
    return redirect(url_for(".show_safeguarding"), 303)


@bp.post("/not-me")
@requires(Permission.SAFEGUARDING_READ)
def say_not_me() -> ResponseReturnValue:
    """Whoever was named says that it is not them; nobody asks why."""
    form, kept = Form(), queries.find_safeguarding()
    if kept is None or not _is_me(kept):
        abort(404)
    if form.validate_on_submit():
        commands.take_name_away(kept, by=current_user.id, now=clock.now())
        flash(_("You are not named any more."))
    return redirect(url_for(".show_safeguarding"), 303)


def _is_me(kept: Safeguarding | None) -> bool:
    return kept is not None and kept.member is not None and kept.member.account_id == current_user.id


@bp.post("/stop")
@requires(Permission.SAFEGUARDING_NAME)
def stop() -> ResponseReturnValue:
    """The group is not for young people any more."""
    form, kept = Form(), queries.find_safeguarding()
    if form.validate_on_submit() and kept is not None:
        commands.stop(kept, by=current_user.id, now=clock.now())
        flash(_("The group does not say any more that it is for young people."))
    return redirect(url_for(".show_safeguarding"), 303)


def _as_kept(kept: Safeguarding | None) -> dict[str, str]:
    if kept is None:
        return {}
    return {
        "member": str(kept.member_id or ""),
        "name": kept.name or "",
        "contact": kept.contact or "",
    }


@bp.app_template_global("is_held_back")
def is_held_back(member: Member) -> bool:
    """Whether no message goes to somebody yet, for pages that would offer one to send."""
    return member.id in queries.held_back([member.id])


@bp.app_template_global("messages_wait")
def messages_wait(member: Member) -> bool:
    """Whether no message goes to somebody yet, for their own pages."""
    return member.account_id == current_user.id and member.id in queries.held_back([member.id])


def glances(actor: Actor, group: Group, now: datetime) -> Iterable[Glance]:  # noqa: ARG001 - every glance takes all three
    """Whom young people can turn to, for everybody in the group."""
    kept = queries.find_somebody()
    if kept is None:
        return
    yield Glance(
        title=_("Somebody young people can turn to"),
        big=kept.member.nickname if kept.member else kept.name,
        text=kept.contact or _("Ask them when you meet."),
        order=5,
        href=url_for("safeguarding.show_safeguarding"),
    )


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - every to-do takes all three
    """A group for young people has somebody they can turn to, who said yes to it."""
    kept = queries.find_safeguarding()
    if kept is not None and kept.waits_for_yes and _is_me(kept):
        yield Todo(
            _("Say whether young people may turn to you"),
            _("You are asked. Nobody but the chairperson and the secretary sees it before you say yes."),
            url_for("safeguarding.show_safeguarding"),
            order=11,
        )
    if not table.is_granted(Permission.SAFEGUARDING_NAME, actor):
        return
    if queries.find_somebody() is None and queries.is_for_young_people():
        yield Todo(
            _("Say whom young people can turn to"),
            _("Somebody is asked, and has not said yes yet.")
            if kept is not None and kept.waits_for_yes
            else _("The group is for young people, and nobody is named yet."),
            url_for("safeguarding.name_contact"),
            order=12,
        )
