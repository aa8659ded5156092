"""A group's applications: all of them, one with its papers, what became of it, and the step from an award to the grant."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from funding.applications import commands, forms, queries, rules
from funding.applications.commands import CannotApply
from funding.applications.models import GrantApplication
from funding.grants import forms as grant_forms
from funding.grants.commands import CannotGrant
from funding.ledger.commands import today
from funding.opportunities import queries as chances
from funding.opportunities.forms import until_words
from funding.opportunities.models import Opportunity
from funding.opportunities.rules import Near, nearness
from funding.opportunities.views import Beside
from funding.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import can, requires
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import day
from network.web.forms import Form, render_form
from network.web.paging import page_of
from network.wording.commands import shown

bp = Blueprint(
    "grant_applications", __name__, url_prefix="/g/<uuid:group_id>/money/applications", template_folder="../templates"
)  # fmt: skip
YEAR = timedelta(days=364)


@bp.get("")
@requires(Permission.APPLICATION_KEEP)
def list_applications() -> ResponseReturnValue:
    page = page_of(queries.applications())
    applied_for = chances.opportunities_by_id([one.opportunity_id for one in page.items])
    return render_template(
        "funding/applications/list.html",
        page=page,
        rows=[(one, shown(applied_for[one.opportunity_id].text)) for one in page.items],
        states=forms.STATES,
    )


@bp.post("/for/<uuid:opportunity_id>")
@requires(Permission.APPLICATION_KEEP, of=chances.get_opportunity)
def begin_application(chance: Opportunity) -> ResponseReturnValue:
    try:
        application = commands.begin_application(chance, by=current_user.id, now=clock.now())
    except CannotApply as refused:
        flash(str(forms.REFUSALS[refused.refusal]))
        return redirect(url_for("opportunities.show_opportunity", opportunity_id=chance.id), 303)
    flash(_("Noted. Say who looks after it, and tick the papers as you find them."))
    return _back_to(application)


@bp.route("/<uuid:grant_application_id>", methods=["GET", "POST"])
@requires(Permission.APPLICATION_KEEP, of=queries.get_application)
def show_application(application: GrantApplication) -> ResponseReturnValue:
    """How it stands, what is still missing, and what can be said next."""
    chance, is_going_on = queries.get_chance_of(application), application.state in rules.GOING_ON
    members = queries.members_who_look_after() if is_going_on else []
    form = forms.keep_form(application, chance, members, is_going_on=is_going_on)
    theirs: list[tuple[Any, list[Any]]] = []
    if form.validate_on_submit():
        try:
            commands.keep_application(
                application, form.progress(), seen=form.version, by=current_user.id, now=clock.now()
            )
        except CannotApply as refused:
            forms.refuse(form, refused.refusal)
            theirs = forms.kept_by_others(application, form)
            form.seen.data = str(application.version)  # both are on the page now
        else:
            flash(_("Kept."))
            return _back_to(application)
    return _page(
        form, "funding/applications/show.html", application, chance, is_going_on=is_going_on, theirs=theirs
    )


def _page(
    form: Form, template: str, application: GrantApplication, chance: Opportunity, **more: Any
) -> ResponseReturnValue:
    return render_form(
        template,
        form,
        application=application,
        chance=chance,
        shown=shown(chance.text),
        states=forms.STATES,
        next_states=rules.NEXT[application.state],
        until_words=until_words,
        today=today(clock.now()),
        **more,
    )


def _say(
    application: GrantApplication, form: Form, template: str, keep: Callable[[], None], said: str
) -> ResponseReturnValue:
    """A form that says what became of an application, and goes back to it."""
    if form.validate_on_submit():
        try:
            keep()
        except CannotApply as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(said)
            return _back_to(application)
    return _page(form, template, application, queries.get_chance_of(application))


def _back_to(application: GrantApplication) -> ResponseReturnValue:
    return redirect(url_for(".show_application", grant_application_id=application.id), 303)


@bp.route("/<uuid:grant_application_id>/applied", methods=["GET", "POST"])
@requires(Permission.APPLICATION_KEEP, of=queries.get_application)
def say_applied(application: GrantApplication) -> ResponseReturnValue:
    form = forms.AppliedForm(data={"applied_on": today(clock.now())})

    def keep() -> None:
        commands.say_applied(application, on=form.applied_on.data, by=current_user.id, now=clock.now())

    return _say(
        application,
        form,
        "funding/applications/say_applied.html",
        keep,
        _("Good luck. Write down here what they answer."),
    )


@bp.route("/<uuid:grant_application_id>/awarded", methods=["GET", "POST"])
@requires(Permission.APPLICATION_KEEP, of=queries.get_application)
def say_awarded(application: GrantApplication) -> ResponseReturnValue:
    form = forms.AwardedForm(data={"settled_on": today(clock.now())})

    def keep() -> None:
        commands.say_awarded(
            application, amount=form.amount.data or 0, on=form.settled_on.data, by=current_user.id, now=clock.now()
        )  # fmt: skip

    return _say(
        application,
        form,
        "funding/applications/say_awarded.html",
        keep,
        _("Written down. Now it can become a grant in the book."),
    )


@bp.route("/<uuid:grant_application_id>/refused", methods=["GET", "POST"])
@requires(Permission.APPLICATION_KEEP, of=queries.get_application)
def say_refused(application: GrantApplication) -> ResponseReturnValue:
    form = forms.RefusedForm(data={"settled_on": today(clock.now())})

    def keep() -> None:
        commands.say_refused(
            application, why=form.why.data, on=form.settled_on.data, by=current_user.id, now=clock.now()
        )

    return _say(application, form, "funding/applications/say_refused.html", keep, _("Kept for next time."))


@bp.route("/<uuid:grant_application_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.APPLICATION_KEEP, of=queries.get_application)
def withdraw_application(application: GrantApplication) -> ResponseReturnValue:
    form = forms.WithdrawForm()

    def keep() -> None:
        commands.withdraw_application(
            application, why=form.why.data or "", by=current_user.id, now=clock.now()
        )

    return _say(
        application, form, "funding/applications/withdraw.html", keep, _("Your group does not go on with it.")
    )


@bp.route("/<uuid:grant_application_id>/grant", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_application)
def write_award(application: GrantApplication) -> ResponseReturnValue:
    """The grant's own form, filled in from what is known; saved by the same rules as every grant."""
    chance = queries.get_chance_of(application)
    form = forms.AwardForm(data=_known(application, chance))
    if form.validate_on_submit():
        try:
            grant = commands.write_award(
                application,
                chance,
                form.terms(),
                promises=form.promised(),
                by=current_user.id,
                now=clock.now(),
            )
        except CannotApply as refused:
            forms.refuse(form, refused.refusal)
        except CannotGrant as refused_grant:
            grant_forms.refuse(form, refused_grant.refusal)
        else:
            flash(_("The grant is written down. It has a fund of its own now."))
            return redirect(url_for("grants.show_grant", grant_id=grant.id), 303)
    return _page(form, "funding/applications/write_award.html", application, chance)


def _known(application: GrantApplication, chance: Opportunity) -> dict[str, Any]:
    """What the award already says of the grant; a year from the day of the award, unless the letter says otherwise."""
    starts_on = application.settled_on or today(clock.now())
    title = shown(chance.text).title
    return {
        "funder": chance.funder,
        "funder_kind": chance.funder_kind,
        "name": title[:60],
        "purpose": title,
        "amount": application.amount,
        "starts_on": starts_on,
        "ends_on": starts_on + YEAR,
    }


def beside(opportunity_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Beside]:
    """How this group stands with each of these: for everybody who reads the list; what a funder said for the officers."""
    may_open = can(Permission.APPLICATION_KEEP)
    return {
        opportunity_id: Beside(
            words=forms.STATES[one.state],
            href=url_for("grant_applications.show_application", grant_application_id=one.id)
            if may_open
            else "",
            is_going_on=one.state in rules.GOING_ON,
            why_not=one.why if may_open and one.state == "refused" else "",
        )
        for opportunity_id, one in queries.latest_for(opportunity_ids).items()
    }


def behind(grant_id: uuid.UUID) -> Iterator[tuple[str, str]]:
    """The way from a grant back to the application it came from."""
    if can(Permission.APPLICATION_KEEP) and (one := queries.find_behind(grant_id)):
        yield (
            _("How we applied for it"),
            url_for("grant_applications.show_application", grant_application_id=one.id),
        )


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """A day that comes near, for whoever looks after it; an award that is no grant in the book yet."""
    if not table.is_granted(Permission.APPLICATION_KEEP, actor):
        return
    on = clock.today(group.time_zone, at=now)
    for application, chance in queries.due_soon(on):
        if not _is_for(actor, application):
            continue
        yield Todo(
            shown(chance.text).title,
            _(
                "An application can go out until %(date)s",
                date=day(chance.closes_on) if chance.closes_on else "",
            ),
            url_for("grant_applications.show_application", grant_application_id=application.id),
            soon=nearness(chance.closes_on, today=on) is Near.VERY_SOON,
            order=45,
        )
    if table.is_granted(Permission.GRANT_WRITE, actor) and (awards := queries.awards_to_write()):
        yield Todo(
            ngettext("An award is no grant in the book yet", "%(num)d awards are no grants in the book yet", len(awards)),
            _("The page is filled in from what you know"),
            url_for("grant_applications.write_award", grant_application_id=awards[0].id), order=35,
        )  # fmt: skip


def _is_for(actor: Actor, application: GrantApplication) -> bool:
    """Whoever looks after it; everybody who may, where nobody does or whoever does has no sign-in or has left."""
    keeper = application.keeper
    if keeper is None or keeper.account_id is None or not keeper.is_present:
        return True
    return keeper.account_id == actor.account_id
