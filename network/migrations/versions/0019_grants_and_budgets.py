"""Grants, each with the id of its fund; their parts, promises and reports; budgets that two people agree to.

What a grant pays for is enforced here, for the ordinary role and for the owner: docs/decisions/grants.md says why so.
"""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = (
    "grants", "grant_tranches", "grant_conditions", "grant_reports", "budgets", "budget_lines", "budget_amounts", "budget_charges",
)  # fmt: skip
STAY = ("grants", "budgets", "budget_lines", "budget_charges", "grant_reports")
FUNCTIONS = """
create function grant_pays_for() returns trigger language plpgsql as $$
declare account ledger_accounts; entry journals; mine grants; plan uuid;
begin
  select * into mine from grants where group_id = new.group_id and fund = new.fund;
  if not found then
    return null;
  end if;
  select * into account from ledger_accounts where group_id = new.group_id and id = new.account_id;
  select * into entry from journals where group_id = new.group_id and id = new.journal_id;
  if account.code = 'between_funds' and mine.is_restricted and not grant_is_closing(new.group_id, mine.id) then
    raise exception 'this grant is for what its budget names until it is closed'
      using errcode = 'check_violation', constraint = 'ck_legs_grant_binds';
  end if;
  if account.kind <> 'expense' or account.code = 'given_back' then
    return null;
  end if;
  if entry.effective_on not between mine.starts_on and mine.ends_on then
    raise exception 'the day is outside the time the grant is for' using errcode = 'check_violation', constraint = 'ck_legs_grant_period';
  end if;
  select id into plan from budgets where group_id = new.group_id and fund = new.fund and state = 'agreed' order by number desc limit 1;
  if mine.is_restricted and not exists (
       select 1 from budget_amounts m join budget_lines l on l.group_id = m.group_id and l.id = m.line_id
        where m.group_id = new.group_id and m.budget_id = plan and l.cost = account.code) then
    raise exception 'the grant was not given for this' using errcode = 'check_violation', constraint = 'ck_legs_grant_cost';
  end if;
  if plan is not null and entry.kind = 'expense' and not exists (
       select 1 from budget_charges c
         join budget_lines l on l.group_id = c.group_id and l.id = c.line_id
         join drafts d on d.group_id = c.group_id and d.id = c.id
        where c.group_id = new.group_id and c.id = entry.id and l.fund = new.fund and l.cost = account.code
          and d.amount = new.amount and d.effective_on = entry.effective_on) then
    raise exception 'spending names its line of the budget' using errcode = 'check_violation', constraint = 'ck_legs_grant_line';
  end if;
  return null;
end $$;

create function grant_is_closing(in_group uuid, the_grant uuid) returns boolean language sql stable as $$ select false $$;

create function grant_holds_enough() returns trigger language plpgsql as $$
declare held bigint;
begin
  select sum(b.debit - b.credit) into held
    from ledger_balances b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
   where b.group_id = new.group_id and b.fund = new.fund and a.kind = 'asset';
  if held < 0 or not exists (select 1 from legs where group_id = new.group_id and id = new.id) then
    raise exception 'a grant''s fund holds nothing less than nothing' using errcode = 'check_violation', constraint = 'ck_legs_grant_holds';
  end if;
  return null;
end $$;

create function grant_keeps_its_money() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from ledger_funds where group_id = new.group_id and id = new.id and code = new.fund and kind = 'grant') then
    raise exception 'a grant has the id of its fund' using errcode = 'check_violation', constraint = 'ck_grants_fund';
  end if;
  if new.currency is distinct from (select currency from groups where id = new.group_id) then
    raise exception 'a grant is in the group''s own money' using errcode = 'check_violation', constraint = 'ck_grants_currency';
  end if;
  if tg_op = 'UPDATE' then
    if (new.id, new.group_id, new.fund, new.currency) is distinct from (old.id, old.group_id, old.fund, old.currency) then
      raise exception 'a grant stays with its fund' using errcode = 'restrict_violation';
    end if;
    if (new.amount, new.is_restricted) is distinct from (old.amount, old.is_restricted)
       and exists (select 1 from ledger_balances where group_id = new.group_id and fund = new.fund) then
      raise exception 'money has moved: how much and how strictly stay' using errcode = 'check_violation', constraint = 'ck_grants_moved';
    end if;
  end if;
  return new;
end $$;

create function tranche_has_its_entry() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.entry_id is not null and (tg_op = 'DELETE' or new.entry_id is distinct from old.entry_id)
     and not exists (select 1 from journals where group_id = old.group_id and reverses_id = old.entry_id) then
    raise exception 'what came has come' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if new.entry_id is not null and not exists (
       select 1 from journals j join legs l on l.group_id = j.group_id and l.journal_id = j.id
         join grants g on g.group_id = l.group_id and g.fund = l.fund
        where j.group_id = new.group_id and j.id = new.entry_id and g.id = new.grant_id
          and j.kind in ('grant', 'seed', 'other_income', 'opening')) then
    raise exception 'a part came when an entry brought it into the fund'
      using errcode = 'check_violation', constraint = 'ck_grant_tranches_entry';
  end if;
  return new;
end $$;

create function report_is_sent_once() returns trigger language plpgsql as $$
begin
  if old.sent_on is not null then
    raise exception 'a report that was sent stays as it was' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function budget_is_agreed() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'open' then
      raise exception 'a second person agrees' using errcode = 'check_violation', constraint = 'ck_budgets_open';
    end if;
    return new;
  end if;
  if old.state in ('agreed', 'dropped')
     or (new.id, new.group_id, new.fund, new.number, new.starts_on, new.ends_on, new.ceiling)
        is distinct from (old.id, old.group_id, old.fund, old.number, old.starts_on, old.ends_on, old.ceiling)
     or (new.state = 'agreed' and (old.state <> 'waiting'
         or (new.written_by_id, new.written_at, new.reason) is distinct from (old.written_by_id, old.written_at, old.reason))) then
    raise exception 'what was agreed stays as it was' using errcode = 'restrict_violation';
  end if;
  if new.state = 'agreed' and coalesce((
       select sum(amount) from budget_amounts where group_id = new.group_id and budget_id = new.id), 0)
       not between 1 and coalesce(new.ceiling, 1000000000000000) then
    raise exception 'a budget plans something, and no more than there is'
      using errcode = 'check_violation', constraint = 'ck_budgets_within';
  end if;
  return new;
end $$;

create function budget_is_open() returns trigger language plpgsql as $$
declare its uuid := case when tg_op = 'DELETE' then old.budget_id else new.budget_id end;
begin
  if tg_op = 'UPDATE' or not exists (select 1 from budgets where id = its and state = 'open') then
    raise exception 'only a version that is being written changes' using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create function budget_line_stays() returns trigger language plpgsql as $$
begin
  if (new.id, new.group_id, new.fund) is distinct from (old.id, old.group_id, old.fund) or exists (
       select 1 from budget_amounts m join budgets b on b.group_id = m.group_id and b.id = m.budget_id
        where m.group_id = old.group_id and m.line_id = old.id and b.state <> 'open') then
    raise exception 'a line others have seen stays as it is called' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function charge_is_honest() returns trigger language plpgsql as $$
declare wanted drafts; plan uuid; its_fund text; whole bigint; planned bigint; planned_now bigint;
  taken_whole bigint; taken bigint; taken_now bigint; quarter date;
begin
  if tg_op = 'UPDATE' then
    if new.why is not null
       or (new.id, new.group_id, new.line_id, new.over_line, new.over_quarter)
          is distinct from (old.id, old.group_id, old.line_id, old.over_line, old.over_quarter) then
      raise exception 'a note stays; its words can be erased' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  select * into wanted from drafts where group_id = new.group_id and id = new.id;
  select fund into its_fund from budget_lines where group_id = new.group_id and id = new.line_id;
  select id into plan from budgets where group_id = new.group_id and fund = its_fund and state = 'agreed' order by number desc limit 1;
  quarter := date_trunc('quarter', wanted.effective_on)::date;
  select sum(amount), sum(amount) filter (where line_id = new.line_id),
         coalesce(sum(amount) filter (where line_id = new.line_id and quarter_on = quarter), 0)
    into whole, planned, planned_now from budget_amounts where group_id = new.group_id and budget_id = plan;
  if wanted.kind is distinct from 'expense' or wanted.state <> 'waiting' or planned is null then
    raise exception 'an expense that waits is on a line of the budget in force'
      using errcode = 'check_violation', constraint = 'ck_budget_charges_line';
  end if;
  select coalesce(sum(d.amount), 0), coalesce(sum(d.amount) filter (where c.line_id = new.line_id), 0),
         coalesce(sum(d.amount) filter (where c.line_id = new.line_id and date_trunc('quarter', d.effective_on)::date = quarter), 0)
    into taken_whole, taken, taken_now
    from budget_charges c
    join budget_lines l on l.group_id = c.group_id and l.id = c.line_id and l.fund = its_fund
    join drafts d on d.group_id = c.group_id and d.id = c.id and d.state in ('waiting', 'posted')
    left join journals r on r.group_id = d.group_id and r.reverses_id = d.journal_id
   where c.group_id = new.group_id and r.id is null;
  if taken_whole + wanted.amount > whole then
    raise exception 'the budget as a whole is never overspent' using errcode = 'check_violation', constraint = 'ck_budget_charges_whole';
  end if;
  if new.over_line <> greatest(0, wanted.amount - greatest(0, planned - taken))
     or new.over_quarter <> greatest(0, wanted.amount - greatest(0, planned_now - taken_now))
     or (new.over_line + new.over_quarter > 0) <> (new.why is not null) then
    raise exception 'what goes over leaves a note that says by how much and why'
      using errcode = 'check_violation', constraint = 'ck_budget_charges_note';
  end if;
  return new;
end $$;

create function draft_stays_as_written() returns trigger language plpgsql as $$
begin
  if (new.id, new.group_id, new.kind, new.effective_on, new.lines, new.amount, new.currency, new.code, new.reverses_id, new.recorded_by_id, new.recorded_at)
     is distinct from
     (old.id, old.group_id, old.kind, old.effective_on, old.lines, old.amount, old.currency, old.code, old.reverses_id, old.recorded_by_id, old.recorded_at) then
    raise exception 'a second person agrees to what the first one wrote' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
OF_A_GRANT = "when (new.fund like 'grant-%' and new.amount > 0)"
TRIGGERS = (
    ("legs", "grant_pays", f"after insert on legs for each row {OF_A_GRANT} execute function grant_pays_for()"),
    ("legs", "grant_holds", "after insert on legs deferrable initially deferred for each row when (new.fund like 'grant-%' and new.amount < 0) execute function grant_holds_enough()"),
    ("drafts", "as_written", "before update on drafts for each row execute function draft_stays_as_written()"),
    ("grants", "money", "before insert or update on grants for each row execute function grant_keeps_its_money()"),
    ("grant_tranches", "entry", "before insert or update or delete on grant_tranches for each row execute function tranche_has_its_entry()"),
    ("grant_reports", "sent_once", "before update on grant_reports for each row execute function report_is_sent_once()"),
    ("budgets", "agreed", "before insert or update on budgets for each row execute function budget_is_agreed()"),
    ("budget_amounts", "open", "before insert or update or delete on budget_amounts for each row execute function budget_is_open()"),
    ("budget_lines", "stays", "before update on budget_lines for each row execute function budget_line_stays()"),
    ("budget_charges", "honest", "before insert or update on budget_charges for each row execute function charge_is_honest()"),
    *((table, "append_only", f"before delete or truncate on {table} for each statement execute function refuse_change()") for table in STAY),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "budget_lines",
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(words) between 1 and 120", name=op.f("ck_budget_lines_words")),
        sa.ForeignKeyConstraint(
            ["group_id", "fund"],
            ["ledger_funds.group_id", "ledger_funds.code"],
            name=op.f("fk_budget_lines_group_id_fund"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_budget_lines_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_lines")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_budget_lines_group_id_id")),
    )
    op.create_index("ix_budget_lines_group_id_fund", "budget_lines", ["group_id", "fund"], unique=False)
    op.create_table(
        "budgets",
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state <> 'agreed' or decided_by_id is not null and decided_by_id <> written_by_id",
            name=op.f("ck_budgets_two_people"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'waiting', 'agreed', 'dropped')", name=op.f("ck_budgets_state")
        ),
        sa.CheckConstraint(
            "state not in ('waiting', 'agreed') or number = 1 or reason <> ''", name=op.f("ck_budgets_reason")
        ),
        sa.CheckConstraint("(decided_at is null) = (decided_by_id is null)", name=op.f("ck_budgets_decided")),
        sa.CheckConstraint("ceiling > 0", name=op.f("ck_budgets_ceiling")),
        sa.CheckConstraint("number > 0", name=op.f("ck_budgets_number")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_budgets_period")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_budgets_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "fund"],
            ["ledger_funds.group_id", "ledger_funds.code"],
            name=op.f("fk_budgets_group_id_fund"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_budgets_group_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["accounts.id"], name=op.f("fk_budgets_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budgets")),
        sa.UniqueConstraint("group_id", "fund", "number", name=op.f("uq_budgets_group_id_fund_number")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_budgets_group_id_id")),
    )
    op.create_index(
        "uq_budgets_one_being_written",
        "budgets",
        ["group_id", "fund"],
        unique=True,
        postgresql_where=sa.text("state in ('open', 'waiting')"),
    )
    op.create_table(
        "grants",
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("funder_kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("restriction", sa.Text(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "funder_kind in ('government', 'county', 'disability_fund', 'women_fund', 'youth_fund', 'ngo', 'foundation', 'faith', 'bank', 'network', 'another')",
            name=op.f("ck_grants_funder_kind"),
        ),
        sa.CheckConstraint("amount between 1 and 1000000000000000", name=op.f("ck_grants_amount")),
        sa.CheckConstraint(
            "length(funder) between 1 and 120 and length(purpose) between 1 and 2000",
            name=op.f("ck_grants_words"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_grants_period")),
        sa.ForeignKeyConstraint(
            ["group_id", "fund"],
            ["ledger_funds.group_id", "ledger_funds.code"],
            name=op.f("fk_grants_group_id_fund"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "id"],
            ["ledger_funds.group_id", "ledger_funds.id"],
            name=op.f("fk_grants_group_id_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grants_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("group_id", "fund", name=op.f("uq_grants_group_id_fund")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_grants_group_id_id")),
    )
    op.create_table(
        "budget_amounts",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount between 0 and 1000000000000000", name=op.f("ck_budget_amounts_amount")),
        sa.CheckConstraint(
            "extract(day from quarter_on) = 1 and extract(month from quarter_on) in (1, 4, 7, 10)",
            name=op.f("ck_budget_amounts_quarter"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "budget_id"],
            ["budgets.group_id", "budgets.id"],
            name=op.f("fk_budget_amounts_group_id_budget_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "line_id"],
            ["budget_lines.group_id", "budget_lines.id"],
            name=op.f("fk_budget_amounts_group_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_budget_amounts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_amounts")),
        sa.UniqueConstraint(
            "group_id",
            "budget_id",
            "line_id",
            "quarter_on",
            name=op.f("uq_budget_amounts_group_id_budget_id_line_id_quarter_on"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_budget_amounts_group_id_id")),
    )
    op.create_table(
        "budget_charges",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("over_line", sa.BigInteger(), nullable=False),
        sa.Column("over_quarter", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("over_line >= 0 and over_quarter >= 0", name=op.f("ck_budget_charges_over")),
        sa.ForeignKeyConstraint(
            ["group_id", "id"], ["drafts.group_id", "drafts.id"], name=op.f("fk_budget_charges_group_id_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "line_id"],
            ["budget_lines.group_id", "budget_lines.id"],
            name=op.f("fk_budget_charges_group_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_budget_charges_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_charges")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_budget_charges_group_id_id")),
    )
    op.create_index(
        "ix_budget_charges_group_id_line_id", "budget_charges", ["group_id", "line_id"], unique=False
    )
    op.create_table(
        "grant_conditions",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_words", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (settled_on is null)", name=op.f("ck_grant_conditions_settled")
        ),
        sa.CheckConstraint("state in ('open', 'met', 'let_go')", name=op.f("ck_grant_conditions_state")),
        sa.CheckConstraint("length(words) between 1 and 600", name=op.f("ck_grant_conditions_words")),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id"],
            ["grants.group_id", "grants.id"],
            name=op.f("fk_grant_conditions_group_id_grant_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grant_conditions_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_conditions")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_grant_conditions_group_id_id")),
    )
    op.create_index(
        "ix_grant_conditions_group_id_grant_id", "grant_conditions", ["group_id", "grant_id"], unique=False
    )
    op.create_table(
        "grant_reports",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("entries", sa.BigInteger(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(sent_on is null) = (entries is null)", name=op.f("ck_grant_reports_sent")),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_grant_reports_period")),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id"],
            ["grants.group_id", "grants.id"],
            name=op.f("fk_grant_reports_group_id_grant_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grant_reports_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_reports")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_grant_reports_group_id_id")),
    )
    op.create_index(
        "ix_grant_reports_group_id_grant_id", "grant_reports", ["group_id", "grant_id"], unique=False
    )
    op.create_table(
        "grant_tranches",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount between 1 and 1000000000000000", name=op.f("ck_grant_tranches_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_grant_tranches_group_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id"],
            ["grants.group_id", "grants.id"],
            name=op.f("fk_grant_tranches_group_id_grant_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grant_tranches_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_tranches")),
        sa.UniqueConstraint("group_id", "entry_id", name=op.f("uq_grant_tranches_group_id_entry_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_grant_tranches_group_id_id")),
    )
    op.create_index(
        "ix_grant_tranches_group_id_grant_id", "grant_tranches", ["group_id", "grant_id"], unique=False
    )
    op.create_index(
        "ix_legs_of_grants",
        "legs",
        ["group_id", "fund"],
        unique=False,
        postgresql_where=sa.text("fund like 'grant-%'"),
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    op.execute(FUNCTIONS)
    for table, name, rest in TRIGGERS:
        op.execute(f"create {'constraint ' if 'deferrable' in rest else ''}trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    for table in STAY:
        op.execute(f"revoke delete, truncate on {table} from {role}")


def downgrade() -> None:
    for table, name, _ in TRIGGERS:
        if table in ("legs", "drafts"):
            op.execute(f"drop trigger {name} on {table}")
    op.drop_index("ix_legs_of_grants", table_name="legs")
    op.drop_index("ix_grant_tranches_group_id_grant_id", table_name="grant_tranches")
    op.drop_table("grant_tranches")
    op.drop_index("ix_grant_reports_group_id_grant_id", table_name="grant_reports")
    op.drop_table("grant_reports")
    op.drop_index("ix_grant_conditions_group_id_grant_id", table_name="grant_conditions")
    op.drop_table("grant_conditions")
    op.drop_index("ix_budget_charges_group_id_line_id", table_name="budget_charges")
    op.drop_table("budget_charges")
    op.drop_table("budget_amounts")
    op.drop_table("grants")
    op.drop_index("uq_budgets_one_being_written", table_name="budgets")
    op.drop_table("budgets")
    op.drop_index("ix_budget_lines_group_id_fund", table_name="budget_lines")
    op.drop_table("budget_lines")
    for name in (
        "grant_pays_for", "grant_holds_enough", "grant_keeps_its_money", "tranche_has_its_entry", "report_is_sent_once",
        "budget_is_agreed", "budget_is_open", "budget_line_stays", "charge_is_honest", "draft_stays_as_written",
    ):  # fmt: skip
        op.execute(f"drop function {name}()")
    op.execute("drop function grant_is_closing(uuid, uuid)")
