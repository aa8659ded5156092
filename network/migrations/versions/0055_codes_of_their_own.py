"""At the door: the group's note has a code of its own, which ends with what it was about; what was answered stays; a day is the group's own.

A person's own code is kept nowhere but as a print. The way to reach whoever introduced somebody is not asked for any more.
"""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence
from network.vault.guarding import SealedPlace, let_reseal

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

HOLDS_OFFICE = (
    "exists (select 1 from role_assignments r where r.group_id = scope.group_id() and r.account_id = scope.account_id()"
    " and r.role in ('chairperson', 'secretary') and r.starts_at <= now() and (r.ends_at is null or r.ends_at > now()))"
)
FENCE = (
    "alter policy fence on referrals using (group_id = scope.group_id() and"
    " ({key} or ((state <> 'resting' or ask_again_on <= today_here()) and " + HOLDS_OFFICE + ")))"
)
DUE = "alter policy due on referrals using (erase_on <= (now() at time zone {zone})::date)"
SEALED = ("writer_name", "called", "reach", "words", "answer_words")
OWN_ZONE = "(select g.time_zone from groups g where g.id = referrals.group_id)"
PRINT = "{0}.agreement_language, {0}.key_hash, {0}.received_at)"
FOLLOWS = "  if new.state <> old.state and (old.state"
STAYS = """  if new.key_hash <> old.key_hash
     and (old.introduced_by = 'oneself' or exists (select 1 from private_links l where l.token_hash = old.key_hash)) then
    raise exception 'a code that somebody holds stays theirs' using errcode = 'restrict_violation';
  end if;
  if (new.state = old.state and new.note_hash is distinct from old.note_hash)
     or (new.state <> old.state and new.note_hash = old.note_hash) then
    raise exception 'a note lasts as long as what it is about' using errcode = 'restrict_violation';
  end if;
  if new.state = 'answered' and old.state = 'answered'
     and (new.answer, new.answer_words, new.invitation_id) is distinct from (old.answer, old.answer_words, old.invitation_id) then
    raise exception 'what was answered stays' using errcode = 'restrict_violation';
  end if;
"""
CODES = """
create function referral_codes_end() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    delete from private_links where purpose = 'asking' and subject_id = old.id;
  elsif old.note_hash is not null and new.note_hash is distinct from old.note_hash then
    delete from private_links where purpose = 'asking' and token_hash = old.note_hash;
  end if;
  return null;
end $$
"""


def upgrade() -> None:
    op.add_column("referrals", sa.Column("note_code", sa.LargeBinary(), nullable=True))
    op.add_column("referrals", sa.Column("note_hash", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_referrals_note"),
        "referrals",
        "(note_code is null) = (note_hash is null) and (note_hash is null or state in ('answered', 'asked'))",
    )
    op.drop_constraint(op.f("ck_referrals_writer"), "referrals")
    op.drop_column("referrals", "writer_contact")
    op.drop_column("referrals", "code")
    op.create_check_constraint(
        op.f("ck_referrals_writer"), "referrals", "introduced_by <> 'oneself' or writer_name is null"
    )
    op.execute(FENCE.format(key="scope.share() in (key_hash, note_hash)"))
    op.execute(DUE.format(zone=OWN_ZONE))
    for row in ("new", "old"):
        _replace(PRINT.format(row), PRINT.format(row).replace(f" {row}.key_hash,", ""))
    _replace(FOLLOWS, STAYS + FOLLOWS)
    op.execute(CODES)
    op.execute(
        "create trigger referral_codes_end after update or delete on referrals for each row execute function referral_codes_end()"
    )
    op.execute("alter table referrals enable always trigger referral_codes_end")
    let_reseal(op.get_bind(), [SealedPlace("referrals", Fence.SEALED, (*SEALED, "note_code"))])


def downgrade() -> None:
    """A person's own code is not known here, so the older page has none to send."""
    op.execute("drop trigger referral_codes_end on referrals")
    op.execute("drop function referral_codes_end()")
    _replace(STAYS + FOLLOWS, FOLLOWS)
    for row in ("new", "old"):
        _replace(PRINT.format(row).replace(f" {row}.key_hash,", ""), PRINT.format(row))
    op.execute(DUE.format(zone="'UTC'"))
    op.execute(FENCE.format(key="key_hash = scope.share()"))
    op.drop_constraint(op.f("ck_referrals_writer"), "referrals")
    op.add_column("referrals", sa.Column("code", sa.LargeBinary(), nullable=False, server_default=""))
    op.alter_column("referrals", "code", server_default=None)
    op.add_column("referrals", sa.Column("writer_contact", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_referrals_writer"),
        "referrals",
        "introduced_by <> 'oneself' or (writer_name is null and writer_contact is null)",
    )
    op.drop_constraint(op.f("ck_referrals_note"), "referrals")
    op.drop_column("referrals", "note_hash")
    op.drop_column("referrals", "note_code")
    let_reseal(op.get_bind(), [SealedPlace("referrals", Fence.SEALED, (*SEALED, "writer_contact", "code"))])


def _replace(earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef('referral_moves()'::regprocedure)")
    source = str(op.get_bind().execute(asked).scalar_one())
    if earlier not in source:
        raise RuntimeError("referral_moves() is not as this migration knows it")
    op.execute(source.replace(earlier, later, 1))
