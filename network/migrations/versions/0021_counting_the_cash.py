"""Counts of the cash box: once two people have signed, nobody changes them."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

FUNCTIONS = """
create function counted_pieces(pieces jsonb) returns numeric language sql immutable set search_path = public, pg_temp as $$
  select coalesce(sum(key::numeric * value::numeric), 0) from jsonb_each_text(pieces)
$$;

create function ledger_holds(place text) returns numeric language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(b.debit - b.credit), 0) from ledger_balances b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
   where b.group_id = scope.group_id() and a.code = place
$$;

create function cash_count_is_kept() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  book books;
  brought numeric;
begin
  if new.amount <> new.other + counted_pieces(new.pieces) then
    raise exception 'the parts come to something else' using errcode = 'check_violation', constraint = 'ck_cash_counts_parts';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then
      raise exception 'a second person signs' using errcode = 'check_violation', constraint = 'ck_cash_counts_waiting';
    end if;
    return new;
  end if;
  if old.state <> 'waiting'
     or (new.id, new.group_id, new.counted_on, new.currency, new.pieces, new.other, new.amount, new.counted_by_id, new.counted_at)
        is distinct from (old.id, old.group_id, old.counted_on, old.currency, old.pieces, old.other, old.amount, old.counted_by_id, old.counted_at) then
    raise exception 'what was counted stays as it was' using errcode = 'restrict_violation';
  end if;
  new.book := null; new.entries := null; new.head := null;
  if new.state = 'done' then
    select * into book from books where group_id = new.group_id for update;
    select coalesce(sum(l.amount), 0) into brought from journals j
      join legs l on l.group_id = j.group_id and l.journal_id = j.id
      join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
     where j.group_id = new.group_id and j.id = new.journal_id and j.kind = 'count' and a.code = 'cash'
       and j.posted_in = pg_current_xact_id()::text::bigint;
    if ledger_holds('cash') <> new.amount then
      raise exception 'the book holds something else' using errcode = 'check_violation', constraint = 'ck_cash_counts_agrees';
    end if;
    new.book := new.amount - brought; new.entries := coalesce(book.entries, 0); new.head := book.head;
  end if;
  return new;
end $$;
"""
TRIGGERS = {
    "append_only": "before delete or truncate on cash_counts for each statement execute function refuse_change()",
    "kept": "before insert or update on cash_counts for each row execute function cash_count_is_kept()",
}


def upgrade() -> None:
    op.create_table(
        "cash_counts",
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("pieces", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counted_by_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("book", sa.BigInteger(), nullable=True),
        sa.Column("entries", sa.BigInteger(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount >= 0 and other between 0 and amount", name=op.f("ck_cash_counts_amount")),
        sa.CheckConstraint("state in ('waiting', 'done', 'taken_away')", name=op.f("ck_cash_counts_state")),
        sa.CheckConstraint("(state = 'done') = (agreed_by_id is not null)", name=op.f("ck_cash_counts_agreed")),
        sa.CheckConstraint(
            "agreed_by_id is distinct from counted_by_id", name=op.f("ck_cash_counts_two_people")
        ),
        sa.CheckConstraint("(state = 'done') = (book is not null)", name=op.f("ck_cash_counts_book")),
        sa.CheckConstraint(
            "state <> 'done' or amount = book or why is not null", name=op.f("ck_cash_counts_why")
        ),
        sa.CheckConstraint(
            "(journal_id is not null) = (state = 'done' and amount <> book)", name=op.f("ck_cash_counts_difference")
        ),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["accounts.id"], name=op.f("fk_cash_counts_agreed_by_id")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["accounts.id"], name=op.f("fk_cash_counts_counted_by_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"], ["journals.group_id", "journals.id"], name=op.f("fk_cash_counts_group_id_journal_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_cash_counts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_counts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_cash_counts_group_id_id")),
    )  # fmt: skip
    op.create_index("ix_cash_counts_group_id_counted_at", "cash_counts", ["group_id", "counted_at"])
    op.create_index(
        "uq_cash_counts_waiting", "cash_counts", ["group_id"], unique=True, postgresql_where=sa.text("state = 'waiting'")
    )  # fmt: skip
    for statement in protect("cash_counts", Fence.GROUP):
        op.execute(statement)
    op.execute(FUNCTIONS)
    for name, rest in TRIGGERS.items():
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table cash_counts enable always trigger {name}")
    op.execute(f'revoke delete, truncate on cash_counts from "{context.config.attributes["web_role"]}"')


def downgrade() -> None:
    op.drop_table("cash_counts")
    for function in ("cash_count_is_kept()", "ledger_holds(text)", "counted_pieces(jsonb)"):
        op.execute(f"drop function {function}")
