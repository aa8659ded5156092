"""A group's book on standard output, for an operator or for a group that leaves."""

import sys
from collections.abc import Iterator

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from funding.exports import queries
from funding.exports.formats import beancount, table
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


@click.command("export")
@click.argument("group")
@click.option(
    "--format", "kind", type=click.Choice(["beancount", "csv"]), required=True, help="what to write"
)
@click.option("--without-words", is_flag=True, help="leave out what people wrote beside entries")
@with_appcontext
def export(group: str, kind: str, without_words: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Write the book of GROUP (its short name) to standard output: entries, funds, balances; nobody's name."""
    with scope.visiting():
        found = db.session.scalar(sa.select(Group.id).where(Group.slug == group))
    if found is None:
        raise click.ClickException(f"There is no group {group}.")
    with scope.visiting(found):
        # One picture of the book from the first line to the last, also while somebody writes in it.
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        for line in _lines(kind, with_words=not without_words):
            sys.stdout.write(line + "\n")


def _lines(kind: str, *, with_words: bool) -> Iterator[str]:
    if kind == "csv":
        return table.lines(queries.whole_book(with_words=False))
    return beancount.lines(queries.whole_book(with_words=with_words), with_words=with_words)
