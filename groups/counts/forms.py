"""A count in words: what happened at each stage, as one would say it to the members."""

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from groups.counts import rules
from groups.counts.rules import Step
from groups.elections.counting.standing import VOTE, Standing
from network.web.formatting import number

Names = Mapping[int, str]


def votes_text(value: int) -> str:
    """Votes with as many decimals as they have, in the reader's way of writing numbers."""
    return str(format_decimal(Decimal(value).scaleb(-5), "#,##0.#####", locale=get_locale()))


def about_quota(standing: Standing, *, seats: int) -> str:
    """What the quota is and how it comes about."""
    return _(
        "Papers that name somebody: %(papers)s. Divide by %(divisor)s, which is one more than the seats, drop the rest, and add "
        "one: that is the quota, %(quota)s. Whoever has that many votes is elected.",
        papers=number(rules.valid_papers(standing)),
        divisor=number(seats + 1),
        quota=number(standing.quota // VOTE),
    )


def told(step: Step, names: Names) -> list[str]:
    """What happened at a stage, sentence by sentence."""
    said = [_what_moved(step, names)]
    if step.stage.by_lot:
        said.append(_("Several were level at every stage, so the lot decided who came first."))
    said += [
        _("%(name)s receives %(votes)s.", name=names[candidate], votes=votes_text(votes))
        for candidate, votes in step.gained.items()
    ]
    if step.left_over:
        said.append(
            _(
                "%(votes)s are on papers with no further name and go to nobody.",
                votes=votes_text(step.left_over),
            )
        )
    said += [_("%(name)s has reached the quota and is elected.", name=names[one]) for one in step.reached]
    said += [
        _("%(name)s is elected: no more remain than there are seats.", name=names[one])
        for one in step.remained
    ]
    return said


def _what_moved(step: Step, names: Names) -> str:
    stage = step.stage
    if stage.source is None:
        return _("Every paper counts as one vote for its first choice.")
    name = names[stage.source]
    if stage.excluded:
        return _(
            "%(name)s has the fewest votes and is left out. Each of these papers goes to its next choice.",
            name=name,
        )
    if not stage.surplus:
        return _("%(name)s has exactly the quota, so there is nothing to pass on.", name=name)
    return _(
        "%(name)s has %(votes)s more than the quota. They are passed on: all papers of %(name)s go to their next choice, "
        "each worth the same smaller part of a vote.",
        name=name,
        votes=votes_text(stage.surplus),
    )
