"""What an operator types when something got out: `flask breach TABLE ROW_ID`."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

import click
from flask.cli import with_appcontext

from network import clock
from network.breach.queries import Breach, NotFound, Touched, trace

TELL = {
    48: "the network",
    72: "the authority that guards data, and the people themselves where it weighs on them,",
}
"""Kenya's clocks, which are the shortest we know: DPA s. 43. Engineering input, not legal advice."""


@click.command()
@click.argument("table")
@click.argument("row_id")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@with_appcontext
def breach(table: str, row_id: str, *, is_json: bool) -> None:
    """Whom a row touches, what stood in it, and who was at it in the last 30 days. Prints ids, never words."""
    try:
        found = trace(table, uuid.UUID(row_id), now=clock.now())
    except ValueError:
        raise click.ClickException(f"{row_id} is not the id of a row.") from None
    except NotFound as refused:
        raise click.ClickException(str(refused)) from None
    if is_json:
        click.echo(json.dumps(asdict(found), default=str, indent=2))
    else:
        click.echo("\n".join(_lines(found)))


def _lines(found: Breach) -> Iterator[str]:
    yield f"# {found.table} {found.row_id}"
    yield f"Group or office: {found.group_id or 'none'}"
    yield "\n## What stood in it\n"
    for one in found.columns:
        yield f"- {one.column}: {one.data_class}, {one.held}{'' if one.is_filled else ', empty'}"
    yield "\n## Whom it touches\n"
    if found.nobody:
        yield found.nobody
    for place in found.touched:
        yield from _people(place)
    yield f"\n## Who was at it since {found.since.date()}\n"
    for place in found.touched:
        yield from (
            f"- {one['day']}: {one['office']} looked at member {one['member']}" for one in place.looks
        )
        yield from (f"- {one['day']}: {one['event']} by account {one['account']}" for one in place.done)
    if not any(place.looks or place.done for place in found.touched):
        yield "Nobody, as far as is noted."
    yield "\n## By when\n"
    for hours, whom in TELL.items():
        yield f"- {whom} within {hours} hours of learning of it: if that was now, by {found.at + timedelta(hours=hours):%Y-%m-%d %H:%M} UTC"


def _people(place: Touched) -> Iterator[str]:
    yield f"In {place.group_id or 'no group'}:"
    yield from (f"- account {one}" for one in place.accounts)
    yield from (f"- member {one}" for one in place.members)
