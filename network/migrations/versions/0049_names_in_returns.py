"""In which returns somebody's name stands, for their own page. What was handed in before is not looked through: its names are sealed."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "return_mentions",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "return_id"], ["returns.group_id", "returns.id"], name=op.f("fk_return_mentions_group_id_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["members.group_id", "members.id"], name=op.f("fk_return_mentions_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_return_mentions_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_mentions")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_return_mentions_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "return_id", "member_id", name=op.f("uq_return_mentions_group_id_return_id_member_id")
        ),
    )  # fmt: skip
    for statement in protect("return_mentions", Fence.GROUP):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("return_mentions")
