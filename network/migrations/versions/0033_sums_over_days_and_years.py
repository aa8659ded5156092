"""What moved on an account over a day, a year and all time, kept beside what moved over a month; a statement's legs are added up at once."""

from importlib import import_module

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SPANS = """
  values ('day', j.effective_on), ('year', date_trunc('year', j.effective_on)::date), ('ever', date '0001-01-01')
"""
ADD_UP = f"""
create or replace function ledger_add_up() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into ledger_balances (id, group_id, account_id, fund, month, debit, credit)
    select gen_random_uuid(), a.group_id, a.account_id, a.fund, date_trunc('month', j.effective_on)::date,
           sum(greatest(a.amount, 0)), sum(greatest(-a.amount, 0))
      from added a join journals j on j.group_id = a.group_id and j.id = a.journal_id
     group by 2, 3, 4, 5 order by 2, 3, 4, 5
    on conflict (group_id, account_id, fund, month)
    do update set debit = ledger_balances.debit + excluded.debit, credit = ledger_balances.credit + excluded.credit;
  insert into ledger_sums (id, group_id, account_id, fund, span, starts_on, debit, credit)
    select gen_random_uuid(), a.group_id, a.account_id, a.fund, s.span, s.starts_on,
           sum(greatest(a.amount, 0)), sum(greatest(-a.amount, 0))
      from added a join journals j on j.group_id = a.group_id and j.id = a.journal_id
           cross join lateral ({SPANS}) as s(span, starts_on)
     group by 2, 3, 4, 5, 6 order by 2, 3, 4, 5, 6
    on conflict (group_id, span, starts_on, account_id, fund)
    do update set debit = ledger_sums.debit + excluded.debit, credit = ledger_sums.credit + excluded.credit;
  return null;
end $$;
"""
FILL = f"""
insert into ledger_sums (id, group_id, account_id, fund, span, starts_on, debit, credit)
  select gen_random_uuid(), l.group_id, l.account_id, l.fund, s.span, s.starts_on,
         sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))
    from legs l join journals j on j.group_id = l.group_id and j.id = l.journal_id
         cross join lateral ({SPANS}) as s(span, starts_on)
   group by 2, 3, 4, 5, 6
"""
READ = ("legs", "journals")


def _hang(rest: str) -> None:
    op.execute("drop trigger add_up on legs")
    op.execute(f"create trigger add_up after insert on legs {rest} execute function ledger_add_up()")
    op.execute("alter table legs enable always trigger add_up")


def upgrade() -> None:
    op.create_table(
        "ledger_sums",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("debit >= 0 and credit >= 0", name=op.f("ck_ledger_sums_sides")),
        sa.CheckConstraint("span in ('day', 'year', 'ever')", name=op.f("ck_ledger_sums_span")),
        sa.CheckConstraint(
            "case span when 'year' then extract(doy from starts_on) = 1 when 'ever' then starts_on = '0001-01-01' else true end",
            name=op.f("ck_ledger_sums_starts_on"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"], ["ledger_accounts.group_id", "ledger_accounts.id"], name=op.f("fk_ledger_sums_group_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "fund"], ["ledger_funds.group_id", "ledger_funds.code"], name=op.f("fk_ledger_sums_group_id_fund")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ledger_sums_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_sums")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ledger_sums_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "span", "starts_on", "account_id", "fund", name=op.f("uq_ledger_sums_group_id_span_starts_on_account_id_fund")
        ),
    )  # fmt: skip
    op.create_index("ix_ledger_balances_group_id_month", "ledger_balances", ["group_id", "month"])
    # the owner too sees only the rows of its scope, and there is none while migrating
    for table in READ:
        op.execute(f"alter table {table} no force row level security")
    op.execute(FILL)
    for table in READ:
        op.execute(f"alter table {table} force row level security")
    for statement in protect("ledger_sums", Fence.GROUP):
        op.execute(statement)
    op.execute(ADD_UP)
    _hang("referencing new table as added for each statement")
    op.execute(
        "create trigger kept before insert or update or delete or truncate on ledger_sums"
        " for each statement execute function refuse_from_outside()"
    )
    op.execute("alter table ledger_sums enable always trigger kept")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke insert, update, delete, truncate on ledger_sums from {role}")


def downgrade() -> None:
    first = import_module("network.migrations.versions.0005_ledger")
    each = first.FUNCTIONS[
        first.FUNCTIONS.index("create function ledger_add_up") : first.FUNCTIONS.index(
            "create function ledger_is_balanced"
        )
    ]
    op.execute(each.replace("create function", "create or replace function"))
    _hang("for each row")
    op.drop_index("ix_ledger_balances_group_id_month", table_name="ledger_balances")
    op.drop_table("ledger_sums")
