"""Who signs a handover, what may be left, and when one is needed at all."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from funding.counts.rules import difference_lines
from funding.ledger.rules import CHART, AccountKind, Line, Place


class Refusal(StrEnum):
    """Why a handover is not counted or signed."""

    NOT_NOW = "not_now"
    OWN_SECOND = "own_second"
    INCOMING_SIGNS = "incoming_signs"
    NOT_AN_OFFICER = "not_an_officer"
    WHY_NEEDED = "why_needed"
    BOOK_MOVED = "book_moved"


def is_needed(*, incoming: UUID, last: UUID | None, others_in_office: bool, entries: int) -> bool:
    """Somebody else kept the book before, nobody keeps it beside them, and there is something in it."""
    return last is not None and last != incoming and not others_in_office and entries > 0


def why_not_sign(
    signers: Collection[UUID], *, incoming: UUID | None, outgoing: UUID | None, officers: Collection[UUID]
) -> Refusal | None:
    """Two people: whoever takes over, and whoever hands over; where they cannot come, somebody else in office."""
    if len(set(signers)) < 2:  # noqa: PLR2004 - both sign
        return Refusal.OWN_SECOND
    if incoming not in signers:
        return Refusal.INCOMING_SIGNS
    other = next(one for one in signers if one != incoming)
    return None if other == outgoing or other in officers else Refusal.NOT_AN_OFFICER


def without_words(counted: Mapping[str, int], book: Mapping[str, int], whys: Mapping[str, str]) -> list[str]:
    """The places whose difference nobody has said anything about."""
    return [place for place in counted if counted[place] != book.get(place, 0) and not whys.get(place)]


def lines_to_post(
    counted: Mapping[str, int], there: Mapping[tuple[str, str], int], *, posting: Collection[str]
) -> tuple[Line, ...]:
    """What brings the book to what was counted at these places; one place after the other, so that no fund gives twice."""
    funds: dict[str, int] = {}
    for (_place, fund), amount in there.items():
        funds[fund] = funds.get(fund, 0) + amount
    lines: list[Line] = []
    for place in sorted(posting):
        says = sum(amount for (at, _fund), amount in there.items() if at == place)
        if difference := counted[place] - says:
            more = difference_lines(Place(place), difference, funds)
            for line in more:
                if CHART[line.account] is AccountKind.ASSET:
                    funds[line.fund] = funds.get(line.fund, 0) + line.amount
            lines += more
    return tuple(lines)
