"""My page: who looked at what is held about somebody, on which kind of device they are signed in, and words that go with their author.

What was said in a challenge, and why a teller went on no further, may be taken away; it is still never changed.
"""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

KEEPS = "  if old.state <> 'open' or (new.id,"
SAID = """  if new.words is null and old.words is not null and to_jsonb(new) - 'words' = to_jsonb(old) - 'words'
     and (old.account_id = scope.account_id() or exists (select 1 from members m where m.group_id = old.group_id
          and m.id = old.member_id and m.account_id = scope.account_id())) then
    return new;
  end if;
"""
BEGIN = "begin\n"
TELLER = """  if tg_op = 'UPDATE' and tg_table_name = 'tellers' and to_jsonb(new) ->> 'replaced_because' is null
     and to_jsonb(new) - 'replaced_because' = to_jsonb(old) - 'replaced_because' then
    return new;
  end if;
"""
REFERRALS = """
create function referrals_forget(who uuid) returns bigint language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    delete from referrals r where who = scope.account_id() and r.group_id = scope.group_id() and r.invitation_id in (
      select i.id from invitations i where i.group_id = scope.group_id() and i.accepted_by = who)
    returning 1)
  select count(*) from gone
$$
"""
WAS = "(replaced_at is null) = (replaced_because is null)"
IS = "replaced_at is not null or replaced_because is null"


def upgrade() -> None:
    op.create_table(
        "looks",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_looks_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_looks_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_looks_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "member_id",
            "office",
            "on_day",
            name=op.f("uq_looks_group_id_member_id_office_on_day"),
        ),
    )
    op.create_index("ix_looks_group_id_on_day", "looks", ["group_id", "on_day"])
    for statement in protect("looks", Fence.GROUP):
        op.execute(statement)
    op.execute(f'revoke truncate on looks from "{context.config.attributes["web_role"]}"')
    op.add_column("sessions", sa.Column("family", sa.Text(), nullable=True))
    op.alter_column("election_challenges", "words", nullable=True)
    _replace("challenge_keeps()", KEEPS, SAID + KEEPS)
    for function in ("guard_election_part()", "guard_teller()"):
        _replace(function, BEGIN, BEGIN + TELLER)
    _holds(IS)
    op.execute(REFERRALS)
    op.execute("revoke execute on function referrals_forget(uuid) from public")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"grant execute on function referrals_forget(uuid) to {role}")


def downgrade() -> None:
    """What was taken away stays away, so the columns stay open to it."""
    op.execute("drop function referrals_forget(uuid)")
    _holds(f"{WAS}", how=" not valid")
    for function in ("guard_election_part()", "guard_teller()"):
        _replace(function, BEGIN + TELLER, BEGIN)
    _replace("challenge_keeps()", SAID + KEEPS, KEEPS)
    op.drop_column("sessions", "family")
    op.drop_table("looks")


def _holds(condition: str, how: str = "") -> None:
    op.execute("alter table tellers drop constraint ck_tellers_replaced")
    op.execute(f"alter table tellers add constraint ck_tellers_replaced check ({condition}){how}")


def _replace(function: str, earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef(cast(:function as regprocedure))")
    source = str(op.get_bind().execute(asked, {"function": function}).scalar_one())
    if earlier not in source:
        raise RuntimeError(f"{function} is not as this migration knows it")
    op.execute(source.replace(earlier, later, 1))
