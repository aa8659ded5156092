"""Statements of banks and mobile money: their lines, and what entries of the book they are joined to.

What a line may become is enforced here, for the ordinary role and for the owner: docs/decisions/statements.md says why so.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = (
    "statement_accounts", "statements", "statement_lines", "statement_appearances", "statement_mappings", "statement_uploads",
    "line_matches",
)  # fmt: skip
FUNCTIONS = """
create function statement_line_holds() returns trigger language plpgsql as $$
declare joined bigint; parts bigint; waiting bigint;
begin
  if tg_op = 'UPDATE' then
    if (new.id, new.group_id, new.account_id, new.key, new.occurrence, new.booked_on, new.amount, new.details, new.reference, new.brought_at)
       is distinct from (old.id, old.group_id, old.account_id, old.key, old.occurrence, old.booked_on, old.amount, old.details, old.reference, old.brought_at) then
      raise exception 'what a line says stays as it was' using errcode = 'restrict_violation', constraint = 'ck_statement_lines_kept';
    end if;
    if new.status <> old.status and not (old.status = 'pending' and new.status = 'booked') then
      raise exception 'what was pending may be booked' using errcode = 'restrict_violation', constraint = 'ck_statement_lines_status';
    end if;
    if new.words is not null and new.words is distinct from old.words then
      raise exception 'names are dropped, not changed' using errcode = 'restrict_violation', constraint = 'ck_statement_lines_words';
    end if;
  end if;
  if new.state <> 'open' then
    new.words := null;
  end if;
  select coalesce(sum(amount) filter (where journal_id is not null), 0), count(*), count(*) filter (where journal_id is null)
    into joined, parts, waiting from line_matches where group_id = new.group_id and line_id = new.id;
  if new.state = 'ignored' and parts > 0
     or new.state = 'matched' and not (parts = 1 and waiting = 0 and joined = new.amount)
     or new.state = 'split' and not (parts > 1 and waiting = 0 and joined = new.amount)
     or new.state = 'open' and parts > 0 and waiting = 0 and joined = new.amount then
    raise exception 'a line is matched or split when its parts make it up, and not otherwise'
      using errcode = 'check_violation', constraint = 'ck_statement_lines_parts';
  end if;
  return new;
end $$;

create function statement_line_goes() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' and old.amount <> 0 then
    raise exception 'a line that has ended stays' using errcode = 'restrict_violation', constraint = 'ck_statement_lines_stays';
  end if;
  return old;
end $$;

create function line_match_holds() returns trigger language plpgsql as $$
declare line statement_lines; here text; moved bigint; taken bigint; joined bigint;
begin
  if tg_op = 'UPDATE' and ((new.id, new.group_id, new.line_id, new.amount, new.joined_by_id, new.joined_at)
       is distinct from (old.id, old.group_id, old.line_id, old.amount, old.joined_by_id, old.joined_at)
       or new.draft_id is not null
       or not exists (select 1 from drafts where group_id = new.group_id and id = old.draft_id and journal_id = new.journal_id)) then
    raise exception 'a part may come to stand in the book, nothing else' using errcode = 'restrict_violation', constraint = 'ck_line_matches_kept';
  end if;
  select * into line from statement_lines where group_id = new.group_id and id = new.line_id for update;
  if not found or line.status <> 'booked' or line.state <> 'open' then
    raise exception 'only an open line of money that moved is joined' using errcode = 'check_violation', constraint = 'ck_line_matches_open';
  end if;
  select coalesce(sum(amount), 0) into joined from line_matches where group_id = new.group_id and line_id = new.line_id and id <> new.id;
  if sign(new.amount) <> sign(line.amount) or abs(joined + new.amount) > abs(line.amount) then
    raise exception 'the parts of a line never come to more than the line' using errcode = 'check_violation', constraint = 'ck_line_matches_sum';
  end if;
  if new.journal_id is not null then
    perform pg_advisory_xact_lock(hashtextextended(new.journal_id::text, 0));
    select a.place into here from statement_accounts a where a.group_id = new.group_id and a.id = line.account_id;
    if exists (select 1 from journals where group_id = new.group_id and (reverses_id = new.journal_id or id = new.journal_id and reverses_id is not null)) then
      raise exception 'an entry that is taken back accounts for nothing' using errcode = 'check_violation', constraint = 'ck_line_matches_standing';
    end if;
    select coalesce(sum(l.amount), 0) into moved from legs l join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
     where l.group_id = new.group_id and l.journal_id = new.journal_id and a.code = here;
    select coalesce(sum(m.amount), 0) into taken from line_matches m
      join statement_lines s on s.group_id = m.group_id and s.id = m.line_id
      join statement_accounts a on a.group_id = s.group_id and a.id = s.account_id
     where m.group_id = new.group_id and m.journal_id = new.journal_id and m.id <> new.id and a.place = here;
    if sign(moved) <> sign(new.amount) or abs(taken + new.amount) > abs(moved) then
      raise exception 'an entry accounts for what it moved at that place, and no more' using errcode = 'check_violation', constraint = 'ck_line_matches_entry';
    end if;
  end if;
  return new;
end $$;

create function line_is_settled() returns trigger language plpgsql as $$
declare
  of_line uuid := case tg_op when 'DELETE' then old.line_id else new.line_id end;
  of_group uuid := case tg_op when 'DELETE' then old.group_id else new.group_id end;
  joined bigint; parts bigint; waiting bigint; last_at timestamptz; last_by uuid; whole bigint;
begin
  select amount into whole from statement_lines where group_id = of_group and id = of_line;
  select coalesce(sum(amount) filter (where journal_id is not null), 0), count(*), count(*) filter (where journal_id is null),
         max(joined_at), (array_agg(joined_by_id order by joined_at desc))[1]
    into joined, parts, waiting, last_at, last_by from line_matches where group_id = of_group and line_id = of_line;
  if parts > 0 and waiting = 0 and joined = whole then
    update statement_lines set state = case parts when 1 then 'matched' else 'split' end, settled_at = last_at, settled_by_id = last_by
     where group_id = of_group and id = of_line;
  else
    update statement_lines set state = 'open', settled_at = null, settled_by_id = null
     where group_id = of_group and id = of_line and state in ('matched', 'split');
  end if;
  return null;
end $$;

create function lines_leave_what_is_taken_back() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.reverses_id::text, 0));
  insert into audit_events (id, group_id, event, subject_id, account_id, at)
    select gen_random_uuid(), new.group_id, 'statement_line.opened_again', line_id, coalesce(new.confirmed_by_id, new.recorded_by_id), new.recorded_at
      from line_matches where group_id = new.group_id and journal_id = new.reverses_id;
  delete from line_matches where group_id = new.group_id and journal_id = new.reverses_id;
  return null;
end $$;

create function lines_follow_their_draft() returns trigger language plpgsql as $$
begin
  if new.state = 'posted' then
    update line_matches set journal_id = new.journal_id, draft_id = null where group_id = new.group_id and draft_id = new.id;
  elsif new.state = 'refused' then
    insert into audit_events (id, group_id, event, subject_id, account_id, at)
      select gen_random_uuid(), new.group_id, 'statement_line.opened_again', line_id, new.decided_by_id, new.decided_at
        from line_matches where group_id = new.group_id and draft_id = new.id;
    delete from line_matches where group_id = new.group_id and draft_id = new.id;
  end if;
  return null;
end $$;
"""
TRIGGERS = (
    ("statement_lines", "holds", "before insert or update on statement_lines for each row execute function statement_line_holds()"),
    ("statement_lines", "goes", "before delete on statement_lines for each row execute function statement_line_goes()"),
    ("line_matches", "holds", "before insert or update on line_matches for each row execute function line_match_holds()"),
    ("line_matches", "settles", "after insert or update or delete on line_matches for each row execute function line_is_settled()"),
    ("journals", "lines_leave", "after insert on journals for each row when (new.reverses_id is not null) execute function lines_leave_what_is_taken_back()"),
    ("drafts", "lines_follow", "after update of state on drafts for each row when (new.state <> 'waiting') execute function lines_follow_their_draft()"),
)  # fmt: skip


def upgrade() -> None:

    op.create_table(
        "statement_accounts",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place in ('mobile_money', 'bank')", name=op.f("ck_statement_accounts_place")),
        sa.CheckConstraint(
            "(number is null) = (fingerprint is null)", name=op.f("ck_statement_accounts_number")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_statement_accounts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_accounts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_statement_accounts_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "place", "fingerprint", name=op.f("uq_statement_accounts_group_id_place_fingerprint")
        ),
    )
    op.create_index(
        "uq_statement_accounts_nameless",
        "statement_accounts",
        ["group_id", "place"],
        unique=True,
        postgresql_where=sa.text("fingerprint is null"),
    )
    op.create_table(
        "statement_mappings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_statement_mappings_created_by_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_statement_mappings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_mappings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_statement_mappings_group_id_id")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_statement_mappings_group_id_name")),
    )
    op.create_table(
        "statement_lines",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("occurrence", sa.SmallInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'ignored') = (reason is not null)", name=op.f("ck_statement_lines_reason")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at is null)", name=op.f("ck_statement_lines_settled")
        ),
        sa.CheckConstraint(
            "details in ('payment', 'charge', 'reversal', 'interest')",
            name=op.f("ck_statement_lines_details"),
        ),
        sa.CheckConstraint("state = 'open' or words is null", name=op.f("ck_statement_lines_names")),
        sa.CheckConstraint(
            "state in ('open', 'matched', 'split', 'ignored')", name=op.f("ck_statement_lines_state")
        ),
        sa.CheckConstraint("status = 'booked' or state = 'open'", name=op.f("ck_statement_lines_moved")),
        sa.CheckConstraint(
            "status in ('booked', 'pending', 'failed')", name=op.f("ck_statement_lines_status")
        ),
        sa.CheckConstraint(
            "(settled_at is null) = (settled_by_id is null)", name=op.f("ck_statement_lines_settled_by")
        ),
        sa.CheckConstraint(
            "occurrence > 0 and abs(amount) <= 1000000000000000", name=op.f("ck_statement_lines_amount")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["statement_accounts.group_id", "statement_accounts.id"],
            name=op.f("fk_statement_lines_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_statement_lines_group_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["accounts.id"], name=op.f("fk_statement_lines_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint(
            "group_id",
            "account_id",
            "key",
            "occurrence",
            name=op.f("uq_statement_lines_group_id_account_id_key_occurrence"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_statement_lines_group_id_id")),
    )
    op.create_index(
        "ix_statement_lines_group_id_account_id_booked_on",
        "statement_lines",
        ["group_id", "account_id", "booked_on"],
        unique=False,
    )
    op.create_index(
        "ix_statement_lines_group_id_state_booked_on",
        "statement_lines",
        ["group_id", "state", "booked_on"],
        unique=False,
    )
    op.create_table(
        "statement_uploads",
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place in ('mobile_money', 'bank')", name=op.f("ck_statement_uploads_place")),
        sa.ForeignKeyConstraint(
            ["brought_by_id"], ["accounts.id"], name=op.f("fk_statement_uploads_brought_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["statement_accounts.group_id", "statement_accounts.id"],
            name=op.f("fk_statement_uploads_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_statement_uploads_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_uploads")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_statement_uploads_group_id_id")),
    )
    op.create_table(
        "statements",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        sa.Column("new_lines", sa.BigInteger(), nullable=False),
        sa.Column("known_lines", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "part > 0 and new_lines >= 0 and known_lines >= 0", name=op.f("ck_statements_counts")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_statements_days")),
        sa.ForeignKeyConstraint(["brought_by_id"], ["accounts.id"], name=op.f("fk_statements_brought_by_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["statement_accounts.group_id", "statement_accounts.id"],
            name=op.f("fk_statements_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_statements_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint(
            "group_id",
            "account_id",
            "fingerprint",
            "part",
            name=op.f("uq_statements_group_id_account_id_fingerprint_part"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_statements_group_id_id")),
    )
    op.create_index(
        "ix_statements_group_id_account_id_ends_on",
        "statements",
        ["group_id", "account_id", "ends_on"],
        unique=False,
    )
    op.create_table(
        "line_matches",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("joined_by_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(journal_id is null) <> (draft_id is null)", name=op.f("ck_line_matches_one_entry")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_line_matches_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "draft_id"],
            ["drafts.group_id", "drafts.id"],
            name=op.f("fk_line_matches_group_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"],
            ["journals.group_id", "journals.id"],
            name=op.f("fk_line_matches_group_id_journal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "line_id"],
            ["statement_lines.group_id", "statement_lines.id"],
            name=op.f("fk_line_matches_group_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_line_matches_group_id")),
        sa.ForeignKeyConstraint(["joined_by_id"], ["accounts.id"], name=op.f("fk_line_matches_joined_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_matches")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_line_matches_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "line_id", "draft_id", name=op.f("uq_line_matches_group_id_line_id_draft_id")
        ),
        sa.UniqueConstraint(
            "group_id", "line_id", "journal_id", name=op.f("uq_line_matches_group_id_line_id_journal_id")
        ),
    )
    op.create_index(
        "ix_line_matches_group_id_draft_id", "line_matches", ["group_id", "draft_id"], unique=False
    )
    op.create_index(
        "ix_line_matches_group_id_journal_id", "line_matches", ["group_id", "journal_id"], unique=False
    )
    op.create_table(
        "statement_appearances",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "line_id"],
            ["statement_lines.group_id", "statement_lines.id"],
            name=op.f("fk_statement_appearances_group_id_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "statement_id"],
            ["statements.group_id", "statements.id"],
            name=op.f("fk_statement_appearances_group_id_statement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_statement_appearances_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_appearances")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_statement_appearances_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "statement_id",
            "line_id",
            name=op.f("uq_statement_appearances_group_id_statement_id_line_id"),
        ),
        sa.UniqueConstraint(
            "group_id",
            "statement_id",
            "position",
            name=op.f("uq_statement_appearances_group_id_statement_id_position"),
        ),
    )
    op.create_index(
        "ix_statement_appearances_group_id_line_id",
        "statement_appearances",
        ["group_id", "line_id"],
        unique=False,
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    op.execute(FUNCTIONS)
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")


def downgrade() -> None:
    op.execute("drop trigger lines_leave on journals")
    op.execute("drop trigger lines_follow on drafts")
    op.drop_index("ix_statement_appearances_group_id_line_id", table_name="statement_appearances")
    op.drop_table("statement_appearances")
    op.drop_index("ix_line_matches_group_id_journal_id", table_name="line_matches")
    op.drop_index("ix_line_matches_group_id_draft_id", table_name="line_matches")
    op.drop_table("line_matches")
    op.drop_index("ix_statements_group_id_account_id_ends_on", table_name="statements")
    op.drop_table("statements")
    op.drop_table("statement_uploads")
    op.drop_index("ix_statement_lines_group_id_state_booked_on", table_name="statement_lines")
    op.drop_index("ix_statement_lines_group_id_account_id_booked_on", table_name="statement_lines")
    op.drop_table("statement_lines")
    op.drop_table("statement_mappings")
    op.drop_index(
        "uq_statement_accounts_nameless",
        table_name="statement_accounts",
        postgresql_where=sa.text("fingerprint is null"),
    )
    op.drop_table("statement_accounts")
    for name in (
        "statement_line_holds", "statement_line_goes", "line_match_holds", "line_is_settled",
        "lines_leave_what_is_taken_back", "lines_follow_their_draft",
    ):  # fmt: skip
        op.execute(f"drop function {name}()")
