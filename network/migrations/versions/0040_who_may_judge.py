"""Whoever decides about a challenge held their office when the result was declared; once it is decided, only those concerned read it.

Nobody can ask the database any more whether a certain member has challenged.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

OWN = "security definer set search_path = public, pg_temp"
SINCE = "r.starts_at <= now() and (r.ends_at is null"
HELD = (
    "(r.role = 'member' or r.starts_at <= (select coalesce(e.declared_at, now()) from elections e"
    " where e.group_id = r.group_id and e.id = which))\n     and "
) + SINCE
ANSWERED = f"""
create function challenge_answered_by(which uuid, who uuid) returns boolean language sql stable {OWN} as $$
  select exists (select 1 from election_challenge_answers a
   where a.group_id = scope.group_id() and a.challenge_id = which and a.account_id = who)
$$
"""
OPEN_OF = f"""
create function challenges_of(which uuid, who uuid) returns bigint language sql stable {OWN} as $$
  select count(*) from election_challenges c
   where c.group_id = scope.group_id() and c.election_id = which and c.member_id = who and c.state = 'open'
$$
"""
IN_GROUP = "group_id = scope.group_id() and ({})"
MADE_IT = (
    "account_id = scope.account_id() or exists (select 1 from members m where m.group_id = election_challenges.group_id"
    " and m.id = election_challenges.member_id and m.account_id = scope.account_id())"
)
IN_PANEL = "scope.account_id() in (select challenge_panel({0}election_id, {0}member_id, {0}account_id))"
ASKED = (
    "exists (select 1 from election_challenges c where c.group_id = election_challenge_answers.group_id"
    " and c.id = election_challenge_answers.challenge_id and {})"
)
NOW = "case {0}state when 'open' then {1} else challenge_answered_by({0}id, scope.account_id()) end"
SEES = f"{MADE_IT} or {NOW.format('', IN_PANEL.format(''))}"
# One's own answer first: `challenge_answered_by` reads nothing else, so the two policies do not ask each other without end.
DECIDES = f"case when account_id = scope.account_id() then true else {ASKED.format(NOW.format('c.', IN_PANEL.format('c.')))} end"
SAW = f"{MADE_IT} or {IN_PANEL.format('')}"
DECIDED = ASKED.format(IN_PANEL.format("c."))


def upgrade() -> None:
    _replace("challenge_held(uuid, uuid, uuid)", SINCE, HELD)
    op.execute(ANSWERED)
    _for_the_role("challenge_answered_by(uuid, uuid)")
    _read_by(SEES, DECIDES)
    op.execute("drop function challenges_of(uuid, uuid)")


def downgrade() -> None:
    op.execute(OPEN_OF)
    _for_the_role("challenges_of(uuid, uuid)")
    _read_by(SAW, DECIDED)
    op.execute("drop function challenge_answered_by(uuid, uuid)")
    _replace("challenge_held(uuid, uuid, uuid)", HELD, SINCE)


def _read_by(sees: str, decides: str) -> None:
    for table, who in (("election_challenges", sees), ("election_challenge_answers", decides)):
        op.execute(f"alter policy fence on {table} using ({IN_GROUP.format(who)})")


def _for_the_role(function: str) -> None:
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke execute on function {function} from public")
    op.execute(f"grant execute on function {function} to {role}")


def _replace(function: str, earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef(cast(:function as regprocedure))")
    source = str(op.get_bind().execute(asked, {"function": function}).scalar_one())
    if earlier not in source:
        raise RuntimeError(f"{function} is not as this migration knows it")
    op.execute(source.replace(earlier, later))
