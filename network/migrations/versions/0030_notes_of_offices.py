"""Notes that pass on with an office, readable by whoever holds it and by nobody else.

Why so: docs/decisions/notes-of-offices.md.
"""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# Whoever asks holds the office now; or wrote it, in a term that is over for less than thirty days.
READABLE = """exists (
  select 1 from terms written
    join terms mine on mine.group_id = written.group_id and mine.office = written.office
    join members me on me.group_id = mine.group_id and me.id = mine.member_id
   where written.group_id = office_notes.group_id and written.id = office_notes.term_id and me.account_id = scope.account_id()
     and (mine.ends_at is null or (mine.id = written.id and mine.ends_at > now() - interval '30 days')))"""
FUNCTION = """
create function guard_office_note() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    raise exception 'notes are added to, never changed' using errcode = 'restrict_violation';
  end if;
  if not exists (
    select 1 from terms t join members m on m.group_id = t.group_id and m.id = t.member_id
     where t.group_id = new.group_id and t.id = new.term_id and m.account_id = scope.account_id()
       and new.written_at >= t.starts_at and new.written_at < coalesce(t.ends_at + interval '30 days', 'infinity')
       and new.written_at < now() + interval '1 minute'
  ) then
    raise exception 'notes are written by whoever holds the office, or did lately' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "office_notes",
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "term_id"],
            ["terms.group_id", "terms.id"],
            name=op.f("fk_office_notes_group_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_office_notes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_notes")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_office_notes_group_id_id")),
    )
    op.create_index("ix_office_notes_group_id_term_id", "office_notes", ["group_id", "term_id"])
    for statement in protect("office_notes", Fence.SEALED, readable=READABLE):
        op.execute(statement)
    op.execute(FUNCTION)
    for name, rest in (
        ("kept", "before insert or update or delete on office_notes for each row execute function guard_office_note()"),
        ("never_emptied", "before truncate on office_notes for each statement execute function refuse_change()"),
    ):  # fmt: skip
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table office_notes enable always trigger {name}")


def downgrade() -> None:
    op.drop_table("office_notes")
    op.execute("drop function guard_office_note()")
