"""Meetings as head counts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FENCED = {
    "meetings": (Fence.GROUP, None),
}


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=True),
        sa.Column("newcomers", sa.BigInteger(), nullable=True),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(people is null) = (recorded_at is null)", name=op.f("ck_meetings_recorded")),
        sa.CheckConstraint(
            "cancelled_at is null or recorded_at is null", name=op.f("ck_meetings_cancelled_or_held")
        ),
        sa.CheckConstraint("newcomers >= 0 and newcomers <= people", name=op.f("ck_meetings_newcomers")),
        sa.CheckConstraint("people between 0 and 5000", name=op.f("ck_meetings_people")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_meetings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_meetings_group_id_id")),
        sa.UniqueConstraint("group_id", "starts_at", name=op.f("uq_meetings_group_id_starts_at")),
    )
    for table, (kind, readable) in FENCED.items():
        for statement in protect(table, kind, readable=readable):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("meetings")
