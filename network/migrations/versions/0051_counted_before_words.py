"""What the members counted holds before words written down without a count, also words that were written earlier for a later day."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

LATEST = (
    "select motion_id is not null from %I where group_id = $1 and from_on <= $2"
    " order by from_on desc, motion_id is null, recorded_at desc limit 1"
)
ANY = "select exists (select from %I where group_id = $1 and from_on <= $2 and motion_id is not null)"


def upgrade() -> None:
    _replace("'" + _lines(LATEST) + "'", f"'{ANY}'")


def downgrade() -> None:
    _replace(f"'{ANY}'", "'" + _lines(LATEST) + "'")


def _lines(text: str) -> str:
    """As the function has it, in two pieces."""
    return text.replace(" order by", "'\n                   ' order by")


def _replace(earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef('rests_on_decision()'::regprocedure)")
    source = str(op.get_bind().execute(asked).scalar_one())
    if earlier not in source:
        raise RuntimeError("rests_on_decision() is not as this migration knows it")
    op.execute(source.replace(earlier, later))
