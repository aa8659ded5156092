"""A canary in every text column of the other group: it is never heard, whatever anybody else asks for."""

import uuid

import pytest
import sqlalchemy as sa

from network.config import Settings
from network.tenancy.fence import Fence
from network.tenancy.tables import kinds
from network.web.unit_of_work import Pamoja
from tests.isolation.test_matrix import address, as_actor
from tests.isolation.world import World, values_for
from tests.support.said import words_of

pytestmark = pytest.mark.xdist_group("world")
PRIVATE = (Fence.GROUP, Fence.LINK, Fence.SEALED, Fence.SEATED)


@pytest.fixture(scope="module")
def canaries(world: World, test_settings: Settings) -> int:
    """Let a canary into every private text column that takes free words; returns how many columns did."""
    engine = sa.create_engine(test_settings.owner_url, poolclass=sa.NullPool)
    let_in = 0
    with engine.connect() as connection:
        for table in (name for name, kind in kinds().items() if kind in PRIVATE):
            for column in _text_columns(connection, table):
                let_in += _let_in(connection, table, column, world.theirs.id)
    return let_in


def _text_columns(connection: sa.Connection, table: str) -> list[str]:
    rows = connection.execute(
        sa.text(
            "select column_name from information_schema.columns where table_name = :t and data_type = 'text'"
        ),
        {"t": table},
    )
    return list(rows.scalars())


def _let_in(connection: sa.Connection, table: str, column: str, group_id: uuid.UUID) -> int:
    """Codes and posted rows refuse it, as they should."""
    connection.rollback()
    connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group_id)})
    try:
        changed = connection.execute(
            sa.text(
                f"update {table} set {column} = 'CANARY-{table}-{column}-' || left(id::text, 8) where group_id = :g"
            ),
            {"g": group_id},
        )
        connection.commit()
    except sa.exc.DBAPIError:
        connection.rollback()
        return 0
    return int(changed.rowcount > 0)


def test_no_canary_is_heard_by_anybody_else(app: Pamoja, world: World, canaries: int) -> None:
    assert canaries >= 3
    heard = []
    for name, account_id in world.actors.items():
        with as_actor(app, account_id) as client:
            for rule in app.url_map.iter_rules():
                if rule.endpoint == "static" or "GET" not in (rule.methods or set()):
                    continue
                for place in (world.theirs.id, world.ours.id, world.their_office.id):
                    values = values_for(rule, world, place=place, theirs=True)
                    response = client.get(address(app, rule, values))
                    said = words_of(response) + str(response.headers)
                    if "CANARY" in said:
                        heard.append((name, rule.rule))
                    if not {"group_id", "network_id"} & rule.arguments:
                        break
    assert heard == []
