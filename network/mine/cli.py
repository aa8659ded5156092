"""For operators: putting a restored database right."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from network import clock
from network.mine import erasing
from network.mine import erasures as wishes

erasures = AppGroup("erasures", help="Those who asked to be forgotten.")


@erasures.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(file: Path | None) -> None:
    """Forget again whoever asked to be forgotten: after every restore, before anybody is let in."""
    listed = wishes.read(file)
    failed = 0
    for erasure in listed.wishes:
        try:
            erasing.carry_out(erasure, now=clock.now())
        except erasing.NotEverywhere as some:
            failed += 1
            click.echo(f"{erasure.id}: {some}", err=True)
    for number in listed.broken:
        click.echo(f"line {number} cannot be read; look at it", err=True)
    click.echo(f"{len(listed.wishes) - failed} erasures are done.")
    if failed or listed.broken:
        sys.exit(1)
