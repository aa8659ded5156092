"""Closing a matter takes two, nobody is told before two have heard it, and a no to an ask is one person's own.

Also: keys of somebody who was told go when they are forgotten, and who came to help can be told apart by whoever brought it.
Why so: docs/decisions/disputes.md.
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

ME = "scope.account_id()"
OWN = "security definer set search_path = public, pg_temp"
ON_PANEL = f"{ME} = any (m.panel) and {ME} <> all (m.set_aside)"
LATEST_REVIEW = (
    "select t.id from matter_texts t where t.group_id = new.group_id and t.matter_id = new.id and t.kind = 'review'"
    " order by t.written_at desc, t.id desc limit 1"
)
CHANGED = (
    # function, what stood there, what stands there now
    (
        "matter_keeps",
        "constraint = 'ck_matters_two_agree';\n    end if;\n",
        f"""constraint = 'ck_matters_two_agree';
    end if;
    if new.state = 'closed' and (select count(*) from matter_answers a where a.group_id = new.group_id and a.matter_id = new.id
         and a.account_id = any (sitting) and a.text_id = ({LATEST_REVIEW})) < 2 then
      raise exception 'two close it' using errcode = 'check_violation', constraint = 'ck_matters_two_close';
    end if;
""",
    ),
    (
        "matter_text_fits",
        "or (new.kind in ('notes', 'told') and m.state = 'closed')",
        "or (new.kind in ('notes', 'told') and m.state = 'closed') or (new.kind = 'told' and m.state = 'brought')",
    ),
    (
        "matter_answer_fits",
        "m.state = 'heard' and t.id = new.text_id and t.kind = 'outcome'",
        "t.id = new.text_id and ((m.state = 'heard' and t.kind = 'outcome') or (m.state in ('agreed', 'reviewed') and t.kind = 'review'))",
    ),
    (
        "matter_ask_steps",
        (
            "    and ((old.state = 'asked' and new.state in ('accepted', 'declined') and new.answered_by_id = scope.account_id()\n"
            "            and new.asked_group_id = scope.group_id())\n         or (old.state = 'accepted' and new.state = 'seated' and"
        ),
        f"""    and ((old.state = 'asked' and new.state = 'accepted' and new.answered_by_id = {ME} and new.asked_group_id = scope.group_id()
            and new.declined_by = old.declined_by and {ME} <> all (old.declined_by))
         or (old.state = 'asked' and new.state in ('asked', 'declined') and new.asked_group_id = scope.group_id() and {ME} <> all (old.declined_by)
            and new.declined_by = old.declined_by || {ME} and new.answered_by_id is not distinct from case new.state when 'declined' then {ME} end)
         or (old.state = 'accepted' and new.state = 'asked' and new.answered_by_id is null and new.declined_by = old.declined_by || old.answered_by_id
            and exists (select 1 from matters m where m.group_id = new.group_id and m.id = new.matter_id and {ON_PANEL}))
         or (old.state = 'accepted' and new.state = 'seated' and new.declined_by = old.declined_by and""",
    ),
    (
        "matter_part_goes_with_it",
        "(to_jsonb(old) ->> 'account_id')::uuid = any (set_aside))",
        f"""(to_jsonb(old) ->> 'account_id')::uuid = any (set_aside))
       or ((to_jsonb(old) ->> 'account_id')::uuid = {ME} and exists (select 1 from matter_texts t
            where t.group_id = old.group_id and t.matter_id = old.matter_id and t.for_account_id = {ME}))""",
    ),
)
FUNCTIONS = f"""
create function matter_forget_told(everywhere boolean) returns void language sql {OWN} as $$
  delete from matter_locks l where l.account_id = {ME} and (everywhere or l.group_id = scope.group_id())
     and exists (select 1 from matter_texts t where t.group_id = l.group_id and t.matter_id = l.matter_id and t.for_account_id = {ME})
$$;

create function matter_came(which uuid[]) returns setof uuid language sql stable {OWN} as $$
  select a.answered_by_id from matter_asks a join matters m on m.group_id = a.group_id and m.id = a.matter_id
   where a.matter_id = any (which) and a.state = 'seated' and (m.brought_by_id = {ME} or ({ON_PANEL}))
$$;
"""
NAMES = ("matter_came(uuid[])", "matter_forget_told(boolean)")


def _change(name: str, before: str, after: str) -> None:
    stands = (
        op.get_bind()
        .execute(sa.text("select pg_get_functiondef(cast(:name as regproc))"), {"name": name})
        .scalar_one()
    )
    if before not in stands:
        raise RuntimeError(f"{name} is not as it was")
    op.get_bind().exec_driver_sql(stands.replace(before, after).replace("%", "%%"))


def upgrade() -> None:
    op.add_column(
        "matter_asks",
        sa.Column("declined_by", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
    )
    for name, before, after in CHANGED:
        _change(name, before, after)
    op.execute(FUNCTIONS)
    role = f'"{context.config.attributes["web_role"]}"'
    for function in NAMES:
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {role}")


def downgrade() -> None:
    for function in NAMES:
        op.execute(f"drop function {function}")
    for name, before, after in CHANGED:
        _change(name, after, before)
    op.drop_column("matter_asks", "declined_by")
