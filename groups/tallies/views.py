"""A teller enters what they counted, and sees whether the two agree; never what the other counted."""

import uuid

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.counts.queries import find_counted
from groups.counts.views import papers_of, sheet_of
from groups.elections import commands as elections
from groups.elections import queries
from groups.elections.commands import CannotElect
from groups.elections.counting import tallies
from groups.elections.counting.tallies import BALLOTS
from groups.elections.forms import REFUSALS
from groups.elections.models import Election, ElectionState, Teller
from groups.elections.rules import Refusal
from groups.membership.queries import get_member, present_members
from groups.officers.forms import office_name
from groups.permissions import Permission
from groups.tallies import commands
from groups.tallies.forms import Asking, ReplaceForm, TallyForm
from network import clock
from network.access.guard import by_link, current_group, requires
from network.accounts.models import LinkPurpose, PrivateLink
from network.db import db
from network.web.forms import once_key, render_form
from network.web.languages import prefer_language

bp = Blueprint("tallies", __name__, url_prefix="/teller/<token>", template_folder="../templates")
tellers = Blueprint(
    "tellers", __name__, url_prefix="/g/<uuid:group_id>/tellers", template_folder="../templates"
)


@tellers.route("/<uuid:teller_id>/replace", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_teller_at_work)
def replace_teller(teller: Teller) -> ResponseReturnValue:
    """Somebody else goes on for a teller who cannot."""
    election = queries.get_election(teller.election_id)
    busy = {one.member_id for one in election.tellers} | queries.tellers_before(election.id)
    busy |= {one.member_id for contest in election.contests for one in contest.candidates}
    form = ReplaceForm.choosing([one for one in db.session.scalars(present_members()) if one.id not in busy])
    if form.validate_on_submit():
        member = get_member(uuid.UUID(form.member_id.data))
        try:
            elections.replace_teller(
                election, teller, member, reason=form.reason.data, by=current_user.id, now=clock.now()
            )
        except CannotElect as refused:
            field = "reason" if refused.refusal == Refusal.REASON_NEEDED else "member_id"
            form.refuse(refused.refusal, REFUSALS, field=field)
        else:
            flash(
                _("Somebody else counts now, with a slip of their own. The old slip opens nothing any more.")
            )
            return redirect(url_for("elections.show_slips", election_id=election.id), 303)
    return render_form("groups/tallies/replace.html", form, teller=teller, election=election)


@bp.route("", methods=["GET", "POST"])
@by_link(LinkPurpose.TELLER)
def enter_tally(link: PrivateLink) -> ResponseReturnValue:
    teller = queries.get_teller(link.subject_id)
    election = queries.get_election(teller.election_id)
    prefer_language(current_group().language)
    asking, more = _what_is_asked(election, teller), request.form.get("more", "")
    form = TallyForm.asking_for(asking, sent=request.form, more=more)
    if more:
        form.once.data = once_key()
    elif form.validate_on_submit():
        reason = form["reason"].data if asking.earlier else ""
        try:
            commands.enter_tally(election, teller, form.tally, now=clock.now(), reason=reason)
        except CannotElect as refused:
            form.refuse_sums(refused.wrong)
            if refused.refusal != Refusal.WRONG_SUMS:
                form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Your numbers are kept."))
            return redirect(url_for(".enter_tally", **(request.view_args or {})), 303)
    return render_form(
        "groups/tallies/enter.html", form, place=current_group(), teller=teller, election=election, asking=asking,
        is_open=election.state == ElectionState.VOTING, ballots_differ=BALLOTS in asking.differing, office_name=office_name,
        token=(request.view_args or {})["token"],
    )  # fmt: skip


@bp.get("/sheet.pdf")
@by_link(LinkPurpose.TELLER)
def print_sheet(link: PrivateLink) -> Response:
    """The sheet to count by hand, empty; filled in once both agree."""
    election = queries.get_election(queries.get_teller(link.subject_id).election_id)
    return sheet_of(election, is_filled=election.state != ElectionState.VOTING)


@bp.get("/<uuid:contest_id>/papers.blt")
@by_link(LinkPurpose.TELLER)
def save_papers(link: PrivateLink, contest_id: uuid.UUID) -> Response:
    """The papers for a counting program, until the result is declared; later a teller who signs in finds them."""
    election = queries.get_election(queries.get_teller(link.subject_id).election_id)
    return papers_of(find_counted(election, contest_id) or abort(404))


def _what_is_asked(election: Election, teller: Teller) -> Asking:
    teller = next(one for one in election.tellers if one.id == teller.id)
    own = queries.newest_tally(election, teller)
    differing = queries.differences(election)
    if own is None or not differing:
        return Asking(election, own)
    other = next(one for one in election.tellers if one.id != teller.id)
    theirs = queries.newest_tally(election, other)
    piles = {
        office: tallies.piles_that_differ(own.offices[office], theirs.offices[office])
        for office in differing
        if office != BALLOTS and theirs
    }
    return Asking(election, own, differing, piles)
