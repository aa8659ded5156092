"""Challenging a result, deciding about it, making it final."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.challenges import commands, queries
from groups.challenges.commands import CannotChallenge
from groups.challenges.forms import (
    READERS,
    REFUSALS,
    STATES,
    AnswerForm,
    ChallengeForm,
    ChallengeForOtherForm,
)
from groups.challenges.models import Challenge, ChallengeState
from groups.challenges.rules import Refusal
from groups.elections import queries as elections
from groups.elections.commands import CannotElect
from groups.elections.forms import KINDS
from groups.elections.forms import REFUSALS as OF_ELECTIONS
from groups.elections.models import Election
from groups.looks.commands import note_look
from groups.membership.queries import find_own_member, get_member
from groups.officers.forms import office_name
from groups.permissions import Permission, Role
from network import clock
from network.access.actor import Actor, current_actor
from network.access.guard import current_group, requires
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.forms import Form, render_form

bp = Blueprint(
    "challenges", __name__, url_prefix="/g/<uuid:group_id>/challenges", template_folder="../templates"
)


def _to(election_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("elections.show_election", election_id=election_id), 303)


@bp.app_template_global("challenges_seen")
def challenges_seen(election: Election) -> list[Challenge]:
    """Challenges of a result that whoever looks may see."""
    return queries.challenges_seen(election.id)


@bp.app_template_global("challenges_open")
def challenges_open(election: Election) -> int:
    """How many challenges of a result wait."""
    return queries.count_open(election.id)


@bp.app_template_global("challenges_stuck")
def challenges_stuck(election: Election) -> bool:
    """Whether a challenge waits that nobody can decide about at present."""
    return queries.count_stuck(election.id) > 0


@bp.app_template_global("offices_empty_again")
def offices_empty_again(election: Election) -> list[str]:
    """Offices somebody was elected to here and that nobody holds now, in words."""
    return [office_name(office) for office in queries.offices_empty_again(election)]


@bp.route("/of/<uuid:election_id>", methods=["GET", "POST"])
@requires(Permission.RESULT_CHALLENGE, of=elections.get_election)
def challenge_result(election: Election) -> ResponseReturnValue:
    own = find_own_member(current_user.id)
    may_write_for_others = current_actor().holds(
        Role.DISPUTES, Role.SECRETARY, Role.CHAIRPERSON
    ) and not queries.had_a_part(election.id, current_user.id)
    if own is None and not may_write_for_others:
        abort(404)
    form: ChallengeForm = ChallengeForm()
    if may_write_for_others:
        others = queries.may_be_written_for()
        form = ChallengeForOtherForm.choosing([own, *others] if own else others)
    if form.validate_on_submit():
        member = (
            get_member(uuid.UUID(form.member_id.data)) if isinstance(form, ChallengeForOtherForm) else own
        )
        try:
            made = commands.challenge_result(
                election, member or abort(404), form.words.data, by=current_user.id, now=clock.now()
            )
        except CannotChallenge as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("It is kept. Those who decide find it among what needs doing."))
            return redirect(url_for(".show_challenge", challenge_id=made.id), 303)
    # Whoever writes is left out by their account; whoever they write for has none to leave out.
    tier = queries.tier_of(election.id, None, current_user.id)
    return render_form(
        "groups/challenges/challenge.html",
        form,
        election=election,
        readers=READERS[tier],
        may_widen=tier in {1, 2},
    )


@bp.get("/<uuid:challenge_id>")
@requires(Permission.RESULT_CHALLENGE, of=queries.get_challenge)
def show_challenge(challenge: Challenge) -> ResponseReturnValue:
    return _show(challenge, AnswerForm())


def _show(challenge: Challenge, form: Form) -> ResponseReturnValue:
    note_look([queries.challenger_of(challenge)], actor=current_actor(), now=clock.now())
    election = elections.get_election(challenge.election_id)
    panel = queries.who_decides(challenge)
    answers = queries.answers_to(challenge.id)
    return render_form(
        "groups/challenges/show.html",
        form,
        challenge=challenge,
        election=election,
        kind=KINDS[election.kind],
        state=STATES[challenge.state],
        is_open=challenge.state == ChallengeState.OPEN,
        decides=current_user.id in panel,
        has_answered=any(one.account_id == current_user.id for one in answers),
        is_stuck=not panel,
        may_withdraw=challenge.account_id == current_user.id,
    )


@bp.route("/<uuid:challenge_id>/answer", methods=["GET", "POST"])
@requires(Permission.RESULT_CHALLENGE, of=queries.get_challenge)
def answer_challenge(challenge: Challenge) -> ResponseReturnValue:
    if not queries.decides(challenge, current_user.id):
        abort(403)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            state = commands.answer_challenge(
                current_group(), challenge, upholds=form.answer.data == "upheld", by=current_user.id, now=clock.now()
            )  # fmt: skip
        except CannotChallenge as refused:
            if refused.refusal is Refusal.CLOSED:  # they may not read it any more
                flash(REFUSALS[refused.refusal])
                return _to(challenge.election_id)
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(
                _("Your answer is kept. Two who say the same decide.")
                if state == ChallengeState.OPEN
                else _("It is decided.")
            )
            return _to(challenge.election_id)
    return _show(challenge, form)


@bp.route("/<uuid:challenge_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.RESULT_CHALLENGE, of=queries.get_challenge)
def withdraw_challenge(challenge: Challenge) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            commands.withdraw_challenge(challenge, by=current_user.id, now=clock.now())
        except CannotChallenge as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("It is taken back."))
            return _to(challenge.election_id)
    return render_form("groups/challenges/withdraw.html", form, challenge=challenge)


@bp.route("/of/<uuid:election_id>/certify", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_RUN, of=elections.get_election)
def certify_result(election: Election) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            commands.certify_result(election, by=current_user.id, now=clock.now())
        except CannotElect as refused:
            form.refuse(refused.refusal, OF_ELECTIONS)
        else:
            flash(_("The result is final."))
            return _to(election.id)
    return render_form("groups/challenges/certify.html", form, election=election)


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - the registry's signature
    """A challenge that waits for one of those who decide."""
    for challenge in queries.to_answer(actor.account_id):
        yield Todo(
            title=_("A challenge of a result waits for your answer"),
            why=_("Only you and the others who decide can see it"),
            href=url_for("challenges.show_challenge", challenge_id=challenge.id),
            soon=True,
            order=14,
        )
