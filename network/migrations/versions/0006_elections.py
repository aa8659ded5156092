"""Elections: steps in order, frozen when the vote begins, untouchable once declared or void."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARTS = {
    # table: (states of the election in which its rows may be written, whether rows are only ever added)
    "contests": ("called", "yes"),
    "candidacies": ("nominating", "no"),
    "tellers": ("nominating voting", "no"),
    "tallies": ("voting", "yes"),
    "lots": ("counted", "yes"),
    "outcomes": ("counted", "yes"),
}
STEPS = """
create function guard_election() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'an election is never deleted' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'called' then
      raise exception 'an election begins by being called' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if old.state in ('declared', 'void') then
    raise exception 'an election that is over does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and not (new.state = 'void' or (old.state, new.state) in (
    ('called', 'nominating'), ('nominating', 'voting'), ('voting', 'counted'), ('counted', 'declared')
  )) then
    raise exception 'an election takes one step after the other' using errcode = 'restrict_violation';
  end if;
  if (new.id, new.group_id, new.kind, new.called_at, new.held_on, new.notice_days, new.quorum_percent)
    is distinct from (old.id, old.group_id, old.kind, old.called_at, old.held_on, old.notice_days, old.quorum_percent)
  or (old.frozen_at is not null and (new.roll, new.method, new.frozen_at) is distinct from (old.roll, old.method, old.frozen_at))
  or (old.ballots is not null and new.ballots is distinct from old.ballots) then
    raise exception 'what was frozen does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""
FREEZING = """
create function guard_election_part() returns trigger language plpgsql as $$
declare
  now_state text;
begin
  if tg_op <> 'INSERT' and tg_argv[1] = 'yes' then
    raise exception '% is added to, never changed', tg_table_name using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and (new.id, new.election_id) is distinct from (old.id, old.election_id) then
    raise exception '% stays with its election', tg_table_name using errcode = 'restrict_violation';
  end if;
  select state into now_state from elections where id = case when tg_op = 'DELETE' then old.election_id else new.election_id end;
  if now_state is null or not now_state = any (string_to_array(tg_argv[0], ' ')) then
    raise exception '% is frozen', tg_table_name using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "elections",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("quorum_percent", sa.SmallInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("roll", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ballots", sa.BigInteger(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'declared') = (declared_at is not null)", name=op.f("ck_elections_declared")
        ),
        sa.CheckConstraint("(state = 'void') = (voided_at is not null)", name=op.f("ck_elections_voided")),
        sa.CheckConstraint("kind in ('yearly', 'by_election')", name=op.f("ck_elections_kind")),
        sa.CheckConstraint("method in ('hands', 'paper')", name=op.f("ck_elections_method")),
        sa.CheckConstraint("state <> 'declared' or ballots is not null", name=op.f("ck_elections_ballots")),
        sa.CheckConstraint(
            "state <> 'void' or length(void_reason) > 0", name=op.f("ck_elections_void_reason")
        ),
        sa.CheckConstraint(
            "state in ('called', 'nominating', 'voting', 'counted', 'declared', 'void')",
            name=op.f("ck_elections_state"),
        ),
        sa.CheckConstraint(
            "state not in ('voting', 'counted', 'declared') or (roll is not null and method is not null and frozen_at is not null)",
            name=op.f("ck_elections_frozen"),
        ),
        sa.CheckConstraint("quorum_percent between 0 and 100", name=op.f("ck_elections_quorum_percent")),
        sa.CheckConstraint("roll is null or roll > 0", name=op.f("ck_elections_roll")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_elections_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_elections_group_id_id")),
    )
    op.create_index(
        "uq_elections_one_yearly",
        "elections",
        ["group_id"],
        unique=True,
        postgresql_where=sa.text(
            "kind = 'yearly' and state in ('called', 'nominating', 'voting', 'counted')"
        ),
    )
    op.create_table(
        "contests",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("months > 0", name=op.f("ck_contests_months")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_contests_seats")),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_contests_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_contests_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
        sa.UniqueConstraint(
            "group_id", "election_id", "office", name=op.f("uq_contests_group_id_election_id_office")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_contests_group_id_id")),
    )
    op.create_table(
        "tellers",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("slip", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place in (1, 2)", name=op.f("ck_tellers_place")),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_tellers_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_tellers_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_tellers_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellers")),
        sa.UniqueConstraint(
            "group_id", "election_id", "member_id", name=op.f("uq_tellers_group_id_election_id_member_id")
        ),
        sa.UniqueConstraint(
            "group_id", "election_id", "place", name=op.f("uq_tellers_group_id_election_id_place")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_tellers_group_id_id")),
    )
    op.create_table(
        "candidacies",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("named_by in ('meeting', 'themselves')", name=op.f("ck_candidacies_named_by")),
        sa.CheckConstraint("state in ('named', 'accepted', 'declined')", name=op.f("ck_candidacies_state")),
        sa.ForeignKeyConstraint(
            ["group_id", "contest_id"],
            ["contests.group_id", "contests.id"],
            name=op.f("fk_candidacies_group_id_contest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_candidacies_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_candidacies_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_candidacies_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidacies")),
        sa.UniqueConstraint(
            "group_id", "contest_id", "member_id", name=op.f("uq_candidacies_group_id_contest_id_member_id")
        ),
        sa.UniqueConstraint(
            "group_id", "contest_id", "position", name=op.f("uq_candidacies_group_id_contest_id_position")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_candidacies_group_id_id")),
    )
    op.create_index(
        "uq_candidacies_one_office",
        "candidacies",
        ["group_id", "election_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_table(
        "lots",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("numbers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drawn_order", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "contest_id"],
            ["contests.group_id", "contests.id"],
            name=op.f("fk_lots_group_id_contest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_lots_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_lots_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("group_id", "contest_id", name=op.f("uq_lots_group_id_contest_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_lots_group_id_id")),
    )
    op.create_table(
        "tallies",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("teller_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("ballots", sa.BigInteger(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ballots >= 0", name=op.f("ck_tallies_ballots")),
        sa.CheckConstraint("version = 1 or length(reason) > 0", name=op.f("ck_tallies_reason")),
        sa.CheckConstraint("version > 0", name=op.f("ck_tallies_version")),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_tallies_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "teller_id"],
            ["tellers.group_id", "tellers.id"],
            name=op.f("fk_tallies_group_id_teller_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_tallies_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_tallies_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "teller_id", "version", name=op.f("uq_tallies_group_id_teller_id_version")
        ),
    )
    op.create_table(
        "outcomes",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("candidacy_id", sa.Uuid(), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.Column("is_elected", sa.Boolean(), nullable=False),
        sa.Column("by_lot", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("is_elected or not by_lot", name=op.f("ck_outcomes_by_lot")),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_outcomes_votes")),
        sa.ForeignKeyConstraint(
            ["group_id", "candidacy_id"],
            ["candidacies.group_id", "candidacies.id"],
            name=op.f("fk_outcomes_group_id_candidacy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "contest_id"],
            ["contests.group_id", "contests.id"],
            name=op.f("fk_outcomes_group_id_contest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_outcomes_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_outcomes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("group_id", "candidacy_id", name=op.f("uq_outcomes_group_id_candidacy_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_outcomes_group_id_id")),
    )
    op.create_foreign_key(
        op.f("fk_terms_group_id_election_id"),
        "terms",
        "elections",
        ["group_id", "election_id"],
        ["group_id", "id"],
    )
    for table in ("elections", *PARTS):
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
        op.execute(
            f"create trigger never_emptied before truncate on {table} for each statement execute function refuse_change()"
        )
    op.execute(STEPS)
    op.execute(
        "create trigger steps before insert or update or delete on elections for each row execute function guard_election()"
    )
    op.execute(FREEZING)
    for table, (states, is_added_only) in PARTS.items():
        op.execute(
            f"create trigger frozen before insert or update or delete on {table} "
            f"for each row execute function guard_election_part('{states}', '{is_added_only}')"
        )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_terms_group_id_election_id"), "terms", type_="foreignkey")
    op.drop_table("outcomes")
    op.drop_table("tallies")
    op.drop_table("lots")
    op.drop_index(
        "uq_candidacies_one_office", table_name="candidacies", postgresql_where=sa.text("state = 'accepted'")
    )
    op.drop_table("candidacies")
    op.drop_table("tellers")
    op.drop_table("contests")
    op.drop_index(
        "uq_elections_one_yearly",
        table_name="elections",
        postgresql_where=sa.text(
            "kind = 'yearly' and state in ('called', 'nominating', 'voting', 'counted')"
        ),
    )
    op.drop_table("elections")
    op.execute("drop function guard_election()")
    op.execute("drop function guard_election_part()")
