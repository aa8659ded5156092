"""Objectives with their steps and reviews; asking the network for support."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FENCED = {
    "objectives": (Fence.GROUP, None),
    "objective_steps": (Fence.GROUP, None),
    "objective_reviews": (Fence.GROUP, None),
    "support_requests": (Fence.PUBLISHED, "network_office_id = scope.group_id() and state <> 'withdrawn'"),
    "support_answers": (Fence.PUBLISHED, "for_group_id = scope.group_id()"),
}


def upgrade() -> None:
    op.create_table(
        "objectives",
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=False),
        sa.Column("carried_from_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name=op.f("ck_objectives_closed")),
        sa.CheckConstraint(
            "state in ('open', 'achieved', 'carried_over', 'dropped')", name=op.f("ck_objectives_state")
        ),
        sa.CheckConstraint(
            "extract(day from quarter_on) = 1 and extract(month from quarter_on) in (1, 4, 7, 10)",
            name=op.f("ck_objectives_quarter"),
        ),
        sa.CheckConstraint("length(title) between 1 and 120", name=op.f("ck_objectives_title")),
        sa.ForeignKeyConstraint(
            ["group_id", "carried_from_id"],
            ["objectives.group_id", "objectives.id"],
            name=op.f("fk_objectives_group_id_carried_from_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_objectives_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objectives")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_objectives_group_id_id")),
    )
    op.create_index(
        "ix_objectives_group_id_quarter_on", "objectives", ["group_id", "quarter_on"], unique=False
    )
    op.create_table(
        "support_answers",
        sa.Column("for_group_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(words) between 1 and 4000", name=op.f("ck_support_answers_words")),
        sa.ForeignKeyConstraint(
            ["for_group_id"], ["groups.id"], name=op.f("fk_support_answers_for_group_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_support_answers_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_answers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_support_answers_group_id_id")),
    )
    op.create_index("ix_support_answers_request_id", "support_answers", ["request_id"], unique=False)
    op.create_table(
        "support_requests",
        sa.Column("network_office_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'settled', 'withdrawn')", name=op.f("ck_support_requests_state")
        ),
        sa.CheckConstraint("length(title) between 1 and 120", name=op.f("ck_support_requests_title")),
        sa.CheckConstraint("length(words) between 1 and 2000", name=op.f("ck_support_requests_words")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_support_requests_group_id")),
        sa.ForeignKeyConstraint(
            ["network_office_id"], ["groups.id"], name=op.f("fk_support_requests_network_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_requests")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_support_requests_group_id_id")),
    )
    op.create_index(
        "ix_support_requests_network_office_id_sent_at",
        "support_requests",
        ["network_office_id", "sent_at"],
        unique=False,
    )
    op.create_table(
        "objective_reviews",
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('moved', 'not_moved', 'achieved', 'carried_over', 'dropped')",
            name=op.f("ck_objective_reviews_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "meeting_id"],
            ["meetings.group_id", "meetings.id"],
            name=op.f("fk_objective_reviews_group_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "objective_id"],
            ["objectives.group_id", "objectives.id"],
            name=op.f("fk_objective_reviews_group_id_objective_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_objective_reviews_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_reviews")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_objective_reviews_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "objective_id",
            "meeting_id",
            name=op.f("uq_objective_reviews_group_id_objective_id_meeting_id"),
        ),
    )
    op.create_index("ix_objective_reviews_meeting_id", "objective_reviews", ["meeting_id"], unique=False)
    op.create_table(
        "objective_steps",
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(cost is null) = (currency is null)", name=op.f("ck_objective_steps_money")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_objective_steps_cost")),
        sa.CheckConstraint("length(what) between 1 and 200", name=op.f("ck_objective_steps_what")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_objective_steps_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "objective_id"],
            ["objectives.group_id", "objectives.id"],
            name=op.f("fk_objective_steps_group_id_objective_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_objective_steps_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_steps")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_objective_steps_group_id_id")),
    )
    op.create_index("ix_objective_steps_objective_id", "objective_steps", ["objective_id"], unique=False)
    for table, (kind, readable) in FENCED.items():
        for statement in protect(table, kind, readable=readable):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_objective_steps_objective_id", table_name="objective_steps")
    op.drop_table("objective_steps")
    op.drop_index("ix_objective_reviews_meeting_id", table_name="objective_reviews")
    op.drop_table("objective_reviews")
    op.drop_index("ix_support_requests_network_office_id_sent_at", table_name="support_requests")
    op.drop_table("support_requests")
    op.drop_index("ix_support_answers_request_id", table_name="support_answers")
    op.drop_table("support_answers")
    op.drop_index("ix_objectives_group_id_quarter_on", table_name="objectives")
    op.drop_table("objectives")
