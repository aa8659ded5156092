"""What an operator can type about keys: `flask vault rotate`, `flask vault rewrap`."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from network import clock, config
from network.vault import commands, keys


@click.group()
def vault() -> None:
    """Change keys while people are served."""


@vault.command()
@click.option("--group", "group_id", type=click.UUID, help="One group or office, by its id.")
@click.option("--all", "is_all", is_flag=True, help="Every group and office, and the platform.")
@click.option("--platform", "is_platform", is_flag=True, help="What is sealed about accounts.")
@click.option("--another", "is_another", is_flag=True, help="A newer key although an older one had to stay.")
def rotate(group_id: uuid.UUID | None, *, is_all: bool, is_platform: bool, is_another: bool) -> None:
    """Give a new key, seal everything anew with it, and destroy the old one after the last row.

    Interrupted, it goes on where it stopped when it is typed again. What opens with no key is named at the end and left as
    it is; the old key of its group stays with it.
    """
    if not (group_id or is_all or is_platform):
        raise click.UsageError("Say whose key: --group, --platform or --all.")
    unopened: list[str] = []
    with _owner() as engine:
        commands.prepare_tables(engine)
        owners: list[keys.Owner] = [group_id] if group_id else []
        owners += commands.groups_with_keys(engine) if is_all else []
        owners += [keys.ACCOUNTS] if is_all or is_platform else []
        for owner in owners:
            unopened += _rotate(engine, owner, is_another=is_another)
    if unopened:
        raise click.ClickException(
            f"No key we have opens {'; '.join(unopened)}. Put back from a backup what can be put back and empty the rest,"
            " then type this again: until then the old keys stay."
        )


@vault.command()
def rewrap() -> None:
    """Wrap every key with MASTER_KEY, opening them with MASTER_KEY_BEFORE where needed; nothing else is touched."""
    with _owner() as engine:
        count, closed = commands.rewrap_keys(engine, now=clock.now())
    if closed:
        whose = ", ".join(map(str, closed))
        raise click.ClickException(
            f"{count} keys are wrapped with MASTER_KEY. Those of {whose} open neither with MASTER_KEY nor with MASTER_KEY_BEFORE."
        )
    click.echo(f"{count} keys are wrapped with MASTER_KEY; MASTER_KEY_BEFORE is needed no more.")


def _rotate(engine: sa.Engine, owner: keys.Owner, *, is_another: bool) -> list[str]:
    """Says what did not open."""
    try:
        done = commands.rotate_key(engine, owner, is_another=is_another, now=clock.now())
    except InvalidTag:
        click.echo(f"{owner}: its key opens neither with MASTER_KEY nor with MASTER_KEY_BEFORE.")
        return [f"the key of {owner}"]
    if done is None:
        click.echo(f"{owner}: nothing is sealed there yet.")
        return []
    is_gone = "the old key stays" if done.unopened else "the old key is destroyed"
    click.echo(f"{owner}: version {done.newest}, {done.resealed} rows sealed anew, {is_gone}.")
    return [
        f"{table} {row} ({', '.join(columns)})"
        for table, rows in done.unopened.items()
        for row, columns in rows.items()
    ]


@contextmanager
def _owner() -> Iterator[sa.Engine]:
    """The owner of the tables, for as long as this takes."""
    url = config.load().owner_url
    if not url:
        raise click.ClickException("DATABASE_OWNER_URL says which role owns the tables; it is missing.")
    engine = sa.create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
