"""Money to apply for, which offices publish and groups add for themselves, and what a group applied for.

An application goes from one state only to those that follow it, and what is settled stays. What it applies for must be
readable from where it is written, which the fence decides: no key leads to an office's row.
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ASKS = (
    '\'["registered", "disability_council", "bank_account", "constitution", "officers", "one_year", "mostly_disability",'
    ' "mostly_women", "mostly_young", "own_share"]\''
)
PAPERS = (
    '\'["certificate", "constitution", "minutes", "officers_list", "members_list", "bank_statement", "accounts", "plan",'
    ' "budget", "tax_number", "letter"]\''
)
FUNDERS = (
    "'government', 'county', 'disability_fund', 'women_fund', 'youth_fund', 'ngo', 'foundation', 'faith', 'bank',"
    " 'network', 'another'"
)

FUNCTIONS = """
create function opportunity_is_kept() returns trigger language plpgsql as $$
begin
  if new.is_open and not exists (select from groups where id = new.group_id and kind = 'office') then
    raise exception 'only an office publishes' using errcode = 'check_violation', constraint = 'ck_opportunities_office';
  end if;
  if tg_op = 'UPDATE' then
    if (new.id, new.group_id, new.text_id, new.currency, new.created_at)
       is distinct from (old.id, old.group_id, old.text_id, old.currency, old.created_at) then
      raise exception 'whose it is stays' using errcode = 'restrict_violation';
    end if;
    if old.is_open and (not new.is_open or new.published_at is distinct from old.published_at) then
      raise exception 'groups have read it' using errcode = 'restrict_violation';
    end if;
  end if;
  return new;
end $$;

create function application_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'interested' or new.grant_id is not null then
      raise exception 'it begins with interest' using errcode = 'check_violation', constraint = 'ck_grant_applications_begins';
    end if;
    if not exists (select from opportunities where id = new.opportunity_id) then
      raise exception 'there is nothing to apply for' using errcode = 'foreign_key_violation',
        constraint = 'fk_grant_applications_opportunity_id';
    end if;
    return new;
  end if;
  if (new.id, new.group_id, new.opportunity_id, new.begun_on, new.currency)
     is distinct from (old.id, old.group_id, old.opportunity_id, old.begun_on, old.currency) then
    raise exception 'what it is stays' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and not (new.state = any (case old.state
       when 'interested' then array['preparing', 'applied', 'withdrawn']
       when 'preparing' then array['applied', 'withdrawn']
       when 'applied' then array['awarded', 'refused', 'withdrawn']
       else array[]::text[] end)) then
    raise exception 'from % it does not become %', old.state, new.state
      using errcode = 'check_violation', constraint = 'ck_grant_applications_follows';
  end if;
  if new.state = old.state and (new.amount, new.why, new.applied_on, new.settled_on)
     is distinct from (old.amount, old.why, old.applied_on, old.settled_on) then
    raise exception 'what happened stays as it was written' using errcode = 'restrict_violation';
  end if;
  if old.applied_on is not null and new.applied_on is distinct from old.applied_on then
    raise exception 'it went out when it went out' using errcode = 'restrict_violation';
  end if;
  if old.grant_id is not null and new.grant_id is distinct from old.grant_id then
    raise exception 'it became one grant' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
TRIGGERS = (
    ("opportunities", "kept", "before insert or update", "row", "opportunity_is_kept"),
    ("opportunities", "append_only", "before delete or truncate", "statement", "refuse_change"),
    ("grant_applications", "kept", "before insert or update", "row", "application_is_kept"),
    ("grant_applications", "append_only", "before delete or truncate", "statement", "refuse_change"),
)


def upgrade() -> None:
    _opportunities()
    _applications()
    for statement in protect("opportunities", Fence.PUBLISHED, readable="is_open"):
        op.execute(statement)
    for statement in protect("grant_applications", Fence.GROUP):
        op.execute(statement)
    op.execute(FUNCTIONS)
    for table, name, when, each, function in TRIGGERS:
        op.execute(f"create trigger {name} {when} on {table} for each {each} execute function {function}()")
        op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke delete, truncate on opportunities, grant_applications from {role}")


def _opportunities() -> None:
    op.create_table(
        "opportunities",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("funder_kind", sa.Text(), nullable=False),
        sa.Column("gives", sa.Text(), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("asks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("papers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"funder_kind in ({FUNDERS})", name=op.f("ck_opportunities_funder_kind")),
        sa.CheckConstraint("until in ('day', 'all_year', 'unknown')", name=op.f("ck_opportunities_until")),
        sa.CheckConstraint("gives in ('gift', 'loan', 'unknown')", name=op.f("ck_opportunities_gives")),
        sa.CheckConstraint(
            f"jsonb_typeof(asks) = 'array' and asks <@ {ASKS}", name=op.f("ck_opportunities_asks_known")
        ),
        sa.CheckConstraint(
            f"jsonb_typeof(papers) = 'array' and papers <@ {PAPERS}", name=op.f("ck_opportunities_papers_known")
        ),
        sa.CheckConstraint("(until = 'day') = (closes_on is not null)", name=op.f("ck_opportunities_closes")),
        sa.CheckConstraint("is_open = (published_at is not null)", name=op.f("ck_opportunities_published")),
        sa.CheckConstraint("length(funder) between 1 and 120", name=op.f("ck_opportunities_funder")),
        sa.CheckConstraint("length(place) <= 300 and length(source) <= 300", name=op.f("ck_opportunities_words")),
        sa.CheckConstraint("link = '' or link like 'https://%%'", name=op.f("ck_opportunities_link")),
        sa.CheckConstraint(
            "least between 1 and 1000000000000000 and most between 1 and 1000000000000000 and least <= most",
            name=op.f("ck_opportunities_amounts"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_opportunities_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "text_id"], ["texts.group_id", "texts.id"], name=op.f("fk_opportunities_group_id_text_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_opportunities_group_id_id")),
        sa.UniqueConstraint("group_id", "text_id", name=op.f("uq_opportunities_group_id_text_id")),
    )  # fmt: skip
    op.create_index("ix_opportunities_group_id_closes_on", "opportunities", ["group_id", "closes_on"])


def _applications() -> None:
    op.create_table(
        "grant_applications",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("said_yes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("said_no", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("gathered", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state in ('interested', 'preparing', 'applied', 'awarded', 'refused', 'withdrawn')",
            name=op.f("ck_grant_applications_state"),
        ),
        sa.CheckConstraint(
            f"jsonb_typeof(said_yes) = 'array' and said_yes <@ {ASKS}",
            name=op.f("ck_grant_applications_said_yes_known"),
        ),
        sa.CheckConstraint(
            f"jsonb_typeof(said_no) = 'array' and said_no <@ {ASKS}", name=op.f("ck_grant_applications_said_no_known")
        ),
        sa.CheckConstraint(
            f"jsonb_typeof(gathered) = 'array' and gathered <@ {PAPERS}",
            name=op.f("ck_grant_applications_gathered_known"),
        ),
        sa.CheckConstraint(
            "(state in ('awarded', 'refused', 'withdrawn')) = (settled_on is not null)",
            name=op.f("ck_grant_applications_settled"),
        ),
        sa.CheckConstraint(
            "case when state in ('interested', 'preparing') then applied_on is null"
            " when state in ('applied', 'awarded', 'refused') then applied_on is not null else true end",
            name=op.f("ck_grant_applications_applied"),
        ),
        sa.CheckConstraint("settled_on >= applied_on", name=op.f("ck_grant_applications_order")),
        sa.CheckConstraint("(state = 'awarded') = (amount is not null)", name=op.f("ck_grant_applications_awarded")),
        sa.CheckConstraint("amount between 1 and 1000000000000000", name=op.f("ck_grant_applications_amount")),
        sa.CheckConstraint(
            "(state <> 'refused' or length(why) > 0) and length(why) <= 1000", name=op.f("ck_grant_applications_why")
        ),
        sa.CheckConstraint("grant_id is null or state = 'awarded'", name=op.f("ck_grant_applications_grant")),
        sa.CheckConstraint("length(notes) <= 2000", name=op.f("ck_grant_applications_notes")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grant_applications_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "keeper_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_grant_applications_group_id_keeper_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id"],
            ["grants.group_id", "grants.id"],
            name=op.f("fk_grant_applications_group_id_grant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_applications")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_grant_applications_group_id_id")),
        sa.UniqueConstraint("group_id", "grant_id", name=op.f("uq_grant_applications_group_id_grant_id")),
    )  # fmt: skip
    op.create_index(
        "uq_grant_applications_one", "grant_applications", ["group_id", "opportunity_id"], unique=True,
        postgresql_where=sa.text("state in ('interested', 'preparing', 'applied')"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("grant_applications")
    op.drop_table("opportunities")
    for name in ("application_is_kept", "opportunity_is_kept"):
        op.execute(f"drop function {name}()")
