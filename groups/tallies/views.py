"""A teller enters what they counted, and sees whether the two agree; never what the other counted."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from groups.elections import commands, queries
from groups.elections.commands import CannotElect
from groups.elections.counting.tallies import BALLOTS
from groups.elections.forms import REFUSALS, TallyForm
from groups.elections.models import ElectionState
from groups.elections.rules import Refusal
from groups.officers.forms import office_name
from network import clock
from network.access.guard import by_link, current_group
from network.accounts.models import LinkPurpose, PrivateLink
from network.web.forms import render_form
from network.web.languages import prefer_language

bp = Blueprint("tallies", __name__, url_prefix="/teller/<token>", template_folder="../templates")


@bp.route("", methods=["GET", "POST"])
@by_link(LinkPurpose.TELLER)
def enter_tally(link: PrivateLink) -> ResponseReturnValue:
    teller = queries.get_teller(link.subject_id)
    election = queries.get_election(teller.election_id)
    prefer_language(current_group().language)
    form = TallyForm.for_election(election, is_again=bool(teller.tallies))
    if form.validate_on_submit():
        reason = form.reason.data if teller.tallies else ""
        try:
            commands.enter_tally(election, teller, form.tally, now=clock.now(), reason=reason)
        except CannotElect as refused:
            form.refuse_sums(refused.wrong)
            if refused.refusal != Refusal.WRONG_SUMS:
                form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Your numbers are kept."))
            return redirect(url_for(".enter_tally", **(request.view_args or {})), 303)
    differing = queries.differences(election)
    return render_form(
        "groups/tallies/enter.html",
        form,
        place=current_group(),
        teller=teller,
        election=election,
        is_open=election.state == ElectionState.VOTING,
        ballots_differ=BALLOTS in differing,
        offices_that_differ=[office_name(office) for office in differing if office != BALLOTS],
        office_name=office_name,
    )
