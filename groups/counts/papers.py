"""The sheet to count by hand: empty to be filled in, or filled in as it was counted."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from groups.counts import rules
from groups.counts.forms import about_quota, told, votes_text
from groups.elections.models import Contest, Election
from groups.elections.queries import Came
from groups.officers.forms import RULES, office_name
from groups.officers.rules import CountingRule
from network.documents.paper import document, in_language
from network.web.formatting import number, whole_day

TEMPLATE = "groups/counts/sheet.typ"
SIDE_BY_SIDE = 3
"""So many stages fit beside each other."""
TO_WRITE = ""


def blank_sheet(election: Election, *, language: str) -> bytes:
    """Boxes to fill in by hand, for every office somebody stands for."""
    with in_language(language):
        return _printed(election, [_blank(one) for one in election.contests if one.candidates], language)


def filled_sheet(election: Election, came: Sequence[Came], *, language: str) -> bytes:
    """The same sheet as it was counted."""
    with in_language(language):
        return _printed(election, [_filled(one) for one in came if one.contest.candidates], language)


def _printed(election: Election, offices: list[dict[str, Any]], language: str) -> bytes:
    return document(
        TEMPLATE, title=_("Counting sheet"), language=language, when=whole_day(election.held_on), offices=offices,
        footer=_("Only names of those who stand belong on this sheet. How anybody voted is written down nowhere."),
    )  # fmt: skip


def _head(contest: Contest) -> dict[str, Any]:
    seats = _("One seat") if contest.seats == 1 else _("%(count)s seats", count=number(contest.seats))
    return {"title": str(office_name(contest.office)), "rule": f"{seats} · {RULES[contest.rule]}"}


def _others(*, abstain: str, spoilt: str) -> list[list[str]]:
    return [[_("For nobody"), "", abstain], [_("Papers that cannot be read as a vote"), "", spoilt]]


def _blank(contest: Contest) -> dict[str, Any]:
    names = [_numbered(one.position, one.member.nickname) for one in contest.candidates]
    rows = [[name, TO_WRITE, TO_WRITE] for name in names] + _others(abstain=TO_WRITE, spoilt=TO_WRITE)
    sheet = {**_head(contest), "is_blank": True, "strokes": _strokes(contest, rows)}
    if contest.rule != CountingRule.SCOTTISH_STV:
        return sheet
    count = rules.most_stages(candidates=len(names), seats=contest.seats)
    empty = [["", ""]] * count
    pieces = _pieces([*names, *_ends()], [empty] * (len(names) + 3), count)
    return {**sheet, "how": _how(contest.seats), "pieces": pieces, "lines": []}


def _filled(came: Came) -> dict[str, Any]:
    contest, room = came.contest, came.counted
    names = {one.position: one.member.nickname for one in contest.candidates}
    rows = [
        [_numbered(place, name), "", number(came.votes.get(place, 0))] for place, name in names.items()
    ] + _others(abstain=number(room.abstain), spoilt=number(room.spoilt))
    sheet = {**_head(contest), "is_blank": False, "strokes": _strokes(contest, rows)}
    elected = [names[place] for place in came.standing.elected]
    # Translators: under an office on the counting sheet; the names of who is elected follow.
    sheet["elected"] = _("Elected: %(names)s", names=", ".join(elected)) if elected else ""
    if contest.rule != CountingRule.SCOTTISH_STV or not came.standing.stages:
        return sheet
    steps = rules.steps(came.standing)
    board = [[_cell(step, place) for step in steps] for place in names]
    lost = [sum(one.cut_off for one in steps[:at]) for at in range(1, len(steps) + 1)]
    ends = [
        [[_plus(step.left_over), votes_text(step.stage.nontransferable)] for step in steps],
        [["", votes_text(value)] for value in lost],
        [["", votes_text(rules.valid_papers(came.standing) * 100_000)] for _step in steps],
    ]
    titles = [_numbered(place, name) for place, name in names.items()] + _ends()
    lines = [
        {"title": _("Stage %(number)s", number=number(step.number)), "said": told(step, names)}
        for step in steps
    ]
    pieces = _pieces(titles, board + ends, len(steps))
    return {
        **sheet,
        "how": [about_quota(came.standing, seats=contest.seats)],
        "pieces": pieces,
        "lines": lines,
    }


def _strokes(contest: Contest, rows: list[list[str]]) -> dict[str, Any]:
    is_ordered = contest.rule == CountingRule.SCOTTISH_STV
    head = [_("First choices") if is_ordered else _("Who stands"), _("A stroke for each paper"), _("Votes")]
    return {"head": head, "rows": rows}


def _numbered(place: int, name: str) -> str:
    return f"{number(place)} · {name}"


def _ends() -> list[str]:
    return [_("No further name"), _("Lost in cutting off"), _("Together")]


def _pieces(titles: list[str], board: list[list[list[str]]], count: int) -> list[dict[str, Any]]:
    """The stages, as many as fit side by side; each with what came or went, and what there is then."""
    return [
        {
            "heads": [_("Stage %(number)s", number=number(at + 1)) for at in piece],
            "rows": [
                [title, *(cell for at in piece for cell in row[at])]
                for title, row in zip(titles, board, strict=True)
            ],
        }
        for piece in rules.in_pieces(count, SIDE_BY_SIDE)
    ]


def _cell(step: rules.Step, place: int) -> list[str]:
    stage = step.stage
    if place == stage.source and (stage.surplus or stage.excluded):
        return ["−", votes_text(stage.votes[place])]
    return [_plus(step.gained.get(place, 0)), votes_text(stage.votes[place])]


def _plus(value: int) -> str:
    return f"+{votes_text(value)}" if value else ""


def _how(seats: int) -> list[str]:
    return [
        _(
            "1. Put the papers into piles by first choice and count each pile. Papers that name nobody go aside."
        ),
        _(
            "2. The quota: divide the papers that name somebody by %(divisor)s, drop the rest, and add one. Quota: ________",
            divisor=number(seats + 1),
        ),
        _("3. Whoever has the quota is elected. Circle their name."),
        _(
            "4. If somebody elected has more than the quota: divide what is too much by their votes, to five places after the "
            "point, and pass all their papers on to the next name that is still in, each worth that part. The largest first."
        ),
        _(
            "5. If nobody has more than the quota: whoever has the fewest is left out; their papers go on at the worth they had."
        ),
        _(
            "6. If two are level, look who had more at the stage before, and before that. Level at all stages: draw the lot."
        ),
        _("7. Repeat until all seats are filled, or no more remain than there are seats."),
    ]
