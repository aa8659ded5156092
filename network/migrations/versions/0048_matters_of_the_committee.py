"""Matters of the committee for disputes: shown by account, to whoever brought one and to those who hear it; destroyed on their day.

Why so: docs/decisions/disputes.md.
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OWN = "security definer set search_path = public, pg_temp"
ME = "scope.account_id()"
SITS = f"{ME} = any ({{0}}panel) and {ME} <> all ({{0}}set_aside)"
ON_PANEL = (
    "exists (select 1 from matters m where m.group_id = {0}.group_id and m.id = {0}.matter_id and "
    + SITS.format("m.")
    + ")"
)
BRINGS = f"exists (select 1 from matters m where m.group_id = {{0}}.group_id and m.id = {{0}}.matter_id and m.brought_by_id = {ME})"
HAS_LOCK = (
    "exists (select 1 from matter_locks l where l.group_id = matter_texts.group_id and l.text_id = matter_texts.id"
    f" and l.account_id = {ME})"
)
ASKED = (
    f"asked_group_id = scope.group_id() and exists (select 1 from role_assignments r where r.group_id = scope.group_id()"
    f" and r.account_id = {ME} and r.role = 'disputes' and r.starts_at <= now() and (r.ends_at is null or r.ends_at > now()))"
)
FENCES = {
    # table: which accounts read a row, and which write it
    "matters": (
        f"brought_by_id = {ME} or ({SITS.format('')})",
        f"brought_by_id = {ME} or {ME} = any (panel)",
    ),
    "matter_texts": (
        f"{ON_PANEL.format('matter_texts')} or {HAS_LOCK}",
        f"written_by_id = {ME} and ({ON_PANEL.format('matter_texts')} or {BRINGS.format('matter_texts')})",
    ),
    "matter_locks": (
        f"account_id = {ME} or {ON_PANEL.format('matter_locks')}",
        f"{ON_PANEL.format('matter_locks')} or {BRINGS.format('matter_locks')}",
    ),
    "matter_answers": (
        ON_PANEL.format("matter_answers"),
        f"account_id = {ME} and {ON_PANEL.format('matter_answers')}",
    ),
    "matter_asks": tuple([f"({ON_PANEL.format('matter_asks')}) or ({ASKED})"] * 2),
}
OWN_FUNCTIONS = f"current_user <> session_user and (group_id = scope.group_id() or {ME} is not null)"
FUNCTIONS = f"""
create function matter_begins() returns trigger language plpgsql as $$
begin
  if new.state <> 'brought' or new.set_aside <> '{{}}' or new.brought_by_id is distinct from scope.account_id()
     or new.group_id is distinct from scope.group_id()
     or exists (select 1 from unnest(new.panel) p(one) where not exists (
          select 1 from role_assignments r where r.group_id = new.group_id and r.account_id = p.one and r.role = 'disputes'
             and r.starts_at <= new.brought_at and (r.ends_at is null or r.ends_at > new.brought_at))) then
    raise exception 'a matter begins with whoever was of the committee on that day' using errcode = 'check_violation', constraint = 'ck_matters_begins';
  end if;
  return new;
end $$;

create function matter_keeps() returns trigger language plpgsql as $$
declare
  sitting uuid[] := array(select one from unnest(new.panel) p(one) where one <> all (new.set_aside));
begin
  if (new.id, new.group_id, new.brought_by_id, new.brought_at) is distinct from (old.id, old.group_id, old.brought_by_id, old.brought_at)
     or scope.account_id() is null or not (scope.account_id() = any (old.panel) and scope.account_id() <> all (old.set_aside))
     or not new.panel @> old.panel or not new.set_aside @> old.set_aside
     or (old.state = 'closed' and (new.state, new.panel, new.destroy_on, new.closed_at) is distinct from (old.state, old.panel, old.destroy_on, old.closed_at))
     or (new.state in ('brought', 'heard') and new.destroy_on <> old.destroy_on) then
    raise exception 'what a matter began with stays' using errcode = 'check_violation', constraint = 'ck_matters_kept';
  end if;
  if exists (select 1 from unnest(new.set_aside) s(one) where one <> all (old.set_aside) and one <> scope.account_id()) then
    raise exception 'each steps aside by themselves' using errcode = 'check_violation', constraint = 'ck_matters_aside';
  end if;
  if exists (select 1 from unnest(new.panel) p(one) where one <> all (old.panel) and not exists (
       select 1 from matter_asks a where a.group_id = new.group_id and a.matter_id = new.id and a.state = 'accepted' and a.answered_by_id = p.one
          and not exists (select 1 from matter_texts t where t.group_id = new.group_id and t.matter_id = new.id and t.for_account_id = p.one))) then
    raise exception 'only whoever was asked and said yes comes to the panel' using errcode = 'check_violation', constraint = 'ck_matters_panel_frozen';
  end if;
  if new.state <> old.state then
    if (old.state, new.state) not in (('brought', 'heard'), ('heard', 'agreed'), ('agreed', 'reviewed'), ('reviewed', 'closed')) or cardinality(sitting) < 2 then
      raise exception 'a matter goes on step by step, with two at least' using errcode = 'check_violation', constraint = 'ck_matters_steps';
    end if;
    if new.state = 'agreed' and (select count(*) from matter_answers a where a.group_id = new.group_id and a.matter_id = new.id and a.account_id = any (sitting)
         and a.text_id = (select t.id from matter_texts t where t.group_id = new.group_id and t.matter_id = new.id and t.kind = 'outcome'
                           order by t.written_at desc, t.id desc limit 1)) < 2 then
      raise exception 'two agree' using errcode = 'check_violation', constraint = 'ck_matters_two_agree';
    end if;
  end if;
  return new;
end $$;

create function matter_goes() returns trigger language plpgsql as $$
begin
  if not (old.state in ('brought', 'heard') and old.brought_by_id is not distinct from scope.account_id())
     and old.destroy_on > (select (now() at time zone g.time_zone)::date from groups g where g.id = old.group_id) then
    raise exception 'it goes when it is taken back, or on its day' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;

create function matter_text_fits() returns trigger language plpgsql as $$
declare m matters;
begin
  select * into m from matters where group_id = new.group_id and id = new.matter_id;
  if not found or new.written_by_id is distinct from scope.account_id()
     or (new.kind = 'words' and (m.brought_by_id is distinct from scope.account_id() or m.state <> 'brought'))
     or (new.kind <> 'words' and (scope.account_id() <> all (m.panel) or scope.account_id() = any (m.set_aside)))
     or (new.kind in ('notes', 'told') and m.state = 'closed') or (new.kind = 'outcome' and m.state <> 'heard')
     or (new.kind = 'review' and m.state not in ('agreed', 'reviewed'))
     or new.for_account_id = any (m.panel) or new.for_account_id = m.brought_by_id then
    raise exception 'not now, or not by whoever writes' using errcode = 'check_violation', constraint = 'ck_matter_texts_fits';
  end if;
  return new;
end $$;

create function matter_answer_fits() returns trigger language plpgsql as $$
begin
  if new.account_id is distinct from scope.account_id() or not exists (
       select 1 from matters m join matter_texts t on t.group_id = m.group_id and t.matter_id = m.id
        where m.group_id = new.group_id and m.id = new.matter_id and m.state = 'heard' and t.id = new.text_id and t.kind = 'outcome'
          and new.account_id = any (m.panel) and new.account_id <> all (m.set_aside)) then
    raise exception 'one of the panel agrees with an outcome' using errcode = 'check_violation', constraint = 'ck_matter_answers_fits';
  end if;
  return new;
end $$;

create function matter_ask_steps() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state = 'asked' and exists (select 1 from matters m where m.group_id = new.group_id and m.id = new.matter_id
         and scope.account_id() = any (m.panel) and scope.account_id() <> all (m.set_aside)) then
      return new;
    end if;
  elsif (new.id, new.group_id, new.matter_id, new.asked_group_id, new.asked_at) is not distinct from (old.id, old.group_id, old.matter_id, old.asked_group_id, old.asked_at)
    and ((old.state = 'asked' and new.state in ('accepted', 'declined') and new.answered_by_id = scope.account_id()
            and new.asked_group_id = scope.group_id())
         or (old.state = 'accepted' and new.state = 'seated' and new.answered_by_id = old.answered_by_id and exists (
             select 1 from matters m where m.group_id = new.group_id and m.id = new.matter_id and new.answered_by_id = any (m.panel)))) then
    return new;
  end if;
  raise exception 'asked by the panel, answered by the committee that was asked' using errcode = 'check_violation', constraint = 'ck_matter_asks_steps';
end $$;

create function matter_part_goes_with_it() returns trigger language plpgsql {OWN} as $$
begin
  if exists (select 1 from matters where group_id = old.group_id and id = old.matter_id)
     and not (tg_table_name = 'matter_locks' and (
       not exists (select 1 from key_pairs k where k.id = (to_jsonb(old) ->> 'key_pair_id')::uuid)
       or exists (select 1 from matters where group_id = old.group_id and id = old.matter_id and (to_jsonb(old) ->> 'account_id')::uuid = any (set_aside)))) then
    raise exception 'it goes when its matter goes' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;

create function matter_step_aside(which uuid) returns void language plpgsql {OWN} as $$
begin
  update matters set set_aside = set_aside || scope.account_id()
   where id = which and scope.account_id() = any (panel) and scope.account_id() <> all (set_aside);
  if not found then
    raise exception 'only one of the panel steps aside' using errcode = 'insufficient_privilege';
  end if;
  delete from matter_locks where matter_id = which and account_id = scope.account_id();
end $$;

create function matter_destroyed_on(which uuid) returns date language sql stable {OWN} as $$
  select m.destroy_on from matter_texts t join matters m on m.group_id = t.group_id and m.id = t.matter_id
   where t.id = which and exists (select 1 from matter_locks l where l.group_id = t.group_id and l.text_id = t.id and l.account_id = scope.account_id())
$$;

create function matter_destroy_due() returns bigint language plpgsql {OWN} as $$
declare
  today date := (select (now() at time zone g.time_zone)::date from groups g where g.id = scope.group_id());
  gone bigint;
begin
  with due as (delete from matters where group_id = scope.group_id() and destroy_on <= today returning 1)
  select count(*) into gone from due;
  return gone;
end $$;
"""
TRIGGERS = {
    "matters": {
        "begins": "before insert on matters for each row execute function matter_begins()",
        "keeps": "before update on matters for each row execute function matter_keeps()",
        "goes": "before delete on matters for each row execute function matter_goes()",
        "never_emptied": "before truncate on matters for each statement execute function refuse_change()",
    },
    "matter_texts": {
        "fits": "before insert on matter_texts for each row execute function matter_text_fits()",
        "goes_with_it": "before delete on matter_texts for each row execute function matter_part_goes_with_it()",
        "append_only": "before update or truncate on matter_texts for each statement execute function refuse_change()",
    },
    "matter_locks": {
        "goes_with_it": "before delete on matter_locks for each row execute function matter_part_goes_with_it()",
        "append_only": "before update or truncate on matter_locks for each statement execute function refuse_change()",
    },
    "matter_answers": {
        "fits": "before insert on matter_answers for each row execute function matter_answer_fits()",
        "goes_with_it": "before delete on matter_answers for each row execute function matter_part_goes_with_it()",
        "append_only": "before update or truncate on matter_answers for each statement execute function refuse_change()",
    },
    "matter_asks": {
        "steps": "before insert or update on matter_asks for each row execute function matter_ask_steps()",
        "goes_with_it": "before delete on matter_asks for each row execute function matter_part_goes_with_it()",
        "never_emptied": "before truncate on matter_asks for each statement execute function refuse_change()",
    },
}
NAMES = (
    "matter_destroy_due()", "matter_destroyed_on(uuid)", "matter_step_aside(uuid)", "matter_part_goes_with_it()", "matter_ask_steps()",
    "matter_answer_fits()", "matter_text_fits()", "matter_goes()", "matter_keeps()", "matter_begins()",
)  # fmt: skip
FOR_THE_ROLE = NAMES[:3]


def upgrade() -> None:
    _create_matters()
    _create_texts()
    _create_locks()
    _create_answers()
    _create_asks()
    _create_offers()
    op.execute(FUNCTIONS)
    _fence_and_guard()


def _keys(table: str, *more: str) -> list[sa.Constraint]:
    """What every table of a group has, and a reference to its matter."""
    parts = [
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f(f"fk_{table}_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("group_id", "id", name=op.f(f"uq_{table}_group_id_id")),
    ]
    if table.startswith("matter_"):
        parts.append(_within(table, "matter_id", "matters"))
    return [
        *parts,
        *(sa.ForeignKeyConstraint([one], ["accounts.id"], name=op.f(f"fk_{table}_{one}")) for one in more),
    ]


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["group_id", column], [f"{other}.group_id", f"{other}.id"], name=op.f(f"fk_{table}_group_id_{column}"), ondelete="CASCADE"
    )  # fmt: skip


def _ids(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in (*names, "id", "group_id")]


def _create_matters() -> None:
    op.create_table(
        "matters",
        *_ids("brought_by_id"),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("set_aside", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroy_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state in ('brought', 'heard', 'agreed', 'reviewed', 'closed')", name=op.f("ck_matters_state")
        ),
        sa.CheckConstraint("cardinality(panel) > 0", name=op.f("ck_matters_panel")),
        sa.CheckConstraint("not brought_by_id = any (panel)", name=op.f("ck_matters_not_their_own")),
        sa.CheckConstraint(
            "(state in ('brought', 'heard')) = (review_on is null)", name=op.f("ck_matters_review")
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_at is not null)", name=op.f("ck_matters_closed")),
        sa.CheckConstraint(
            "destroy_on <= (brought_at at time zone 'UTC')::date + 1100",
            name=op.f("ck_matters_destroyed_within_three_years"),
        ),
        *_keys("matters", "brought_by_id"),
    )


def _create_texts() -> None:
    op.create_table(
        "matter_texts",
        *_ids("matter_id", "written_by_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_account_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind in ('words', 'notes', 'told', 'outcome', 'review')", name=op.f("ck_matter_texts_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'told') = (for_account_id is not null)", name=op.f("ck_matter_texts_told")
        ),
        *_keys("matter_texts", "written_by_id", "for_account_id"),
    )
    op.create_index("ix_matter_texts_group_id_matter_id", "matter_texts", ["group_id", "matter_id"])
    op.create_index("ix_matter_texts_for_account_id", "matter_texts", ["for_account_id"])
    op.create_index(
        "uq_matter_texts_words_once",
        "matter_texts",
        ["group_id", "matter_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'words'"),
    )


def _create_locks() -> None:
    op.create_table(
        "matter_locks",
        *_ids("matter_id", "text_id", "account_id", "key_pair_id"),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_pair_id"], ["key_pairs.id"], name=op.f("fk_matter_locks_key_pair_id"), ondelete="CASCADE"
        ),
        *_keys("matter_locks", "account_id"),
        _within("matter_locks", "text_id", "matter_texts"),
        sa.UniqueConstraint(
            "group_id", "text_id", "account_id", name=op.f("uq_matter_locks_group_id_text_id_account_id")
        ),
    )
    op.create_index("ix_matter_locks_account_id", "matter_locks", ["account_id"])
    op.create_index("ix_matter_locks_key_pair_id", "matter_locks", ["key_pair_id"])
    op.create_index("ix_matter_locks_group_id_matter_id", "matter_locks", ["group_id", "matter_id"])


def _create_answers() -> None:
    op.create_table(
        "matter_answers",
        *_ids("matter_id", "text_id", "account_id"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("matter_answers", "account_id"),
        _within("matter_answers", "text_id", "matter_texts"),
        sa.UniqueConstraint(
            "group_id", "text_id", "account_id", name=op.f("uq_matter_answers_group_id_text_id_account_id")
        ),
    )
    op.create_index("ix_matter_answers_group_id_matter_id", "matter_answers", ["group_id", "matter_id"])


def _create_asks() -> None:
    op.create_table(
        "matter_asks",
        *_ids("matter_id", "asked_group_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('asked', 'accepted', 'declined', 'seated')", name=op.f("ck_matter_asks_state")
        ),
        sa.CheckConstraint("asked_group_id <> group_id", name=op.f("ck_matter_asks_another_group")),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_by_id is null)", name=op.f("ck_matter_asks_answered")
        ),
        sa.ForeignKeyConstraint(
            ["asked_group_id"], ["groups.id"], name=op.f("fk_matter_asks_asked_group_id")
        ),
        *_keys("matter_asks", "answered_by_id"),
        sa.UniqueConstraint(
            "group_id",
            "matter_id",
            "asked_group_id",
            name=op.f("uq_matter_asks_group_id_matter_id_asked_group_id"),
        ),
    )
    op.create_index("ix_matter_asks_asked_group_id", "matter_asks", ["asked_group_id"])


def _create_offers() -> None:
    op.create_table(
        "hearing_offers",
        *_ids("offered_by_id"),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at is null or ended_at >= offered_at", name=op.f("ck_hearing_offers_dates")
        ),
        *_keys("hearing_offers", "offered_by_id"),
    )
    op.create_index(
        "uq_hearing_offers_once",
        "hearing_offers",
        ["group_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )


def _fence_and_guard() -> None:
    for table, (reads, writes) in FENCES.items():
        for statement in protect(table, Fence.SEATED, readable=reads, writable=writes):
            op.execute(statement)
        op.execute(
            f"create policy own_functions on {table} to current_user using ({OWN_FUNCTIONS}) with check ({OWN_FUNCTIONS})"
        )
        # What was destroyed is cleaned away within minutes, however few rows there are.
        op.execute(
            f"alter table {table} set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)"
        )
    for statement in protect("hearing_offers", Fence.PUBLISHED, readable="ended_at is null"):
        op.execute(statement)
    for table, triggers in TRIGGERS.items():
        for name, rest in triggers.items():
            op.execute(f"create trigger {name} {rest}")
            op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    for table in ("matter_texts", "matter_locks", "matter_answers"):
        op.execute(f"revoke update, delete on {table} from {role}")
    for function in FOR_THE_ROLE:
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {role}")


def downgrade() -> None:
    op.drop_table("hearing_offers")
    for table in ("matter_texts", "matters"):
        op.execute(f"drop policy fence on {table}")
    for table in ("matter_asks", "matter_answers", "matter_locks", "matter_texts", "matters"):
        op.drop_table(table)
    for function in NAMES:
        op.execute(f"drop function {function}")
