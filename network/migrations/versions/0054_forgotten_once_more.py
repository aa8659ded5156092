"""Being forgotten once more does no harm; the database tells somebody, and nobody else, in which places something leads to them.

The words of a challenge that were taken away may be taken away again.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

EARLIER = "  if new.words is null and old.words is not null and to_jsonb"
LATER = "  if new is not distinct from old then\n    return new;\n  end if;\n" + EARLIER
PLACES = """
create function places_of_mine() returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
  select group_id from audit_events where account_id = scope.account_id()
  union select group_id from invitations where scope.account_id() in (made_by, accepted_by)
$$
"""
READ = ("audit_events", "invitations")


def upgrade() -> None:
    _replace("challenge_keeps()", EARLIER, LATER)
    op.create_index("ix_audit_events_account_id_group_id", "audit_events", ["account_id", "group_id"])
    for table in READ:
        op.execute(
            f"create policy places_of_mine on {table} for select to current_user using (current_user <> session_user)"
        )
    op.execute(PLACES)
    op.execute("revoke execute on function places_of_mine() from public")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"grant execute on function places_of_mine() to {role}")


def downgrade() -> None:
    op.execute("drop function places_of_mine()")
    for table in READ:
        op.execute(f"drop policy places_of_mine on {table}")
    op.drop_index("ix_audit_events_account_id_group_id", "audit_events")
    _replace("challenge_keeps()", LATER, EARLIER)


def _replace(function: str, earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef(cast(:function as regprocedure))")
    source = str(op.get_bind().execute(asked, {"function": function}).scalar_one())
    if earlier not in source:
        raise RuntimeError(f"{function} is not as this migration knows it")
    op.execute(source.replace(earlier, later, 1))
