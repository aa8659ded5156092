"""A pair of keys for each account: what is closed for somebody opens with their password alone."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_pairs",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("lock", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_key_pairs_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_pairs")),
        sa.UniqueConstraint("account_id", name=op.f("uq_key_pairs_account_id")),
    )


def downgrade() -> None:
    op.drop_table("key_pairs")
