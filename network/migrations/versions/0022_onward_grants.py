"""Grants of a network to its groups, in parts: what the office gives, and what the group says, each in its own rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OFFERED = "select 1 from onward_grants g where g.group_id = onward_parts.group_id and g.id = onward_parts.grant_id and g.offered_at is not null"
FENCED = {
    "onward_grants": "for_group_id = scope.group_id() and offered_at is not null",
    "onward_parts": f"for_group_id = scope.group_id() and exists ({OFFERED})",
    "onward_answers": "for_office_id = scope.group_id()",
    "standing_words": "for_office_id = scope.group_id()",
    "part_receipts": "for_office_id = scope.group_id()",
}
FUNCTIONS = """
create function onward_grant_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.offered_at is not null then
      raise exception 'what a group has read stays' using errcode = 'restrict_violation';
    end if;
    return old;
  end if;
  if old.ended_at is not null or (old.offered_at is not null and
       (to_jsonb(new) - 'ended_at') is distinct from (to_jsonb(old) - 'ended_at')) then
    raise exception 'a grant is offered once and ended once, and nothing else changes' using errcode = 'restrict_violation';
  end if;
  if new.offered_at is not null and old.offered_at is null and
       (select coalesce(sum(amount), 0) from onward_parts where group_id = new.group_id and grant_id = new.id) <> new.amount then
    raise exception 'the parts come to the whole' using errcode = 'check_violation', constraint = 'ck_onward_grants_whole';
  end if;
  return new;
end $$;

create function onward_part_is_kept() returns trigger language plpgsql as $$
declare
  part onward_parts := case tg_op when 'DELETE' then old else new end;
  its onward_grants;
  entry journals;
begin
  select * into its from onward_grants where group_id = part.group_id and id = part.grant_id;
  if tg_op <> 'UPDATE' then
    if its.offered_at is not null then
      raise exception 'the parts a group has read stay' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'INSERT' and new.journal_id is not null then
      raise exception 'a part is sent after it was offered' using errcode = 'check_violation', constraint = 'ck_onward_parts_in_force';
    end if;
    return part;
  end if;
  if (to_jsonb(new) - '{draft_id,journal_id,sent_on,taken_back_on,settled_words}'::text[])
       is distinct from (to_jsonb(old) - '{draft_id,journal_id,sent_on,taken_back_on,settled_words}'::text[])
     or (old.journal_id is not null and (new.draft_id, new.journal_id, new.sent_on) is distinct from (old.draft_id, old.journal_id, old.sent_on))
     or (old.taken_back_on is not null and new.taken_back_on is distinct from old.taken_back_on) then
    raise exception 'a part is sent once, and taken back once' using errcode = 'restrict_violation';
  end if;
  if new.journal_id is not null and old.journal_id is null then
    select * into entry from journals where group_id = new.group_id and id = new.journal_id;
    if entry.kind <> 'expense' or entry.effective_on <> new.sent_on or not exists (
         select 1 from legs l join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
          where l.group_id = new.group_id and l.journal_id = new.journal_id and a.code = 'onward_grants'
            and l.fund = its.fund and l.amount = new.amount) then
      raise exception 'a part is sent with its own entry' using errcode = 'check_violation', constraint = 'ck_onward_parts_entry';
    end if;
    if its.ended_at is not null or not exists (
         select 1 from onward_answers where group_id = new.for_group_id and grant_id = new.grant_id and accepts) then
      raise exception 'a part is sent for a grant in force' using errcode = 'check_violation', constraint = 'ck_onward_parts_in_force';
    end if;
    if exists (
         select 1 from jsonb_array_elements_text(new.asks) as asked(name) where not exists (
           select 1 from standing_words w
            where w.group_id = new.for_group_id and w.grant_id = new.grant_id and w.condition = asked.name
              and w.is_in_order and w.said_at > entry.recorded_at - interval '31 days')) then
      raise exception 'the group said that everything asked is in order' using errcode = 'check_violation', constraint = 'ck_onward_parts_in_order';
    end if;
  end if;
  if new.taken_back_on is not null and old.taken_back_on is null and not exists (
       select 1 from journals where group_id = new.group_id and reverses_id = new.journal_id and effective_on = new.taken_back_on) then
    raise exception 'a part is taken back with its entry' using errcode = 'check_violation', constraint = 'ck_onward_parts_taken_back_with';
  end if;
  return new;
end $$;

create function part_receipt_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.journal_id is not null and not exists (
       select 1 from journals where group_id = old.group_id and reverses_id = old.journal_id) then
    raise exception 'what arrived stays, unless its entry is taken back' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if not exists (
       select 1 from onward_parts p where p.group_id = new.for_office_id and p.id = new.part_id and p.grant_id = new.grant_id
          and p.for_group_id = new.group_id and p.sent_on is not null) then
    raise exception 'a group answers about what was sent to it' using errcode = 'check_violation', constraint = 'ck_part_receipts_sent';
  end if;
  if new.journal_id is not null and (
       select coalesce(sum(l.amount), 0) from legs l join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
         join journals j on j.group_id = l.group_id and j.id = l.journal_id
        where l.group_id = new.group_id and l.journal_id = new.journal_id and a.kind = 'asset'
          and j.kind in ('seed', 'grant') and j.effective_on = new.received_on) <> new.amount then
    raise exception 'what arrived stands in the book' using errcode = 'check_violation', constraint = 'ck_part_receipts_entry';
  end if;
  return new;
end $$;
"""
TRIGGERS = {
    "onward_grants": (
        "kept",
        "before update or delete on onward_grants for each row execute function onward_grant_is_kept()",
    ),
    "onward_parts": (
        "kept",
        "before insert or update or delete on onward_parts for each row execute function onward_part_is_kept()",
    ),
    "part_receipts": (
        "kept",
        "before insert or update or delete on part_receipts for each row execute function part_receipt_is_kept()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "onward_answers",
        sa.Column("for_office_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("own_grant_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["for_office_id"], ["groups.id"], name=op.f("fk_onward_answers_for_office_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_onward_answers_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "own_grant_id"],
            ["grants.group_id", "grants.id"],
            name=op.f("fk_onward_answers_group_id_own_grant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward_answers")),
        sa.UniqueConstraint("group_id", "grant_id", name=op.f("uq_onward_answers_group_id_grant_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_onward_answers_group_id_id")),
    )
    op.create_table(
        "standing_words",
        sa.Column("for_office_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("is_in_order", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["for_office_id"], ["groups.id"], name=op.f("fk_standing_words_for_office_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_standing_words_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_words")),
        sa.UniqueConstraint(
            "group_id", "grant_id", "condition", name=op.f("uq_standing_words_group_id_grant_id_condition")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_standing_words_group_id_id")),
    )
    op.create_table(
        "onward_grants",
        sa.Column("for_group_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('seed', 'project')", name=op.f("ck_onward_grants_kind")),
        sa.CheckConstraint(
            "(offered_at is null) = (offered_on is null)", name=op.f("ck_onward_grants_offered")
        ),
        sa.CheckConstraint("amount > 0 and number > 0", name=op.f("ck_onward_grants_amount")),
        sa.CheckConstraint("ended_at is null or offered_at is not null", name=op.f("ck_onward_grants_ended")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_onward_grants_period")),
        sa.CheckConstraint("for_group_id <> group_id", name=op.f("ck_onward_grants_for_another")),
        sa.CheckConstraint(
            "length(title) between 1 and 120 and length(purpose) between 1 and 1000",
            name=op.f("ck_onward_grants_words"),
        ),
        sa.ForeignKeyConstraint(["for_group_id"], ["groups.id"], name=op.f("fk_onward_grants_for_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "fund"],
            ["ledger_funds.group_id", "ledger_funds.code"],
            name=op.f("fk_onward_grants_group_id_fund"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_onward_grants_group_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_onward_grants_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward_grants")),
        sa.UniqueConstraint(
            "group_id", "id", "for_group_id", name=op.f("uq_onward_grants_group_id_id_for_group_id")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_onward_grants_group_id_id")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_onward_grants_group_id_number")),
    )
    op.create_index("ix_onward_grants_for_group_id", "onward_grants", ["for_group_id"], unique=False)
    op.create_table(
        "part_receipts",
        sa.Column("for_office_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(amount is null) = (journal_id is null) and (amount is null) = (received_on is null)",
            name=op.f("ck_part_receipts_arrived"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_part_receipts_amount")),
        sa.CheckConstraint("length(words) <= 300", name=op.f("ck_part_receipts_words")),
        sa.ForeignKeyConstraint(
            ["for_office_id"], ["groups.id"], name=op.f("fk_part_receipts_for_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_part_receipts_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_part_receipts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_receipts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_part_receipts_group_id_id")),
        sa.UniqueConstraint("group_id", "journal_id", name=op.f("uq_part_receipts_group_id_journal_id")),
        sa.UniqueConstraint("group_id", "part_id", name=op.f("uq_part_receipts_group_id_part_id")),
    )
    op.create_table(
        "onward_parts",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("for_group_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("asks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
        sa.Column("settled_words", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(journal_id is null) = (sent_on is null)", name=op.f("ck_onward_parts_sent")),
        sa.CheckConstraint("amount > 0 and number > 0", name=op.f("ck_onward_parts_amount")),
        sa.CheckConstraint(
            "journal_id is null or draft_id is not null", name=op.f("ck_onward_parts_drafted")
        ),
        sa.CheckConstraint(
            "length(condition) <= 300 and length(settled_words) <= 500", name=op.f("ck_onward_parts_words")
        ),
        sa.CheckConstraint(
            "taken_back_on is null or journal_id is not null", name=op.f("ck_onward_parts_taken_back")
        ),
        sa.ForeignKeyConstraint(["for_group_id"], ["groups.id"], name=op.f("fk_onward_parts_for_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "draft_id"],
            ["drafts.group_id", "drafts.id"],
            name=op.f("fk_onward_parts_group_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id", "for_group_id"],
            ["onward_grants.group_id", "onward_grants.id", "onward_grants.for_group_id"],
            name=op.f("fk_onward_parts_group_id_grant_id_for_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_onward_parts_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_onward_parts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward_parts")),
        sa.UniqueConstraint(
            "group_id", "grant_id", "number", name=op.f("uq_onward_parts_group_id_grant_id_number")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_onward_parts_group_id_id")),
        sa.UniqueConstraint("group_id", "journal_id", name=op.f("uq_onward_parts_group_id_journal_id")),
    )
    op.create_index(
        "ix_onward_parts_group_id_draft_id", "onward_parts", ["group_id", "draft_id"], unique=False
    )
    for table, readable in FENCED.items():
        for statement in protect(table, Fence.PUBLISHED, readable=readable):
            op.execute(statement)
    op.execute(FUNCTIONS)
    for table, (name, rest) in TRIGGERS.items():
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")


def downgrade() -> None:
    op.drop_index("ix_onward_parts_group_id_draft_id", table_name="onward_parts")
    op.drop_table("onward_parts")
    op.drop_table("part_receipts")
    op.drop_index("ix_onward_grants_for_group_id", table_name="onward_grants")
    op.drop_table("onward_grants")
    op.drop_table("standing_words")
    op.drop_table("onward_answers")
    for name in ("onward_grant_is_kept", "onward_part_is_kept", "part_receipt_is_kept"):
        op.execute(f"drop function {name}()")
