"""Whoever was told of a matter answers; one of the panel writes down what a member without a sign-in tells; parts go with their matter alone.

Why so: docs/decisions/disputes.md.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

ME = "scope.account_id()"
OWN = "security definer set search_path = public, pg_temp"
SITS = f"{ME} = any ({{0}}panel) and {ME} <> all ({{0}}set_aside)"
ON_PANEL = (
    "exists (select 1 from matters m where m.group_id = {0}.group_id and m.id = {0}.matter_id and "
    + SITS.format("m.")
    + ")"
)
BRINGS = f"exists (select 1 from matters m where m.group_id = {{0}}.group_id and m.id = {{0}}.matter_id and m.brought_by_id = {ME})"
TEXTS = f"written_by_id = {ME} and ({ON_PANEL.format('matter_texts')} or {BRINGS.format('matter_texts')}{{}})"
LOCKS = f"{ON_PANEL.format('matter_locks')} or {BRINGS.format('matter_locks')}{{}}"
WRITES = (
    # table, who writes it now, who besides
    ("matter_texts", TEXTS, " or (kind = 'answer' and matter_told_me(matter_id))"),
    ("matter_locks", LOCKS, " or matter_answer_for(text_id, account_id)"),
)
CHANGED = (
    # function, what stood there, what stands there now
    (
        "matter_begins",
        f"new.brought_by_id is distinct from {ME}\n",
        f"""(new.brought_by_id is not null and new.brought_by_id is distinct from {ME})
     or (new.brought_by_id is null and ({ME} = any (new.panel)) is not true)
""",
    ),
    (
        "matter_goes",
        f"if not (old.state in ('brought', 'heard') and old.brought_by_id is not distinct from {ME})",
        f"""if not (old.state in ('brought', 'heard') and (coalesce(old.brought_by_id = {ME}, false)
       or (old.brought_by_id is null and {SITS.format("old.")} and (select count(*) from matter_answers a
            join matter_texts t on t.group_id = a.group_id and t.id = a.text_id and t.kind = 'words'
           where a.group_id = old.group_id and a.matter_id = old.id and a.account_id = any (old.panel) and a.account_id <> all (old.set_aside))
          >= least(2, (select count(*) from unnest(old.panel) p(one) where p.one <> all (old.set_aside))))))""",
    ),
    (
        "matter_text_fits",
        "begin\n  select * into m",
        f"""begin
  if new.kind = 'answer' then
    if new.written_by_id is distinct from {ME} or not matter_told_me(new.matter_id) then
      raise exception 'only whoever was told answers' using errcode = 'check_violation', constraint = 'ck_matter_texts_fits';
    end if;
    return new;
  end if;
  select * into m""",
    ),
    (
        "matter_text_fits",
        f"(new.kind = 'words' and (m.brought_by_id is distinct from {ME} or m.state <> 'brought'))",
        f"""(new.kind = 'words' and ((m.brought_by_id is not null and m.brought_by_id is distinct from {ME}) or m.state <> 'brought'
         or (m.brought_by_id is null and ({ME} = any (m.panel)) is not true)))""",
    ),
    (
        "matter_answer_fits",
        "((m.state = 'heard' and t.kind = 'outcome')",
        "((m.state = 'heard' and t.kind = 'outcome') or (m.state in ('brought', 'heard') and m.brought_by_id is null and t.kind = 'words')",
    ),
    (
        # Asked of the depth, and not of the matter: whoever does not see a matter does not take its parts for orphans.
        "matter_part_goes_with_it",
        "if exists (select 1 from matters where group_id = old.group_id and id = old.matter_id)\n     and not (tg_table_name = 'matter_locks' and (",
        f"""if pg_trigger_depth() < 2
     and not (tg_table_name = 'matter_texts' and to_jsonb(old) ->> 'kind' = 'answer' and (to_jsonb(old) ->> 'written_by_id')::uuid = {ME}
       and exists (select 1 from matters m where m.group_id = old.group_id and m.id = old.matter_id and m.state in ('brought', 'heard')))
     and not (tg_table_name = 'matter_locks' and (""",
    ),
    (
        "matter_forget_told",
        f"  delete from matter_locks l where l.account_id = {ME}",
        f"""  delete from matter_texts t using matters m where t.kind = 'answer' and t.written_by_id = {ME} and (everywhere or t.group_id = scope.group_id())
     and m.group_id = t.group_id and m.id = t.matter_id and m.state in ('brought', 'heard');
  delete from matter_locks l where l.account_id = {ME}""",
    ),
)  # fmt: skip
FUNCTIONS = f"""
create function matter_told_me(which uuid) returns boolean language sql stable {OWN} as $$
  select exists (select 1 from matter_texts t join matters m on m.group_id = t.group_id and m.id = t.matter_id
   where t.matter_id = which and t.kind = 'told' and t.for_account_id = {ME} and m.state in ('heard', 'agreed', 'reviewed'))
$$;

create function matter_hears(which uuid) returns table (one uuid, is_helper boolean) language sql stable {OWN} as $$
  select p.one, exists (select 1 from matter_asks a where a.group_id = m.group_id and a.matter_id = m.id and a.state = 'seated' and a.answered_by_id = p.one)
    from matters m, unnest(m.panel) p(one) where m.id = which and p.one <> all (m.set_aside) and matter_told_me(which)
$$;

create function matter_answer_for(which uuid, who uuid) returns boolean language sql stable {OWN} as $$
  select exists (select 1 from matter_texts t join matters m on m.group_id = t.group_id and m.id = t.matter_id
   where t.id = which and t.kind = 'answer' and t.written_by_id = {ME} and (who = {ME} or (who = any (m.panel) and who <> all (m.set_aside))))
$$;
"""
NAMES = ("matter_answer_for(uuid, uuid)", "matter_hears(uuid)", "matter_told_me(uuid)")
KINDS = "kind in ('words', 'notes', 'told', 'outcome', 'review'{})"


def _change(name: str, before: str, after: str) -> None:
    asked = sa.text("select pg_get_functiondef(cast(:name as regproc))")
    stands = op.get_bind().execute(asked, {"name": name}).scalar_one()
    if before not in stands:
        raise RuntimeError(f"{name} is not as it was")
    op.get_bind().exec_driver_sql(stands.replace(before, after).replace("%", "%%"))


def _may_hold(kinds: str) -> None:
    op.drop_constraint(op.f("ck_matter_texts_kind"), "matter_texts", type_="check")
    op.create_check_constraint(op.f("ck_matter_texts_kind"), "matter_texts", KINDS.format(kinds))


def upgrade() -> None:
    op.alter_column("matters", "brought_by_id", nullable=True)
    _may_hold(", 'answer'")
    op.execute(FUNCTIONS)
    role = f'"{context.config.attributes["web_role"]}"'
    for function in NAMES:
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {role}")
    for name, before, after in CHANGED:
        _change(name, before, after)
    for table, writes, besides in WRITES:
        op.execute(f"alter policy fence on {table} with check ({writes.format(besides)})")


def downgrade() -> None:
    for table, writes, _besides in WRITES:
        op.execute(f"alter policy fence on {table} with check ({writes.format('')})")
    for name, before, after in reversed(CHANGED):
        _change(name, after, before)
    for function in NAMES:
        op.execute(f"drop function {function}")
    _let_go_of("matter_texts", "kind = 'answer'")
    _let_go_of("matters", "brought_by_id is null")
    _may_hold("")
    op.alter_column("matters", "brought_by_id", nullable=False)


def _let_go_of(table: str, what: str) -> None:
    """What the earlier tables have no place for."""
    guards = (("matters", "goes"), ("matter_texts", "goes_with_it"), ("matter_locks", "goes_with_it"))
    for name, guard in guards:
        op.execute(f"alter table {name} no force row level security")
        op.execute(f"alter table {name} disable trigger {guard}")
    op.execute(f"delete from {table} where {what}")
    for name, guard in guards:
        op.execute(f"alter table {name} enable always trigger {guard}")
        op.execute(f"alter table {name} force row level security")
