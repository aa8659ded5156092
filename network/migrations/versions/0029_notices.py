"""How members want to be told, what everybody is told about, who was told; and whether something was called at short notice."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

CHANNELS = "'none', 'sms', 'whatsapp', 'email'"
ABOUT = "'election_called', 'vote_open', 'vote_closing', 'result_declared', 'decision_called', 'constitution_put', 'result_fell', 'called_off'"
NOTICE = "is_short_notice or held_on - (called_at at time zone 'UTC')::date >= notice_days - 1"
DAY = "frozen_at is null or (frozen_at at time zone 'UTC')::date >= held_on - 1"
SHORT = "held_on - (called_at at time zone 'UTC')::date < notice_days"
TABLES = ("reaches", "notices", "tellings")


def upgrade() -> None:
    op.create_table(
        "reaches",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"channel in ({CHANNELS})", name=op.f("ck_reaches_channel")),
        sa.CheckConstraint(
            "asked in ('themselves', 'in_person', 'by_phone', 'in_writing')", name=op.f("ck_reaches_asked")
        ),
        sa.CheckConstraint("(channel = 'none') = (address is null)", name=op.f("ck_reaches_address")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_reaches_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["members.group_id", "members.id"], name=op.f("fk_reaches_group_id_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaches")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_reaches_group_id_id")),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_reaches_group_id_member_id")),
    )  # fmt: skip
    op.create_table(
        "notices",
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"about in ({ABOUT})", name=op.f("ck_notices_about")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_notices_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_notices_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "about", "subject_id", name=op.f("uq_notices_group_id_about_subject_id")
        ),
    )
    op.create_index("ix_notices_group_id_made_at", "notices", ["group_id", "made_at"])
    op.create_table(
        "tellings",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"channel in ({CHANNELS})", name=op.f("ck_tellings_channel")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_tellings_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["members.group_id", "members.id"], name=op.f("fk_tellings_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "notice_id"], ["notices.group_id", "notices.id"], name=op.f("fk_tellings_group_id_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_tellings_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "notice_id", "member_id", name=op.f("uq_tellings_group_id_notice_id_member_id")
        ),
    )  # fmt: skip
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    for table in ("motions", "elections"):
        # Worked out once for what there is, without an update that the triggers would refuse; a plain column from then on.
        op.execute(
            f"alter table {table} add column is_short_notice boolean not null generated always as ({SHORT}) stored"
        )
        op.execute(f"alter table {table} alter column is_short_notice drop expression")
        op.execute(
            f"create trigger short_notice_stays before update of is_short_notice on {table} for each row"
            " when (old.is_short_notice is distinct from new.is_short_notice) execute function refuse_change()"
        )
        op.create_check_constraint(op.f(f"ck_{table}_notice"), table, NOTICE)
        op.create_check_constraint(op.f(f"ck_{table}_not_before_its_day"), table, DAY)


def downgrade() -> None:
    for table in ("motions", "elections"):
        op.drop_constraint(op.f(f"ck_{table}_not_before_its_day"), table)
        op.drop_constraint(op.f(f"ck_{table}_notice"), table)
        op.execute(f"drop trigger short_notice_stays on {table}")
        op.drop_column(table, "is_short_notice")
    for table in reversed(TABLES):
        op.drop_table(table)
