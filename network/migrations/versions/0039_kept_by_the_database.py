"""A grant's fund is asked when its balance moves; the share for hardship is only added to; a sealed count that is taken back goes.

The balance of a fund is written once a statement is over. Asked for with the row, as before, it was the one before that statement.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import context, op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

HOLDS = """
create or replace function grant_holds_enough() returns trigger language plpgsql as $$
declare held bigint;
begin
  select sum(b.debit - b.credit) into held
    from ledger_balances b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
   where b.group_id = new.group_id and b.fund = new.fund and a.kind = 'asset';
  if held < 0 or not exists (select 1 from {table} where group_id = new.group_id and id = new.id) then
    raise exception 'a grant''s fund holds nothing less than nothing' using errcode = 'check_violation', constraint = 'ck_legs_grant_holds';
  end if;
  return null;
end $$
"""
DECIDED = "m.state = 'decided' and m.votes_for is null"
OVER = "m.method = 'sealed' and (m.state = 'withdrawn' or m.state = 'decided' and m.votes_for is null)"


def upgrade() -> None:
    op.execute("drop trigger grant_holds on legs")
    op.execute(HOLDS.format(table="ledger_balances"))
    op.execute(
        "create constraint trigger grant_holds after insert or update on ledger_balances deferrable initially deferred"
        " for each row when (new.fund like 'grant-%') execute function grant_holds_enough()"
    )
    op.execute("alter table ledger_balances enable always trigger grant_holds")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke update, delete, truncate on reserve_shares from {role}")
    op.execute(
        "create trigger append_only before update or delete or truncate on reserve_shares"
        " for each statement execute function refuse_change()"
    )
    op.execute("alter table reserve_shares enable always trigger append_only")
    for table in ("agreed_amounts", "reserve_shares"):
        op.execute(f"alter table {table} enable always trigger rests")
    _gives_way(DECIDED, OVER)
    _forgets(
        "old.state = 'counting' and new.method = 'sealed'"
        " and (new.state = 'withdrawn' or new.state = 'decided' and new.votes_for is null)"
    )


def downgrade() -> None:
    _forgets("new.state = 'decided' and old.state <> 'decided' and new.votes_for is null")
    _gives_way(OVER, DECIDED)
    for table in ("agreed_amounts", "reserve_shares"):
        op.execute(f"alter table {table} enable trigger rests")
    op.execute("drop trigger append_only on reserve_shares")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"grant update, delete on reserve_shares to {role}")
    op.execute("drop trigger grant_holds on ledger_balances")
    op.execute(HOLDS.format(table="legs"))
    held = next(
        one
        for one in import_module("network.migrations.versions.0019_grants_and_budgets").TRIGGERS
        if one[1] == "grant_holds"
    )
    op.execute(f"create constraint trigger {held[1]} {held[2]}")
    op.execute("alter table legs enable always trigger grant_holds")


def _gives_way(earlier: str, later: str) -> None:
    """Put one condition of the trigger in place of another, whatever else migrations since have changed in it."""
    source = (
        op.get_bind()
        .execute(sa.text("select pg_get_functiondef('guard_motion_part()'::regprocedure)"))
        .scalar_one()
    )
    if earlier not in source:
        raise RuntimeError("guard_motion_part() is not as this migration knows it")
    op.execute(source.replace(earlier, later))


def _forgets(when: str) -> None:
    op.execute("drop trigger forgets_small_counts on motions")
    op.execute(
        f"create trigger forgets_small_counts after update on motions for each row when ({when})"
        " execute function forget_small_counts()"
    )
