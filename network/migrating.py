"""Bringing the database to the shape the code expects. Runs as the owner of the tables, never as the ordinary role."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import make_url

SCRIPTS = Path(__file__).resolve().parent / "migrations"


def upgrade(owner_url: str, web_role: str, revision: str = "head") -> None:
    """Go up to a revision."""
    _run(owner_url, web_role, lambda config: command.upgrade(config, revision))


def downgrade(owner_url: str, web_role: str, revision: str) -> None:
    """Go down to a revision."""
    _run(owner_url, web_role, lambda config: command.downgrade(config, revision))


def draft(owner_url: str, web_role: str, message: str) -> None:
    """Write a first version of a migration from what the models say; the fence and the data are added by hand."""
    _run(owner_url, web_role, lambda config: command.revision(config, message=message, autogenerate=True))


def differences(owner_url: str) -> list[Any]:
    """What the models say and the database does not, or the other way round."""
    from network.db import Base

    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def web_role_of(database_url: str) -> str:
    """The ordinary role's name, as the address says it."""
    return make_url(database_url).username or "pamoja_web"


def _run(owner_url: str, web_role: str, step: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        config.attributes.update(connection=connection, web_role=web_role)
        step(config)
