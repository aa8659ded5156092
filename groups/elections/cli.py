"""Counting a file of ballots from the command line; it needs no server and no settings."""

import json
from pathlib import Path
from typing import Any

import click

from groups.elections.counting import blt, scottish
from groups.elections.counting.standing import VOTE, Standing


@click.group()
def elections() -> None:
    """Elections."""


@elections.command("count")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rule", type=click.Choice(["scottish"]), default="scottish", help="the counting rule")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def count_file(file: Path, rule: str, as_json: bool) -> None:  # noqa: ARG001, FBT001 - one rule so far; a flag of the command line
    """Count the ballots of a BLT file, stage by stage."""
    try:
        ballots = blt.read(blt.decode(file.read_bytes()))
    except OSError:
        raise click.ClickException(f"{file} cannot be opened.") from None
    except blt.NotReadable as refused:
        raise click.ClickException(str(refused)) from None
    counted = count(ballots)
    told = json.dumps(_told(ballots, counted), ensure_ascii=False) if as_json else _in_words(ballots, counted)
    click.echo(told.encode())


def count(ballots: blt.Ballots) -> Standing:
    """Count a file. Its order for ties stands in for the lot, or the order of its candidates."""
    everybody = ballots.drawn or range(1, len(ballots.names) + 1)
    return scottish.count(
        ballots.papers, candidates=ballots.standing, seats=ballots.seats, lots=[tuple(everybody)]
    )


def votes_text(value: int) -> str:
    """A number of votes with its five decimals."""
    return f"{value // VOTE}.{value % VOTE:05d}"


def _told(ballots: blt.Ballots, counted: Standing) -> dict[str, Any]:
    return {
        "title": ballots.title,
        "seats": ballots.seats,
        "quota": counted.quota // VOTE,
        "elected": [ballots.name(number) for number in counted.elected],
        "stages": [
            {
                "votes": {ballots.name(number): votes_text(votes) for number, votes in stage.votes.items()},
                "nontransferable": votes_text(stage.nontransferable),
                "elected": [ballots.name(number) for number in stage.elected],
                "excluded": [ballots.name(number) for number in stage.excluded],
            }
            for stage in counted.stages
        ],
    }


def _in_words(ballots: blt.Ballots, counted: Standing) -> str:
    lines = [ballots.title, f"Seats: {ballots.seats}. Quota: {counted.quota // VOTE}."]
    for at, stage in enumerate(counted.stages, start=1):
        lines.append(f"Stage {at}")
        lines += [f"  {ballots.name(number)}: {votes_text(votes)}" for number, votes in stage.votes.items()]
        lines.append(f"  Not transferable: {votes_text(stage.nontransferable)}")
        lines += [f"  Elected: {ballots.name(number)}" for number in stage.elected]
        lines += [f"  Excluded: {ballots.name(number)}" for number in stage.excluded]
    return "\n".join([*lines, "Elected: " + ", ".join(ballots.name(number) for number in counted.elected)])
