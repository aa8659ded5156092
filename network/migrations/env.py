"""Alembic's way in. The connection and the ordinary role's name come from `network.migrating`."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from network.db import Base, UtcTime
from network.vault.columns import PlatformSealed, Sealed


def write_plainly(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Migrations name the database's own types, so that they still run when ours have moved."""
    if kind == "type" and isinstance(thing, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Sealed | PlatformSealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(thing, sa.types.TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=write_plainly,
)
with context.begin_transaction():
    context.run_migrations()
