"""Votes in envelopes: the box and its keepers, the roll, slips, envelopes, what was boxed, what was opened.

What makes a vote secret and final is kept here too: docs/decisions/ballots.md.
"""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "ballot_boxes", "ballot_keepers", "roll_entries", "ballot_slips", "envelopes", "boxed_envelopes", "opened_marks",
)  # fmt: skip
FUNCTIONS = """
create function guard_box() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'prepared' then
      raise exception 'a box begins shut' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    if old.state <> 'prepared' then
      raise exception 'a box that took votes stays' using errcode = 'restrict_violation';
    end if;
    return old;
  end if;
  if new.state <> old.state and (old.state, new.state) not in
       (('prepared', 'open'), ('open', 'closed'), ('open', 'emptied'), ('closed', 'opened')) then
    raise exception 'a box takes one step after the other' using errcode = 'restrict_violation';
  end if;
  if (new.id, new.group_id, new.election_id, new.public_key) is distinct from (old.id, old.group_id, old.election_id, old.public_key)
     or (old.state <> 'prepared' and (new.closes_at, new.with_phones, new.length) is distinct from (old.closes_at, old.with_phones, old.length))
     or (old.envelopes is not null and new.envelopes is distinct from old.envelopes)
     or (old.opened is not null and (new.opened, new.spoilt) is distinct from (old.opened, old.spoilt))
     or (new.wrapped_key is distinct from old.wrapped_key and new.wrapped_key is not null) then
    raise exception 'what was frozen does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function guard_box_part() returns trigger language plpgsql as $$
declare
  part jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  box_state text;
  allowed text := tg_argv[case tg_op when 'INSERT' then 0 when 'UPDATE' then 1 else 2 end];
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - string_to_array(tg_argv[3], ' ')) is distinct from (to_jsonb(old) - string_to_array(tg_argv[3], ' ')) then
    raise exception '% stays as it is', tg_table_name using errcode = 'restrict_violation';
  end if;
  select state into box_state from ballot_boxes
   where id = (part ->> 'box_id')::uuid or election_id = coalesce((part ->> 'election_id')::uuid,
     (select election_id from contests where id = (part ->> 'contest_id')::uuid));
  if box_state is null or not box_state = any (string_to_array(allowed, ' ')) then
    raise exception '% is shut', tg_table_name using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create function guard_papers() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from elections e join contests c on c.election_id = e.id
                  where c.id = old.contest_id and coalesce(e.declared_at, e.voided_at) < now() - interval '30 days') then
    raise exception 'papers stay for thirty days' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;

create function guard_envelope_box() returns trigger language plpgsql as $$
begin
  if new.sealed is not null then
    raise exception 'a sealed vote is let go of, never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
NOBODY = "never"
PARTS = {
    # table: box states in which rows may be added, changed, taken away; and which columns may change
    "ballot_keepers": ("prepared", "closed", "prepared", "digest papers"),
    "roll_entries": ("prepared", "open", NOBODY, "channel"),
    "ballot_slips": ("prepared", "open closed emptied", NOBODY, "code"),
    "envelopes": ("open", "open", "open", "sealed"),
    "boxed_envelopes": ("open", "closed opened emptied", NOBODY, "sealed"),
    "opened_marks": ("closed", NOBODY, "opened", ""),
}


def guard_the_box() -> None:
    op.execute(FUNCTIONS)
    triggers = [
        (
            "ballot_boxes",
            "guard",
            "before insert or update or delete on ballot_boxes for each row execute function guard_box()",
        )
    ]
    for table, states in PARTS.items():
        arguments = ", ".join(f"'{one}'" for one in states)
        triggers.append(
            (
                table,
                "guard",
                f"before insert or update or delete on {table} for each row execute function guard_box_part({arguments})",
            )
        )
        triggers.append(
            (
                table,
                "no_truncate",
                f"before truncate on {table} for each statement execute function refuse_change()",
            )
        )
    triggers.append(
        (
            "opened_marks",
            "kept_for_a_while",
            "before delete on opened_marks for each row execute function guard_papers()",
        )
    )
    triggers.append(
        (
            "boxed_envelopes",
            "only_let_go",
            "before update on boxed_envelopes for each row execute function guard_envelope_box()",
        )
    )
    for table, name, rest in triggers:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    for table in TABLES:
        op.execute(f"revoke truncate on {table} from {role}")


def upgrade() -> None:
    op.create_table(
        "ballot_boxes",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("with_phones", sa.Boolean(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("envelopes", sa.BigInteger(), nullable=True),
        sa.Column("opened", sa.BigInteger(), nullable=True),
        sa.Column("spoilt", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'prepared') = (closes_at is null)", name=op.f("ck_ballot_boxes_closes_at")
        ),
        sa.CheckConstraint(
            "(state in ('prepared', 'open')) = (envelopes is null)", name=op.f("ck_ballot_boxes_envelopes")
        ),
        sa.CheckConstraint(
            "state in ('prepared', 'open', 'closed', 'opened', 'emptied')", name=op.f("ck_ballot_boxes_state")
        ),
        sa.CheckConstraint(
            "state not in ('opened') or (opened + spoilt = envelopes)", name=op.f("ck_ballot_boxes_adds_up")
        ),
        sa.CheckConstraint("length between 64 and 65536", name=op.f("ck_ballot_boxes_length")),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_ballot_boxes_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ballot_boxes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_boxes")),
        sa.UniqueConstraint("group_id", "election_id", name=op.f("uq_ballot_boxes_group_id_election_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ballot_boxes_group_id_id")),
    )
    op.create_table(
        "ballot_slips",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_ballot_slips_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ballot_slips_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_slips")),
        sa.UniqueConstraint(
            "group_id", "election_id", "number", name=op.f("uq_ballot_slips_group_id_election_id_number")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ballot_slips_group_id_id")),
    )
    op.create_table(
        "boxed_envelopes",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_boxed_envelopes_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_boxed_envelopes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxed_envelopes")),
        sa.UniqueConstraint(
            "group_id", "election_id", "tracker", name=op.f("uq_boxed_envelopes_group_id_election_id_tracker")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_boxed_envelopes_group_id_id")),
    )
    op.create_table(
        "roll_entries",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("channel in ('room', 'slip')", name=op.f("ck_roll_entries_channel")),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_roll_entries_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_roll_entries_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_roll_entries_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entries")),
        sa.UniqueConstraint(
            "group_id",
            "election_id",
            "member_id",
            name=op.f("uq_roll_entries_group_id_election_id_member_id"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_roll_entries_group_id_id")),
    )
    op.create_table(
        "ballot_keepers",
        sa.Column("box_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("papers", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(digest is null) = (papers is null)", name=op.f("ck_ballot_keepers_opened")),
        sa.CheckConstraint("place between 1 and 3", name=op.f("ck_ballot_keepers_place")),
        sa.ForeignKeyConstraint(
            ["group_id", "box_id"],
            ["ballot_boxes.group_id", "ballot_boxes.id"],
            name=op.f("fk_ballot_keepers_group_id_box_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_ballot_keepers_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_ballot_keepers_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_keepers")),
        sa.UniqueConstraint(
            "group_id", "box_id", "member_id", name=op.f("uq_ballot_keepers_group_id_box_id_member_id")
        ),
        sa.UniqueConstraint(
            "group_id", "box_id", "place", name=op.f("uq_ballot_keepers_group_id_box_id_place")
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_ballot_keepers_group_id_id")),
    )
    op.create_table(
        "envelopes",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("slip_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(entry_id is null) <> (slip_id is null)", name=op.f("ck_envelopes_one_sender")),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_envelopes_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"],
            ["roll_entries.group_id", "roll_entries.id"],
            name=op.f("fk_envelopes_group_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "slip_id"],
            ["ballot_slips.group_id", "ballot_slips.id"],
            name=op.f("fk_envelopes_group_id_slip_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_envelopes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelopes")),
        sa.UniqueConstraint("group_id", "entry_id", name=op.f("uq_envelopes_group_id_entry_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_envelopes_group_id_id")),
        sa.UniqueConstraint("group_id", "slip_id", name=op.f("uq_envelopes_group_id_slip_id")),
    )
    op.create_table(
        "opened_marks",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.BigInteger(), nullable=False),
        sa.Column("candidate", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("paper > 0 and rank > 0", name=op.f("ck_opened_marks_numbers")),
        sa.ForeignKeyConstraint(
            ["group_id", "contest_id"],
            ["contests.group_id", "contests.id"],
            name=op.f("fk_opened_marks_group_id_contest_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_opened_marks_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_marks")),
        sa.UniqueConstraint(
            "group_id",
            "contest_id",
            "paper",
            "candidate",
            name=op.f("uq_opened_marks_group_id_contest_id_paper_candidate"),
        ),
        sa.UniqueConstraint(
            "group_id",
            "contest_id",
            "paper",
            "rank",
            name=op.f("uq_opened_marks_group_id_contest_id_paper_rank"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_opened_marks_group_id_id")),
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    guard_the_box()


def downgrade() -> None:
    op.drop_table("opened_marks")
    op.drop_table("envelopes")
    op.drop_table("ballot_keepers")
    op.drop_table("roll_entries")
    op.drop_table("boxed_envelopes")
    op.drop_table("ballot_slips")
    op.drop_table("ballot_boxes")
    for name in ("guard_box", "guard_box_part", "guard_papers", "guard_envelope_box"):
        op.execute(f"drop function {name}()")
