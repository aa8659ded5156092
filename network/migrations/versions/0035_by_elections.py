"""By-elections: for the rest of the running term where the constitution says so, run by whoever called them where no officer is left.

Why so: docs/decisions/elections.md.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ELECTION = tuple((f"{row}.kind,", f"{row}.kind, {row}.run_by_id,") for row in ("new", "old"))
CONTEST = tuple((f"{row}.months,", f"{row}.months, {row}.ends_on,") for row in ("new", "old"))


def upgrade() -> None:
    op.add_column(
        "constitutions", sa.Column("fills_rest", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.alter_column("constitutions", "fills_rest", server_default=None)
    op.add_column("contests", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("elections", sa.Column("run_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_elections_run_by_id"), "elections", "accounts", ["run_by_id"], ["id"])
    _replace("guard_election()", *ELECTION)
    _replace("guard_contest()", *CONTEST)


def downgrade() -> None:
    _replace("guard_contest()", *((later, earlier) for earlier, later in CONTEST))
    _replace("guard_election()", *((later, earlier) for earlier, later in ELECTION))
    op.drop_column("elections", "run_by_id")
    op.drop_column("contests", "ends_on")
    op.drop_column("constitutions", "fills_rest")


def _replace(function: str, *pairs: tuple[str, str]) -> None:
    """Put one condition of a trigger in place of another, whatever else migrations since have changed in it."""
    asked = sa.text("select pg_get_functiondef(cast(:function as regprocedure))")
    source = str(op.get_bind().execute(asked, {"function": function}).scalar_one())
    for earlier, later in pairs:
        if earlier not in source:
            raise RuntimeError(f"{function} is not as this migration knows it")
        source = source.replace(earlier, later, 1)
    op.execute(source)
