"""The election's pages: calling, naming, beginning the vote, the lot, declaring, and how it came out."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.elections import commands, queries, rules
from groups.elections.commands import CannotElect
from groups.elections.counting import lot
from groups.elections.forms import (
    CANDIDACIES,
    KINDS,
    METHODS,
    NAMED,
    REFUSALS,
    STATES,
    BeginForm,
    CallForm,
    LotForm,
    NameForm,
    StandForm,
    VoidForm,
)
from groups.elections.models import Candidacy, Election, ElectionKind, ElectionState, NamedBy, VotingMethod
from groups.elections.rules import Refusal
from groups.membership.queries import find_own_member, get_member, present_members
from groups.officers import queries as officers
from groups.officers.forms import RULES, office_name
from groups.officers.rules import is_election_due, is_pressing
from groups.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.db import db
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import day
from network.web.forms import Form, render_form
from network.web.paging import page_of

NEAR = timedelta(days=14)
FIELDS = {
    Refusal.DAY_IS_PAST: "held_on",
    Refusal.DAY_TOO_FAR: "held_on",
    Refusal.DAY_IS_TO_COME: "held_on",
    Refusal.TOO_LONG_AGO: "held_on",
    Refusal.NOTICE_TOO_SHORT: "held_on",
    Refusal.NO_OFFICE: "offices",
    Refusal.NO_VACANCY: "offices",
    Refusal.ANOTHER_IS_OPEN: "kind",
    Refusal.NAMED_ALREADY: "member_id",
    Refusal.NOT_A_MEMBER: "member_id",
    Refusal.STANDS_ELSEWHERE: "member_id",
    Refusal.TELLERS_ARE_ONE: "second_teller",
    Refusal.TELLER_IS_CANDIDATE: "first_teller",
    Refusal.TOO_FEW_NUMBERS: "numbers",
    Refusal.REASON_NEEDED: "reason",
}
"""Beside which question a refusal is told; the others stand on top."""

bp = Blueprint(
    "elections", __name__, url_prefix="/g/<uuid:group_id>/elections", template_folder="../templates"
)


@bp.context_processor
def _words_of_elections() -> dict[str, object]:
    return {"office_name": office_name, "rules": RULES}


def refuse_election(form: Form, refused: CannotElect) -> None:
    """Say beside its question, or on top, why this cannot be done with an election."""
    field = FIELDS.get(refused.refusal)
    form.refuse(refused.refusal, REFUSALS, field=field if field and hasattr(form, field) else None)


def _to(election: Election) -> ResponseReturnValue:
    return redirect(url_for(".show_election", election_id=election.id), 303)


@bp.get("/")
@requires(Permission.ELECTIONS_READ)
def list_elections() -> ResponseReturnValue:
    page = page_of(queries.elections())
    return render_template(
        "groups/elections/list.html",
        page=page,
        states=STATES,
        kinds=KINDS,
        articles=officers.articles_in_force(),
    )


@bp.route("/call", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_CALL)
def call_election() -> ResponseReturnValue:
    articles = officers.articles_in_force()
    form = CallForm.for_offices(articles.elected, notice_days=articles.notice_days)
    if form.validate_on_submit():
        try:
            election = commands.call_election(
                current_group(), kind=ElectionKind(form.kind.data), offices=form.offices.data, held_on=form.held_on.data,
                by=current_user.id, now=clock.now(), is_short_notice_agreed=form.is_short_notice_agreed.data,
                was_held=form.was_held.data,
            )  # fmt: skip
        except CannotElect as refused:
            refuse_election(form, refused)
        else:
            flash(
                _("Now write down who stood.")
                if form.was_held.data
                else _("The election is called. Nominations are open from now on.")
            )
            return _to(election)
    return render_form("groups/elections/call.html", form)


@bp.get("/<uuid:election_id>/")
@requires(Permission.ELECTIONS_READ, of=queries.get_election)
def show_election(election: Election) -> ResponseReturnValue:
    return render_template(
        "groups/elections/show.html",
        election=election,
        came=queries.how_it_came(election),
        own=find_own_member(current_user.id),
        today=clock.today(current_group().time_zone),
        differences=queries.differences(election),
        elsewhere=queries.pages_elsewhere(election),
        from_elsewhere=queries.took_part_elsewhere(election),
        quorum=rules.quorum(
            roll=election.roll or queries.count_roll(current_group(), election, now=clock.now()),
            percent=election.quorum_percent,
        ),
        replaced=queries.replaced_tellers(election.id),
        now=clock.now(),
        kinds=KINDS,
        states=STATES,
        methods=METHODS,
        candidacies=CANDIDACIES,
        named=NAMED,
        drawn_by=lot.line,
        frozen_text=rules.frozen_text(election) if election.fingerprint else "",
        is_written_later=rules.is_written_later(election, current_group().time_zone),
    )


@bp.route("/<uuid:election_id>/name", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_election)
def name_candidate(election: Election) -> ResponseReturnValue:
    form = NameForm.choosing(election.contests, db.session.scalars(present_members()))
    if form.validate_on_submit():
        named_by = NamedBy(form.named_by.data)
        if _name(
            election,
            form,
            member_id=uuid.UUID(form.member_id.data),
            named_by=named_by,
            has_accepted=form.has_accepted.data,
        ):
            flash(_("The nomination is recorded."))
            return _to(election)
    if request.method == "GET":
        form.contest_id.data = request.args.get("office", form.contest_id.data)
    return render_form("groups/elections/name.html", form, election=election)


@bp.route("/<uuid:election_id>/stand", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_STAND, of=queries.get_election)
def stand(election: Election) -> ResponseReturnValue:
    """Put oneself forward."""
    own = find_own_member(current_user.id) or abort(404)
    form = StandForm.choosing(election.contests)
    if form.validate_on_submit() and _name(
        election, form, member_id=own.id, named_by=NamedBy.THEMSELVES, has_accepted=True
    ):
        flash(_("You stand. Thank you for offering."))
        return _to(election)
    return render_form("groups/elections/stand.html", form, election=election)


def _name(
    election: Election,
    form: NameForm | StandForm,
    *,
    member_id: uuid.UUID,
    named_by: NamedBy,
    has_accepted: bool,
) -> bool:
    contest = queries.contest_in(election, uuid.UUID(form.contest_id.data)) or abort(404)
    try:
        commands.name_candidate(
            election, contest, get_member(member_id), named_by=named_by, has_accepted=has_accepted,
            by=current_user.id, now=clock.now(),
        )  # fmt: skip
    except CannotElect as refused:
        refuse_election(form, refused)
        return False
    return True


@bp.post("/nominations/<uuid:candidacy_id>/answer")
@requires(Permission.NOMINATION_ANSWER, of=queries.get_candidacy)
def answer_nomination(candidacy: Candidacy) -> ResponseReturnValue:
    election = queries.get_election(candidacy.election_id)
    try:
        commands.answer_nomination(
            election,
            candidacy,
            stands=request.form.get("stands") == "yes",
            by=current_user.id,
            now=clock.now(),
        )
    except CannotElect as refused:
        return render_template(
            "groups/elections/not_now.html", election=election, why=REFUSALS[refused.refusal]
        ), 422
    flash(_("The answer is recorded."))
    return _to(election)


@bp.route("/<uuid:election_id>/begin", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_election)
def begin_vote(election: Election) -> ResponseReturnValue:
    standing = {one.member_id for contest in election.contests for one in contest.candidates}
    members = db.session.scalars(present_members()).all()
    form = BeginForm.choosing([member for member in members if member.id not in standing])
    if form.validate_on_submit():
        tellers = [get_member(uuid.UUID(field.data)) for field in (form.first_teller, form.second_teller)]
        try:
            commands.begin_vote(
                current_group(),
                election,
                method=VotingMethod(form.method.data),
                tellers=tellers,
                by=current_user.id,
                now=clock.now(),
            )
        except CannotElect as refused:
            refuse_election(form, refused)
        else:
            return redirect(url_for(".show_slips", election_id=election.id), 303)
    return render_form(
        "groups/elections/begin.html",
        form,
        election=election,
        roll=queries.count_roll(current_group(), election, now=clock.now()),
    )


@bp.get("/<uuid:election_id>/slips")
@requires(Permission.ELECTIONS_RUN, of=queries.get_election)
def show_slips(election: Election) -> ResponseReturnValue:
    return render_template("groups/elections/slips.html", election=election)


@bp.route("/<uuid:election_id>/lots/<uuid:contest_id>", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_tie)
def draw_lot(tie: queries.Tie) -> ResponseReturnValue:
    form = LotForm()
    if form.validate_on_submit():
        try:
            commands.draw_lot(
                tie.election, tie.came.contest, form.called_out, by=current_user.id, now=clock.now()
            )
        except CannotElect as refused:
            refuse_election(form, refused)
        else:
            return _on_from_lot(tie)
    return render_form("groups/elections/lot.html", form, election=tie.election, came=tie.came)


def _on_from_lot(tie: queries.Tie) -> ResponseReturnValue:
    """To the next lot, where the count needs another; else to the result."""
    came = queries.how_it_came(queries.reload(tie.election))
    ties = [one.contest.id for one in came if one.standing.is_tied]
    if tie.came.contest.id in ties:
        flash(_("The lot is drawn, and the count went on. Now others are level."))
        return redirect(
            url_for(".draw_lot", election_id=tie.election.id, contest_id=tie.came.contest.id), 303
        )
    flash(_("The lot is drawn."))
    return _to(tie.election)


@bp.route("/<uuid:election_id>/declare", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_election)
def declare_result(election: Election) -> ResponseReturnValue:
    """What will happen, and then it happens."""
    form, came = Form(), queries.how_it_came(election)
    if form.validate_on_submit():
        try:
            commands.declare_result(current_group(), election, by=current_user.id, now=clock.now())
        except CannotElect as refused:
            refuse_election(form, refused)
        else:
            flash(_("The result is declared. Offices and rights have moved."))
            return _to(election)
    is_quorate = rules.is_quorate(
        election.ballots or 0, roll=election.roll or 0, percent=election.quorum_percent
    )
    return render_form(
        "groups/elections/declare.html", form, election=election, came=came, is_quorate=is_quorate,
        ending=queries.terms_that_end(election, came) if came else [],
    )  # fmt: skip


@bp.route("/<uuid:election_id>/void", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=queries.get_election)
def void_election(election: Election) -> ResponseReturnValue:
    form = VoidForm()
    if form.validate_on_submit():
        try:
            commands.void_election(election, form.reason.data, by=current_user.id, now=clock.now())
        except CannotElect as refused:
            refuse_election(form, refused)
        else:
            flash(_("The election is void. Offices stay as they were."))
            return _to(election)
    return render_form("groups/elections/void.html", form, election=election)


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:
    """What waits in elections: for whoever runs them, and for whoever was named."""
    if own := find_own_member(actor.account_id):
        for named in queries.nominations_to_answer(own.id):
            yield Todo(
                title=_("You were named for an office: %(office)s", office=office_name(named.contest.office)),
                why=_("Say whether you stand. No is as good an answer as yes."),
                href=url_for("elections.show_election", election_id=named.election_id), order=10,
            )  # fmt: skip
    may_call = table.is_granted(Permission.ELECTIONS_CALL, actor)
    if may_call or table.is_granted(Permission.ELECTIONS_FILL, actor):
        today = clock.today(group.time_zone, at=now)
        waiting = queries.open_elections()
        for election in (one for one in waiting if table.is_granted(Permission.ELECTIONS_RUN, actor, one)):
            href = url_for("elections.show_election", election_id=election.id)
            title, why = _what_waits(election)
            yield Todo(title=title, why=why, href=href, soon=election.held_on - today <= NEAR, order=20)
        if may_call and not any(election.kind == ElectionKind.YEARLY for election in waiting):
            yield from _when_due(today)


def _what_waits(election: Election) -> tuple[str, str]:
    if election.state == ElectionState.COUNTED:
        return _("Declare the result of the election"), _("Both who counted agree.")
    if election.state == ElectionState.VOTING and queries.differences(election):
        return _("The two who count differ"), _("They count again and enter their numbers once more.")
    if election.state == ElectionState.VOTING:
        return _("The vote is on"), _("Two people count and enter their numbers.")
    return (
        _("Nominations for the election are open"),
        _("People vote on %(day)s.", day=day(election.held_on)),
    )


def _when_due(today: date) -> Iterable[Todo]:
    articles = officers.articles_in_force()
    codes = [office.code for office in articles.elected]
    due = sorted(term.due_on for term in officers.present_terms(codes) if term.election_id)
    if not is_election_due(today, due_on=due, notice_days=articles.notice_days):
        return
    why = (
        _("The first term ends on %(day)s.", day=day(due[0]))
        if due
        else _("The members have not elected their officers yet.")
    )
    yield Todo(
        title=_("Call the yearly election"),
        why=why,
        href=url_for("elections.call_election"),
        soon=is_pressing(today, due_on=due, notice_days=articles.notice_days),
        order=30,
    )
