"""Funds as rows, one for each grant; months that are closed; books that stopped because they do not add up.

Money that leaves the group names two people, whatever the entry is called.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = "'opening', 'contributions', 'grant', 'other_income', 'expense', 'hardship', 'transfer', 'reversal'"
MORE_KINDS = f"{KINDS}, 'seed', 'count', 'between_funds'"
TWO_PEOPLE = "kind not in ('expense', 'hardship', 'reversal') or confirmed_by_id is not null"
TWO_PEOPLE_MORE = (
    "kind not in ('expense', 'hardship', 'reversal', 'count', 'between_funds') or confirmed_by_id is not null"
)
FUNCTIONS = """
create or replace function ledger_chain() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare book books;
begin
  new.posted_in := pg_current_xact_id()::text::bigint;
  if new.currency is distinct from (select currency from groups where id = new.group_id) then
    raise exception 'an entry is in the group''s own money' using errcode = 'check_violation', constraint = 'ck_journals_currency';
  end if;
  select * into book from books where group_id = new.group_id for update;
  if not found or new.number <> book.entries + 1 or new.previous_hash <> book.head then
    raise exception 'an entry follows the last one' using errcode = 'check_violation', constraint = 'ck_journals_chain';
  end if;
  if new.effective_on <= book.closed_through then
    raise exception 'this month is closed' using errcode = 'check_violation', constraint = 'ck_journals_period';
  end if;
  if book.stopped_at is not null then
    raise exception 'the book is stopped' using errcode = 'check_violation', constraint = 'ck_journals_stopped';
  end if;
  update books set entries = new.number, head = new.hash where id = book.id;
  return new;
end $$;

create or replace function ledger_leg_in_time() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from journals j where j.group_id = new.group_id and j.id = new.journal_id
                   and j.posted_in = pg_current_xact_id()::text::bigint) then
    raise exception 'a leg comes with its entry or never' using errcode = 'check_violation', constraint = 'ck_legs_in_time';
  end if;
  if exists (select 1 from ledger_funds where group_id = new.group_id and code = new.fund and closed_on is not null) then
    raise exception 'this fund is closed' using errcode = 'check_violation', constraint = 'ck_legs_fund_open';
  end if;
  return new;
end $$;

create or replace function ledger_is_balanced() returns trigger language plpgsql as $$
declare
  entry uuid := case tg_table_name when 'journals' then new.id else (to_jsonb(new) ->> 'journal_id')::uuid end;
  reversed uuid;
  second uuid;
begin
  if (select count(*) < 2 from legs where group_id = new.group_id and journal_id = entry)
     or exists (select 1 from legs where group_id = new.group_id and journal_id = entry group by fund having sum(amount) <> 0) then
    raise exception 'an entry has two legs or more and adds up to nothing in every fund'
      using errcode = 'check_violation', constraint = 'ck_journals_balanced';
  end if;
  select reverses_id, confirmed_by_id into reversed, second from journals where group_id = new.group_id and id = entry;
  if reversed is not null and exists (
       select 1 from (select account_id, fund, amount from legs where group_id = new.group_id and journal_id = entry) mine
         full join (select account_id, fund, -amount as amount from legs where group_id = new.group_id and journal_id = reversed) theirs
         using (account_id, fund, amount) where mine is null or theirs is null) then
    raise exception 'an entry is taken back whole' using errcode = 'check_violation', constraint = 'ck_journals_mirrored';
  end if;
  if second is null and (
       select sum(l.amount) from legs l join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
        where l.group_id = new.group_id and l.journal_id = entry and a.kind = 'asset') < 0 then
    raise exception 'money that leaves names two people' using errcode = 'check_violation', constraint = 'ck_journals_leaving';
  end if;
  return null;
end $$;

create function fund_keeps_its_code() returns trigger language plpgsql as $$
begin
  if (new.id, new.group_id, new.code, new.kind) is distinct from (old.id, old.group_id, old.code, old.kind)
     or old.closed_on is not null then
    raise exception 'a fund can be renamed and closed, nothing else' using errcode = 'restrict_violation';
  end if;
  if new.closed_on is not null and exists (
       select 1 from ledger_balances b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
        where b.group_id = new.group_id and b.fund = new.code and a.kind = 'asset'
        group by a.id having sum(b.debit - b.credit) <> 0) then
    raise exception 'a fund closes when nothing is left in it' using errcode = 'check_violation', constraint = 'ck_ledger_funds_empty';
  end if;
  return new;
end $$;

create function period_is_decided() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare book books;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then
      raise exception 'a second person decides' using errcode = 'check_violation', constraint = 'ck_period_changes_waiting';
    end if;
    return new;
  end if;
  if old.state <> 'waiting' or (new.id, new.group_id, new.kind, new.through, new.asked_by_id, new.asked_at)
       is distinct from (old.id, old.group_id, old.kind, old.through, old.asked_by_id, old.asked_at) then
    raise exception 'what was decided stays as it was' using errcode = 'restrict_violation';
  end if;
  new.entries := null; new.head := null; new.balances := null;
  if new.state = 'done' then
    select * into book from books where group_id = new.group_id for update;
    if not found or (new.kind = 'close' and new.through <= book.closed_through)
       or (new.kind = 'reopen' and (book.closed_through is null or new.through >= book.closed_through)) then
      raise exception 'it is so already' using errcode = 'check_violation', constraint = 'ck_period_changes_already';
    end if;
    new.entries := book.entries; new.head := book.head;
    new.balances := coalesce((
      select jsonb_agg(jsonb_build_array(s.code, s.fund, s.amount) order by s.code, s.fund) from (
        select a.code, b.fund, sum(b.debit - b.credit) as amount
          from ledger_balances b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
         where b.group_id = new.group_id and b.month <= new.through
         group by a.code, b.fund having sum(b.debit - b.credit) <> 0) s), '[]'::jsonb);
    update books set closed_through = new.through where id = book.id;
  end if;
  return new;
end $$;

create function book_is_stopped() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (old.cleared_at is not null or new.cleared_at is null
       or (new.id, new.group_id, new.found_at, new.faults) is distinct from (old.id, old.group_id, old.found_at, old.faults)) then
    raise exception 'an alarm is cleared once' using errcode = 'restrict_violation';
  end if;
  update books set stopped_at = (select min(found_at) from book_alarms where group_id = new.group_id and cleared_at is null)
   where group_id = new.group_id;
  return null;
end $$;
"""
TRIGGERS = (
    ("ledger_funds", "kept", "before delete or truncate on ledger_funds for each statement execute function refuse_change()"),
    ("ledger_funds", "keeps_its_code", "before update on ledger_funds for each row execute function fund_keeps_its_code()"),
    ("period_changes", "append_only", "before delete or truncate on period_changes for each statement execute function refuse_change()"),
    ("period_changes", "decided", "before insert or update on period_changes for each row execute function period_is_decided()"),
    ("book_alarms", "append_only", "before delete or truncate on book_alarms for each statement execute function refuse_change()"),
    ("book_alarms", "stops", "after insert or update on book_alarms for each row execute function book_is_stopped()"),
)  # fmt: skip


def upgrade() -> None:
    _open_funds()
    op.add_column("books", sa.Column("closed_through", sa.Date(), nullable=True))
    op.add_column("books", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    _make_period_changes()
    _make_alarms()
    _widen("journals", MORE_KINDS)
    _widen("drafts", MORE_KINDS)
    op.drop_constraint("ck_journals_second_person", "journals")
    op.create_check_constraint(op.f("ck_journals_second_person"), "journals", TWO_PEOPLE_MORE)
    op.create_index("ix_journals_group_id_effective_on", "journals", ["group_id", "effective_on"])
    op.execute(FUNCTIONS)
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    for table in ("ledger_funds", "period_changes", "book_alarms"):
        op.execute(f"revoke delete, truncate on {table} from {role}")


def _widen(table: str, kinds: str) -> None:
    op.drop_constraint(f"ck_{table}_kind", table)
    op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind in ({kinds})")


def _open_funds() -> None:
    op.create_table(
        "ledger_funds",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('general', 'welfare', 'reserve', 'grant')", name=op.f("ck_ledger_funds_kind")),
        sa.CheckConstraint(
            "case kind when 'grant' then code ~ '^grant-[1-9][0-9]*$' and name is not null else code = kind and closed_on is null end",
            name=op.f("ck_ledger_funds_code"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ledger_funds_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_funds")),
        sa.UniqueConstraint("group_id", "code", name=op.f("uq_ledger_funds_group_id_code")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ledger_funds_group_id_id")),
    )  # fmt: skip
    # the owner too sees only the rows of its scope, and there is none while migrating
    op.execute("alter table ledger_balances no force row level security")
    op.execute(
        "insert into ledger_funds (id, group_id, code, kind, name)"
        " select gen_random_uuid(), group_id, fund, split_part(fund, '-', 1), case when fund like 'grant-%' then fund end"
        " from (select distinct group_id, fund from ledger_balances) as used"
    )
    op.execute("alter table ledger_balances force row level security")
    op.drop_constraint("ck_legs_fund", "legs")
    for table in ("legs", "ledger_balances"):
        op.create_foreign_key(
            op.f(f"fk_{table}_group_id_fund"), table, "ledger_funds", ["group_id", "fund"], ["group_id", "code"]
        )  # fmt: skip
    for statement in protect("ledger_funds", Fence.GROUP):
        op.execute(statement)


def _make_period_changes() -> None:
    op.create_table(
        "period_changes",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("through", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entries", sa.BigInteger(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("balances", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('close', 'reopen')", name=op.f("ck_period_changes_kind")),
        sa.CheckConstraint("state in ('waiting', 'done', 'refused')", name=op.f("ck_period_changes_state")),
        sa.CheckConstraint(
            "through is null and kind = 'reopen' or extract(day from through + 1) = 1", name=op.f("ck_period_changes_through")
        ),
        sa.CheckConstraint("kind = 'close' or reason is not null", name=op.f("ck_period_changes_reason")),
        sa.CheckConstraint("(state = 'waiting') = (decided_by_id is null)", name=op.f("ck_period_changes_decided")),
        sa.CheckConstraint(
            "decided_by_id is distinct from asked_by_id or state = 'refused'", name=op.f("ck_period_changes_two_people")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_period_changes_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_period_changes_decided_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_period_changes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_changes")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_period_changes_group_id_id")),
    )  # fmt: skip
    op.create_index(
        "uq_period_changes_waiting", "period_changes", ["group_id"], unique=True, postgresql_where=sa.text("state = 'waiting'")
    )  # fmt: skip
    for statement in protect("period_changes", Fence.GROUP):
        op.execute(statement)


def _make_alarms() -> None:
    op.create_table(
        "book_alarms",
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_book_alarms_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_alarms")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_book_alarms_group_id_id")),
    )
    op.create_index(
        "uq_book_alarms_open", "book_alarms", ["group_id"], unique=True, postgresql_where=sa.text("cleared_at is null")
    )  # fmt: skip
    for statement in protect("book_alarms", Fence.GROUP):
        op.execute(statement)


def downgrade() -> None:
    """What older versions did not know, grants' funds and the newer kinds of entry, stands; only new rows are checked again."""
    earlier = import_module("network.migrations.versions.0005_ledger")
    op.execute(earlier.FUNCTIONS.replace("create function", "create or replace function"))
    for table in ("book_alarms", "period_changes"):
        op.drop_table(table)
    for table in ("legs", "ledger_balances"):
        op.drop_constraint(f"fk_{table}_group_id_fund", table)
    op.drop_table("ledger_funds")
    for name in ("fund_keeps_its_code", "period_is_decided", "book_is_stopped"):
        op.execute(f"drop function {name}()")
    op.drop_index("ix_journals_group_id_effective_on", table_name="journals")
    for column in ("closed_through", "stopped_at"):
        op.drop_column("books", column)
    for table, name, check in (
        ("journals", "ck_journals_second_person", TWO_PEOPLE),
        ("journals", "ck_journals_kind", f"kind in ({KINDS})"),
        ("drafts", "ck_drafts_kind", f"kind in ({KINDS})"),
    ):
        op.drop_constraint(name, table)
        op.create_check_constraint(op.f(name), table, check, postgresql_not_valid=True)
    op.create_check_constraint(
        op.f("ck_legs_fund"), "legs", "fund in ('general', 'welfare', 'reserve')", postgresql_not_valid=True
    )
