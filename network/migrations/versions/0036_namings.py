"""Who is named for offices that are not elected; into the committee for disputes only whom a fellow member named, and who said yes.

Why so: docs/decisions/constitution.md.
"""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

FUNCTIONS = """
create function guard_naming() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'namings are never deleted' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    if new.state not in ('named', 'accepted') then
      raise exception 'somebody is named first' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (new.id, new.group_id, new.office, new.method, new.member_id, new.named_by_id, new.named_at)
    is distinct from (old.id, old.group_id, old.office, old.method, old.member_id, old.named_by_id, old.named_at)
  or not (new.state = old.state or (old.state, new.state) in (
    ('named', 'accepted'), ('named', 'declined'), ('accepted', 'declined'), ('accepted', 'settled'), ('declined', 'accepted')
  )) or (old.state = 'settled' and new is distinct from old) then
    raise exception 'who was named by whom does not change' using errcode = 'restrict_violation';
  end if;
  if new.state = 'settled' and not exists (
    select 1 from terms t where t.group_id = new.group_id and t.id = new.term_id and t.member_id = new.member_id and t.office = new.office
  ) then
    raise exception 'settled is who is in the office' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function ask_who_named() returns trigger language plpgsql as $$
begin
  if not exists (
    select 1 from namings n where n.group_id = new.group_id and n.office = new.office and n.member_id = new.member_id
       and n.method = 'nominated' and n.state = 'accepted'
  ) then
    raise exception 'whoever comes in was named by a fellow member, and said yes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
TRIGGERS = (
    ("namings", "kept", "before insert or update or delete on namings for each row execute function guard_naming()"),
    ("namings", "never_emptied", "before truncate on namings for each statement execute function refuse_change()"),
    ("terms", "named_by_fellows", "before insert on terms for each row when (new.source = 'nominated') execute function ask_who_named()"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "namings",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("named_by_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("term_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('named', 'accepted', 'declined', 'settled')", name=op.f("ck_namings_state")),
        sa.CheckConstraint("method in ('appointed', 'nominated')", name=op.f("ck_namings_method")),
        sa.CheckConstraint("method <> 'nominated' or named_by_id <> member_id", name=op.f("ck_namings_by_a_fellow")),
        sa.CheckConstraint("(state = 'named') = (answered_at is null)", name=op.f("ck_namings_answered")),
        sa.CheckConstraint("(state = 'settled') = (term_id is not null)", name=op.f("ck_namings_settled")),
        *(
            sa.ForeignKeyConstraint(
                ["group_id", column], [f"{table}.group_id", f"{table}.id"], name=op.f(f"fk_namings_group_id_{column}")
            )
            for column, table in (("member_id", "members"), ("named_by_id", "members"), ("term_id", "terms"))
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_namings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_namings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_namings_group_id_id")),
    )  # fmt: skip
    op.create_index(
        "uq_namings_open", "namings", ["group_id", "office", "member_id"], unique=True,
        postgresql_where=sa.text("state in ('named', 'accepted')"),
    )  # fmt: skip
    for statement in protect("namings", Fence.GROUP):
        op.execute(statement)
    op.execute(FUNCTIONS)
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")


def downgrade() -> None:
    op.execute("drop trigger named_by_fellows on terms")
    op.drop_table("namings")
    op.execute("drop function guard_naming()")
    op.execute("drop function ask_who_named()")
