"""In which returns somebody's name stands, for their own page; what a second person read; names that only become fewer.

What was handed in before is not looked through for names: they are sealed.
"""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

KEPT = """
create or replace function guard_return() returns trigger language plpgsql as $$
begin
  if old.state = 'handed_in' then
    if tg_op = 'DELETE' or to_jsonb(new) - 'names' is distinct from to_jsonb(old) - 'names' {names} then
      raise exception 'what was handed in stays as it was' using errcode = 'restrict_violation';
    end if;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$
"""
FEWER = """or (new.names is distinct from old.names and new.names is not null
        and (old.names is null or octet_length(new.names) >= octet_length(old.names)))"""


def upgrade() -> None:
    op.add_column("returns", sa.Column("seen_digest", sa.LargeBinary(), nullable=True))
    op.execute(KEPT.replace("{names}", FEWER))
    op.create_table(
        "return_mentions",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "return_id"], ["returns.group_id", "returns.id"], name=op.f("fk_return_mentions_group_id_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["members.group_id", "members.id"], name=op.f("fk_return_mentions_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_return_mentions_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_mentions")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_return_mentions_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "return_id", "member_id", name=op.f("uq_return_mentions_group_id_return_id_member_id")
        ),
    )  # fmt: skip
    for statement in protect("return_mentions", Fence.GROUP):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("return_mentions")
    op.execute(KEPT.replace("{names}", ""))
    op.drop_column("returns", "seen_digest")
