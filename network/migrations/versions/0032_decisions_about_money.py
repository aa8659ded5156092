"""The monthly amount and the share for hardship rest on the members' decision, where they counted: both say the same."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

RESTS = (("agreed_amounts", "contribution_amount", "amount"), ("reserve_shares", "reserve_share", "percent"))
FUNCTION = """
create function rests_on_decision() returns trigger language plpgsql as $$
begin
  if new.motion_id is not null and not exists (
    select 1 from motions m
     where m.group_id = new.group_id and m.id = new.motion_id and m.kind = tg_argv[0] and m.state = 'decided' and m.is_carried
       and (m.value ->> tg_argv[1])::bigint = (to_jsonb(new) ->> tg_argv[1])::bigint
       and new.from_on >= (m.value ->> 'from_on')::date
  ) then
    raise exception '% rests on a decision that says the same', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    for table, kind, what in RESTS:
        op.add_column(table, sa.Column("motion_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_group_id_motion_id"), table, "motions", ["group_id", "motion_id"], ["group_id", "id"]
        )  # fmt: skip
        op.create_unique_constraint(op.f(f"uq_{table}_group_id_motion_id"), table, ["group_id", "motion_id"])
        op.execute(
            f"create trigger rests before insert or update on {table} for each row execute function rests_on_decision('{kind}', '{what}')"
        )


def downgrade() -> None:
    for table, _kind, _what in RESTS:
        op.execute(f"drop trigger rests on {table}")
        op.drop_constraint(op.f(f"uq_{table}_group_id_motion_id"), table)
        op.drop_constraint(op.f(f"fk_{table}_group_id_motion_id"), table)
        op.drop_column(table, "motion_id")
    op.execute("drop function rests_on_decision()")
