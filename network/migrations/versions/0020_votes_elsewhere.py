"""A vote with nobody in the room; and back into the room where too few voted elsewhere for their box to be opened."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STANDS = (
    "(new.roll, new.method, new.frozen_at, new.fingerprint)"
    " is distinct from (old.roll, old.method, old.frozen_at, old.fingerprint)"
)
MOVES = (
    "((new.roll, new.frozen_at, new.fingerprint) is distinct from (old.roll, old.frozen_at, old.fingerprint)"
    " or (new.method is distinct from old.method and not (old.method = 'elsewhere' and new.method = 'paper'"
    " and exists (select 1 from ballot_boxes b where b.election_id = old.id and b.state = 'emptied'))))"
)


def upgrade() -> None:
    _allow("'hands', 'paper', 'elsewhere'")
    _replace(STANDS, MOVES)


def downgrade() -> None:
    _replace(MOVES, STANDS)
    _allow("'hands', 'paper'", is_checked=False)


def _allow(methods: str, *, is_checked: bool = True) -> None:
    op.drop_constraint("ck_elections_method", "elections")
    op.create_check_constraint(
        op.f("ck_elections_method"),
        "elections",
        f"method in ({methods})",
        postgresql_not_valid=not is_checked,
    )


def _replace(earlier: str, later: str) -> None:
    """Put one condition of the trigger in place of another, whatever else migrations since have changed in it."""
    source = (
        op.get_bind()
        .execute(sa.text("select pg_get_functiondef('guard_election()'::regprocedure)"))
        .scalar_one()
    )
    if earlier not in source:
        raise RuntimeError("guard_election() is not as this migration knows it")
    op.execute(source.replace(earlier, later))
