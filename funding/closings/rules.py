"""What happens with what is left of a grant, to the last minor unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from funding.ledger.rules import Cost, Fund, Line, moved, moved_between_funds, share_out

MOST_PARTS = 1000


class Refusal(StrEnum):
    """Why a grant is not closed like this."""

    CLOSED_ALREADY = "closed_already"
    WAITING_ALREADY = "waiting_already"
    DRAFTS_WAITING = "drafts_waiting"
    MORE_THAN_LEFT = "more_than_left"
    WHERE_FROM = "where_from"
    WHERE_TO = "where_to"
    NOTHING_LEFT = "nothing_left"
    CHANGED_MEANWHILE = "changed_meanwhile"
    DECIDED_ALREADY = "decided_already"
    OWN_SECOND = "own_second"
    NOT_AN_OFFICER = "not_an_officer"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to happen with what is left."""

    given_back: int
    place: str | None
    shares: Mapping[str, int]


def why_not_close(wish: Wish, *, remaining: int) -> Refusal | None:
    """All of what is left goes somewhere, and no more than that."""
    if wish.given_back > remaining:
        return Refusal.MORE_THAN_LEFT
    if wish.given_back and not wish.place:
        return Refusal.WHERE_FROM
    rest = remaining - wish.given_back
    has_shares = any(wish.shares.values())
    if rest and not has_shares:
        return Refusal.WHERE_TO
    return Refusal.NOTHING_LEFT if has_shares and not rest else None


def parts(remaining: int, wish: Wish, *, order: str) -> dict[str, int]:
    """How much of the rest is for which fund: the parts always add up to it."""
    weights = {fund: parts for fund, parts in wish.shares.items() if parts}
    return share_out(remaining - wish.given_back, weights, order=order) if weights else {}


def given_back(fund: str, wish: Wish) -> tuple[Line, ...]:
    """What goes back to the funder."""
    return moved(wish.place, Cost.GIVEN_BACK, fund, wish.given_back) if wish.given_back and wish.place else ()


def moves(fund: str, there: Mapping[str, int], targets: Mapping[str, int]) -> tuple[Line, ...]:
    """Every place's part of a fund becomes part of the target funds, each as much in all as it is to get.

    A place's part can be below nothing, since notes in a box do not say which fund they belong to; it goes along to
    the first target, which gets that much more elsewhere.
    """
    return tuple(
        line
        for place, target, amount in _carried(there, targets or {Fund.GENERAL: 0})
        if amount
        for line in moved_between_funds(place, fund, target, amount)
    )


def _carried(there: Mapping[str, int], targets: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    wanted = dict(targets)
    first = next(iter(wanted))
    for place, amount in sorted(there.items()):
        if amount < 0:
            wanted[first] -= amount
            yield place, first, amount
    for place, amount in sorted(there.items()):
        left = max(0, amount)
        for target, still in list(wanted.items()):
            part = min(left, still)
            left, wanted[target] = left - part, still - part
            yield place, target, part
