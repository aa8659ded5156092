"""The parts of a grant never come to more than the grant, whoever writes them and however many at once."""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

WITHIN = """
create function grant_parts_are_within() returns trigger language plpgsql as $$
declare
  its_id uuid := case tg_table_name when 'grants' then new.id else (to_jsonb(new) ->> 'grant_id')::uuid end;
  whole bigint;
begin
  -- Whoever writes a part of the same grant waits here, and then sees the other one's.
  select amount into whole from grants where group_id = new.group_id and id = its_id for no key update;
  if not found or whole < (select coalesce(sum(amount), 0) from grant_tranches where group_id = new.group_id and grant_id = its_id) then
    raise exception 'the parts of a grant are never more than the whole' using errcode = 'check_violation', constraint = 'ck_grants_parts';
  end if;
  return null;
end $$
"""
TRIGGERS = (
    ("grant_tranches", "within", "after insert or update of amount, grant_id on grant_tranches for each row execute function grant_parts_are_within()"),
    ("grants", "parts", "after update on grants for each row when (new.amount < old.amount) execute function grant_parts_are_within()"),
)  # fmt: skip


def upgrade() -> None:
    op.execute(WITHIN)
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")


def downgrade() -> None:
    for table, name, _ in TRIGGERS:
        op.execute(f"drop trigger {name} on {table}")
    op.execute("drop function grant_parts_are_within()")
