"""What an operator can type: migrate, worker, data-map. Packages add their own commands in `init_app`."""

import click
from flask import Flask, current_app

from network import config, data_map, migrating
from network.breach.cli import breach
from network.db import require_ordinary_role
from network.mine.cli import erasures
from network.vault.cli import vault


def init_app(app: Flask) -> None:
    """Add the commands of the ground floor."""
    app.cli.add_command(migrate)
    app.cli.add_command(draft_migration)
    app.cli.add_command(worker)
    app.cli.add_command(tell_data_map)
    app.cli.add_command(erasures)
    app.cli.add_command(vault)
    app.cli.add_command(breach)


@click.command()
def migrate() -> None:
    """Bring the database to the present shape (as the owner of its tables)."""
    migrating.upgrade(*_owner_and_role())
    click.echo("The database is up to date.")


@click.command("draft-migration")
@click.argument("message")
def draft_migration(message: str) -> None:
    """Write a first version of a migration from the models."""
    migrating.draft(*_owner_and_role(), message)


@click.command()
def worker() -> None:
    """Deliver what waits in the outbox, until stopped."""
    from network.outbox.worker import work

    config.require_serving(config.load())
    require_ordinary_role()
    work(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - the worker outlives this context


@click.command("data-map")
def tell_data_map() -> None:
    """What is kept in every column, why and until when, as a page to read."""
    told = data_map.read_map(data_map.files())
    for line in data_map.pages(told, data_map.kept_columns()):
        click.echo(line)


def _owner_and_role() -> tuple[str, str]:
    settings = config.load()
    if not settings.owner_url:
        raise click.ClickException(
            "DATABASE_OWNER_URL says which role migrates; it is missing. `make run` makes one."
        )
    return settings.owner_url, migrating.web_role_of(settings.database_url)
