"""Receipts: numbered by the database without gaps, for what really came in, and never changed."""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FOLLOWS = """
create function receipt_follows() returns trigger language plpgsql as $$
declare came_in numeric; in_money text;
begin
  -- One after the other: whoever is second waits here, and then sees the first one's number.
  perform pg_advisory_xact_lock(hashtextextended('receipts of ' || new.group_id, 0));
  select coalesce(max(number), 0) + 1 into new.number from receipts where group_id = new.group_id;
  select currency into in_money from journals where group_id = new.group_id and id = new.journal_id;
  if new.member_id is not null then
    select sum(c.amount) into came_in
      from contributions c join contribution_sheets s on s.group_id = c.group_id and s.id = c.sheet_id
     where c.group_id = new.group_id and c.member_id = new.member_id and s.journal_id = new.journal_id;
  else
    select sum(l.amount) into came_in
      from journals j
      join legs l on l.group_id = j.group_id and l.journal_id = j.id
      join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id and a.kind = 'asset'
     where j.group_id = new.group_id and j.id = new.journal_id and j.kind in ('grant', 'other_income', 'seed');
  end if;
  if came_in is null or new.amount is distinct from came_in or new.currency is distinct from in_money then
    raise exception 'a receipt is for what came in' using errcode = 'check_violation', constraint = 'ck_receipts_came_in';
  end if;
  if exists (select 1 from journals where group_id = new.group_id and reverses_id = new.journal_id) then
    raise exception 'what was taken back did not come in' using errcode = 'check_violation', constraint = 'ck_receipts_taken_back';
  end if;
  return new;
end $$;
"""


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipts_number")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_receipts_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_receipts_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_receipts_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_receipts_group_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_receipts_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_receipts_group_id_id")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_receipts_group_id_number")),
        sa.UniqueConstraint(
            "group_id",
            "journal_id",
            "member_id",
            name=op.f("uq_receipts_group_id_journal_id_member_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for statement in protect("receipts", Fence.GROUP):
        op.execute(statement)
    op.execute(FOLLOWS)
    op.execute(
        "create trigger append_only before update or delete or truncate on receipts "
        "for each statement execute function refuse_change()"
    )
    op.execute(
        "create trigger follows before insert on receipts for each row execute function receipt_follows()"
    )
    for trigger in ("append_only", "follows"):
        op.execute(f"alter table receipts enable always trigger {trigger}")
    op.execute(f'revoke update, delete, truncate on receipts from "{context.config.attributes["web_role"]}"')


def downgrade() -> None:
    op.drop_table("receipts")
    op.execute("drop function receipt_follows()")
