"""Voting on one's own phone or with a slip; and, for whoever runs the election, the key, the roll, the slips and the box."""

import uuid
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.ballots import commands, papers, queries
from groups.ballots.commands import CannotVote
from groups.ballots.forms import FAULTS, REFUSALS, BallotForm, BeginWithBoxForm, MarkForm, key_form, open_form
from groups.ballots.models import BallotBox, BallotSlip, BoxState, Channel, RollEntry
from groups.ballots.rules import Refusal
from groups.elections.commands import CannotElect
from groups.elections.counting.any_rule import PaperFault
from groups.elections.models import Election, VotingMethod
from groups.elections.queries import get_election
from groups.elections.views import refuse_election
from groups.membership.queries import find_own_member, get_member, present_members
from groups.officers.forms import office_name
from groups.permissions import Permission
from network import clock
from network.access.actor import Actor
from network.access.guard import by_link, current_group, requires
from network.accounts.models import LinkPurpose, PrivateLink
from network.db import db
from network.documents.answers import Kind, answer
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import moment
from network.web.forms import Form, render_form
from network.web.languages import prefer_language
from network.web.pages import public_url
from network.web.paging import page_of

bp = Blueprint(
    "ballots", __name__, url_prefix="/g/<uuid:group_id>/elections/<uuid:election_id>/box", template_folder="../templates"
)  # fmt: skip
slips = Blueprint("slips", __name__, url_prefix="/slip/<token>", template_folder="../templates")


def _page_of_paper(
    page: str, election: Election, box: BallotBox, form: BallotForm, *, sender: RollEntry | BallotSlip | None
) -> ResponseReturnValue:
    is_slip = isinstance(sender, BallotSlip)
    own = None
    if sender and box.state == BoxState.OPEN:
        own = queries.find_own_tracker(**{"slip_id" if is_slip else "entry_id": sender.id})
    return render_form(
        page, form, election=election, box=box, own=own, now=clock.now(), place=current_group(),
        is_in_room=isinstance(sender, RollEntry) and sender.channel is not None,
        is_on_roll=is_slip or (sender is not None and box.with_phones),
        key=b64encode(bytes(box.public_key)).decode(), asked={one.position: one for one in form.asked}, office_name=office_name,
        too_many=FAULTS[PaperFault.TOO_MANY], gap=FAULTS[PaperFault.GAP],
    )  # fmt: skip


def _cast(
    box: BallotBox, form: BallotForm, *, entry: RollEntry | None = None, slip: BallotSlip | None = None
) -> bool:
    """Take what was sent; where it cannot be taken the form says why, and an earlier vote stays."""
    sealed = form.envelope()
    if sealed is None:
        paper = form.chosen()
        if paper is None:
            return False
        sealed = commands.seal_here(box, paper)
    try:
        commands.cast(box.election_id, sealed, now=clock.now(), entry=entry, slip=slip)
    except CannotVote as refused:
        form.refuse(refused.refusal, REFUSALS)
        return False
    return True  # and nothing is flashed: that would write into the session when it was


@bp.route("/vote", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_VOTE, of=queries.get_box)
def vote(box: BallotBox) -> ResponseReturnValue:
    """A member's paper on their own phone."""
    election, own = get_election(box.election_id), find_own_member(current_user.id)
    entry = queries.find_entry(box.election_id, own.id) if own else None
    form = BallotForm(queries.asked_in(election))
    if form.validate_on_submit() and _cast(box, form, entry=entry):
        return redirect(url_for(".vote", election_id=box.election_id), 303)
    return _page_of_paper("groups/ballots/vote.html", election, box, form, sender=entry)


@slips.route("", methods=["GET", "POST"])
@by_link(LinkPurpose.BALLOT)
def vote_with_slip(link: PrivateLink) -> ResponseReturnValue:
    """A paper behind a slip's code, on whatever phone is there."""
    slip = queries.get_slip(link.subject_id)
    box, election = queries.get_box(slip.election_id), get_election(slip.election_id)
    prefer_language(current_group().language)
    form = BallotForm(queries.asked_in(election))
    if form.validate_on_submit() and _cast(box, form, slip=slip):
        return redirect(url_for(".vote_with_slip", **(request.view_args or {})), 303)
    return _page_of_paper("groups/ballots/vote_with_slip.html", election, box, form, sender=slip)


@bp.route("/key", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=get_election)
def prepare_box(election: Election) -> ResponseReturnValue:
    """Three people make a key on one phone; any two of them open the box later."""
    standing = {one.member_id for contest in election.contests for one in contest.candidates}
    members = [
        (str(one.id), one.nickname) for one in db.session.scalars(present_members()) if one.id not in standing
    ]
    form = key_form(members)
    if form.validate_on_submit():
        keys = form.keys()
        if keys is None:
            form.form_errors = [
                _("The key did not arrive. Make it once more on a phone with a newer browser.")
            ]
        elif _prepare(election, form, keys):
            flash(_("The key is made. The three shares are with the three of you, and nowhere else."))
            return redirect(url_for("elections.show_election", election_id=election.id), 303)
    return render_form(
        "groups/ballots/prepare_box.html", form, election=election, box=queries.find_box(election.id)
    )


def _prepare(election: Election, form: Form, keys: tuple[bytes, bytes]) -> bool:
    keepers = [get_member(uuid.UUID(code)) for code in form.keepers()]
    try:
        commands.prepare_box(
            election, public_key=keys[0], wrapped_key=keys[1], keepers=keepers, by=current_user.id, now=clock.now()
        )  # fmt: skip
    except CannotVote as refused:
        form.refuse(
            refused.refusal,
            REFUSALS,
            "third" if refused.refusal in {Refusal.KEEPERS_ARE_NOT_THREE, Refusal.KEEPER_STANDS} else None,
        )
        return False
    return True


@bp.route("/begin", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_box)
def begin_vote(box: BallotBox) -> ResponseReturnValue:
    """Begin a vote in which people also vote on phones or with slips."""
    election = get_election(box.election_id)
    standing = {one.member_id for contest in election.contests for one in contest.candidates}
    members = [one for one in db.session.scalars(present_members()) if one.id not in standing]
    form = BeginWithBoxForm.choosing(members)
    if form.validate_on_submit() and _begin(election, form):
        return redirect(url_for(".show_box", election_id=election.id), 303)
    return render_form(
        "groups/ballots/begin_vote.html", form, election=election, roll=len(members) + len(standing)
    )


def _begin(election: Election, form: BeginWithBoxForm) -> bool:
    tellers = [get_member(uuid.UUID(field.data)) for field in (form.first_teller, form.second_teller)]
    try:
        commands.begin_vote(
            current_group(), election, method=VotingMethod(form.method.data), tellers=tellers, with_phones=form.with_phones.data,
            slips=form.slips.data or 0, lasts=timedelta(minutes=int(form.lasts.data)), by=current_user.id, now=clock.now(),
        )  # fmt: skip
    except CannotElect as refused:
        refuse_election(form, refused)
        return False
    except CannotVote as refused:
        form.refuse(refused.refusal, REFUSALS, "slips" if refused.refusal == Refusal.NOBODY_VOTES else None)
        return False
    return True


@bp.get("")
@requires(Permission.ELECTIONS_READ, of=queries.get_box)
def show_box(box: BallotBox) -> ResponseReturnValue:
    """How far the box is; once it is closed, the letters of every envelope that was in it."""
    own, now = find_own_member(current_user.id), clock.now()
    found = queries.find_vote_for(own.id, now) if own else None
    return render_template(
        "groups/ballots/show_box.html",
        box=box,
        election=get_election(box.election_id),
        keepers=[name for _keeper, name in queries.keepers_of(box.id)],
        openers=[name for keeper, name in queries.keepers_of(box.id) if keeper.digest is not None],
        trackers=queries.trackers(box.election_id),
        given=queries.count_given(box.election_id),
        may_vote=found is not None and found[0].id == box.id,
        now=now,
    )


@bp.get("/roll")
@requires(Permission.ELECTIONS_RUN, of=queries.get_box)
def show_roll(box: BallotBox) -> ResponseReturnValue:
    """Who may vote, to mark whoever is handed a paper or a slip. It does not say who voted."""
    page = page_of(queries.roll_of(box.election_id))
    return render_template("groups/ballots/show_roll.html", box=box, page=page, channels=Channel)


@bp.route("/roll/<uuid:entry_id>", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_entry_in)
def mark_on_roll(entry: RollEntry) -> ResponseReturnValue:
    form = MarkForm(channel=entry.channel or "")
    if form.validate_on_submit():
        try:
            channel = Channel(form.channel.data) if form.channel.data else None
            commands.mark_on_roll(entry, channel, by=current_user.id, now=clock.now())
        except CannotVote as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".show_roll", election_id=entry.election_id), 303)
    member = get_member(entry.member_id)
    return render_form("groups/ballots/mark_on_roll.html", form, entry=entry, member=member)


@bp.get("/slips")
@requires(Permission.ELECTIONS_RUN, of=queries.get_box)
def show_slips(box: BallotBox) -> ResponseReturnValue:
    """Slips to print, cut and put in a hat."""
    return render_template(
        "groups/ballots/show_slips.html", box=box, slips=[one for one in queries.slips_of(box.election_id) if one.code]
    )  # fmt: skip


@bp.get("/slips.pdf")
@requires(Permission.ELECTIONS_RUN, of=queries.get_box)
def print_slips(box: BallotBox) -> Response:
    """The same on paper, as long as the box is open."""
    codes = [one.code for one in queries.slips_of(box.election_id) if one.code]
    if not codes or box.closes_at is None:
        abort(404)
    election = get_election(box.election_id)
    made = papers.slips(
        codes, held_on=election.held_on, closes_at=box.closes_at, service=public_url("accounts.enter_code"),
        language=current_group().language,
    )  # fmt: skip
    return answer(made, Kind.PDF, name=f"slips-{election.held_on.isoformat()}")


@bp.route("/close", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_box)
def close_box(box: BallotBox) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            commands.close_box(get_election(box.election_id), by=current_user.id, now=clock.now())
        except CannotVote as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".show_box", election_id=box.election_id), 303)
    return render_form("groups/ballots/close_box.html", form, box=box, now=clock.now())


@bp.route("/open", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_box)
def open_box(box: BallotBox) -> ResponseReturnValue:
    """Two keepers, one after the other, each with two shares: what their phones read has to be the same."""
    if box.state != BoxState.CLOSED:
        return redirect(url_for(".show_box", election_id=box.election_id))
    keepers = queries.keepers_of(box.id)
    form = open_form({str(keeper.id): name for keeper, name in keepers})
    if form.validate_on_submit():
        texts = form.texts()
        if texts is None:
            form.form_errors = [_("Nothing was opened: this needs a phone with scripts and a newer browser.")]
        elif done := _keep_opened(box, form, texts):
            return done
    return render_form(
        "groups/ballots/open_box.html", form, box=box, wrapped=b64encode(bytes(box.wrapped_key or b"")).decode(),
        envelopes=[b64encode(one).decode() for one in queries.boxed(box.election_id)],
        is_second=any(keeper.digest for keeper, _name in keepers),
    )  # fmt: skip


def _keep_opened(box: BallotBox, form: Form, texts: list[str]) -> ResponseReturnValue | None:
    election = get_election(box.election_id)
    keeper = next(
        (one for one, _name in queries.keepers_of(box.id) if str(one.id) == form.keeper.data), None
    ) or abort(404)
    try:
        is_written = commands.keep_opened(
            election, keeper, texts, asked=queries.asked_in(election), now=clock.now()
        )
    except CannotVote as refused:
        if refused.refusal == Refusal.RESULTS_DIFFER:
            commands.start_opening_again(election, by=current_user.id, now=clock.now())
            flash(REFUSALS[refused.refusal])
            return redirect(url_for(".open_box", election_id=box.election_id), 303)
        form.refuse(refused.refusal, REFUSALS, "keeper")
        return None
    if not is_written:
        flash(_("The first of you has opened the box. Now a second one does the same."))
        return redirect(url_for(".open_box", election_id=box.election_id), 303)
    flash(_("Both got the same papers. The votes are counted."))
    return redirect(url_for("elections.show_election", election_id=box.election_id), 303)


def page_of_box(election: Election) -> str | None:
    """Where the box of an election is found, if votes go in it."""
    box = queries.find_box(election.id)
    return (
        url_for("ballots.show_box", election_id=election.id)
        if box and box.state != BoxState.PREPARED
        else None
    )


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - the registry's signature
    """A vote is on, and nothing of this member is in the box yet."""
    own = find_own_member(actor.account_id)
    found = queries.find_vote_for(own.id, now) if own else None
    if found and not found[1]:
        box = found[0]
        yield Todo(
            title=_("The members vote"), why=_("Until %(when)s", when=moment(box.closes_at or now)),
            href=url_for("ballots.vote", election_id=box.election_id), soon=True, order=5,
        )  # fmt: skip
