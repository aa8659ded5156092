"""Statement files of our own making, and what is said about them."""

from collections.abc import Sequence

from funding.statements import rules
from funding.statements.formats.statement import Statement


def warned(statements: Sequence[Statement]) -> list[list[str]]:
    """For each statement what whoever reads it is told, in English."""
    return [[str(told) for told in each] for each in rules.warnings(statements)]
