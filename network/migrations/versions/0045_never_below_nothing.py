"""No place and no fund holds less than nothing, whoever writes; what members counted, members change; a request being paid is held."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

HOLDS = """
create function ledger_holds_enough() returns trigger language plpgsql as $$
declare its_kind text;
begin
  select kind into its_kind from ledger_accounts where group_id = new.group_id and id = new.account_id;
  if not found or its_kind = 'asset' and (
       (select sum(debit - credit) from ledger_sums
         where group_id = new.group_id and span = 'ever' and starts_on = '0001-01-01' and account_id = new.account_id) < 0
       or (select sum(s.debit - s.credit) from ledger_sums s join ledger_accounts a on a.group_id = s.group_id and a.id = s.account_id
         where s.group_id = new.group_id and s.span = 'ever' and s.starts_on = '0001-01-01' and s.fund = new.fund and a.kind = 'asset') < 0) then
    raise exception 'no place and no fund holds less than nothing' using errcode = 'check_violation', constraint = 'ck_ledger_sums_holds';
  end if;
  return null;
end $$
"""
HANG = (
    ("holds_enough", "insert", "new.span = 'ever' and new.credit > 0"),
    ("holds_enough_still", "update", "new.span = 'ever' and new.credit > old.credit"),
)
"""What only grew holds enough, so nobody looks."""
COUNTED = """
  perform pg_advisory_xact_lock(hashtextextended(tg_table_name || ' ' || cast(new.group_id as text), 0));
  if new.motion_id is null then
    execute format('select motion_id is not null from %I where group_id = $1 and from_on <= $2'
                   ' order by from_on desc, motion_id is null, recorded_at desc limit 1', tg_table_name)
      into is_counted using new.group_id, new.from_on;
    if is_counted then
      raise exception '%: what the members counted, another decision of theirs changes', tg_table_name
        using errcode = 'restrict_violation', constraint = 'ck_' || tg_table_name || '_counted';
    end if;
  end if;
"""
PAYMENT, DESTROY = "hardship_payment()", "hardship_destroy_due()"
READS = "select * into request from hardship_requests where group_id = new.group_id and code = new.code"
BEGINS = "begin\n  with due as ("
HOLDS_BOOK = "begin\n  perform 1 from books where group_id = scope.group_id() for update;\n  with due as ("


def upgrade() -> None:
    op.execute("drop trigger grant_holds on ledger_balances")
    op.execute("drop function grant_holds_enough()")
    op.execute(HOLDS)
    for name, when, where in HANG:
        op.execute(
            f"create constraint trigger {name} after {when} on ledger_sums deferrable initially deferred"
            f" for each row when ({where}) execute function ledger_holds_enough()"
        )
        op.execute(f"alter table ledger_sums enable always trigger {name}")
    _replace(
        "rests_on_decision()",
        ("AS $function$\nbegin\n", f"AS $function$\ndeclare is_counted boolean;\nbegin{COUNTED}"),
    )
    _replace(PAYMENT, (READS, f"{READS} for share"))
    _replace(DESTROY, (BEGINS, HOLDS_BOOK))
    op.add_column(
        "grant_applications",
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )
    op.alter_column("grant_applications", "version", server_default=None)


def downgrade() -> None:
    op.drop_column("grant_applications", "version")
    _replace(DESTROY, (HOLDS_BOOK, BEGINS))
    _replace(PAYMENT, (f"{READS} for share", READS))
    _replace(
        "rests_on_decision()",
        (f"AS $function$\ndeclare is_counted boolean;\nbegin{COUNTED}", "AS $function$\nbegin\n"),
    )
    for name, _when, _where in HANG:
        op.execute(f"drop trigger {name} on ledger_sums")
    op.execute("drop function ledger_holds_enough()")
    earlier = import_module("network.migrations.versions.0039_kept_by_the_database")
    op.execute(str(earlier.HOLDS).format(table="ledger_balances"))
    op.execute(
        "create constraint trigger grant_holds after insert or update on ledger_balances deferrable initially deferred"
        " for each row when (new.fund like 'grant-%') execute function grant_holds_enough()"
    )
    op.execute("alter table ledger_balances enable always trigger grant_holds")


def _replace(function: str, pair: tuple[str, str]) -> None:
    """Put one part of a function in place of another, whatever else migrations since have changed in it."""
    asked = sa.text("select pg_get_functiondef(cast(:function as regprocedure))")
    source = str(op.get_bind().execute(asked, {"function": function}).scalar_one())
    earlier, later = pair
    if earlier not in source:
        raise RuntimeError(f"{function} is not as this migration knows it")
    op.execute(source.replace(earlier, later))
