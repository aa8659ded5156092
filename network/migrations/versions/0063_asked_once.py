"""After somebody was asked again, no office answers: a second note would be a second asking."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

WAS = "'waiting answered', 'asked answered', 'waiting resting'"
IS = "'waiting answered', 'waiting resting'"


def upgrade() -> None:
    _replace(WAS, IS)


def downgrade() -> None:
    _replace(IS, WAS)


def _replace(earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef('referral_moves()'::regprocedure)")
    source = str(op.get_bind().execute(asked).scalar_one())
    if earlier not in source:
        raise RuntimeError("referral_moves() is not as this migration knows it")
    op.get_bind().exec_driver_sql(source.replace(earlier, later, 1).replace("%", "%%"))
