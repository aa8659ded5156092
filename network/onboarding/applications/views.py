"""The applicant's pages: start a group, follow the application, write, take everything back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from network import clock
from network.access.guard import by_link, public
from network.accounts import commands as accounts
from network.accounts import stand_ins
from network.accounts.models import LinkPurpose, PrivateLink
from network.accounts.queries import find_link
from network.accounts.sign_in import shortened_address
from network.onboarding.applications import commands, queries
from network.onboarding.applications.forms import STANDS, MessageForm, StartForm, TakeBackForm
from network.onboarding.applications.models import Application, ApplicationState, Question
from network.onboarding.journey.queries import journey_of
from network.tenancy import scope
from network.tenancy.queries import get_network_of_office, networks_open_to_groups
from network.tenancy.settings import APPROVED_ONLY, setting
from network.web.forms import render_form
from network.web.languages import current_language, named, prefer_language
from network.web.pages import public_url

bp = Blueprint("onboarding", __name__)
ANSWERS = (Question.FOR_WHOM, Question.SPOKEN, Question.WHY)


@bp.get("/<language:language>/start")
@public("whoever wants to start a group has no account yet")
def start_group(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    """Choose the network to start with; straight on where the address names one or there is only one."""
    networks = networks_open_to_groups()
    wanted = [one for one in networks if one.slug == request.args.get("network")] or networks
    if len(wanted) == 1:
        return redirect(url_for(".apply", network_id=wanted[0].office_id))
    return render_template(
        "network/onboarding/choose_network.html",
        networks=[(one, url_for(".apply", network_id=one.office_id)) for one in wanted],
    )


@bp.route("/<language:language>/start/<uuid:network_id>", methods=["GET", "POST"])
@public(
    "an application needs no account; it is written into the office the address names and read by its staff only"
)
def apply(language: str) -> ResponseReturnValue:
    network = get_network_of_office(scope.group_id())
    form = StartForm()
    if form.validate_on_submit():
        place = shortened_address()
        if accounts.note_try(what=f"application {place}", whence=place, now=clock.now()):
            form.form_errors.append(
                _("Many applications came from here just now. Wait a few minutes and try again.")
            )
            return render_template("network/onboarding/start.html", form=form, network=network), 429
        _application, token = commands.send_application(
            language=language, reach=form.reach.data, called=form.called.data, place=form.place.data,
            answers={question: form[question].data for question in ANSWERS}, now=clock.now(),
            today=clock.today(network.office.time_zone),
        )  # fmt: skip
        flash(_("Your application is on its way."))
        here = stand_ins.stand_in_for(token, now=clock.now())
        return redirect(url_for(".follow_application", token=here), 303)
    return render_form("network/onboarding/start.html", form, network=network)


@bp.route("/application/<token>", methods=["GET", "POST"])
@by_link(LinkPurpose.APPLICATION)
def follow_application(link: PrivateLink) -> ResponseReturnValue:
    """Where it stands, what was written, and a box to write back."""
    application, token = _open(link), _token()
    form = MessageForm()
    if form.validate_on_submit():
        commands.write_message(
            application, form.words.data, language=current_language().code, now=clock.now()
        )
        flash(_("Your message is sent."))
        return redirect(url_for(".follow_application", token=token), 303)
    network = get_network_of_office(application.group_id)
    approved_only = setting(network.id, APPROVED_ONLY)
    passages = queries.passages_of(application.id)
    return render_form(
        "network/onboarding/follow.html", form, application=application, network=network, stands=STANDS[application.state],
        journey=journey_of(application.id, approved_only=approved_only),
        conversation=[(one, named(one.language)) for one in passages if one.question in queries.CONVERSATION],
        way_back=public_url(".follow_application", token=stand_ins.meant_by(token, now=clock.now())), join_url=_join_url(application),
        take_back_url=url_for(".take_back", token=token),
    )  # fmt: skip


@bp.route("/application/<token>/take-back", methods=["GET", "POST"])
@by_link(LinkPurpose.APPLICATION)
def take_back(link: PrivateLink) -> ResponseReturnValue:
    """Say what happens, then erase."""
    application = _open(link)
    form = TakeBackForm()
    if form.validate_on_submit():
        commands.take_back(application, now=clock.now())
        flash(_("Your application is taken back. What you wrote is erased."))
        return redirect(url_for("network.welcome", language=current_language().code), 303)
    return render_form(
        "network/onboarding/take_back.html", form, back=url_for(".follow_application", token=_token()),
        is_opened=application.state == ApplicationState.OPENED,
    )  # fmt: skip


def _open(link: PrivateLink) -> Application:
    application = queries.get_application(link.subject_id)
    if application.erased_at:
        abort(410)
    prefer_language(application.language)
    return application


def _token() -> str:
    return str((request.view_args or {})["token"])


def _join_url(application: Application) -> str | None:
    """The first chairperson's invitation, where it is the applicant's and still waits."""
    token = application.invitation_token
    if not (
        application.is_invitation_shown
        and token
        and find_link(token, LinkPurpose.INVITATION, now=clock.now())
    ):
        return None
    return url_for("invitations.accept_invitation", token=token)
