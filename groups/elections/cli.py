"""Counting a file of ballots from the command line; it needs no server and no settings."""

import json
from pathlib import Path
from typing import Any

import click

from groups.elections.counting import blt, scottish


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
        ballots = blt.read(file.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise click.ClickException(f"{file} cannot be opened.") from None
    except UnicodeDecodeError as broken:
        line = broken.object[: broken.start].count(b"\n") + 1
        raise click.ClickException(f"Line {line}: these letters are not in UTF-8.") from None
    except blt.NotReadable as refused:
        raise click.ClickException(str(refused)) from None
    counted = scottish.count(ballots)
    if as_json:
        click.echo(json.dumps(_told(ballots, counted), ensure_ascii=False))
    else:
        click.echo(_in_words(ballots, counted))


def votes_text(value: int) -> str:
    """A number of votes with its five decimals."""
    return f"{value // scottish.VOTE}.{value % scottish.VOTE:05d}"


def _told(ballots: blt.Ballots, counted: scottish.Count) -> dict[str, Any]:
    names = ballots.names
    return {
        "title": ballots.title,
        "seats": ballots.seats,
        "quota": counted.quota // scottish.VOTE,
        "elected": [names[c] for c in counted.elected],
        "stages": [
            {
                "votes": {
                    names[c]: votes_text(stage.votes[c])
                    for c in range(len(names))
                    if c not in ballots.withdrawn
                },
                "nontransferable": votes_text(stage.nontransferable),
                "elected": [names[c] for c in stage.elected],
                "excluded": [names[c] for c in stage.excluded],
            }
            for stage in counted.stages
        ],
    }


def _in_words(ballots: blt.Ballots, counted: scottish.Count) -> str:
    lines = [ballots.title, f"Seats: {ballots.seats}. Quota: {counted.quota // scottish.VOTE}."]
    for number, stage in enumerate(counted.stages, start=1):
        lines.append(f"Stage {number}")
        lines += [f"  {name}: {votes_text(stage.votes[c])}" for c, name in enumerate(ballots.names)]
        lines.append(f"  Not transferable: {votes_text(stage.nontransferable)}")
        lines += [f"  Elected: {ballots.names[c]}" for c in stage.elected]
        lines += [f"  Excluded: {ballots.names[c]}" for c in stage.excluded]
    return "\n".join([*lines, "Elected: " + ", ".join(ballots.names[c] for c in counted.elected)])
