"""Who decides about a request for help is asked anew each time; nobody close to whoever asked; paid once a code.

Why so: docs/decisions/hardship.md.
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Functions the ordinary role calls, which run as the owner of the tables, see the requests of the group in scope; the
# owner who calls them, or asks without them, does not.
OWN = "security definer set search_path = public, pg_temp"
READING = """
create function hardship_panel(without uuid[], since timestamptz) returns setof uuid language sql stable set search_path = public, pg_temp as $$
  with office as (
    select r.account_id, r.role, r.starts_at, coalesce(r.ends_at, 'infinity') as ends_at
      from role_assignments r join accounts a on a.id = r.account_id and a.suspended_at is null
     where r.group_id = scope.group_id() and r.role in ('chairperson', 'treasurer', 'committee', 'secretary')
       and r.account_id <> all (array_remove(without, null))
  ), held as (
    select o.account_id, bool_or(o.role <> 'secretary') as decides from office o
     where o.starts_at <= now() and o.ends_at > now()
       and (since is null or exists (select 1 from office e where e.account_id = o.account_id and e.starts_at <= since and e.ends_at > since))
     group by o.account_id
  )
  select account_id from held where decides or (select count(*) from held where decides) < 2
$$;

create function hardship_asker(request hardship_requests) returns uuid language sql stable set search_path = public, pg_temp as $$
  select coalesce(request.requester_account_id,
                  (select m.account_id from members m where m.group_id = request.group_id and m.id = request.member_id))
$$;

create function hardship_paid(request hardship_requests) returns boolean language sql stable set search_path = public, pg_temp as $$
  select exists (select 1 from journals j where j.group_id = request.group_id and j.kind = 'hardship' and j.code = request.code
                   and not exists (select 1 from journals u where u.group_id = j.group_id and u.reverses_id = j.id))
$$;

create function hardship_sits(request hardship_requests, who uuid) returns boolean language sql stable set search_path = public, pg_temp as $$
  select who in (select hardship_panel(
    request.set_aside || hardship_asker(request),
    case when request.state = 'declined' or hardship_paid(request) then request.decided_at end))
$$;
"""
WRITING = f"""
create function hardship_said(request hardship_requests, agreeing boolean) returns bigint language sql stable {OWN} as $$
  select count(*) from hardship_answers a where a.group_id = request.group_id and a.request_id = request.id
     and a.agrees = agreeing and a.account_id <> all (request.set_aside)
$$;

create function hardship_keeps() returns trigger language plpgsql {OWN} as $$
begin
  if (new.id, new.group_id, new.code, new.need, new.amount, new.currency, new.filed_by_id, new.filed_at, new.closes_on)
       is distinct from (old.id, old.group_id, old.code, old.need, old.amount, old.currency, old.filed_by_id, old.filed_at, old.closes_on)
     or (new.member_id, new.requester_account_id) is distinct from (old.member_id, old.requester_account_id)
     or not new.set_aside @> old.set_aside or (old.state = 'declined' and new.state <> 'declined') then
    raise exception 'what was asked, and who stands aside, stays' using errcode = 'check_violation', constraint = 'ck_hardship_requests_kept';
  end if;
  if new.state <> old.state and new.state <> 'waiting' and hardship_said(new, new.state = 'agreed') < 2 then
    raise exception 'two decide' using errcode = 'check_violation', constraint = 'ck_hardship_requests_two_decide';
  end if;
  return new;
end $$;

create function hardship_begins() returns trigger language plpgsql as $$
begin
  if new.state <> 'waiting' or hardship_asker(new) = any (new.set_aside) then
    raise exception 'a request begins undecided' using errcode = 'check_violation', constraint = 'ck_hardship_requests_begins';
  end if;
  return new;
end $$;

create function hardship_answer_has_a_seat() returns trigger language plpgsql {OWN} as $$
declare request hardship_requests;
begin
  select * into request from hardship_requests where group_id = new.group_id and id = new.request_id;
  if not found or request.state <> 'waiting' or new.account_id is distinct from scope.account_id()
     or not hardship_sits(request, new.account_id) then
    raise exception 'an answer comes from whoever decides about this request now'
      using errcode = 'check_violation', constraint = 'ck_hardship_answers_seat';
  end if;
  return new;
end $$;

create function hardship_answer_goes_with_it() returns trigger language plpgsql {OWN} as $$
begin
  if exists (select 1 from hardship_requests where group_id = old.group_id and id = old.request_id) then
    raise exception 'an answer goes when its request goes' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;

create function hardship_step_aside(which uuid, who uuid) returns void language plpgsql {OWN} as $$
declare
  request hardship_requests;
  me uuid := scope.account_id();
begin
  select * into request from hardship_requests where group_id = scope.group_id() and id = which for update;
  if not found or me is null or who is null or who is not distinct from hardship_asker(request)
     or not (coalesce(me = hardship_asker(request), false) or (who = me and hardship_sits(request, who))) then
    raise exception 'somebody steps aside by themselves, or is named by whoever asked' using errcode = 'insufficient_privilege';
  end if;
  request.set_aside := array_remove(request.set_aside, who) || who;
  if request.state = 'agreed' and hardship_said(request, true) < 2 and not hardship_paid(request)
     and not exists (select 1 from drafts d where d.group_id = request.group_id and d.id = request.draft_id and d.state = 'waiting') then
    request.state := 'waiting';
    request.decided_at := null;
    request.draft_id := null;
  end if;
  update hardship_requests set set_aside = request.set_aside, state = request.state, decided_at = request.decided_at, draft_id = request.draft_id
   where group_id = scope.group_id() and id = which;
end $$;

create function hardship_is_close(which text, who uuid) returns boolean language sql stable {OWN} as $$
  select coalesce(hardship_asker(r) = who, false) or who = any (r.set_aside)
    from hardship_requests r where r.group_id = scope.group_id() and r.code = which
$$;

create function hardship_destroy_due() returns bigint language plpgsql {OWN} as $$
declare
  today date := (select (now() at time zone g.time_zone)::date from groups g where g.id = scope.group_id());
  gone bigint;
begin
  with due as (
    delete from hardship_requests r where r.group_id = scope.group_id()
       and case when r.state = 'declined' or hardship_paid(r) then r.destroy_on else r.closes_on end <= today
    returning 1)
  select count(*) into gone from due;
  return gone;
end $$;

create function hardship_payment() returns trigger language plpgsql {OWN} as $$
declare
  request hardship_requests;
  people uuid[] := array[new.recorded_by_id, (to_jsonb(new) ->> 'confirmed_by_id')::uuid];
begin
  select * into request from hardship_requests where group_id = new.group_id and code = new.code;
  if not found or request.state <> 'agreed' or (tg_table_name = 'drafts' and (to_jsonb(new) ->> 'amount')::bigint <> request.amount) then
    raise exception 'what two agreed to is paid, and nothing else'
      using errcode = 'check_violation', constraint = 'ck_' || tg_table_name || '_hardship_agreed';
  end if;
  if people && (request.set_aside || hardship_asker(request)) then
    raise exception 'nobody close to whoever asked pays' using errcode = 'check_violation', constraint = 'ck_' || tg_table_name || '_hardship_people';
  end if;
  if hardship_paid(request) then
    raise exception 'a request is paid once' using errcode = 'unique_violation', constraint = 'uq_' || tg_table_name || '_hardship_once';
  end if;
  return new;
end $$;
"""
TRIGGERS = {
    "hardship_requests": {
        "begins": "before insert on hardship_requests for each row execute function hardship_begins()",
        "keeps": "before update on hardship_requests for each row execute function hardship_keeps()",
        "never_emptied": "before truncate on hardship_requests for each statement execute function refuse_change()",
    },
    "hardship_answers": {
        "seat": "before insert on hardship_answers for each row execute function hardship_answer_has_a_seat()",
        "goes_with_it": "before delete on hardship_answers for each row execute function hardship_answer_goes_with_it()",
        "append_only": "before update or truncate on hardship_answers for each statement execute function refuse_change()",
    },
    "journals": {
        "hardship": "before insert on journals for each row when (new.kind = 'hardship') execute function hardship_payment()",
    },
    "drafts": {
        "hardship": "before insert on drafts for each row when (new.kind = 'hardship') execute function hardship_payment()",
    },
}
FUNCTIONS = (
    "hardship_payment()", "hardship_destroy_due()", "hardship_is_close(text, uuid)", "hardship_step_aside(uuid, uuid)",
    "hardship_answer_goes_with_it()", "hardship_answer_has_a_seat()", "hardship_begins()", "hardship_keeps()",
    "hardship_said(hardship_requests, boolean)", "hardship_sits(hardship_requests, uuid)", "hardship_paid(hardship_requests)",
    "hardship_asker(hardship_requests)", "hardship_panel(uuid[], timestamptz)",
)  # fmt: skip
FOR_THE_ROLE = (
    "hardship_destroy_due()",
    "hardship_is_close(text, uuid)",
    "hardship_step_aside(uuid, uuid)",
)
SEES = "hardship_asker(hardship_requests) = scope.account_id() or hardship_sits(hardship_requests, scope.account_id())"
DECIDES = (
    "exists (select 1 from hardship_requests r where r.group_id = hardship_answers.group_id and r.id = hardship_answers.request_id "
    "and hardship_asker(r) is distinct from scope.account_id())"
)
OWN_FUNCTIONS = "group_id = scope.group_id() and current_user <> session_user"
HAD_A_SEAT = (
    "exists (select 1 from hardship_seats s where s.group_id = {table}.group_id and s.request_id = {table}.{key} "
    "and s.account_id = scope.account_id())"
)


def upgrade() -> None:
    for table in ("hardship_requests", "hardship_answers"):
        op.execute(f"drop policy fence on {table}")
    op.drop_table("hardship_seats")
    op.add_column(
        "hardship_requests",
        sa.Column("set_aside", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("hardship_requests", sa.Column("reply", sa.LargeBinary(), nullable=True))
    op.add_column("hardship_requests", sa.Column("closes_on", sa.Date(), nullable=True))
    op.execute("alter table hardship_requests no force row level security")
    op.execute("update hardship_requests set closes_on = filed_at::date + 183")
    op.alter_column("hardship_requests", "closes_on", nullable=False)
    op.create_index(
        "ix_journals_hardship_code",
        "journals",
        ["group_id", "code"],
        postgresql_where=sa.text("kind = 'hardship'"),
    )
    op.create_index(
        "uq_drafts_hardship_waiting",
        "drafts",
        ["group_id", "code"],
        unique=True,
        postgresql_where=sa.text("kind = 'hardship' and state = 'waiting'"),
    )
    op.execute(READING + WRITING)
    _fence_and_guard()


def _fence_and_guard() -> None:
    for table, sees in (("hardship_requests", SEES), ("hardship_answers", DECIDES)):
        for statement in protect(table, Fence.SEALED, readable=sees):
            op.execute(statement)
        op.execute(
            f"create policy own_functions on {table} to current_user using ({OWN_FUNCTIONS}) with check ({OWN_FUNCTIONS})"
        )
        # What was destroyed is cleaned away within minutes, however few rows there are.
        op.execute(
            f"alter table {table} set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)"
        )
    for table, triggers in TRIGGERS.items():
        for name, rest in triggers.items():
            op.execute(f"create trigger {name} {rest}")
            op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke update, delete on hardship_answers from {role}")
    op.execute("revoke execute on function hardship_said(hardship_requests, boolean) from public")
    for function in FOR_THE_ROLE:
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {role}")


def downgrade() -> None:
    op.execute(f'grant update, delete on hardship_answers to "{context.config.attributes["web_role"]}"')
    for table, triggers in TRIGGERS.items():
        for name in triggers:
            op.execute(f"drop trigger {name} on {table}")
    for table in ("hardship_requests", "hardship_answers"):
        op.execute(f"drop policy fence on {table}")
        op.execute(f"drop policy own_functions on {table}")
        op.execute(f"alter table {table} reset (autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor)")
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.drop_index("uq_drafts_hardship_waiting", table_name="drafts")
    op.drop_index("ix_journals_hardship_code", table_name="journals")
    for column in ("closes_on", "reply", "set_aside"):
        op.drop_column("hardship_requests", column)
    op.create_table(
        "hardship_seats",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_hardship_seats_account_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"], ["hardship_requests.group_id", "hardship_requests.id"],
            name=op.f("fk_hardship_seats_group_id_request_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_hardship_seats_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardship_seats")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_hardship_seats_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "request_id", "account_id", name=op.f("uq_hardship_seats_group_id_request_id_account_id")
        ),
    )  # fmt: skip
    sees = "requester_account_id = scope.account_id() or " + HAD_A_SEAT.format(
        table="hardship_requests", key="id"
    )
    fenced = {
        "hardship_requests": sees,
        "hardship_seats": "account_id = scope.account_id()",
        "hardship_answers": HAD_A_SEAT.format(table="hardship_answers", key="request_id"),
    }
    for table, readable in fenced.items():
        for statement in protect(table, Fence.SEALED, readable=readable):
            op.execute(statement)
