"""Support sheets: a person's own, closed with words that are not here, and opened to others by other words."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SHARE = """
create function scope.share() returns bytea language sql stable
  as $$ select decode(nullif(current_setting('app.share', true), ''), 'hex') $$
"""
OPEN = "(ends_at is null or ends_at > now())"
BEHIND_LINK = "keeper_id is null and token_hash = scope.share()"
GUARD = """
create function guard_sheet_share() returns trigger language plpgsql as $$
begin
  if old.keeper_id is not null or new.keeper_id is null or not old.for_person
     or (new.id, new.account_id, new.sheet_id, new.lock, new.token_hash, new.for_person, new.created_at)
        is distinct from (old.id, old.account_id, old.sheet_id, old.lock, old.token_hash, old.for_person, old.created_at) then
    raise exception 'a share is picked up once and never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "support_sheets",
        sa.Column("lock", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_support_sheets_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_sheets")),
        sa.UniqueConstraint("account_id", name=op.f("uq_support_sheets_account_id")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_support_sheets_account_id_id")),
    )
    op.create_table(
        "sheet_shares",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("lock", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("for_person", sa.Boolean(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "for_person or (ends_at is not null and keeper_id is null)",
            name=op.f("ck_sheet_shares_links_end"),
        ),
        sa.CheckConstraint("keeper_id <> account_id", name=op.f("ck_sheet_shares_keeper_is_another")),
        sa.CheckConstraint(
            "(keeper_id is null) = (ends_at is not null)", name=op.f("ck_sheet_shares_kept_until_stopped")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sheet_shares_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "sheet_id"],
            ["support_sheets.account_id", "support_sheets.id"],
            name=op.f("fk_sheet_shares_account_id_sheet_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["accounts.id"], name=op.f("fk_sheet_shares_keeper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_shares")),
        sa.UniqueConstraint("account_id", "token_hash", name=op.f("uq_sheet_shares_account_id_token_hash")),
    )
    op.create_index("ix_sheet_shares_keeper_id", "sheet_shares", ["keeper_id"])
    op.create_index("ix_sheet_shares_sheet_id", "sheet_shares", ["sheet_id"])
    op.create_index("ix_sheet_shares_token_hash", "sheet_shares", ["token_hash"])
    op.execute(SHARE)
    op.execute(GUARD)
    to_others = f"(keeper_id = scope.account_id() or ({BEHIND_LINK})) and {OPEN}"
    for statement in protect("sheet_shares", Fence.OWN, readable=to_others):
        op.execute(statement)
    # A share that the reader cannot see opens nothing: the fence of the one asks the fence of the other.
    shared = "exists (select 1 from sheet_shares s where s.sheet_id = support_sheets.id)"
    for statement in protect("support_sheets", Fence.OWN, readable=shared):
        op.execute(statement)
    op.execute(
        f"create policy picked_up on sheet_shares for update using (for_person and {BEHIND_LINK} and {OPEN}) "
        "with check (keeper_id = scope.account_id())"
    )
    op.execute("create policy given_back on sheet_shares for delete using (keeper_id = scope.account_id())")
    op.execute("create policy ended on sheet_shares for delete using (ends_at <= now())")
    op.execute(
        "create trigger picked_up_once before update on sheet_shares for each row execute function guard_sheet_share()"
    )


def downgrade() -> None:
    op.execute("drop policy fence_read on support_sheets")
    op.drop_table("sheet_shares")
    op.drop_table("support_sheets")
    op.execute("drop function guard_sheet_share()")
    op.execute("drop function scope.share()")
