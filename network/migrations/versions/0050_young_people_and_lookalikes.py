"""Whom young people of a group can turn to; which entries look alike and are two people."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safeguarding",
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nonnulls(member_id, name) <= 1", name=op.f("ck_safeguarding_one_person")),
        sa.CheckConstraint("name is null or contact is not null", name=op.f("ck_safeguarding_outside")),
        sa.CheckConstraint(
            "num_nonnulls(member_id, name) = 1 or contact is null", name=op.f("ck_safeguarding_nobody")
        ),
        *_keys("safeguarding", "member_id"),
        sa.UniqueConstraint("group_id", name=op.f("uq_safeguarding_group_id")),
    )
    op.create_table(
        "different_people",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_different_people_order")),
        *_keys("different_people", "first_id", "second_id"),
        sa.UniqueConstraint(
            "group_id", "first_id", "second_id", name=op.f("uq_different_people_group_id_first_id_second_id")
        ),
    )
    for table in ("safeguarding", "different_people"):
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)


def _keys(table: str, *members: str) -> list[sa.Constraint]:
    return [
        *(
            sa.ForeignKeyConstraint(
                ["group_id", column],
                ["members.group_id", "members.id"],
                name=op.f(f"fk_{table}_group_id_{column}"),
            )
            for column in members
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f(f"fk_{table}_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("group_id", "id", name=op.f(f"uq_{table}_group_id_id")),
    ]


def downgrade() -> None:
    op.drop_table("different_people")
    op.drop_table("safeguarding")
