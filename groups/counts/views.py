"""The count of an office stage by stage; the sheet to count by hand; the papers as a file, for who counted them."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from groups.counts import papers, queries, rules
from groups.counts.forms import about_quota, told, votes_text
from groups.counts.queries import Counted
from groups.elections import queries as elections
from groups.elections.counting import blt
from groups.elections.models import Election, ElectionState
from groups.officers.forms import office_name
from groups.permissions import Permission
from network.access.guard import can, current_group, requires
from network.documents.answers import Kind, answer
from network.documents.paper import in_language
from network.web.formatting import whole_day

bp = Blueprint(
    "stages",
    __name__,
    url_prefix="/g/<uuid:group_id>/counts/<uuid:election_id>",
    template_folder="../templates",
)


def may_see(election: Election) -> bool:
    """Everybody once it is declared; before that who runs the election, to draw lots and read the result out."""
    return election.has_result or can(Permission.ELECTIONS_RUN, election)


@bp.get("/<uuid:contest_id>")
@requires(Permission.ELECTIONS_READ, of=queries.get_counted)
def show_count(counted: Counted) -> ResponseReturnValue:
    came, names = counted.came, names_in(counted)
    is_shown = may_see(counted.election)
    return render_template(
        "groups/counts/show.html",
        election=counted.election,
        came=came,
        names=names,
        office=office_name(came.contest.office),
        steps=[(step, told(step, names)) for step in rules.steps(came.standing)] if is_shown else [],
        is_shown=is_shown,
        about_quota=about_quota(came.standing, seats=came.contest.seats),
        votes_text=votes_text,
        counted=counted,
    )


@bp.get("/sheet.pdf")
@requires(Permission.ELECTIONS_READ, of=elections.get_election)
def print_sheet(election: Election) -> Response:
    """Empty while people vote, and as it was counted once that may be seen."""
    if not election.frozen_at:
        abort(404)
    return sheet_of(election, is_filled=election.state != ElectionState.VOTING and may_see(election))


@bp.get("/<uuid:contest_id>/papers.blt")
@requires(Permission.PAPERS_READ, of=queries.get_counted)
def save_papers(counted: Counted) -> Response:
    """The papers in the format counting programs read, without anything that says whose they are."""
    return papers_of(counted)


def sheet_of(election: Election, *, is_filled: bool) -> Response:
    """The sheet in the group's language."""
    language, name = current_group().language, f"counting-sheet-{election.held_on.isoformat()}"
    came = elections.how_it_came(election) if is_filled else []
    made = (
        papers.filled_sheet(election, came, language=language)
        if came
        else papers.blank_sheet(election, language=language)
    )
    return answer(made, Kind.PDF, name=name)


def papers_of(counted: Counted) -> Response:
    """The papers of a count as a file, or a page that says they are no longer kept."""
    came = counted.came
    if not came.papers:
        abort(404)
    contest = came.contest
    with in_language(current_group().language):
        title = _(
            "%(office)s, %(day)s", office=office_name(contest.office), day=whole_day(counted.election.held_on)
        )
    number_of = {one.position: place for place, one in enumerate(contest.candidates, start=1)}
    written = blt.write(
        title, seats=contest.seats, names=[one.member.nickname for one in contest.candidates],
        papers={tuple(number_of[place] for place in paper): many for paper, many in came.papers.items()},
    )  # fmt: skip
    name = f"papers-{counted.election.held_on.isoformat()}"
    return answer(written.encode(), Kind.BLT, name=name)


def names_in(counted: Counted) -> dict[int, str]:
    """What the candidates are called, by numbers on the list."""
    return {one.position: one.member.nickname for one in counted.came.contest.candidates}
