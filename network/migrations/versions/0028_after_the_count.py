"""After the count: challenges, results that are final or fall, tellers who are replaced.

Why so: docs/decisions/after-the-count.md.
"""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

OWN = "security definer set search_path = public, pg_temp"
READING = f"""
create function challenge_held(which uuid, challenger uuid, filer uuid) returns table (account_id uuid, tier int)
language sql stable set search_path = public, pg_temp as $$
  select r.account_id, min(case r.role when 'disputes' then 1 when 'member' then 3 else 2 end)
    from role_assignments r join accounts a on a.id = r.account_id and a.suspended_at is null
   where r.group_id = scope.group_id() and r.starts_at <= now() and (r.ends_at is null or r.ends_at > now())
     and r.role in ('disputes', 'chairperson', 'secretary', 'treasurer', 'committee', 'facilitator', 'member')
     and r.account_id is distinct from filer
     and not exists (
       select 1 from members m where m.group_id = r.group_id and m.account_id = r.account_id and (
         m.id = challenger
         or exists (select 1 from candidacies c where c.group_id = m.group_id and c.election_id = which and c.member_id = m.id and c.state = 'accepted')
         or exists (select 1 from tellers t where t.group_id = m.group_id and t.election_id = which and t.member_id = m.id)))
   group by r.account_id
$$;

create function challenge_tier(which uuid, challenger uuid, filer uuid) returns int language sql stable set search_path = public, pg_temp as $$
  with held as (select * from challenge_held(which, challenger, filer))
  select coalesce(min(t), 0) from generate_series(1, 3) t where (select count(*) from held where held.tier <= t) >= 2
$$;

create function challenge_panel(which uuid, challenger uuid, filer uuid) returns setof uuid language sql stable set search_path = public, pg_temp as $$
  select h.account_id from challenge_held(which, challenger, filer) h where h.tier <= challenge_tier(which, challenger, filer)
$$;

create function challenge_on_roll(which uuid, who uuid) returns boolean language sql stable set search_path = public, pg_temp as $$
  select coalesce((
    select case when exists (select 1 from roll_entries r where r.group_id = e.group_id and r.election_id = e.id)
      then exists (select 1 from roll_entries r where r.group_id = e.group_id and r.election_id = e.id and r.member_id = m.id)
      else m.joined_on <= day.frozen - coalesce(c.voting_after_days, 0) and (m.left_on is null or m.left_on > day.frozen) end
    from elections e
      join groups g on g.id = e.group_id
      cross join lateral (select (e.frozen_at at time zone g.time_zone)::date as frozen) day
      left join constitutions c on c.group_id = e.group_id and c.version = e.constitution_version
      join members m on m.group_id = e.group_id and m.id = who
    where e.group_id = scope.group_id() and e.id = which), false)
$$;

create function challenges_in(which uuid, wanted text) returns bigint language sql stable {OWN} as $$
  select count(*) from election_challenges c where c.group_id = scope.group_id() and c.election_id = which and c.state = wanted
$$;

create function challenges_of(which uuid, who uuid) returns bigint language sql stable {OWN} as $$
  select count(*) from election_challenges c
   where c.group_id = scope.group_id() and c.election_id = which and c.member_id = who and c.state = 'open'
$$;
"""
WRITING = f"""
create function challenge_begins() returns trigger language plpgsql as $$
begin
  if new.state <> 'open' or new.account_id is distinct from scope.account_id() or not challenge_on_roll(new.election_id, new.member_id)
     or not exists (select 1 from elections e where e.group_id = new.group_id and e.id = new.election_id and e.state = 'declared'
                      and new.made_at >= e.declared_at and new.made_at < e.declared_at + make_interval(hours => 24 * e.challenge_days)) then
    raise exception 'a declared result is challenged within its time, by whoever could vote' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function challenge_keeps() returns trigger language plpgsql {OWN} as $$
begin
  if old.state <> 'open' or (new.id, new.group_id, new.election_id, new.member_id, new.account_id, new.words, new.made_at)
       is distinct from (old.id, old.group_id, old.election_id, old.member_id, old.account_id, old.words, old.made_at) then
    raise exception 'what was said stays' using errcode = 'restrict_violation';
  end if;
  if new.state = 'withdrawn' and old.account_id is distinct from scope.account_id() then
    raise exception 'whoever made it takes it back' using errcode = 'restrict_violation';
  end if;
  if new.state in ('upheld', 'not_upheld') and 2 > (
    select count(*) from election_challenge_answers a where a.group_id = new.group_id and a.challenge_id = new.id
       and a.upholds = (new.state = 'upheld')
       and a.account_id in (select challenge_panel(new.election_id, new.member_id, new.account_id))
  ) then
    raise exception 'two decide' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function challenge_answered() returns trigger language plpgsql {OWN} as $$
declare
  asked election_challenges;
begin
  select * into asked from election_challenges where group_id = new.group_id and id = new.challenge_id;
  if not found or asked.state <> 'open' or new.account_id is distinct from scope.account_id()
     or new.account_id not in (select challenge_panel(asked.election_id, asked.member_id, asked.account_id)) then
    raise exception 'an answer comes from whoever decides about it now' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function guard_teller() returns trigger language plpgsql as $$
declare
  moving constant text[] := array['slip', 'replaced_at', 'replaced_because'];
begin
  if to_jsonb(new) - moving is distinct from to_jsonb(old) - moving
     or (old.replaced_at is not null and to_jsonb(new) is distinct from to_jsonb(old)) then
    raise exception 'a teller stays who they are' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""
SEES = (
    "account_id = scope.account_id() or exists (select 1 from members m where m.group_id = election_challenges.group_id"
    " and m.id = election_challenges.member_id and m.account_id = scope.account_id())"
    " or scope.account_id() in (select challenge_panel(election_id, member_id, account_id))"
)
DECIDES = (
    "exists (select 1 from election_challenges c where c.group_id = election_challenge_answers.group_id"
    " and c.id = election_challenge_answers.challenge_id"
    " and scope.account_id() in (select challenge_panel(c.election_id, c.member_id, c.account_id)))"
)
OWN_FUNCTIONS = "group_id = scope.group_id() and current_user <> session_user"
TRIGGERS = (
    (
        "election_challenges",
        "begins",
        "before insert on election_challenges for each row execute function challenge_begins()",
    ),
    (
        "election_challenges",
        "keeps",
        "before update on election_challenges for each row execute function challenge_keeps()",
    ),
    (
        "election_challenges",
        "kept",
        "before delete or truncate on election_challenges for each statement execute function refuse_change()",
    ),
    (
        "election_challenge_answers",
        "seat",
        "before insert on election_challenge_answers for each row execute function challenge_answered()",
    ),
    (
        "election_challenge_answers",
        "append_only",
        "before update or delete or truncate on election_challenge_answers for each statement execute function refuse_change()",
    ),
    ("tellers", "same_person", "before update on tellers for each row execute function guard_teller()"),
)
FUNCTIONS = (
    "guard_teller()", "challenge_answered()", "challenge_keeps()", "challenge_begins()", "challenges_of(uuid, uuid)",
    "challenges_in(uuid, text)", "challenge_on_roll(uuid, uuid)", "challenge_panel(uuid, uuid, uuid)", "challenge_tier(uuid, uuid, uuid)",
    "challenge_held(uuid, uuid, uuid)",
)  # fmt: skip
FOR_THE_ROLE = ("challenges_in(uuid, text)", "challenges_of(uuid, uuid)")
ELECTION = "guard_election()"
OVER = ("old.state in ('declared', 'void')", "old.state in ('certified', 'void')")
STEPS = (
    "('voting', 'counted'), ('counted', 'declared')",
    "('voting', 'counted'), ('counted', 'declared'), ('declared', 'certified')",
)
FROZEN = tuple(
    (
        f"{row}.notice_days, {row}.quorum_percent)",
        f"{row}.notice_days, {row}.quorum_percent, {row}.challenge_days, {row}.constitution_version)",
    )
    for row in ("new", "old")
)
FALLS = """  if old.state = 'declared' then
    if new.state = 'declared' or (new.declared_at, new.ballots) is distinct from (old.declared_at, old.ballots) then
      raise exception 'a declared result does not change' using errcode = 'restrict_violation';
    end if;
    if new.state = 'certified' and ((new.void_reason, new.voided_at) is distinct from (old.void_reason, old.voided_at)
       or challenges_in(new.id, 'open') > 0 or new.certified_at > now() + interval '5 minutes'
       or new.certified_at < old.declared_at + make_interval(hours => 24 * old.challenge_days)) then
      raise exception 'a result is final when nobody can challenge it any more' using errcode = 'restrict_violation';
    end if;
    if new.state = 'void' and challenges_in(new.id, 'upheld') = 0 then
      raise exception 'a declared result falls by a challenge alone' using errcode = 'restrict_violation';
    end if;
  end if;
"""
CHECKS = {
    # name: (as it is from here, as it was)
    "state": (
        "state in ('called', 'nominating', 'voting', 'counted', 'declared', 'certified', 'void')",
        "state in ('called', 'nominating', 'voting', 'counted', 'declared', 'void')",
    ),
    "frozen": (
        "state not in ('voting', 'counted', 'declared', 'certified') or (roll is not null and method is not null and frozen_at is not null)",
        "state not in ('voting', 'counted', 'declared') or (roll is not null and method is not null and frozen_at is not null)",
    ),
    "declared": (
        "case when state in ('declared', 'certified') then declared_at is not null else declared_at is null or state = 'void' end",
        "(state = 'declared') = (declared_at is not null)",
    ),
    "ballots": (
        "state not in ('declared', 'certified') or ballots is not null",
        "state <> 'declared' or ballots is not null",
    ),
}


PAPERS = "coalesce(e.{}, e.voided_at) < now() - interval '30 days'"


def upgrade() -> None:
    _widen_elections()
    _make_challenges()
    op.add_column("terms", sa.Column("ended_by_election_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_terms_group_id_ended_by_election_id"), "terms", "elections",
        ["group_id", "ended_by_election_id"], ["group_id", "id"],
    )  # fmt: skip
    op.add_column("tellers", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tellers", sa.Column("replaced_because", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_tellers_replaced"), "tellers", "(replaced_at is null) = (replaced_because is null)"
    )
    op.drop_constraint(op.f("uq_tellers_group_id_election_id_place"), "tellers", type_="unique")
    op.create_index(
        "uq_tellers_place_once", "tellers", ["group_id", "election_id", "place"], unique=True,
        postgresql_where=sa.text("replaced_at is null"),
    )  # fmt: skip
    op.execute(READING + WRITING)
    _fence_and_guard()
    _replace(ELECTION, OVER, STEPS, *FROZEN)
    _replace("guard_papers()", (PAPERS.format("declared_at"), PAPERS.format("certified_at")))
    _before_the_end(FALLS)


def _widen_elections() -> None:
    op.add_column(
        "elections", sa.Column("challenge_days", sa.SmallInteger(), nullable=False, server_default="7")
    )
    op.alter_column("elections", "challenge_days", server_default=None)
    op.add_column("elections", sa.Column("constitution_version", sa.BigInteger(), nullable=True))
    op.add_column("elections", sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True))
    for name, (later, _) in CHECKS.items():
        op.drop_constraint(op.f(f"ck_elections_{name}"), "elections", type_="check")
        op.create_check_constraint(op.f(f"ck_elections_{name}"), "elections", later)
    op.create_check_constraint(
        op.f("ck_elections_challenge_days"), "elections", "challenge_days between 0 and 60"
    )
    op.create_check_constraint(
        op.f("ck_elections_certified"), "elections", "(state = 'certified') = (certified_at is not null)"
    )


def _make_challenges() -> None:
    op.create_table(
        "election_challenges",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'upheld', 'not_upheld', 'withdrawn')",
            name=op.f("ck_election_challenges_state"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at is null)", name=op.f("ck_election_challenges_closed")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "election_id"],
            ["elections.group_id", "elections.id"],
            name=op.f("fk_election_challenges_group_id_election_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_election_challenges_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_election_challenges_account_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_election_challenges_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_challenges")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_election_challenges_group_id_id")),
    )
    op.create_index(
        "ix_election_challenges_group_id_election_id",
        "election_challenges",
        ["group_id", "election_id"],
        unique=False,
    )
    op.create_table(
        "election_challenge_answers",
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("upholds", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "challenge_id"],
            ["election_challenges.group_id", "election_challenges.id"],
            name=op.f("fk_election_challenge_answers_group_id_challenge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_election_challenge_answers_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_election_challenge_answers_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_challenge_answers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_election_challenge_answers_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "challenge_id",
            "account_id",
            name=op.f("uq_election_challenge_answers_group_id_challenge_id_account_id"),
        ),
    )


def _fence_and_guard() -> None:
    for table, sees in (("election_challenges", SEES), ("election_challenge_answers", DECIDES)):
        for statement in protect(table, Fence.SEALED, readable=sees):
            op.execute(statement)
        op.execute(
            f"create policy own_functions on {table} to current_user using ({OWN_FUNCTIONS}) with check ({OWN_FUNCTIONS})"
        )
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    for function in FOR_THE_ROLE:
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {role}")


def _source(function: str) -> str:
    asked = sa.text("select pg_get_functiondef(cast(:function as regprocedure))")
    return str(op.get_bind().execute(asked, {"function": function}).scalar_one())


def _replace(function: str, *pairs: tuple[str, str]) -> None:
    """Put one condition of a trigger in place of another, whatever else migrations since have changed in it."""
    source = _source(function)
    for earlier, later in pairs:
        if earlier not in source:
            raise RuntimeError(f"{function} is not as this migration knows it")
        source = source.replace(earlier, later)
    op.execute(source)


def _before_the_end(block: str) -> None:
    head, end, tail = _source(ELECTION).rpartition("  return new;")
    op.execute(head + block + end + tail)


def downgrade() -> None:
    _replace("guard_papers()", (PAPERS.format("certified_at"), PAPERS.format("declared_at")))
    _replace(ELECTION, (FALLS, ""), *((later, earlier) for earlier, later in (OVER, STEPS, *FROZEN)))
    op.execute("drop trigger same_person on tellers")
    op.drop_table("election_challenge_answers")
    op.drop_table("election_challenges")
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.drop_constraint(op.f("fk_terms_group_id_ended_by_election_id"), "terms", type_="foreignkey")
    op.drop_column("terms", "ended_by_election_id")
    op.drop_index("uq_tellers_place_once", table_name="tellers")
    op.drop_column("tellers", "replaced_because")
    op.drop_column("tellers", "replaced_at")
    op.create_unique_constraint(
        op.f("uq_tellers_group_id_election_id_place"), "tellers", ["group_id", "election_id", "place"]
    )
    for name in (*CHECKS, "certified", "challenge_days"):
        op.drop_constraint(op.f(f"ck_elections_{name}"), "elections", type_="check")
    for statement in (
        "alter table elections no force row level security",
        "alter table elections disable trigger steps",
        "update elections set state = 'declared' where state = 'certified'",
        "update elections set declared_at = null where state = 'void'",
        "alter table elections enable trigger steps",
        "alter table elections force row level security",
    ):
        op.execute(statement)
    for name, (_, earlier) in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_elections_{name}"), "elections", earlier)
    for name in ("certified_at", "constitution_version", "challenge_days"):
        op.drop_column("elections", name)
