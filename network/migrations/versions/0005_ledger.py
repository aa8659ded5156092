"""The book: accounts, entries, legs, balances by month, memos, and entries that wait for a second person.

What the book promises is enforced here, for the ordinary role and for the owner: docs/decisions/ledger.md says why so.
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("books", "journals", "ledger_accounts", "drafts", "ledger_balances", "legs", "memos")
POSTED = ("journals", "legs", "ledger_accounts")
KEPT_BY_TRIGGERS = ("books", "ledger_balances")
FUNCTIONS = """
create function take_book() returns books language plpgsql security definer set search_path = public, pg_temp as $$
declare book books;
begin
  insert into books (id, group_id, entries, head) values (gen_random_uuid(), scope.group_id(), 0, decode(repeat('00', 32), 'hex'))
    on conflict (group_id) do nothing;
  select * into book from books where group_id = scope.group_id() for update;
  return book;
end $$;

create function ledger_chain() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
  update books set entries = new.number, head = new.hash where id = book.id;
  return new;
end $$;

create function ledger_leg_in_time() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from journals j where j.group_id = new.group_id and j.id = new.journal_id
                   and j.posted_in = pg_current_xact_id()::text::bigint) then
    raise exception 'a leg comes with its entry or never' using errcode = 'check_violation', constraint = 'ck_legs_in_time';
  end if;
  return new;
end $$;

create function ledger_add_up() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into ledger_balances (id, group_id, account_id, fund, month, debit, credit)
    select gen_random_uuid(), new.group_id, new.account_id, new.fund, date_trunc('month', j.effective_on)::date,
           greatest(new.amount, 0), greatest(-new.amount, 0)
      from journals j where j.group_id = new.group_id and j.id = new.journal_id
    on conflict (group_id, account_id, fund, month)
    do update set debit = ledger_balances.debit + excluded.debit, credit = ledger_balances.credit + excluded.credit;
  return null;
end $$;

create function ledger_is_balanced() returns trigger language plpgsql as $$
declare
  entry uuid := case tg_table_name when 'journals' then new.id else (to_jsonb(new) ->> 'journal_id')::uuid end;
  reversed uuid;
begin
  if (select count(*) < 2 from legs where group_id = new.group_id and journal_id = entry)
     or exists (select 1 from legs where group_id = new.group_id and journal_id = entry group by fund having sum(amount) <> 0) then
    raise exception 'an entry has two legs or more and adds up to nothing in every fund'
      using errcode = 'check_violation', constraint = 'ck_journals_balanced';
  end if;
  select reverses_id into reversed from journals where group_id = new.group_id and id = entry;
  if reversed is not null and exists (
       select 1 from (select account_id, fund, amount from legs where group_id = new.group_id and journal_id = entry) mine
         full join (select account_id, fund, -amount as amount from legs where group_id = new.group_id and journal_id = reversed) theirs
         using (account_id, fund, amount) where mine is null or theirs is null) then
    raise exception 'an entry is taken back whole' using errcode = 'check_violation', constraint = 'ck_journals_mirrored';
  end if;
  return null;
end $$;

create function refuse_from_outside() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2 then
    raise exception '% is kept by the book itself', tg_table_name using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

create function memo_is_only_erased() returns trigger language plpgsql as $$
begin
  if new.words is not null or (new.id, new.group_id, new.journal_id) is distinct from (old.id, old.group_id, old.journal_id) then
    raise exception 'a memo can be erased, not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
TRIGGERS = {
    "journals": (
        (
            "append_only",
            "before update or delete or truncate on journals for each statement execute function refuse_change()",
        ),
        ("chain", "before insert on journals for each row execute function ledger_chain()"),
        (
            "balanced",
            "after insert on journals deferrable initially deferred for each row execute function ledger_is_balanced()",
        ),
    ),
    "legs": (
        (
            "append_only",
            "before update or delete or truncate on legs for each statement execute function refuse_change()",
        ),
        ("in_time", "before insert on legs for each row execute function ledger_leg_in_time()"),
        ("add_up", "after insert on legs for each row execute function ledger_add_up()"),
        (
            "balanced",
            "after insert on legs deferrable initially deferred for each row execute function ledger_is_balanced()",
        ),
    ),
    "ledger_accounts": (
        (
            "append_only",
            "before update or delete or truncate on ledger_accounts for each statement execute function refuse_change()",
        ),
    ),
    "books": (
        (
            "kept",
            "before update or delete or truncate on books for each statement execute function refuse_from_outside()",
        ),
    ),
    "ledger_balances": (
        (
            "kept",
            "before insert or update or delete or truncate on ledger_balances for each statement execute function refuse_from_outside()",
        ),
    ),
    "memos": (
        (
            "append_only",
            "before delete or truncate on memos for each statement execute function refuse_change()",
        ),
        ("only_erased", "before update on memos for each row execute function memo_is_only_erased()"),
    ),
}


def guard_the_book() -> None:
    """Triggers that fire always, also for the owner and for a replica's session."""
    op.execute(FUNCTIONS)
    for table, triggers in TRIGGERS.items():
        for name, rest in triggers:
            op.execute(f"create {'constraint ' if 'deferrable' in rest else ''}trigger {name} {rest}")
            op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    for table in POSTED:
        op.execute(f"revoke update, delete, truncate on {table} from {role}")
    for table in KEPT_BY_TRIGGERS:
        op.execute(f"revoke insert, update, delete, truncate on {table} from {role}")
    op.execute("revoke execute on function take_book() from public")
    op.execute(f"grant execute on function take_book() to {role}")


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_books_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_books_group_id_id")),
        sa.UniqueConstraint("group_id", name=op.f("uq_books_group_id")),
    )
    op.create_table(
        "journals",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("memo_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("posted_in", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id is not null)", name=op.f("ck_journals_reversal")
        ),
        sa.CheckConstraint("kind <> 'hardship' or code is not null", name=op.f("ck_journals_hardship_code")),
        sa.CheckConstraint(
            "kind in ('opening', 'contributions', 'grant', 'other_income', 'expense', 'hardship', 'transfer', 'reversal')",
            name=op.f("ck_journals_kind"),
        ),
        sa.CheckConstraint(
            "kind not in ('expense', 'hardship', 'reversal') or confirmed_by_id is not null",
            name=op.f("ck_journals_second_person"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id is distinct from recorded_by_id", name=op.f("ck_journals_two_people")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_journals_number")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["accounts.id"], name=op.f("fk_journals_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "reverses_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_journals_group_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_journals_group_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["accounts.id"], name=op.f("fk_journals_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journals")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_journals_group_id_id")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_journals_group_id_number")),
        sa.UniqueConstraint("group_id", "reverses_id", name=op.f("uq_journals_group_id_reverses_id")),
    )
    op.create_index(
        "ix_journals_group_id_kind_effective_on",
        "journals",
        ["group_id", "kind", "effective_on"],
        unique=False,
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind in ('asset', 'liability', 'income', 'expense', 'equity')",
            name=op.f("ck_ledger_accounts_kind"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ledger_accounts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("group_id", "code", name=op.f("uq_ledger_accounts_group_id_code")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ledger_accounts_group_id_id")),
    )
    op.create_table(
        "drafts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_not", sa.LargeBinary(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'posted') = (journal_id is not null)", name=op.f("ck_drafts_posted")),
        sa.CheckConstraint("(state = 'waiting') = (decided_by_id is null)", name=op.f("ck_drafts_decided")),
        sa.CheckConstraint(
            "decided_by_id is distinct from recorded_by_id or state = 'refused'",
            name=op.f("ck_drafts_two_people"),
        ),
        sa.CheckConstraint(
            "kind in ('opening', 'contributions', 'grant', 'other_income', 'expense', 'hardship', 'transfer', 'reversal')",
            name=op.f("ck_drafts_kind"),
        ),
        sa.CheckConstraint("state in ('waiting', 'posted', 'refused')", name=op.f("ck_drafts_state")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_drafts_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_drafts_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "reverses_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_drafts_group_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_drafts_group_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["accounts.id"], name=op.f("fk_drafts_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_drafts_group_id_id")),
    )
    op.create_index("ix_drafts_group_id_state", "drafts", ["group_id", "state"], unique=False)
    op.create_table(
        "ledger_balances",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("debit >= 0 and credit >= 0", name=op.f("ck_ledger_balances_sides")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["ledger_accounts.group_id", "ledger_accounts.id"],
            name=op.f("fk_ledger_balances_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ledger_balances_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_balances")),
        sa.UniqueConstraint(
            "group_id",
            "account_id",
            "fund",
            "month",
            name=op.f("uq_ledger_balances_group_id_account_id_fund_month"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ledger_balances_group_id_id")),
    )
    op.create_table(
        "legs",
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("fund in ('general', 'welfare', 'reserve')", name=op.f("ck_legs_fund")),
        sa.CheckConstraint("amount <> 0 and abs(amount) <= 1000000000000000", name=op.f("ck_legs_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["ledger_accounts.group_id", "ledger_accounts.id"],
            name=op.f("fk_legs_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_legs_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_legs_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legs")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_legs_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "journal_id",
            "account_id",
            "fund",
            name=op.f("uq_legs_group_id_journal_id_account_id_fund"),
        ),
    )
    op.create_table(
        "memos",
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(words is null) = (salt is null)", name=op.f("ck_memos_erased")),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_memos_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_memos_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memos")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_memos_group_id_id")),
        sa.UniqueConstraint("group_id", "journal_id", name=op.f("uq_memos_group_id_journal_id")),
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    guard_the_book()


def downgrade() -> None:
    op.execute("drop function take_book()")
    op.drop_table("memos")
    op.drop_table("legs")
    op.drop_table("ledger_balances")
    op.drop_index("ix_drafts_group_id_state", table_name="drafts")
    op.drop_table("drafts")
    op.drop_table("ledger_accounts")
    op.drop_index("ix_journals_group_id_kind_effective_on", table_name="journals")
    op.drop_table("journals")
    op.drop_table("books")
    for name in (
        "ledger_chain", "ledger_leg_in_time", "ledger_add_up", "ledger_is_balanced", "refuse_from_outside", "memo_is_only_erased",
    ):  # fmt: skip
        op.execute(f"drop function {name}()")
