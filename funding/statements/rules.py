"""Whether a statement adds up: opening and booked movements against closing, each balance against the one before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from funding.statements.formats.amounts import shown
from funding.statements.formats.statement import Line, Statement, Status, Told

MOST_PLACES = 20


def warnings(statements: Sequence[Statement]) -> list[list[Told]]:
    """For each statement what whoever reads it should know: what the file itself raised, then what does not add up."""
    told = [[*statement.warnings, *_that_do_not_add_up(statement)] for statement in statements]
    for number, (before, after) in enumerate(pairwise(statements), start=1):
        if _is_next(before, after) and before.closing != after.opening:
            told[number].append(
                Told(
                    "This statement opens with %(opening)s, but statement %(number)s of the same account closes with %(closing)s.",
                    opening=_shown(after.opening, after),
                    number=number,
                    closing=_shown(before.closing, before),
                )
            )
    return told


def moved(statement: Statement) -> int:
    """What the booked movements come to."""
    return sum(line.amount for line in statement.lines if line.status == Status.BOOKED)


def adds_up(statement: Statement) -> bool:
    """Whether opening and movements make closing; a statement that does not tell both says nothing against it."""
    if statement.opening is None or statement.closing is None:
        return True
    return statement.opening + moved(statement) == statement.closing


@dataclass(frozen=True)
class Break:
    """A running balance that does not follow from the one before it and what moved since."""

    place: int
    """Which of the movements, counted from nought."""
    said: int
    follows: int


def breaks(opening: int | None, movements: Iterable[tuple[int, int | None]]) -> Iterator[Break]:
    """Where a running balance does not follow; movements are what is booked, with the balance beside each."""
    before = opening
    for place, (amount, balance) in enumerate(movements):
        follows = None if before is None else before + amount
        if balance is not None and follows is not None and balance != follows:
            yield Break(place, balance, follows)
        before = balance if balance is not None else follows


def _is_next(before: Statement, after: Statement) -> bool:
    return (
        before.account is not None
        and (before.account, before.currency) == (after.account, after.currency)
        and before.closing is not None
        and after.opening is not None
    )


def _that_do_not_add_up(statement: Statement) -> Iterator[Told]:
    opening, closing = statement.opening, statement.closing
    if opening is not None and closing is not None and not adds_up(statement):
        expected = opening + moved(statement)
        yield Told(
            "The statement does not add up: %(opening)s at the opening and the booked movements make %(expected)s, "
            "but it closes with %(closing)s: a difference of %(difference)s.",
            opening=_shown(opening, statement),
            expected=_shown(expected, statement),
            closing=_shown(closing, statement),
            difference=_shown(closing - expected, statement),
        )
    booked = [line for line in statement.lines if line.status == Status.BOOKED]
    places = list(breaks(opening, ((line.amount, line.balance) for line in booked)))
    for found in places[:MOST_PLACES]:
        yield Told(
            "%(place)s: the balance says %(said)s, but %(follows)s follows from what stands before it.",
            place=_where(booked[found.place]),
            said=_shown(found.said, statement),
            follows=_shown(found.follows, statement),
        )
    if len(places) > MOST_PLACES:
        yield Told("In %(count)s more places the balance does not follow.", count=len(places) - MOST_PLACES)


def _where(line: Line) -> str:
    told = [str(part) for part in (line.place, line.reference, line.date.isoformat()) if part]
    return ", ".join(told)


def _shown(amount: int | None, statement: Statement) -> str:
    return f"{statement.currency} {shown(amount or 0, statement.currency)}"
