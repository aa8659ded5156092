"""Papers on which people put candidates in order, for thirty days after the end; and the count sheet, which stays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PAPER = """
create function guard_tallied_paper() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'tallied_papers is added to, never changed' using errcode = 'restrict_violation';
  end if;
  if not exists (select 1 from tallies t join elections e on e.id = t.election_id join contests c on c.election_id = e.id
                  where t.id = new.tally_id and c.id = new.contest_id and e.state = 'voting') then
    raise exception 'tallied_papers is frozen' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "tallied_papers",
        sa.Column("tally_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("ranking", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("papers", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("papers > 0", name=op.f("ck_tallied_papers_papers")),
        sa.ForeignKeyConstraint(
            ["group_id", "contest_id"],
            ["contests.group_id", "contests.id"],
            name=op.f("fk_tallied_papers_group_id_contest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "tally_id"],
            ["tallies.group_id", "tallies.id"],
            name=op.f("fk_tallied_papers_group_id_tally_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_tallied_papers_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallied_papers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_tallied_papers_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "tally_id", "contest_id", "ranking",
            name=op.f("uq_tallied_papers_group_id_tally_id_contest_id_ranking"),
        ),
    )  # fmt: skip
    op.create_table(
        "count_sheets",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("counted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "contest_id"],
            ["contests.group_id", "contests.id"],
            name=op.f("fk_count_sheets_group_id_contest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_count_sheets_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_count_sheets_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_sheets")),
        sa.UniqueConstraint("group_id", "contest_id", name=op.f("uq_count_sheets_group_id_contest_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_count_sheets_group_id_id")),
    )
    for table in ("tallied_papers", "count_sheets"):
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
        op.execute(
            f"create trigger never_emptied before truncate on {table} for each statement execute function refuse_change()"
        )
    op.execute(PAPER)
    op.execute(
        "create trigger frozen before insert or update on tallied_papers for each row execute function guard_tallied_paper()"
    )
    op.execute(
        "create trigger kept_for_a_while before delete on tallied_papers for each row execute function guard_papers()"
    )
    op.execute(
        "create trigger frozen before insert or update or delete on count_sheets "
        "for each row execute function guard_election_part('counted', 'yes')"
    )


def downgrade() -> None:
    op.drop_table("count_sheets")
    op.drop_table("tallied_papers")
    op.execute("drop function guard_tallied_paper()")
