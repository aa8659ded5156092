"""Sheets of contributions are never changed and come to what their entry says; a sheet's meeting; the agreed amount."""

import sqlalchemy as sa
from alembic import context, op

from network.tenancy.fence import Fence, protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STAYING = ("contribution_sheets", "contributions", "agreed_amounts")
COMES_TO = """
create function sheet_comes_to_its_entry() returns trigger language plpgsql as $$
declare
  the_sheet uuid := case tg_table_name when 'contribution_sheets' then new.id else (to_jsonb(new) ->> 'sheet_id')::uuid end;
  given numeric; entered numeric;
begin
  select sum(amount) into given from contributions where group_id = new.group_id and sheet_id = the_sheet;
  select sum(l.amount) filter (where l.amount > 0) into entered
    from contribution_sheets s
    join journals j on j.group_id = s.group_id and j.id = s.journal_id and j.kind = 'contributions' and j.effective_on = s.received_on
    join legs l on l.group_id = j.group_id and l.journal_id = j.id
   where s.group_id = new.group_id and s.id = the_sheet;
  if given is null or given is distinct from entered then
    raise exception 'a sheet comes to what its entry in the book says'
      using errcode = 'check_violation', constraint = 'ck_contribution_sheets_comes_to';
  end if;
  return null;
end $$;
"""


def upgrade() -> None:
    op.add_column("contribution_sheets", sa.Column("meeting_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_contribution_sheets_group_id_meeting_id"),
        "contribution_sheets",
        "meetings",
        ["group_id", "meeting_id"],
        ["group_id", "id"],
    )
    op.create_unique_constraint(
        op.f("uq_contribution_sheets_group_id_journal_id"), "contribution_sheets", ["group_id", "journal_id"]
    )
    op.create_index(
        "ix_contribution_sheets_group_id_meeting_id", "contribution_sheets", ["group_id", "meeting_id"]
    )
    op.create_table(
        "agreed_amounts",
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_agreed_amounts_amount")),
        sa.CheckConstraint("decided_on <= from_on", name=op.f("ck_agreed_amounts_from_on")),
        sa.ForeignKeyConstraint(
            ["group_id", "meeting_id"],
            ["meetings.group_id", "meetings.id"],
            name=op.f("fk_agreed_amounts_group_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_agreed_amounts_group_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_agreed_amounts_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_amounts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_agreed_amounts_group_id_id")),
    )
    op.create_index("ix_agreed_amounts_group_id_from_on", "agreed_amounts", ["group_id", "from_on"])
    for statement in protect("agreed_amounts", Fence.GROUP):
        op.execute(statement)
    _keep_what_stands()


def _keep_what_stands() -> None:
    """For the ordinary role by rights, for the owner by triggers that a replica's session does not skip."""
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(COMES_TO)
    for table in STAYING:
        op.execute(f"revoke update, delete, truncate on {table} from {role}")
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )
        op.execute(f"alter table {table} enable always trigger append_only")
    for table in ("contribution_sheets", "contributions"):
        op.execute(
            f"create constraint trigger comes_to after insert on {table} deferrable initially deferred "
            "for each row execute function sheet_comes_to_its_entry()"
        )
        op.execute(f"alter table {table} enable always trigger comes_to")


def downgrade() -> None:
    role = f'"{context.config.attributes["web_role"]}"'
    for table in ("contribution_sheets", "contributions"):
        op.execute(f"drop trigger comes_to on {table}")
        op.execute(f"drop trigger append_only on {table}")
        op.execute(f"grant update, delete on {table} to {role}")
    op.drop_index("ix_agreed_amounts_group_id_from_on", table_name="agreed_amounts")
    op.drop_table("agreed_amounts")
    op.execute("drop function sheet_comes_to_its_entry()")
    op.drop_index("ix_contribution_sheets_group_id_meeting_id", table_name="contribution_sheets")
    op.drop_constraint(
        op.f("uq_contribution_sheets_group_id_journal_id"), "contribution_sheets", type_="unique"
    )
    op.drop_constraint(
        op.f("fk_contribution_sheets_group_id_meeting_id"), "contribution_sheets", type_="foreignkey"
    )
    op.drop_column("contribution_sheets", "meeting_id")
