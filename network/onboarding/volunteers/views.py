"""Asking a volunteer, and the volunteer's own page."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import by_link, public, requires
from network.accounts.models import LinkPurpose, PrivateLink
from network.onboarding.applications.commands import accompany
from network.onboarding.applications.forms import QUESTIONS
from network.onboarding.applications.models import Application
from network.onboarding.applications.queries import get_application, passages_to_translate
from network.onboarding.volunteers import commands, queries, rules
from network.onboarding.volunteers.emails import note_of_request
from network.onboarding.volunteers.forms import REFUSALS, AskVolunteerForm, field_name, form_for
from network.onboarding.volunteers.models import TranslationRequest
from network.permissions import Permission
from network.tenancy import scope
from network.tenancy.queries import get_network_of_office
from network.tenancy.settings import STAFF_LANGUAGES, setting
from network.web.forms import render_form
from network.web.languages import current_language, named, prefer_language
from network.web.pages import public_url

bp = Blueprint(
    "volunteers", __name__, url_prefix="/n/<uuid:network_id>/applications/<uuid:application_id>/translations"
)
link_bp = Blueprint("translating", __name__)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.APPLICATION_ANSWER, of=get_application)
def ask_volunteer(application: Application) -> ResponseReturnValue:
    """Choose exactly what goes out."""
    passages = passages_to_translate(application.id)
    form = AskVolunteerForm(into=current_language().code)
    form.passages.choices = [(str(one.id), one.body) for one in passages]
    form.into.choices = [(code, named(code).autonym) for code in _languages_of_staff()]
    if form.validate_on_submit():
        chosen = [one for one in passages if str(one.id) in (form.passages.data or [])]
        try:
            asked = commands.ask_volunteer(
                application.id, chosen, into=form.into.data, by=current_user.id, now=clock.now()
            )
        except commands.CannotAsk as refused:
            form.refuse(refused.refusal, REFUSALS, field="passages")
        else:
            accompany(application)
            return redirect(url_for(".show_request", application_id=application.id, request_id=asked.id), 303)
    return render_form(
        "network/onboarding/ask_volunteer.html", form, questions=QUESTIONS,
        passages=[(one, named(one.language), str(one.id) in (form.passages.data or [])) for one in passages],
        back=_back(application.id),
    )  # fmt: skip


def _languages_of_staff() -> list[str]:
    network = get_network_of_office(scope.group_id())
    return sorted({*setting(network.id, STAFF_LANGUAGES), current_user.language})


@bp.get("/<uuid:request_id>")
@requires(Permission.APPLICATION_ANSWER, of=queries.get_request)
def show_request(asked: TranslationRequest) -> ResponseReturnValue:
    """The link and the code for the volunteer, as long as they are good; what came back afterwards."""
    note, address = None, None
    if rules.is_open(asked, now=clock.now()) and asked.token and asked.code:
        address = public_url("translating.translate_passages", token=asked.token)
        note = note_of_request(link=address, code=asked.code, into=asked.into)
    return render_template(
        "network/onboarding/show_request.html", asked=asked, note=note, address=address, into=named(asked.into),
        passages=[(one, passage, named(passage.language)) for one, passage in queries.asked_passages(asked.id)],
        back=_back(asked.application_id),
        withdraw_url=url_for(".withdraw_request", application_id=asked.application_id, request_id=asked.id),
    )  # fmt: skip


@bp.post("/<uuid:request_id>/withdraw")
@requires(Permission.APPLICATION_ANSWER, of=queries.get_request)
def withdraw_request(asked: TranslationRequest) -> ResponseReturnValue:
    commands.withdraw_request(asked, by=current_user.id, now=clock.now())
    flash(_("The volunteer’s link is closed."))
    return redirect(_back(asked.application_id), 303)


def _back(application_id: uuid.UUID) -> str:
    return url_for("applications.show_application", application_id=application_id)


@link_bp.route("/translate/<token>", methods=["GET", "POST"])
@by_link(LinkPurpose.TRANSLATION)
def translate_passages(link: PrivateLink) -> ResponseReturnValue:
    """The volunteer sees the chosen sentences, and nothing about whom they are from."""
    asked = queries.get_request_of_link(link.subject_id, to_answer=request.method == "POST")
    if not rules.is_open(asked, now=clock.now()):
        abort(410)
    prefer_language(asked.into)
    passages = queries.asked_passages(asked.id)
    form = form_for(one.id for one, _passage in passages)
    if form.validate_on_submit():
        try:
            commands.keep_translations(
                asked, {one.id: form.words(one.id) for one, _passage in passages}, volunteer=form.volunteer.data or "",
                now=clock.now(),
            )  # fmt: skip
        except commands.CannotAsk as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".thank_volunteer", language=current_language().code), 303)
    return render_form(
        "network/onboarding/translate_passages.html", form, into=named(asked.into),
        passages=[(passage.body, named(passage.language), form[field_name(one.id)]) for one, passage in passages],
    )  # fmt: skip


@link_bp.get("/<language:language>/translated")
@public("a volunteer has no account; this page only says thank you")
def thank_volunteer(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    return render_template("network/onboarding/thank_volunteer.html")
