"""Handovers between treasurers: once both have signed, nobody changes them."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FUNCTIONS = """
create function hardship_count_open() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from hardship_requests r where r.group_id = scope.group_id()
     and (r.state = 'waiting' or (r.state = 'agreed' and not hardship_paid(r)))
$$;

create function handover_brought(entry uuid, place text) returns numeric language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(l.amount), 0) from journals j
    join legs l on l.group_id = j.group_id and l.journal_id = j.id
    join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
   where j.group_id = scope.group_id() and j.id = entry and j.kind = 'count' and a.code = place
     and j.posted_in = pg_current_xact_id()::text::bigint
$$;

create function handover_is_kept() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  book books;
  signers uuid[] := array[new.counted_by_id, new.agreed_by_id];
begin
  if tg_op = 'INSERT' then
    if new.state <> 'open' then
      raise exception 'a handover begins open' using errcode = 'check_violation', constraint = 'ck_handovers_open';
    end if;
    return new;
  end if;
  if old.state in ('done', 'dropped') or (new.id, new.group_id, new.outgoing_member_id, new.opened_at, new.currency)
       is distinct from (old.id, old.group_id, old.outgoing_member_id, old.opened_at, old.currency) then
    raise exception 'what was signed stays as it was' using errcode = 'restrict_violation';
  end if;
  new.outgoing_signed := null; new.funds := null; new.open_requests := null; new.drafts_waiting := null;
  new.entries := null; new.head := null;
  if new.state <> 'done' then
    return new;
  end if;
  if old.state <> 'counted' or (new.pieces, new.other, new.words, new.counted_by_id, new.counted_at, new.counted_on, new.incoming_member_id)
       is distinct from (old.pieces, old.other, old.words, old.counted_by_id, old.counted_at, old.counted_on, old.incoming_member_id) then
    raise exception 'what was counted is what is signed' using errcode = 'check_violation', constraint = 'ck_handovers_as_counted';
  end if;
  if not coalesce((select m.account_id = any (signers) from members m where m.group_id = new.group_id and m.id = new.incoming_member_id), false) then
    raise exception 'whoever takes over signs' using errcode = 'check_violation', constraint = 'ck_handovers_incoming';
  end if;
  select * into book from books where group_id = new.group_id for update;
  perform handover_fits(new.id, new.journal_id, place) from unnest(array['cash', 'mobile_money', 'bank']) place;
  new.outgoing_signed := coalesce(
    (select m.account_id = any (signers) from members m where m.group_id = new.group_id and m.id = new.outgoing_member_id), false);
  new.funds := coalesce((
    select jsonb_agg(jsonb_build_array(s.fund, s.amount) order by s.fund) from (
      select b.fund, sum(b.debit - b.credit) as amount
        from ledger_balances b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
       where b.group_id = new.group_id and a.kind = 'asset' group by b.fund having sum(b.debit - b.credit) <> 0) s), '[]'::jsonb);
  new.open_requests := hardship_count_open();
  new.drafts_waiting := (select count(*) from drafts d where d.group_id = new.group_id and d.state = 'waiting');
  new.entries := coalesce(book.entries, 0); new.head := book.head;
  return new;
end $$;

create function handover_fits(which uuid, entry uuid, at text) returns void language plpgsql set search_path = public, pg_temp as $$
declare
  holds numeric := ledger_holds(at);
  brought numeric := handover_brought(entry, at);
  found handover_places;
  parts numeric;
begin
  select * into found from handover_places where group_id = scope.group_id() and handover_id = which and place = at;
  if found.id is null then
    if holds <> 0 or at = 'cash' then
      raise exception 'every place is counted' using errcode = 'check_violation', constraint = 'ck_handovers_places';
    end if;
    return;
  end if;
  if found.book is distinct from holds - brought or (found.counted <> found.book and found.why is null)
     or (case when found.is_posted then found.counted <> holds else brought <> 0 end) then
    raise exception 'counted and book are told apart as they are' using errcode = 'check_violation', constraint = 'ck_handovers_fits';
  end if;
  if at = 'cash' then
    select h.other + counted_pieces(h.pieces) into parts from handovers h where h.group_id = scope.group_id() and h.id = which;
    if parts <> found.counted then
      raise exception 'the parts come to something else' using errcode = 'check_violation', constraint = 'ck_handovers_parts';
    end if;
  end if;
end $$;

create function handover_place_is_kept() returns trigger language plpgsql as $$
declare touched uuid := case tg_op when 'DELETE' then old.handover_id else new.handover_id end;
begin
  if not exists (select 1 from handovers h where h.id = touched and h.group_id = scope.group_id() and h.state in ('open', 'counted'))
     or (tg_op = 'UPDATE' and (new.id, new.handover_id, new.group_id, new.place, new.counted)
           is distinct from (old.id, old.handover_id, old.group_id, old.place, old.counted)) then
    raise exception 'what was signed stays as it was' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
"""
TRIGGERS = (
    ("handovers", "append_only", "before delete or truncate on handovers for each statement execute function refuse_change()"),
    ("handovers", "kept", "before insert or update on handovers for each row execute function handover_is_kept()"),
    ("handover_places", "never_emptied", "before truncate on handover_places for each statement execute function refuse_change()"),
    ("handover_places", "kept", "before insert or update or delete on handover_places for each row execute function handover_place_is_kept()"),
)  # fmt: skip


def upgrade() -> None:
    _make_handovers()
    _make_places()
    op.execute(FUNCTIONS)
    for table, name, rest in TRIGGERS:
        op.execute(f"create trigger {name} {rest}")
        op.execute(f"alter table {table} enable always trigger {name}")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"revoke delete, truncate on handovers from {role}")
    op.execute("revoke execute on function hardship_count_open() from public")
    op.execute(f"grant execute on function hardship_count_open() to {role}")


def _make_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("incoming_member_id", sa.Uuid(), nullable=False),
        sa.Column("outgoing_member_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("pieces", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("counted_by_id", sa.Uuid(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("outgoing_signed", sa.Boolean(), nullable=True),
        sa.Column("funds", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("open_requests", sa.BigInteger(), nullable=True),
        sa.Column("drafts_waiting", sa.BigInteger(), nullable=True),
        sa.Column("entries", sa.BigInteger(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("incoming_member_id <> outgoing_member_id", name=op.f("ck_handovers_members")),
        sa.CheckConstraint("state in ('open', 'counted', 'done', 'dropped')", name=op.f("ck_handovers_state")),
        sa.CheckConstraint(
            "(state in ('counted', 'done')) = (counted_by_id is not null)", name=op.f("ck_handovers_counted")
        ),
        sa.CheckConstraint("(state = 'done') = (agreed_by_id is not null)", name=op.f("ck_handovers_agreed")),
        sa.CheckConstraint(
            "agreed_by_id is distinct from counted_by_id or state in ('open', 'dropped')", name=op.f("ck_handovers_two_people")
        ),
        sa.CheckConstraint("other >= 0", name=op.f("ck_handovers_other")),
        sa.CheckConstraint("journal_id is null or state = 'done'", name=op.f("ck_handovers_difference")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["accounts.id"], name=op.f("fk_handovers_agreed_by_id")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["accounts.id"], name=op.f("fk_handovers_counted_by_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "incoming_member_id"], ["members.group_id", "members.id"], name=op.f("fk_handovers_group_id_incoming_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "outgoing_member_id"], ["members.group_id", "members.id"], name=op.f("fk_handovers_group_id_outgoing_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "journal_id"], ["journals.group_id", "journals.id"], name=op.f("fk_handovers_group_id_journal_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_handovers_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_handovers_group_id_id")),
    )  # fmt: skip
    op.create_index(
        "uq_handovers_open", "handovers", ["group_id"], unique=True, postgresql_where=sa.text("state in ('open', 'counted')")
    )  # fmt: skip
    for statement in protect("handovers", Fence.GROUP):
        op.execute(statement)


def _make_places() -> None:
    op.create_table(
        "handover_places",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("is_posted", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place in ('cash', 'mobile_money', 'bank')", name=op.f("ck_handover_places_place")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_handover_places_counted")),
        sa.CheckConstraint("not is_posted or counted <> book", name=op.f("ck_handover_places_posted")),
        sa.ForeignKeyConstraint(
            ["group_id", "handover_id"], ["handovers.group_id", "handovers.id"], name=op.f("fk_handover_places_group_id_handover_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_handover_places_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_places")),
        sa.UniqueConstraint("group_id", "handover_id", "place", name=op.f("uq_handover_places_group_id_handover_id_place")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_handover_places_group_id_id")),
    )  # fmt: skip
    for statement in protect("handover_places", Fence.GROUP):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("handover_places")
    op.drop_table("handovers")
    for function in (
        "handover_place_is_kept()", "handover_is_kept()", "handover_fits(uuid, uuid, text)", "handover_brought(uuid, text)",
        "hardship_count_open()",
    ):  # fmt: skip
        op.execute(f"drop function {function}")
