"""Sheets of contributions, the share kept for hardship, and sealed requests for help."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

HAS_A_SEAT = (
    "exists (select 1 from hardship_seats s where s.group_id = {table}.group_id and s.request_id = {table}.{key} "
    "and s.account_id = scope.account_id())"
)
FENCED = {
    "reserve_shares": (Fence.GROUP, None),
    "contribution_sheets": (Fence.GROUP, None),
    "contributions": (Fence.GROUP, None),
    "hardship_requests": (
        Fence.SEALED,
        "requester_account_id = scope.account_id() or "
        + HAS_A_SEAT.format(table="hardship_requests", key="id"),
    ),
    # Each account sees its own seats only, so that the policy above does not ask itself.
    "hardship_seats": (Fence.SEALED, "account_id = scope.account_id()"),
    "hardship_answers": (Fence.SEALED, HAS_A_SEAT.format(table="hardship_answers", key="request_id")),
}


def upgrade() -> None:
    op.create_table(
        "reserve_shares",
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_reserve_shares_percent")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_reserve_shares_group_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_reserve_shares_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_shares")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_reserve_shares_group_id_id")),
    )
    op.create_index(
        "ix_reserve_shares_group_id_from_on", "reserve_shares", ["group_id", "from_on"], unique=False
    )
    op.create_table(
        "contribution_sheets",
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("reserve_percent", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "reserve_percent between 0 and 100", name=op.f("ck_contribution_sheets_reserve_percent")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_contribution_sheets_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_contribution_sheets_group_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_contribution_sheets_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_sheets")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_contribution_sheets_group_id_id")),
    )
    op.create_index(
        "ix_contribution_sheets_group_id_received_on",
        "contribution_sheets",
        ["group_id", "received_on"],
        unique=False,
    )
    op.create_table(
        "contributions",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place in ('cash', 'mobile_money')", name=op.f("ck_contributions_place")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_contributions_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_contributions_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "sheet_id"],
            ["contribution_sheets.group_id", "contribution_sheets.id"],
            name=op.f("fk_contributions_group_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_contributions_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_contributions_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "sheet_id",
            "member_id",
            "place",
            name=op.f("uq_contributions_group_id_sheet_id_member_id_place"),
        ),
    )
    op.create_index(
        "ix_contributions_group_id_member_id", "contributions", ["group_id", "member_id"], unique=False
    )
    op.create_table(
        "hardship_requests",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("requester_account_id", sa.Uuid(), nullable=True),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("destroy_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at is null)", name=op.f("ck_hardship_requests_decided")
        ),
        sa.CheckConstraint("draft_id is null or state = 'agreed'", name=op.f("ck_hardship_requests_paid")),
        sa.CheckConstraint(
            "need in ('medicine', 'funeral', 'wedding', 'travel', 'other')",
            name=op.f("ck_hardship_requests_need"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'agreed', 'declined')", name=op.f("ck_hardship_requests_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hardship_requests_amount")),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["accounts.id"], name=op.f("fk_hardship_requests_filed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "draft_id"],
            ["drafts.group_id", "drafts.id"],
            name=op.f("fk_hardship_requests_group_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_hardship_requests_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_hardship_requests_group_id")),
        sa.ForeignKeyConstraint(
            ["requester_account_id"], ["accounts.id"], name=op.f("fk_hardship_requests_requester_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardship_requests")),
        sa.UniqueConstraint("group_id", "code", name=op.f("uq_hardship_requests_group_id_code")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_hardship_requests_group_id_id")),
    )
    op.create_table(
        "hardship_answers",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_hardship_answers_account_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"],
            ["hardship_requests.group_id", "hardship_requests.id"],
            name=op.f("fk_hardship_answers_group_id_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_hardship_answers_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardship_answers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_hardship_answers_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "request_id",
            "account_id",
            name=op.f("uq_hardship_answers_group_id_request_id_account_id"),
        ),
    )
    op.create_table(
        "hardship_seats",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_hardship_seats_account_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"],
            ["hardship_requests.group_id", "hardship_requests.id"],
            name=op.f("fk_hardship_seats_group_id_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_hardship_seats_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardship_seats")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_hardship_seats_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "request_id",
            "account_id",
            name=op.f("uq_hardship_seats_group_id_request_id_account_id"),
        ),
    )
    for table, (kind, readable) in FENCED.items():
        for statement in protect(table, kind, readable=readable):
            op.execute(statement)


def downgrade() -> None:
    for table in ("hardship_requests", "hardship_answers"):
        op.execute(f"drop policy fence on {table}")  # they name the seats
    op.drop_table("hardship_seats")
    op.drop_table("hardship_answers")
    op.drop_table("hardship_requests")
    op.drop_index("ix_contributions_group_id_member_id", table_name="contributions")
    op.drop_table("contributions")
    op.drop_index("ix_contribution_sheets_group_id_received_on", table_name="contribution_sheets")
    op.drop_table("contribution_sheets")
    op.drop_index("ix_reserve_shares_group_id_from_on", table_name="reserve_shares")
    op.drop_table("reserve_shares")
