"""PRIV-09: every sealed column there is, filled through its type: a raw dump shows none of the words, nor does another row."""

import base64
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from network.config import Settings
from network.db import Base
from network.vault.columns import sealed_columns
from network.vault.guarding import sealed_places
from tests.factories.network import make_account, make_group
from tests.support.app import in_scope


@pytest.fixture
def connection(test_settings: Settings) -> Iterator[sa.Connection]:
    engine = sa.create_engine(test_settings.owner_url, poolclass=sa.NullPool)
    with engine.connect() as opened:
        yield opened
        opened.rollback()


def empty_copy(connection: sa.Connection, table: sa.Table) -> None:
    """A table of this session's own in front of the real one: the same columns, and any row fits."""
    connection.execute(sa.text(f"create temporary table {table.name} (like public.{table.name})"))
    for column in table.columns:
        connection.execute(sa.text(f'alter table pg_temp.{table.name} alter "{column.name}" drop not null'))


def spellings(words: str) -> list[str]:
    plain = words.encode()
    return [words, plain.hex(), base64.b64encode(plain).decode().rstrip("=")[:-1]]


def test_shows_nothing_of_any_sealed_column(app: object, connection: sa.Connection) -> None:
    places = sealed_places()
    assert len(places) > 40
    with in_scope(make_group(), make_account()):
        for place in places:
            table, row, other = Base.metadata.tables[place.table], uuid.uuid4(), uuid.uuid4()
            empty_copy(connection, table)
            canaries = {c.key: f"Canary of {place.table} {c.key} Zebra" for c in sealed_columns(table)}
            connection.execute(sa.insert(table), {"id": row, **canaries})
            [dumped] = connection.execute(sa.text(f"select t::text from pg_temp.{table.name} t")).scalars()
            for key, words in canaries.items():
                assert not [one for one in spellings(words) if one in dumped], f"{place.table}.{key}"
                read = sa.select(table.c[key]).where(table.c.id.in_((row, other)))
                assert connection.scalar(read) == words, "and it is really there"
            connection.execute(sa.text(f"update pg_temp.{table.name} set id = :other"), {"other": other})
            for key in canaries:
                with pytest.raises(InvalidTag):
                    connection.scalar(sa.select(table.c[key]))


def test_would_find_words_that_are_not_sealed(connection: sa.Connection) -> None:
    words = "Canary in the open"
    connection.execute(sa.text("create temporary table bare (words text, held bytea, coded text)"))
    row = {"words": words, "held": words.encode(), "coded": base64.b64encode(words.encode()).decode()}
    connection.execute(sa.text("insert into bare values (:words, :held, :coded)"), row)
    for column, spelled in zip(row, spellings(words), strict=True):
        assert spelled in str(connection.scalar(sa.text(f"select bare.{column}::text from bare")))
