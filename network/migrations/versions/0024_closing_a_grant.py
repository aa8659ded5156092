"""Closing a grant: what is left is given back or shared out, two people agree, and only then may it leave the fund.

Cash that is not there when two people count it is no spending: a grant's fund may bear it, and its page says so.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FUNCTIONS = """
create or replace function grant_is_closing(in_group uuid, the_grant uuid) returns boolean language sql stable as $$
  select exists (select 1 from grant_closings where group_id = in_group and grant_id = the_grant and state = 'done')
$$;

create function closing_is_decided() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then
      raise exception 'a second person agrees' using errcode = 'check_violation', constraint = 'ck_grant_closings_waiting';
    end if;
    return new;
  end if;
  if old.state <> 'waiting'
     or (new.id, new.group_id, new.grant_id, new.closes_on, new.remaining, new.given_back, new.place, new.shares, new.words, new.asked_by_id, new.asked_at)
        is distinct from (old.id, old.group_id, old.grant_id, old.closes_on, old.remaining, old.given_back, old.place, old.shares, old.words, old.asked_by_id, old.asked_at) then
    raise exception 'what was decided stays as it was' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function closing_closes() returns trigger language plpgsql as $$
begin
  if new.state = 'done' and not exists (
       select 1 from ledger_funds where group_id = new.group_id and id = new.grant_id and closed_on is not null) then
    raise exception 'a grant that is closed has a closed fund' using errcode = 'check_violation', constraint = 'ck_grant_closings_closed';
  end if;
  return null;
end $$;
"""
EARLIER = "create or replace function grant_is_closing(in_group uuid, the_grant uuid) returns boolean language sql stable as $$ select false $$"

SPENDING = "if account.kind <> 'expense' or account.code = 'given_back' then"
NOT_COUNTED = "if account.kind <> 'expense' or account.code = 'given_back' or (account.code = 'counted_less' and entry.kind = 'count') then"


def _pays_for() -> str:
    """The function that says what a grant pays for, as it was made first."""
    functions = str(import_module("network.migrations.versions.0019_grants_and_budgets").FUNCTIONS)
    made = functions[
        functions.index("create function grant_pays_for") : functions.index(
            "create function grant_is_closing"
        )
    ]
    return made.replace("create function", "create or replace function")


def upgrade() -> None:
    op.execute(_pays_for().replace(SPENDING, NOT_COUNTED))
    op.create_table(
        "grant_closings",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("given_back", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("shares", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'done', 'refused')", name=op.f("ck_grant_closings_state")),
        sa.CheckConstraint("(state = 'waiting') = (decided_by_id is null)", name=op.f("ck_grant_closings_decided")),
        sa.CheckConstraint(
            "decided_by_id is distinct from asked_by_id or state = 'refused'", name=op.f("ck_grant_closings_two_people")
        ),
        sa.CheckConstraint("remaining >= given_back and given_back >= 0", name=op.f("ck_grant_closings_amounts")),
        sa.CheckConstraint("given_back = 0 or place is not null", name=op.f("ck_grant_closings_place")),
        sa.CheckConstraint("length(words) between 1 and 600", name=op.f("ck_grant_closings_words")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_grant_closings_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_grant_closings_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id"], ["grants.group_id", "grants.id"], name=op.f("fk_grant_closings_group_id_grant_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_grant_closings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_closings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_grant_closings_group_id_id")),
    )  # fmt: skip
    op.create_index(
        "uq_grant_closings_one", "grant_closings", ["group_id", "grant_id"], unique=True, postgresql_where=sa.text("state <> 'refused'")
    )  # fmt: skip
    for statement in protect("grant_closings", Fence.GROUP):
        op.execute(statement)
    op.execute(FUNCTIONS)
    for name, rest in (
        ("append_only", "trigger append_only before delete or truncate on grant_closings for each statement execute function refuse_change()"),
        ("decided", "trigger decided before insert or update on grant_closings for each row execute function closing_is_decided()"),
        ("closes", "constraint trigger closes after update on grant_closings deferrable initially deferred for each row execute function closing_closes()"),
    ):  # fmt: skip
        op.execute(f"create {rest}")
        op.execute(f"alter table grant_closings enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke delete, truncate on grant_closings from {role}")


def downgrade() -> None:
    op.execute(EARLIER)
    op.execute(_pays_for())
    op.drop_table("grant_closings")
    for name in ("closing_is_decided", "closing_closes"):
        op.execute(f"drop function {name}()")
