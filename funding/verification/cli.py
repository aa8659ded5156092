"""What an operator can ask of every book."""

import sys
import uuid

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from funding.ledger.cli import book
from funding.ledger.queries.whole import hold_still
from funding.verification import queries
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


@book.command()
@click.option("--group", "slug", help="only this group's book, by its short name")
@with_appcontext
def verify(slug: str | None) -> None:
    """Ask every promise of the book again; name the row that breaks one, and end with 1."""
    with scope.visiting():
        groups: list[tuple[uuid.UUID, str]] = [
            (group_id, found) for group_id, found in db.session.execute(sa.select(Group.id, Group.slug).order_by(Group.slug))
            if slug in (None, found)
        ]  # fmt: skip
        faults = [("every book", fault) for fault in queries.faults_of_guards()]
    if not groups:
        raise click.ClickException(f"There is no group {slug}.")
    for group_id, found in groups:
        with scope.visiting(group_id):
            hold_still()
            faults += [(found, fault) for fault in queries.faults()]
    for whose, fault in faults:
        click.echo(f"{whose}: {fault.row}: {fault.what}")
    if faults:
        sys.exit(1)
    click.echo(f"Everything holds in {len(groups)} books." if slug is None else "Everything holds.")
