"""Challenges nobody can decide about are counted; whoever could vote on the day of an election written down later may challenge it."""

from alembic import context, op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

STUCK = """
create function challenges_stuck(which uuid) returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from election_challenges c
   where c.group_id = scope.group_id() and c.election_id = which and c.state = 'open'
     and challenge_tier(c.election_id, c.member_id, c.account_id) = 0
$$
"""
FROZEN = "(e.frozen_at at time zone g.time_zone)::date"
DAY = "case when e.held_on < (e.called_at at time zone g.time_zone)::date then e.held_on else (e.frozen_at at time zone g.time_zone)::date end"


def upgrade() -> None:
    op.execute(STUCK)
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute("revoke execute on function challenges_stuck(uuid) from public")
    op.execute(f"grant execute on function challenges_stuck(uuid) to {role}")
    _replace(FROZEN, DAY)


def downgrade() -> None:
    _replace(DAY, FROZEN)
    op.execute("drop function challenges_stuck(uuid)")


def _replace(earlier: str, later: str) -> None:
    asked = "select pg_get_functiondef('challenge_on_roll(uuid, uuid)'::regprocedure)"
    source = str(op.get_bind().exec_driver_sql(asked).scalar_one())
    if earlier not in source:
        raise RuntimeError("challenge_on_roll() is not as this migration knows it")
    op.execute(source.replace(earlier, later))
