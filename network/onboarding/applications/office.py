"""The office's pages about applications: the list, one application, answering, opening the group."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import requires
from network.accounts.models import LinkPurpose
from network.accounts.queries import find_link
from network.db import db
from network.invitations.emails import note_of_invitation
from network.onboarding.applications import commands, queries
from network.onboarding.applications.forms import (
    QUESTIONS,
    REFUSALS,
    STATES,
    AnswerForm,
    OpenGroupForm,
    TakeBackForm,
)
from network.onboarding.applications.models import Application, ApplicationState
from network.onboarding.applications.rules import Refusal, has_waited_long
from network.onboarding.journey.queries import journey_of
from network.onboarding.phrases.queries import find_phrase, phrases, phrases_in
from network.onboarding.volunteers.queries import requests_of
from network.onboarding.volunteers.rules import is_open
from network.permissions import Permission
from network.tenancy import scope
from network.tenancy.models import Group, Network
from network.tenancy.queries import get_network_of_office
from network.tenancy.settings import APPROVED_ONLY, STAFF_LANGUAGES, setting
from network.web.forms import render_form
from network.web.languages import current_language, named, offered, speak
from network.web.pages import public_url
from network.web.paging import page_of

bp = Blueprint("applications", __name__, url_prefix="/n/<uuid:network_id>/applications")


@bp.get("/")
@requires(Permission.APPLICATION_READ)
def list_applications() -> ResponseReturnValue:
    page, now = page_of(queries.applications()), clock.now()
    return render_template(
        "network/onboarding/list_applications.html",
        page=page,
        rows=[
            (
                one,
                named(one.language),
                STATES[one.state],
                _ago(one),
                has_waited_long(one.waits_since, now=now),
            )
            for one in page.items
        ],
    )


@bp.get("/<uuid:application_id>")
@requires(Permission.APPLICATION_READ, of=queries.get_application)
def show_application(application: Application) -> ResponseReturnValue:
    """One application: labels in the reader's language, the applicant's words in theirs."""
    network = _network()
    passages = queries.shown_passages(application.id, reads=_reads(network))
    return render_template(
        "network/onboarding/show_application.html", application=application, language_of_applicant=named(application.language),
        state=STATES[application.state], age=_ago(application), questions=QUESTIONS,
        answers=[one for one in passages if one.passage.question not in queries.CONVERSATION],
        conversation=[one for one in passages if one.passage.question in queries.CONVERSATION],
        journey=journey_of(application.id), requests=_requests(application),
        has_unread=any(one.is_from_applicant and not one.is_read and one.translation is None for one in passages),
        is_opened=application.state == ApplicationState.OPENED, is_closed=application.erased_at is not None,
    )  # fmt: skip


def _requests(application: Application) -> list[tuple[Any, Any, bool]]:
    now = clock.now()
    return [(one, named(one.into), is_open(one, now=now)) for one in requests_of(application.id)]


@bp.route("/<uuid:application_id>/answer", methods=["GET", "POST"])
@requires(Permission.APPLICATION_ANSWER, of=queries.get_application)
def answer_applicant(application: Application) -> ResponseReturnValue:
    """A phrase picked in the reader's language arrives in the applicant's; own words arrive as they are."""
    network, form = _network(), AnswerForm()
    texts = phrases()
    approved_only = setting(network.id, APPROVED_ONLY)
    form.phrase.choices = [(str(text.id), "") for text in texts]
    if form.validate_on_submit():
        try:
            commands.answer(
                application, phrase=_chosen_phrase(form), words=form.words.data or "", language=current_language().code,
                approved_only=approved_only, by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except commands.CannotChange as refused:
            form.refuse(refused.refusal, REFUSALS, field="words")
        else:
            flash(_("Your answer is on the applicant’s page."))
            return redirect(url_for(".show_application", application_id=application.id), 303)
    return render_form(
        "network/onboarding/answer_applicant.html", form, application=application,
        phrases=phrases_in(texts, wanted=application.language, approved_only=approved_only),
        language_of_applicant=named(application.language), is_same_language=application.language == current_language().code,
        back=url_for(".show_application", application_id=application.id),
    )  # fmt: skip


def _chosen_phrase(form: AnswerForm) -> Any:
    if not form.phrase.data:
        return None
    try:
        found = find_phrase(uuid.UUID(form.phrase.data))
    except ValueError:
        found = None
    if found is None:
        raise commands.CannotChange(Refusal.UNKNOWN_PHRASE)
    return found


@bp.route("/<uuid:application_id>/open-group", methods=["GET", "POST"])
@requires(Permission.APPLICATION_OPEN, of=queries.get_application)
def open_group(application: Application) -> ResponseReturnValue:
    network = _network()
    form = OpenGroupForm(language=application.language, locality=application.place)
    form.language.choices = [(one.code, one.autonym) for one in offered()]
    if form.validate_on_submit():
        try:
            commands.open_group_for(
                application, network=network, name=form.name.data, locality=form.locality.data or "",
                language=form.language.data, is_invitation_shown=form.is_invitation_shown.data, by=current_user.id,
                now=clock.now(),
            )  # fmt: skip
        except commands.CannotChange as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The group is open. Here is its first invitation."))
            return redirect(url_for(".show_invitation", application_id=application.id), 303)
    return render_form(
        "network/onboarding/open_group.html", form, application=application, office=network.office,
        back=url_for(".show_application", application_id=application.id),
    )  # fmt: skip


@bp.route("/<uuid:application_id>/invitation", methods=["GET", "POST"])
@requires(Permission.APPLICATION_OPEN, of=queries.get_application)
def show_invitation(application: Application) -> ResponseReturnValue:
    """The first chairperson's invitation, to send, read out or print; and a new one while nobody has come in."""
    form = TakeBackForm()
    if form.validate_on_submit():
        try:
            commands.invite_again(application, by=current_user.id, now=clock.now())
        except commands.CannotChange as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Here is a new invitation. The earlier one no longer works."))
            return redirect(url_for(".show_invitation", application_id=application.id), 303)
    return render_form(
        "network/onboarding/show_invitation.html", form, application=application, **_invitation(application),
        back=url_for(".show_application", application_id=application.id),
        paper_url=url_for(".print_invitation", application_id=application.id),
    )  # fmt: skip


@bp.get("/<uuid:application_id>/invitation/paper")
@requires(Permission.APPLICATION_OPEN, of=queries.get_application)
def print_invitation(application: Application) -> ResponseReturnValue:
    """The invitation on paper, wholly in the group's language and without the group's name."""
    found = _invitation(application)
    if found["note"] is None:
        abort(410)
    speak(found["opened"].language)
    return render_template(
        "network/onboarding/print_invitation.html", spoken=found["code"], address=found["address"], until=found["until"],
        first_page=public_url("network.enter"),
    )  # fmt: skip


def _invitation(application: Application) -> dict[str, Any]:
    group = db.session.get(Group, application.opened_group_id) if application.opened_group_id else None
    token, code = application.invitation_token, application.invitation_code
    link = find_link(token, LinkPurpose.INVITATION, now=clock.now()) if token else None
    if group is None or token is None or code is None or link is None:
        is_in = commands.is_somebody_in(application)
        return {"opened": group, "address": None, "code": None, "note": None, "until": None, "is_in": is_in}
    address = public_url("invitations.accept_invitation", token=token)
    note = note_of_invitation(link=address, code=code, language=group.language)
    return {
        "opened": group,
        "address": address,
        "code": code,
        "note": note,
        "until": link.expires_at,
        "is_in": False,
    }


def _network() -> Network:
    return get_network_of_office(scope.group_id())


def _reads(network: Network) -> set[str]:
    return {*setting(network.id, STAFF_LANGUAGES), current_user.language}


def _ago(application: Application) -> str:
    return str(format_timedelta(application.sent_at - clock.now(), add_direction=True))
