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
def rotate(group_id: uuid.UUID | None, *, is_all: bool, is_platform: bool) -> None:
    """Give a new key, seal everything anew with it, and destroy the old one after the last row.

    Interrupted, it goes on where it stopped when it is typed again.
    """
    if not (group_id or is_all or is_platform):
        raise click.UsageError("Say whose key: --group, --platform or --all.")
    with _owner() as engine:
        commands.prepare_tables(engine)
        owners: list[keys.Owner] = [group_id] if group_id else []
        owners += commands.groups_with_keys(engine) if is_all else []
        owners += [keys.ACCOUNTS] if is_all or is_platform else []
        for owner in owners:
            _rotate(engine, owner)


@vault.command()
def rewrap() -> None:
    """Wrap every key with MASTER_KEY, opening them with MASTER_KEY_BEFORE where needed; nothing else is touched."""
    with _owner() as engine:
        try:
            count = commands.rewrap_keys(engine, now=clock.now())
        except InvalidTag:
            raise click.ClickException(
                "A key opens neither with MASTER_KEY nor with MASTER_KEY_BEFORE."
            ) from None
    click.echo(f"{count} keys are wrapped with MASTER_KEY; MASTER_KEY_BEFORE is needed no more.")


def _rotate(engine: sa.Engine, owner: keys.Owner) -> None:
    done = commands.rotate_key(engine, owner, now=clock.now())
    if done is None:
        click.echo(f"{owner}: nothing is sealed there yet.")
    else:
        click.echo(
            f"{owner}: version {done.newest}, {done.resealed} rows sealed anew, the old key is destroyed."
        )


@contextmanager
def _owner() -> Iterator[sa.Engine]:
    """The owner of the tables, for as long as this takes."""
    url = config.load().owner_url
    if not url:
        raise click.ClickException("DATABASE_OWNER_URL says which role owns the tables; it is missing.")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        yield engine
    finally:
        engine.dispose()
