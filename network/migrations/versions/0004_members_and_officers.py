"""Members, the word about them all, the constitution's offices, and who holds them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("members", "composition_readings", "constitutions", "terms")
ONE_AT_A_TIME = """
create function refuse_overlapping_term() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from terms t
    where t.group_id = new.group_id and t.office = new.office and t.seat = new.seat and t.id <> new.id
      and tstzrange(t.starts_at, t.ends_at) && tstzrange(new.starts_at, new.ends_at)
  ) then
    raise exception 'a seat is held by one person at a time' using errcode = 'exclusion_violation';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "composition_readings",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("minimum", sa.SmallInteger(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "word in ('well_above', 'near', 'below')", name=op.f("ck_composition_readings_word")
        ),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_composition_readings_month")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_composition_readings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composition_readings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_composition_readings_group_id_id")),
        sa.UniqueConstraint("group_id", "month", name=op.f("uq_composition_readings_group_id_month")),
    )
    op.create_table(
        "constitutions",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("offices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("quorum_percent", sa.SmallInteger(), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("notice_days between 0 and 365", name=op.f("ck_constitutions_notice_days")),
        sa.CheckConstraint("quorum_percent between 0 and 100", name=op.f("ck_constitutions_quorum_percent")),
        sa.CheckConstraint("version > 0", name=op.f("ck_constitutions_version")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_constitutions_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_constitutions")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_constitutions_group_id_id")),
        sa.UniqueConstraint("group_id", "version", name=op.f("uq_constitutions_group_id_version")),
    )
    op.create_table(
        "members",
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("lived_experience", sa.LargeBinary(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("left_on is null or left_on >= joined_on", name=op.f("ck_members_dates")),
        sa.CheckConstraint("length(nickname) between 1 and 60", name=op.f("ck_members_nickname")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_members_account_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_members_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_members_group_id_id")),
    )
    op.create_index(
        "uq_members_account_once",
        "members",
        ["group_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("left_on is null"),
    )
    op.create_index(
        "uq_members_nickname_once",
        "members",
        ["group_id", "folded"],
        unique=True,
        postgresql_where=sa.text("left_on is null"),
    )
    op.create_table(
        "terms",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("seat", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("election_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(source = 'elected') = (election_id is not null)", name=op.f("ck_terms_election")
        ),
        sa.CheckConstraint("source in ('appointed', 'elected')", name=op.f("ck_terms_source")),
        sa.CheckConstraint("ends_at is null or ends_at >= starts_at", name=op.f("ck_terms_dates")),
        sa.CheckConstraint("seat > 0", name=op.f("ck_terms_seat")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_terms_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_terms_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_terms_group_id_id")),
    )
    op.create_index("ix_terms_group_id_member_id", "terms", ["group_id", "member_id"], unique=False)
    op.create_index(
        "uq_terms_member_once",
        "terms",
        ["group_id", "office", "member_id"],
        unique=True,
        postgresql_where=sa.text("ends_at is null"),
    )
    op.create_index(
        "uq_terms_seat_once",
        "terms",
        ["group_id", "office", "seat"],
        unique=True,
        postgresql_where=sa.text("ends_at is null"),
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    op.execute(ONE_AT_A_TIME)
    op.execute(
        "create trigger one_at_a_time before insert or update on terms for each row execute function refuse_overlapping_term()"
    )


def downgrade() -> None:
    op.drop_index("uq_terms_seat_once", table_name="terms", postgresql_where=sa.text("ends_at is null"))
    op.drop_index("uq_terms_member_once", table_name="terms", postgresql_where=sa.text("ends_at is null"))
    op.drop_index("ix_terms_group_id_member_id", table_name="terms")
    op.drop_table("terms")
    op.drop_index(
        "uq_members_nickname_once", table_name="members", postgresql_where=sa.text("left_on is null")
    )
    op.drop_index(
        "uq_members_account_once", table_name="members", postgresql_where=sa.text("left_on is null")
    )
    op.drop_table("members")
    op.drop_table("constitutions")
    op.drop_table("composition_readings")
    op.execute("drop function refuse_overlapping_term()")
