"""Whether a statement adds up: opening and booked movements against closing, each balance against the one before."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from funding.statements.formats.statement import Line, Statement, Status
from network.currencies import minor_digits

MOST_PLACES = 20


def warnings(statements: Sequence[Statement]) -> list[list[str]]:
    """For each statement what whoever reads it should know: what the file itself raised, then what does not add up."""
    told = [[*statement.warnings, *_that_do_not_add_up(statement)] for statement in statements]
    for number, (before, after) in enumerate(pairwise(statements), start=1):
        if _is_next(before, after) and before.closing != after.opening:
            told[number].append(
                f"This statement opens with {_shown(after.opening, after)}, "
                f"but statement {number} of the same account closes with {_shown(before.closing, before)}."
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


def _is_next(before: Statement, after: Statement) -> bool:
    return (
        before.account is not None
        and (before.account, before.currency) == (after.account, after.currency)
        and before.closing is not None
        and after.opening is not None
    )


def _that_do_not_add_up(statement: Statement) -> Iterator[str]:
    opening, closing = statement.opening, statement.closing
    if opening is not None and closing is not None and not adds_up(statement):
        expected = opening + moved(statement)
        yield (
            f"The statement does not add up: {_shown(opening, statement)} at the opening and the booked movements "
            f"make {_shown(expected, statement)}, but it closes with {_shown(closing, statement)}: "
            f"a difference of {_shown(closing - expected, statement)}."
        )
    places = list(_breaks(statement))
    yield from places[:MOST_PLACES]
    if len(places) > MOST_PLACES:
        yield f"In {len(places) - MOST_PLACES} more places the balance does not follow."


def _breaks(statement: Statement) -> Iterator[str]:
    """Each place where a running balance does not follow from the one before it and what moved since."""
    before = statement.opening
    for line in statement.lines:
        if line.status != Status.BOOKED:
            continue
        expected = None if before is None else before + line.amount
        if line.balance is not None and expected is not None and line.balance != expected:
            yield (
                f"{_where(line)}: the balance says {_shown(line.balance, statement)}, "
                f"but {_shown(expected, statement)} follows from what stands before it."
            )
        before = line.balance if line.balance is not None else expected


def _where(line: Line) -> str:
    told = [part for part in (line.place, line.reference, line.date.isoformat()) if part]
    place = ", ".join(told)
    return place[:1].upper() + place[1:]


def _shown(amount: int | None, statement: Statement) -> str:
    return f"{statement.currency} {shown(amount or 0, statement.currency)}"


def shown(amount: int, currency: str) -> str:
    """Minor units as people write them."""
    digits = minor_digits(currency)
    whole, part = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole:,}" + (f".{part:0{digits}d}" if digits else "")
