"""People at the door: who asks to join or is introduced, asked again only where the door was left open; new people counted at a meeting.

Two offices read a row, and whoever brings the person's own code. A door that rests is shown to no office before its day.
"""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

OWN = "security definer set search_path = public, pg_temp"
OWN_FUNCTIONS = "group_id = scope.group_id() and current_user <> session_user"
HOLDS_OFFICE = (
    "exists (select 1 from role_assignments r where r.group_id = scope.group_id() and r.account_id = scope.account_id()"
    " and r.role in ('chairperson', 'secretary') and r.starts_at <= now() and (r.ends_at is null or r.ends_at > now()))"
)
SEES = (
    f"key_hash = scope.share() or ((state <> 'resting' or ask_again_on <= today_here()) and {HOLDS_OFFICE})"
)
SEES_ASKING = "exists (select 1 from referrals d where d.group_id = referral_askings.group_id and d.id = referral_askings.referral_id)"
TODAY = """
create function today_here() returns date language sql stable as $$
  select (clock_timestamp() at time zone g.time_zone)::date from groups g where g.id = scope.group_id()
$$
"""
WAITING = f"""
create function referrals_waiting() returns bigint language sql stable {OWN} as $$
  select count(*) from referrals r where r.group_id = scope.group_id() and r.state = 'waiting'
$$
"""
MOVES = """
create function referral_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then
      raise exception 'everybody at the door waits first' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (new.id, new.group_id, new.introduced_by, new.agreement_hash, new.agreement_language, new.key_hash, new.received_at)
     is distinct from
     (old.id, old.group_id, old.introduced_by, old.agreement_hash, old.agreement_language, old.key_hash, old.received_at) then
    raise exception 'who wrote, and what was agreed to, stays as it was' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and (old.state || ' ' || new.state) not in (
       'waiting answered', 'asked answered', 'waiting resting', 'answered resting', 'asked resting',
       'resting asked', 'resting waiting', 'asked waiting') then
    raise exception 'this does not follow' using errcode = 'restrict_violation';
  end if;
  if old.state = 'resting' and new.state = 'resting' and (new.opened_on, new.months) is distinct from (old.opened_on, old.months) then
    raise exception 'a door that rests is left alone' using errcode = 'restrict_violation';
  end if;
  if old.state = 'resting' and new.state = 'asked' and not exists (
       select 1 from referral_askings a where a.group_id = old.group_id and a.referral_id = old.id and a.opened_on = old.opened_on) then
    raise exception 'write down first that they are asked' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""
ASKINGS = """
create function referral_asked_once() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'what was asked stays as it was written down' using errcode = 'restrict_violation';
  end if;
  if not exists (
       select 1 from referrals r where r.group_id = new.group_id and r.id = new.referral_id and r.state = 'resting'
          and r.opened_on = new.opened_on and r.ask_again_on <= today_here()) then
    raise exception 'nobody is asked again who has not left the door open for it' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    op.add_column(
        "listings", sa.Column("takes_requests", sa.Boolean(), nullable=False, server_default="false")
    )
    op.alter_column("listings", "takes_requests", server_default=None)
    op.add_column("meetings", sa.Column("at_door", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("meetings", "at_door", server_default=None)
    op.create_check_constraint(op.f("ck_meetings_at_door"), "meetings", "at_door between 0 and 5000")
    _referrals()
    _askings()
    for statement in (TODAY, MOVES, ASKINGS):
        op.execute(statement)
    for table, sees in (("referrals", SEES), ("referral_askings", SEES_ASKING)):
        for statement in protect(table, Fence.SEALED, readable=sees):
            op.execute(statement)
    op.execute(
        f"create policy own_functions on referrals to current_user using ({OWN_FUNCTIONS}) with check ({OWN_FUNCTIONS})"
    )
    op.execute(WAITING)
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute("revoke execute on function referrals_waiting() from public")
    op.execute(f"grant execute on function referrals_waiting() to {role}")
    op.execute(
        "create policy due on referrals for delete using (erase_on <= (now() at time zone 'UTC')::date)"
    )
    for table, function, when in (
        ("referrals", "referral_moves", "insert or update"),
        ("referral_askings", "referral_asked_once", "insert or update"),
    ):
        op.execute(
            f"create trigger {function} before {when} on {table} for each row execute function {function}()"
        )
        op.execute(f"alter table {table} enable always trigger {function}")
        op.execute(
            f"alter table {table} set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)"
        )


def _referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("introduced_by", sa.Text(), nullable=False),
        sa.Column("writer_name", sa.LargeBinary(), nullable=True),
        sa.Column("writer_contact", sa.LargeBinary(), nullable=True),
        sa.Column("called", sa.LargeBinary(), nullable=False),
        sa.Column("reach", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("agreement_hash", sa.LargeBinary(), nullable=True),
        sa.Column("agreement_language", sa.Text(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_words", sa.LargeBinary(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        sa.Column("ask_again_on", sa.Date(), nullable=True),
        sa.Column("erase_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "introduced_by in ('oneself', 'family', 'friend', 'professional', 'another')",
            name=op.f("ck_referrals_introduced_by"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'answered', 'resting', 'asked')", name=op.f("ck_referrals_state")
        ),
        sa.CheckConstraint("answer in ('welcome', 'come', 'not_here')", name=op.f("ck_referrals_answer")),
        sa.CheckConstraint(
            "introduced_by = 'oneself' or (agreement_hash is not null and agreement_language is not null)",
            name=op.f("ck_referrals_agreed"),
        ),
        sa.CheckConstraint("introduced_by = 'oneself' or words is null", name=op.f("ck_referrals_no_reason")),
        sa.CheckConstraint(
            "introduced_by <> 'oneself' or (writer_name is null and writer_contact is null)",
            name=op.f("ck_referrals_writer"),
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (answer is not null) and (answer is not null or answer_words is null)",
            name=op.f("ck_referrals_answered"),
        ),
        sa.CheckConstraint(
            "case when state = 'resting' then opened_on is not null and months is not null and months in (3, 6, 12)"
            " and ask_again_on is not null and ask_again_on = (opened_on + months * interval '1 month')::date"
            " else opened_on is null and months is null and ask_again_on is null end",
            name=op.f("ck_referrals_door"),
        ),
        sa.CheckConstraint(
            "erase_on <= case state when 'waiting' then changed_on + 90 when 'resting' then ask_again_on + 30"
            " else changed_on + 30 end",
            name=op.f("ck_referrals_erased_in_time"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_referrals_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "invitation_id"],
            ["invitations.group_id", "invitations.id"],
            name=op.f("fk_referrals_group_id_invitation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_referrals_group_id_id")),
        sa.UniqueConstraint("group_id", "key_hash", name=op.f("uq_referrals_group_id_key_hash")),
    )
    op.create_index("ix_referrals_erase_on", "referrals", ["erase_on"])


def _askings() -> None:
    op.create_table(
        "referral_askings",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_referral_askings_asked_by")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_referral_askings_group_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "referral_id"],
            ["referrals.group_id", "referrals.id"],
            name=op.f("fk_referral_askings_group_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_askings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_referral_askings_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "referral_id",
            "opened_on",
            name=op.f("uq_referral_askings_group_id_referral_id_opened_on"),
        ),
    )


def downgrade() -> None:
    op.execute("drop policy fence on referral_askings")  # it names the other table
    op.drop_table("referral_askings")
    op.drop_table("referrals")
    for function in ("referral_moves()", "referral_asked_once()", "referrals_waiting()", "today_here()"):
        op.execute(f"drop function {function}")
    op.drop_constraint(op.f("ck_meetings_at_door"), "meetings")
    op.drop_column("meetings", "at_door")
    op.drop_column("listings", "takes_requests")
