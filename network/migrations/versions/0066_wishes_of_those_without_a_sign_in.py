"""Who has no sign-in is erased too: what they ask for is written down until two have heard it, and what others wrote for them goes.

Requests for help and challenges that somebody else wrote down are shown to few; the database itself finds those of a member
who has left and whose account opens nothing here.
"""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

OWN = "security definer set search_path = public, pg_temp"
HAS_LEFT = "exists (select 1 from members m where m.group_id = {0}.group_id and m.id = who and m.left_on is not null and m.account_id is null)"
CHALLENGES = f"""
create function challenges_forget_member(who uuid) returns bigint language sql {OWN} as $$
  with gone as (
    update election_challenges c set words = null, closed_at = coalesce(c.closed_at, now()),
           state = case c.state when 'open' then 'withdrawn' else c.state end
     where c.group_id = scope.group_id() and c.member_id = who and (c.words is not null or c.state = 'open')
       and {HAS_LEFT.format("c")}
    returning 1)
  select count(*) from gone
$$
"""
HARDSHIP = f"""
create function hardship_forget_member(who uuid) returns bigint language plpgsql {OWN} as $$
declare gone bigint;
begin
  perform 1 from books where group_id = scope.group_id() for update;
  with theirs as (
    delete from hardship_requests r where r.group_id = scope.group_id() and r.member_id = who and {HAS_LEFT.format("r")}
    returning 1)
  select count(*) into gone from theirs;
  return gone;
end $$
"""
FUNCTIONS = ("challenges_forget_member(uuid)", "hardship_forget_member(uuid)")
KEEPS = "before update on election_challenges for each row{} execute function challenge_keeps()"
# Functions of the database that take words away say themselves of which challenges they may.
BUT_OWN = " when (not (current_user <> session_user and new.words is null))"


def upgrade() -> None:
    op.create_table(
        "erasure_wishes",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["members.group_id", "members.id"],
            name=op.f("fk_erasure_wishes_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_erasure_wishes_group_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name=op.f("fk_erasure_wishes_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_wishes")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_erasure_wishes_group_id_id")),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_erasure_wishes_group_id_member_id")),
    )
    for statement in protect("erasure_wishes", Fence.GROUP):
        op.execute(statement)
    _hang(
        "erasure_wishes",
        "kept",
        "before update or truncate on erasure_wishes for each statement execute function refuse_change()",
    )
    _hang(
        "looks",
        "kept",
        "before update or truncate on looks for each statement execute function refuse_change()",
    )
    op.execute("drop trigger keeps on election_challenges")
    _hang("election_challenges", "keeps", KEEPS.format(BUT_OWN))
    op.execute(CHALLENGES)
    op.execute(HARDSHIP)
    role = f'"{context.config.attributes["web_role"]}"'
    for function in FUNCTIONS:
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {role}")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute("drop trigger keeps on election_challenges")
    _hang("election_challenges", "keeps", KEEPS.format(""))
    op.execute("drop trigger kept on looks")
    op.drop_table("erasure_wishes")


def _hang(table: str, name: str, rest: str) -> None:
    op.execute(f"create trigger {name} {rest}")
    op.execute(f"alter table {table} enable always trigger {name}")
