"""For operators: putting a restored database right."""

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
    found = wishes.read(file)
    for erasure in found:
        erasing.carry_out(erasure, now=clock.now())
    click.echo(f"{len(found)} erasures are done.")
