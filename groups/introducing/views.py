"""Pages without an account: asking to join, introducing somebody, and what a private code opens afterwards."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from groups.introducing.forms import (
    AGREEMENT,
    ANYWHERE,
    BESIDE_THE_TICK,
    IntroduceForm,
    JoinForm,
    LeaveOpenForm,
)
from groups.referrals import commands, queries
from groups.referrals.commands import CannotChangeDoor, Person, Writer
from groups.referrals.forms import REFUSALS, WHO_WROTE
from groups.referrals.models import Introducer, Referral, ReferralState
from groups.referrals.rules import Refusal
from groups.safeguarding.queries import asks_age_first, profile_here
from network import clock
from network.access.guard import by_link, current_group, public
from network.accounts.commands import note_try
from network.accounts.models import LinkPurpose, PrivateLink
from network.accounts.sign_in import shortened_address
from network.accounts.stand_ins import stand_in_for
from network.directory.commands import NotTaken, count_message
from network.directory.models import Listing
from network.directory.queries import get_listed
from network.directory.registry import WayOn, said_first
from network.directory.words import REFUSALS as DAY_REFUSALS
from network.tenancy import scope
from network.tenancy.queries import get_group
from network.vault import keys
from network.web.forms import Form, render_form
from network.web.languages import current_language, prefer_language

bp = Blueprint(
    "introducing",
    __name__,
    url_prefix="/<language:language>/groups/<string:slug>",
    template_folder="../templates",
)
doors = Blueprint("own_door", __name__, template_folder="../templates")
FIELDS = {Refusal.AGE_FIRST: "old_enough"}
SHOWN, PASSED_ON, SHOWN_FOR = "shown_code", "passed_on", timedelta(minutes=10)


def ways_on(listing: Listing) -> Iterator[WayOn]:
    """From a group's card, where it takes requests."""
    if listing.takes_requests:
        slug = listing.group.slug
        yield WayOn(url_for("introducing.ask_to_join", slug=slug), _("Ask to join"), is_main=True)
        yield WayOn(url_for("introducing.introduce", slug=slug), _("Introduce somebody"))


def rule_of_age(listing: Listing) -> Any | None:
    """What the country's rule says, where this group asks for a word about age before it takes a way to reach somebody."""
    with scope.visiting(listing.group_id):
        return BESIDE_THE_TICK.get(profile_here(), ANYWHERE) if asks_age_first() else None


@bp.route("/join", methods=["GET", "POST"])
@public("whoever wants to come to a group has no account there yet")
def ask_to_join(language: str, slug: str) -> ResponseReturnValue:
    listing = get_listed(slug)
    if not listing.takes_requests:
        return redirect(url_for("directory.show_listing", slug=slug))
    form = JoinForm.under(said_first(listing))
    if form.validate_on_submit():
        if _is_too_much(listing, form):
            return render_template("groups/introducing/join.html", form=form, listing=listing), 429
        person = Person(form.called.data, language, form.reach.data or "", form.words.data or "", form.ticked)
        try:
            with scope.visiting(listing.group_id):
                group = get_group(listing.group_id)
                code = commands.take_request(group, person, now=clock.now())
        except CannotChangeDoor as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELDS.get(refused.refusal))
        else:
            flash(_("The group has your message."))
            return _show_once(code)
    return render_form("groups/introducing/join.html", form, listing=listing)


@bp.route("/introduce", methods=["GET", "POST"])
@public("somebody may be introduced by whoever they asked to, with or without an account")
def introduce(language: str, slug: str) -> ResponseReturnValue:
    listing = get_listed(slug)
    if not listing.takes_requests:
        return redirect(url_for("directory.show_listing", slug=slug))
    form = IntroduceForm.under(said_first(listing))
    if form.validate_on_submit():
        if _is_too_much(listing, form):
            return render_template("groups/introducing/introduce.html", form=form, listing=listing), 429
        person = Person(form.called.data, form.language.data, form.reach.data or "", old_enough=form.ticked)
        try:
            with scope.visiting(listing.group_id):
                group = get_group(listing.group_id)
                commands.take_introduction(group, person, _writer(form, language), now=clock.now())
        except CannotChangeDoor as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELDS.get(refused.refusal))
        else:
            session[PASSED_ON] = (clock.now() + SHOWN_FOR).isoformat()
            return redirect(url_for("own_door.show_passed_on"), 303)
    return render_form("groups/introducing/introduce.html", form, listing=listing)


def _writer(form: IntroduceForm, language: str) -> Writer:
    return Writer(
        Introducer(form.introduced_by.data), agreement=str(AGREEMENT), agreement_language=language,
        name=form.writer_name.data or "",
    )  # fmt: skip


def _is_too_much(listing: Listing, form: Form) -> bool:
    """Counted by the shortened address, as questions to a group are: in a short time for all groups, in a day for each."""
    place, now = shortened_address(), clock.now()
    if note_try(what=f"join {place}", whence=place, now=now):
        form.form_errors.append(
            _("Many messages came from near you just now. Wait a minute and send it again.")
        )
        return True
    try:
        count_message(listing.group_id, whence=place, today=clock.today(listing.group.time_zone, at=now))
    except NotTaken as refused:
        form.refuse(refused.refusal, DAY_REFUSALS)
        return True
    return False


def _show_once(code: str) -> ResponseReturnValue:
    """Go on to where a code is shown: its address opens nothing, so that a borrowed phone remembers no way in."""
    until = (clock.now() + SHOWN_FOR).isoformat()
    sealed = keys.seal(keys.derived(SHOWN), code, bound_to=until)
    session[SHOWN] = {"code": b64encode(sealed).decode(), "until": until}
    return redirect(url_for("own_door.show_code"), 303)


def _code_to_show() -> str | None:
    """Somebody's new code, for ten minutes: a page that did not arrive can be fetched again."""
    shown = session.get(SHOWN)
    if shown and clock.now() < datetime.fromisoformat(shown["until"]):
        return keys.unseal(keys.derived(SHOWN), b64decode(shown["code"]), bound_to=shown["until"])
    session.pop(SHOWN, None)
    return None


@doors.route("/your-code", methods=["GET", "POST"])
@public(
    "whoever has just asked has no account; the page knows one code, of this browser alone, for ten minutes"
)
def show_code() -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        session.pop(SHOWN, None)
        return redirect(url_for("network.welcome", language=current_language().code), 303)
    code = _code_to_show()
    if code is None:
        return redirect(url_for("accounts.enter_code"))
    return render_form("groups/introducing/your_code.html", form, your_code=code)


@doors.get("/passed-on")
@public(
    "whoever introduced somebody has no account; the page reads nothing but that this browser has just sent it"
)
def show_passed_on() -> ResponseReturnValue:
    """Whoever introduced somebody learns that the group has the message, once, and never anything else."""
    until = session.get(PASSED_ON)
    if not until or clock.now() >= datetime.fromisoformat(until):
        session.pop(PASSED_ON, None)
        return redirect(url_for("network.welcome", language=current_language().code))
    return render_template("groups/introducing/passed_on.html")


@doors.route("/answer/<token>", methods=["GET", "POST"])
@by_link(LinkPurpose.ASKING)
def show_own(link: PrivateLink) -> ResponseReturnValue:
    """Where it stands, what the group answered, and whether it may ask again."""
    referral, form = _open(link), LeaveOpenForm()
    if form.validate_on_submit():
        try:
            code = commands.leave_door_open(
                current_group(), referral, int(form.months.data), by=None, now=clock.now()
            )
        except CannotChangeDoor as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("It is kept as you said. Nobody writes to you before that day."))
            return _go_on(code, referral, link)
    return _own_page(referral, form, is_own=link.token_hash == referral.key_hash)


def _go_on(code: str | None, referral: Referral, link: PrivateLink) -> ResponseReturnValue:
    """To the same page; where the group's note led here it opens nothing any more, and a code of their own is shown."""
    if code:
        return _show_once(code)
    if link.token_hash != referral.key_hash:
        return redirect(url_for("network.welcome", language=current_language().code), 303)
    return redirect(url_for(".show_own", token=_token()), 303)


def _own_page(referral: Referral, form: Form, *, is_own: bool) -> ResponseReturnValue:
    """The group's note reads the answer and no more than that."""
    waits = queries.find_waiting_invitation(referral, now=clock.now()) is not None
    return render_form(
        "groups/introducing/own.html", form, referral=referral, group=current_group(), who_wrote=WHO_WROTE[referral.introduced_by],
        join_url=url_for(".open_invitation", token=_token()) if waits else None,
        may_rest=referral.state != ReferralState.RESTING, may_come_back=referral.state in {ReferralState.RESTING, ReferralState.ASKED},
        come_back_url=url_for(".come_back", token=_token()), take_back_url=url_for(".take_back", token=_token()),
        answer_url=url_for(".show_own", token=_token()), is_own=is_own,
    )  # fmt: skip


@doors.post("/answer/<token>/invitation")
@by_link(LinkPurpose.ASKING)
def open_invitation(link: PrivateLink) -> ResponseReturnValue:
    """On to the invitation that came with the answer, at an address that opens nothing on another phone."""
    invitation = queries.find_waiting_invitation(_open(link), now=clock.now())
    if invitation is None:
        return redirect(url_for(".show_own", token=_token()), 303)
    here = stand_in_for(invitation.token or "", now=clock.now())
    return redirect(url_for("invitations.accept_invitation", token=here), 303)


@doors.post("/answer/<token>/come-back")
@by_link(LinkPurpose.ASKING)
def come_back(link: PrivateLink) -> ResponseReturnValue:
    """They would like to hear from the group now."""
    referral = _open(link)
    try:
        code = commands.come_back(current_group(), referral, now=clock.now())
    except CannotChangeDoor as refused:
        flash(REFUSALS[refused.refusal])
        return redirect(url_for(".show_own", token=_token()), 303)
    flash(_("The group sees it now, and answers you."))
    return _go_on(code, referral, link)


@doors.route("/answer/<token>/take-back", methods=["GET", "POST"])
@by_link(LinkPurpose.ASKING)
def take_back(link: PrivateLink) -> ResponseReturnValue:
    """Close the door: everything is erased at once, without a reason."""
    referral, form = _open(link), Form()
    if form.validate_on_submit():
        commands.erase_referral(referral, by=None, now=clock.now(), why="closed")
        flash(_("The door is closed and everything is erased. You can knock again any day."))
        return redirect(url_for("network.welcome", language=current_language().code), 303)
    return render_form(
        "groups/introducing/take_back.html", form, answer_url=url_for(".show_own", token=_token())
    )


@doors.errorhandler(410)
def show_gone(gone: HTTPException) -> ResponseReturnValue:  # noqa: ARG001 - it says the same for every reason
    """What was erased, has run out or never was: one page for all of them."""
    return render_template("groups/introducing/gone.html"), 410


def _open(link: PrivateLink) -> Referral:
    """What the code opens; what is erased is gone, as if the code had run out. The page speaks the person's language."""
    referral = queries.find_by_key(link.token_hash, to_change=request.method == "POST")
    if referral is None:
        abort(410)
    prefer_language(referral.language)
    return referral


def _token() -> str:
    return str((request.view_args or {})["token"])
