"""Accepting an invitation: with a new account, by signing in, or as whoever is signed in on this phone."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import by_link, current_group
from network.accounts import commands as accounts
from network.accounts import sign_in as door
from network.accounts.models import Account, LinkPurpose, PrivateLink
from network.accounts.queries import roles_held
from network.accounts.rules import Refusal
from network.invitations import commands, queries, rules
from network.invitations.models import Invitation, InvitationKind
from network.signing_in.forms import REFUSALS, NewAccountForm, SignInForm
from network.web.forms import Form, render_form
from network.web.languages import prefer_language
from network.web.sessions import let_in

bp = Blueprint("invitations", __name__, url_prefix="/join/<token>")
FIELDS = {Refusal.NOT_AN_IDENTIFIER: "sign_in", Refusal.TAKEN: "sign_in"}


@bp.route("", methods=["GET", "POST"])
@by_link(LinkPurpose.INVITATION)
def accept_invitation(link: PrivateLink) -> ResponseReturnValue:
    """Make an account and join with it."""
    invitation, form = _open(link), NewAccountForm()
    if form.validate_on_submit():
        try:
            account = accounts.open_account(
                identifier=form.sign_in.data, password=form.password.data, shown_name=form.shown_name.data,
                language=invitation.language, now=clock.now(),
            )  # fmt: skip
        except accounts.CannotOpenAccount as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELDS.get(refused.refusal, "password"))
        else:
            return _join(invitation, account)
    return _page("network/invitations/accept.html", form)


@bp.route("/sign-in", methods=["GET", "POST"])
@by_link(LinkPurpose.INVITATION)
def accept_by_signing_in(link: PrivateLink) -> ResponseReturnValue:
    """Join with an account somebody has already."""
    invitation, form = _open(link), SignInForm()
    if form.validate_on_submit():
        try:
            account = door.recognise(form.sign_in.data, form.password.data)
        except door.TooManyTries:
            form.form_errors.append(_("There were many tries just now. Wait a minute and try again."))
            return _page("network/invitations/accept_by_signing_in.html", form, status=429)
        if account:
            return _join(invitation, account)
        form.form_errors.append(
            _("These do not belong together. Look at both once more; nothing was changed.")
        )
    return _page("network/invitations/accept_by_signing_in.html", form)


@bp.post("/as-myself")
@by_link(LinkPurpose.INVITATION)
def accept_as_myself(link: PrivateLink) -> ResponseReturnValue:
    """Join as whoever is signed in here."""
    if not current_user.is_authenticated:
        return redirect(_join_url(), 303)
    return _join(_open(link), current_user._get_current_object())  # noqa: SLF001 - the proxy itself cannot be kept


def _open(link: PrivateLink) -> Invitation:
    """The invitation behind the link, held so that it is accepted once; the page speaks its language."""
    seek = queries.get_invitation_to_accept if request.method == "POST" else queries.get_invitation
    invitation = seek(link.subject_id)
    if rules.why_not_accept(invitation, now=clock.now()):
        abort(410)
    prefer_language(invitation.language)
    return invitation


def _join(invitation: Invitation, account: Account) -> ResponseReturnValue:
    """Let them in. Whoever is in already goes home and leaves it unused; whoever made it cannot be whom it is for."""
    now = clock.now()
    if InvitationKind.MEMBER in roles_held(account.id, invitation.group_id, now=now):
        let_in(account)
        return redirect(url_for("home.show_home", group_id=invitation.group_id), 303)
    if invitation.made_by == account.id:
        abort(403)
    commands.accept_invitation(invitation, account, now=now)
    let_in(account)
    flash(_("You are in. Welcome."))
    return redirect(url_for("home.show_home", group_id=invitation.group_id), 303)


def _join_url() -> str:
    return url_for(".accept_invitation", token=_token())


def _token() -> str:
    return str((request.view_args or {})["token"])


def _page(template: str, form: Form, status: int = 0) -> ResponseReturnValue:
    page, usual = render_form(
        template, form, place=current_group(), join_url=_join_url(),
        sign_in_url=url_for(".accept_by_signing_in", token=_token()), as_myself_url=url_for(".accept_as_myself", token=_token()),
    )  # fmt: skip
    return page, status or usual
