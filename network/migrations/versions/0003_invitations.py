"""Invitations into a group."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("invitations",)


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('first_chairperson', 'member')", name=op.f("ck_invitations_kind")),
        sa.CheckConstraint(
            "(accepted_at is null) = (accepted_by is null)", name=op.f("ck_invitations_accepted")
        ),
        sa.CheckConstraint(
            "accepted_at is null or withdrawn_at is null", name=op.f("ck_invitations_one_end")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_invitations_dates")),
        sa.ForeignKeyConstraint(["accepted_by"], ["accounts.id"], name=op.f("fk_invitations_accepted_by")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_invitations_group_id")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_invitations_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_invitations_group_id_id")),
    )
    op.create_index(
        "ix_invitations_group_id_member_id", "invitations", ["group_id", "member_id"], unique=False
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_invitations_group_id_member_id", table_name="invitations")
    op.drop_table("invitations")
