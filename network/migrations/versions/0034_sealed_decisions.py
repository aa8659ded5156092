"""Decisions on folded papers, sealed: where few said yes or few said no, the database keeps only whether it was carried.

Why so: docs/decisions/sealed-decisions.md.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SUM = """{n}present * 100 >= {n}quorum_percent * {n}roll and {n}votes_for > 0 and case {n}majority
    when 'half' then {n}votes_for > {n}votes_against
    when 'two_thirds' then {n}votes_for * 3 >= ({n}votes_for + {n}votes_against) * 2
    else {n}votes_for * 4 >= ({n}votes_for + {n}votes_against) * 3 end"""
OUTCOME = (
    "(state = 'decided') = (num_nonnulls(present, {all}is_carried) = {number})"
    " and (state = 'decided' or num_nulls(present, votes_for, votes_against, abstain, is_carried) = 5)"
)
FIGURES = (
    "num_nonnulls(votes_for, votes_against, abstain) in (0, 3) and (state <> 'decided' or votes_for is not null or method = 'sealed')"
    " and (method <> 'sealed' or votes_for is null or least(votes_for, votes_against) >= 3)"
)
TAKE_AWAY = f"""
create function take_small_figures_away() returns trigger language plpgsql as $$
begin
  if new.is_carried is distinct from ({SUM.format(n="new.")}) then
    raise exception 'carried follows from the numbers' using errcode = 'check_violation', constraint = 'ck_motions_carried';
  end if;
  if least(new.votes_for, new.votes_against) < 3 then
    new.votes_for := null; new.votes_against := null; new.abstain := null;
  end if;
  return new;
end $$
"""
FORGET = """
create function forget_small_counts() returns trigger language plpgsql as $$
begin
  delete from motion_counts where group_id = new.group_id and motion_id = new.id;
  return null;
end $$
"""
BEFORE = "  if tg_op <> 'INSERT' and tg_argv[1] = 'yes' then"
GIVES_WAY = (
    """  if tg_op = 'DELETE' and tg_table_name = 'motion_counts' and exists (
    select 1 from motions m where m.group_id = old.group_id and m.id = old.motion_id and m.state = 'decided' and m.votes_for is null
  ) then
    return old;
  end if;
"""
    + BEFORE
)


def upgrade() -> None:
    _check("method", "method in ('hands', 'paper', 'sealed')")
    _check("outcome", OUTCOME.format(all="", number=2))
    _check("carried", f"state <> 'decided' or votes_for is null or is_carried = ({SUM.format(n='')})")
    op.create_check_constraint(op.f("ck_motions_figures"), "motions", FIGURES)
    op.execute(TAKE_AWAY)
    op.execute(FORGET)
    _replace(BEFORE, GIVES_WAY)
    # Named to come after "steps", which holds the numbers against what both counted.
    op.execute(
        "create trigger takes_small_figures before update on motions for each row"
        " when (new.state = 'decided' and old.state <> 'decided' and new.method = 'sealed')"
        " execute function take_small_figures_away()"
    )
    op.execute(
        "create trigger forgets_small_counts after update on motions for each row"
        " when (new.state = 'decided' and old.state <> 'decided' and new.votes_for is null)"
        " execute function forget_small_counts()"
    )


def downgrade() -> None:
    op.execute("drop trigger forgets_small_counts on motions")
    op.execute("drop trigger takes_small_figures on motions")
    op.execute("drop function forget_small_counts()")
    op.execute("drop function take_small_figures_away()")
    _replace(GIVES_WAY, BEFORE)
    op.drop_constraint("ck_motions_figures", "motions")
    _check("method", "method in ('hands', 'paper')", is_checked=False)
    every = OUTCOME.format(all="votes_for, votes_against, abstain, ", number=5)
    _check("outcome", every, is_checked=False)
    _check("carried", f"state <> 'decided' or is_carried = ({SUM.format(n='')})", is_checked=False)


def _check(name: str, condition: str, *, is_checked: bool = True) -> None:
    op.drop_constraint(f"ck_motions_{name}", "motions")
    op.create_check_constraint(
        op.f(f"ck_motions_{name}"), "motions", condition, postgresql_not_valid=not is_checked
    )


def _replace(earlier: str, later: str) -> None:
    """Put one condition of the trigger in place of another, whatever else migrations since have changed in it."""
    source = (
        op.get_bind()
        .execute(sa.text("select pg_get_functiondef('guard_motion_part()'::regprocedure)"))
        .scalar_one()
    )
    if earlier not in source:
        raise RuntimeError("guard_motion_part() is not as this migration knows it")
    op.execute(source.replace(earlier, later))
