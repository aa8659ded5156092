"""How votes become seats, office by office; a fingerprint of what is frozen; as many lots as a count needs, each checked.

Offices of before were counted by most votes, which is what their elections say for ever.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FILLING = """
alter table {0} no force row level security;
alter table {0} disable trigger frozen;
{1};
alter table {0} enable trigger frozen;
alter table {0} force row level security;
"""
CONTEST = """
create function guard_contest() returns trigger language plpgsql as $$
declare
  now_state text;
begin
  if tg_op = 'DELETE' then
    raise exception 'contests are added to, never taken away' using errcode = 'restrict_violation';
  end if;
  select state into now_state from elections where id = new.election_id;
  if now_state is null or not (now_state = 'called' or (now_state = 'nominating' and tg_op = 'UPDATE')) then
    raise exception 'contests are frozen' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and (new.id, new.group_id, new.election_id, new.office, new.seats, new.months, new.position)
    is distinct from (old.id, old.group_id, old.election_id, old.office, old.seats, old.months, old.position) then
    raise exception 'of a contest only the rule may change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""
LOT = """
create function guard_lot() returns trigger language plpgsql as $$
declare
  wanted_seed text;
  said text;
  drawn jsonb;
begin
  if jsonb_array_length(new.numbers) < 3 then
    raise exception 'three people call out a number' using errcode = 'check_violation', constraint = 'ck_lots_numbers';
  end if;
  select coalesce(fingerprint, id::text) into wanted_seed from elections where id = new.election_id;
  if new.seed is distinct from wanted_seed then
    raise exception 'a lot is drawn with the fingerprint of its election' using errcode = 'check_violation', constraint = 'ck_lots_seed';
  end if;
  select string_agg(one #>> '{}', ' ' order by at) into said from jsonb_array_elements(new.numbers) with ordinality as n(one, at);
  select jsonb_agg(place order by encode(sha256(convert_to(
      new.seed || ' ' || c.office || ' ' || said || ' #' || (place #>> '{}'), 'UTF8')), 'hex') collate "C")
    into drawn from contests c, jsonb_array_elements(new.drawn_order) as d(place)
    where c.id = new.contest_id and c.election_id = new.election_id;
  if drawn is distinct from new.drawn_order then
    raise exception 'these numbers draw another order' using errcode = 'check_violation', constraint = 'ck_lots_drawn_order';
  end if;
  return new;
end $$
"""
FROZEN = "(new.roll, new.method, new.frozen_at) is distinct from (old.roll, old.method, old.frozen_at)"
FROZEN_TOO = (
    "(new.roll, new.method, new.frozen_at, new.fingerprint)"
    " is distinct from (old.roll, old.method, old.frozen_at, old.fingerprint)"
)
STEP = "  return new;\nend"
STEP_TOO = """  if new.state = 'voting' and old.state <> 'voting' and new.fingerprint is null then
    raise exception 'what is frozen has a fingerprint' using errcode = 'restrict_violation';
  end if;
  return new;
end"""


def _steps(*, later: bool) -> str:
    """The function of 0006, with the fingerprint among what is frozen."""
    steps: str = import_module("network.migrations.versions.0006_elections").STEPS
    steps = steps.replace("create function", "create or replace function")
    if not later:
        return steps
    head, _, tail = steps.rpartition(STEP)
    return (head + STEP_TOO + tail).replace(FROZEN, FROZEN_TOO)


def upgrade() -> None:
    op.add_column("contests", sa.Column("rule", sa.Text(), nullable=True))
    by_seats = (
        "update contests set rule = case when seats = 1 then 'first_past_the_post' else 'block_vote' end"
    )
    op.execute(FILLING.format("contests", by_seats))
    op.alter_column("contests", "rule", nullable=False)
    op.create_check_constraint(
        op.f("ck_contests_rule"),
        "contests",
        "rule in ('first_past_the_post', 'block_vote', 'approval', 'scottish_stv')",
    )
    op.create_check_constraint(
        op.f("ck_contests_one_seat"), "contests", "rule <> 'first_past_the_post' or seats = 1"
    )
    op.add_column("elections", sa.Column("fingerprint", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_elections_fingerprint"), "elections", "fingerprint is null or length(fingerprint) = 64"
    )
    op.execute(_steps(later=True))
    op.execute("drop trigger frozen on contests")
    op.execute(CONTEST)
    op.execute(
        "create trigger frozen before insert or update or delete on contests for each row execute function guard_contest()"
    )
    op.add_column("lots", sa.Column("number", sa.SmallInteger(), nullable=True))
    op.add_column("lots", sa.Column("settles", sa.Text(), nullable=True))
    op.add_column("lots", sa.Column("seed", sa.Text(), nullable=True))
    op.execute(
        FILLING.format("lots", "update lots set number = 1, settles = 'seat', seed = election_id::text")
    )
    for column in ("number", "settles", "seed"):
        op.alter_column("lots", column, nullable=False)
    op.drop_constraint(op.f("uq_lots_group_id_contest_id"), "lots", type_="unique")
    op.create_unique_constraint(
        op.f("uq_lots_group_id_contest_id_number"), "lots", ["group_id", "contest_id", "number"]
    )
    op.create_check_constraint(op.f("ck_lots_number"), "lots", "number > 0")
    op.create_check_constraint(op.f("ck_lots_settles"), "lots", "settles in ('seat', 'exclusion', 'surplus')")
    op.execute(LOT)
    op.execute("create trigger drawn before insert on lots for each row execute function guard_lot()")


def downgrade() -> None:
    op.execute("drop trigger drawn on lots")
    op.execute("drop function guard_lot()")
    op.execute(FILLING.format("lots", "delete from lots where number > 1"))
    op.drop_constraint(op.f("uq_lots_group_id_contest_id_number"), "lots", type_="unique")
    for column in ("number", "settles", "seed"):
        op.drop_column("lots", column)
    op.create_unique_constraint(op.f("uq_lots_group_id_contest_id"), "lots", ["group_id", "contest_id"])
    op.execute("drop trigger frozen on contests")
    op.execute("drop function guard_contest()")
    op.execute(
        "create trigger frozen before insert or update or delete on contests "
        "for each row execute function guard_election_part('called', 'yes')"
    )
    op.drop_column("contests", "rule")
    op.execute(_steps(later=False))
    op.drop_column("elections", "fingerprint")
