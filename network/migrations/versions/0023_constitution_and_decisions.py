"""Constitutions that change by the members' decision alone; decisions counted by two, whose outcome the database works out.

Why so: docs/decisions/constitution.md.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("motions", "motion_counters", "motion_counts")
CARRIED = """state <> 'decided' or is_carried = (
  present * 100 >= quorum_percent * roll and votes_for > 0 and case majority
    when 'half' then votes_for > votes_against
    when 'two_thirds' then votes_for * 3 >= (votes_for + votes_against) * 2
    else votes_for * 4 >= (votes_for + votes_against) * 3 end)"""
FUNCTIONS = """
create function guard_constitution() returns trigger language plpgsql as $$
declare
  moving constant text[] := array['state', 'version', 'adopted_on', 'motion_id'];
begin
  if tg_op = 'DELETE' then
    raise exception 'a constitution is never deleted' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    if new.state = 'proposed' or (new.state = 'adopted' and new.version = 1 and new.follows = 0 and new.proposed_by_id is null) then
      return new;
    end if;
    raise exception 'a constitution begins as a proposal' using errcode = 'restrict_violation';
  end if;
  if old.state <> 'proposed' or to_jsonb(new) - moving is distinct from to_jsonb(old) - moving then
    raise exception 'what a constitution says does not change; a change is a new version' using errcode = 'restrict_violation';
  end if;
  if new.state = 'adopted' and not (
    exists (select 1 from motions m where m.group_id = new.group_id and m.id = new.motion_id and m.kind = 'constitution'
              and m.subject_id = new.id and m.state = 'decided' and m.is_carried)
    and new.version = new.follows + 1
    and new.follows = (select max(c.version) from constitutions c where c.group_id = new.group_id and c.state = 'adopted')
  ) then
    raise exception 'a constitution is adopted by the members, one version after the other' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function guard_motion() returns trigger language plpgsql as $$
declare
  holds constitutions;
  moving constant text[] := array['state', 'method', 'roll', 'frozen_at', 'present', 'votes_for', 'votes_against', 'abstain',
                                  'is_carried', 'decided_at', 'withdrawn_at', 'withdrawn_reason'];
begin
  if tg_op = 'DELETE' then
    raise exception 'a decision is never deleted' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'called' or num_nonnulls(new.method, new.roll, new.frozen_at) > 0 then
      raise exception 'a decision begins by being called' using errcode = 'restrict_violation';
    end if;
    select * into holds from constitutions c where c.group_id = new.group_id and c.state = 'adopted' order by c.version desc limit 1;
    if not found or new.quorum_percent <> holds.quorum_percent
       or (new.kind in ('constitution', 'close_group') and new.majority <> holds.amend_majority) then
      raise exception 'a decision is taken as the constitution says' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if old.state in ('decided', 'withdrawn') then
    raise exception 'a decision that is over does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and (old.state, new.state) not in (
    ('called', 'counting'), ('counting', 'decided'), ('called', 'withdrawn'), ('counting', 'withdrawn')
  ) then
    raise exception 'a decision takes one step after the other' using errcode = 'restrict_violation';
  end if;
  if to_jsonb(new) - moving is distinct from to_jsonb(old) - moving
     or (old.frozen_at is not null and (new.roll, new.method, new.frozen_at) is distinct from (old.roll, old.method, old.frozen_at)) then
    raise exception 'what was put to the members does not change' using errcode = 'restrict_violation';
  end if;
  if new.state = 'decided' and 2 <> (
    select count(*) from motion_counters w join lateral (
      select * from motion_counts c where c.group_id = w.group_id and c.counter_id = w.id order by c.version desc limit 1
    ) last on (last.present, last.votes_for, last.votes_against, last.abstain)
            = (new.present, new.votes_for, new.votes_against, new.abstain)
    where w.group_id = new.group_id and w.motion_id = new.id
  ) then
    raise exception 'two people count the same' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function guard_motion_part() returns trigger language plpgsql as $$
declare
  now_state text;
begin
  if tg_op <> 'INSERT' and tg_argv[1] = 'yes' then
    raise exception '% is added to, never changed', tg_table_name using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and (to_jsonb(new) - 'slip') is distinct from (to_jsonb(old) - 'slip') then
    raise exception '% stays as it was', tg_table_name using errcode = 'restrict_violation';
  end if;
  select state into now_state from motions where id = case when tg_op = 'DELETE' then old.motion_id else new.motion_id end;
  if tg_op = 'DELETE' or now_state is null or not now_state = any (string_to_array(tg_argv[0], ' ')) then
    raise exception '% is frozen', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
TRIGGERS = (
    (
        "constitutions",
        "kept",
        "before insert or update or delete on constitutions for each row execute function guard_constitution()",
    ),
    (
        "motions",
        "steps",
        "before insert or update or delete on motions for each row execute function guard_motion()",
    ),
    (
        "motion_counters",
        "frozen",
        "before insert or update or delete on motion_counters for each row execute function guard_motion_part('called counting', 'no')",
    ),
    (
        "motion_counts",
        "frozen",
        "before insert or update or delete on motion_counts for each row execute function guard_motion_part('counting', 'yes')",
    ),
    *(
        (
            table,
            "never_emptied",
            f"before truncate on {table} for each statement execute function refuse_change()",
        )
        for table in ("constitutions", *TABLES)
    ),
)


def upgrade() -> None:
    _make_motions()
    _make_counts()
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    _widen_constitutions()
    op.execute(FUNCTIONS)
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")
    op.drop_constraint(op.f("ck_terms_source"), "terms", type_="check")
    op.create_check_constraint(
        op.f("ck_terms_source"), "terms", "source in ('appointed', 'elected', 'nominated')"
    )


def _make_motions() -> None:
    op.create_table(
        "motions",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("majority", sa.Text(), nullable=False),
        sa.Column("quorum_percent", sa.SmallInteger(), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("roll", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("present", sa.BigInteger(), nullable=True),
        sa.Column("votes_for", sa.BigInteger(), nullable=True),
        sa.Column("votes_against", sa.BigInteger(), nullable=True),
        sa.Column("abstain", sa.BigInteger(), nullable=True),
        sa.Column("is_carried", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state in ('called', 'counting', 'decided', 'withdrawn')", name=op.f("ck_motions_state")
        ),
        sa.CheckConstraint(
            "majority in ('half', 'two_thirds', 'three_quarters')", name=op.f("ck_motions_majority")
        ),
        sa.CheckConstraint("method in ('hands', 'paper')", name=op.f("ck_motions_method")),
        sa.CheckConstraint("kind ~ '^[a-z_]{1,40}$'", name=op.f("ck_motions_kind")),
        sa.CheckConstraint("quorum_percent between 0 and 100", name=op.f("ck_motions_quorum_percent")),
        sa.CheckConstraint("roll is null or roll > 0", name=op.f("ck_motions_roll")),
        sa.CheckConstraint(
            "state not in ('counting', 'decided') or (roll is not null and method is not null and frozen_at is not null)",
            name=op.f("ck_motions_frozen"),
        ),
        sa.CheckConstraint("(state = 'decided') = (decided_at is not null)", name=op.f("ck_motions_decided")),
        sa.CheckConstraint(
            "(state = 'decided') = (num_nonnulls(present, votes_for, votes_against, abstain, is_carried) = 5)"
            " and (state = 'decided' or num_nulls(present, votes_for, votes_against, abstain, is_carried) = 5)",
            name=op.f("ck_motions_outcome"),
        ),
        sa.CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstain >= 0 and votes_for + votes_against + abstain = present"
            " and present <= roll",
            name=op.f("ck_motions_adds_up"),
        ),
        sa.CheckConstraint(CARRIED, name=op.f("ck_motions_carried")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at is not null)", name=op.f("ck_motions_withdrawn")
        ),
        sa.ForeignKeyConstraint(["called_by_id"], ["accounts.id"], name=op.f("fk_motions_called_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_motions_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_motions_group_id_id")),
    )
    op.create_index("ix_motions_group_id_held_on", "motions", ["group_id", "held_on"], unique=False)
    op.create_index(
        "uq_motions_one_constitution",
        "motions",
        ["group_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'constitution' and state in ('called', 'counting')"),
    )


def _make_counts() -> None:
    op.create_table(
        "motion_counters",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("slip", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place in (1, 2)", name=op.f("ck_motion_counters_place")),
        sa.ForeignKeyConstraint(
            ["group_id", "motion_id"],
            ["motions.group_id", "motions.id"],
            name=op.f("fk_motion_counters_group_id_motion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_motion_counters_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_motion_counters_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion_counters")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_motion_counters_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "motion_id", "member_id", name=op.f("uq_motion_counters_group_id_motion_id_member_id")
        ),
        sa.UniqueConstraint(
            "group_id", "motion_id", "place", name=op.f("uq_motion_counters_group_id_motion_id_place")
        ),
    )
    op.create_table(
        "motion_counts",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("present", sa.BigInteger(), nullable=False),
        sa.Column("votes_for", sa.BigInteger(), nullable=False),
        sa.Column("votes_against", sa.BigInteger(), nullable=False),
        sa.Column("abstain", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_motion_counts_version")),
        sa.CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstain >= 0 and votes_for + votes_against + abstain = present",
            name=op.f("ck_motion_counts_adds_up"),
        ),
        sa.CheckConstraint("version = 1 or length(reason) > 0", name=op.f("ck_motion_counts_reason")),
        sa.ForeignKeyConstraint(
            ["group_id", "motion_id"],
            ["motions.group_id", "motions.id"],
            name=op.f("fk_motion_counts_group_id_motion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "counter_id"],
            ["motion_counters.group_id", "motion_counters.id"],
            name=op.f("fk_motion_counts_group_id_counter_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_motion_counts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion_counts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_motion_counts_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "counter_id", "version", name=op.f("uq_motion_counts_group_id_counter_id_version")
        ),
    )


NEW = (
    # name, type, what earlier rows get
    ("state", sa.Text(), "'adopted'"),
    ("challenge_days", sa.SmallInteger(), "7"),
    ("voting_after_days", sa.SmallInteger(), "0"),
    ("amend_majority", sa.Text(), "'two_thirds'"),
    ("language", sa.Text(), "(select g.language from groups g where g.id = group_id)"),
    ("follows", sa.BigInteger(), "version - 1"),
    ("proposed_at", sa.DateTime(timezone=True), "adopted_on::timestamptz"),
)


def _widen_constitutions() -> None:
    for name, kind, _ in NEW:
        op.add_column("constitutions", sa.Column(name, kind, nullable=True))
    for column in (
        sa.Column("motion_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("constitutions", column)
    op.execute("alter table constitutions no force row level security")
    op.execute(f"update constitutions set {', '.join(f'{name} = {value}' for name, _, value in NEW)}")
    op.execute("alter table constitutions force row level security")
    for name, _, _ in NEW:
        op.alter_column("constitutions", name, nullable=False)
    op.alter_column("constitutions", "version", nullable=True)
    op.alter_column("constitutions", "adopted_on", nullable=True)
    for name, check in (
        ("state", "state in ('proposed', 'adopted', 'dropped')"),
        ("amend_majority", "amend_majority in ('half', 'two_thirds', 'three_quarters')"),
        ("challenge_days", "challenge_days between 0 and 60"),
        ("voting_after_days", "voting_after_days between 0 and 366"),
        (
            "adopted",
            "(state = 'adopted') = (version is not null) and (version is null) = (adopted_on is null)",
        ),
        ("by_decision", "(motion_id is not null) = (state = 'adopted' and proposed_by_id is not null)"),
    ):
        op.create_check_constraint(op.f(f"ck_constitutions_{name}"), "constitutions", check)
    op.create_foreign_key(
        op.f("fk_constitutions_proposed_by_id"), "constitutions", "accounts", ["proposed_by_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_constitutions_group_id_motion_id"),
        "constitutions",
        "motions",
        ["group_id", "motion_id"],
        ["group_id", "id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_terms_source"), "terms", type_="check")
    op.execute("alter table terms no force row level security")
    op.execute("update terms set source = 'appointed' where source = 'nominated'")
    op.execute("alter table terms force row level security")
    op.create_check_constraint(op.f("ck_terms_source"), "terms", "source in ('appointed', 'elected')")
    op.execute("drop trigger kept on constitutions")
    op.execute("drop trigger never_emptied on constitutions")
    op.execute("alter table constitutions no force row level security")
    op.execute("delete from constitutions where version is null")
    op.execute("alter table constitutions force row level security")
    for name in ("motion_id", "proposed_by_id", "words", "reason", *(name for name, _, _ in NEW)):
        op.drop_column("constitutions", name)
    op.alter_column("constitutions", "version", nullable=False)
    op.alter_column("constitutions", "adopted_on", nullable=False)
    for table in ("motion_counts", "motion_counters", "motions"):
        op.drop_table(table)
    for function in ("guard_constitution", "guard_motion", "guard_motion_part"):
        op.execute(f"drop function {function}()")
