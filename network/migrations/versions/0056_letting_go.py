"""Letting go: the diary after twenty-four months, and the words of a challenge a year after it is decided.

Nobody can hurry it: the database goes by its own clock. Why these periods: docs/decisions/letting-go.md.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

NOT_YET = "old.at >= now() - interval '731 days' or old.event = 'support.answered'"
SAID = (
    "  if new.words is null and old.words is not null and to_jsonb(new) - 'words' = to_jsonb(old) - 'words'\n"
)
OVER = """  if new.words is null and to_jsonb(new) - 'words' = to_jsonb(old) - 'words' and old.state <> 'open'
     and greatest(old.closed_at, old.made_at) < now() - interval '366 days' then
    return new;
  end if;
"""
FORGETS = """
create function challenges_forget_words() returns bigint language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    update election_challenges set words = null where group_id = scope.group_id() and words is not null
       and state <> 'open' and greatest(closed_at, made_at) < now() - interval '366 days'
    returning 1)
  select count(*) from gone
$$
"""


def upgrade() -> None:
    op.execute("drop trigger append_only on audit_events")
    _guard("append_only", "before update or truncate on audit_events for each statement")
    _guard("two_years", f"before delete on audit_events for each row when ({NOT_YET})")
    _replace(SAID, OVER + SAID)
    op.execute(FORGETS)
    op.execute("revoke execute on function challenges_forget_words() from public")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"grant execute on function challenges_forget_words() to {role}")


def downgrade() -> None:
    op.execute("drop function challenges_forget_words()")
    _replace(OVER + SAID, SAID)
    op.execute("drop trigger two_years on audit_events")
    op.execute("drop trigger append_only on audit_events")
    op.execute(
        "create trigger append_only before update or delete or truncate on audit_events"
        " for each statement execute function refuse_change()"
    )


def _guard(name: str, when: str) -> None:
    op.execute(f"create trigger {name} {when} execute function refuse_change()")
    op.execute(f"alter table audit_events enable always trigger {name}")


def _replace(earlier: str, later: str) -> None:
    source = str(
        op.get_bind()
        .execute(sa.text("select pg_get_functiondef('challenge_keeps()'::regprocedure)"))
        .scalar_one()
    )
    if earlier not in source:
        raise RuntimeError("challenge_keeps() is not as this migration knows it")
    op.execute(source.replace(earlier, later, 1))
