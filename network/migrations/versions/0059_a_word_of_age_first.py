"""At the door: a word about age before a group for young people takes a way to reach somebody; messages counted by place, group and day.

After somebody was asked again, they alone leave the door open once more, and they alone come back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

PRINT = "{0}.agreement_language, {0}.received_at)"
PRINT_NOW = "{0}.agreement_language, {0}.old_enough_hash, {0}.received_at)"
FOLLOWS = "  if new.state <> old.state and (old.state"
THEIRS = """  if (old.state || ' ' || new.state) in ('asked resting', 'asked waiting', 'resting waiting')
     and not coalesce(scope.share() in (old.key_hash, old.note_hash), false) then
    raise exception 'this is for the person alone to say' using errcode = 'restrict_violation';
  end if;
"""


def upgrade() -> None:
    for table in ("referrals", "enquiries"):
        op.add_column(table, sa.Column("old_enough_hash", sa.LargeBinary(), nullable=True))
    for row in ("new", "old"):
        _replace(PRINT.format(row), PRINT_NOW.format(row))
    _replace(FOLLOWS, THEIRS + FOLLOWS)
    op.execute(
        "delete from private_links where purpose = 'passed_on'"
    )  # whoever introduces gets no code any more
    op.create_table(
        "door_counts",
        sa.Column("whence", sa.LargeBinary(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("times", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("times between 1 and 10", name=op.f("ck_door_counts_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_counts")),
        sa.UniqueConstraint("whence", name=op.f("uq_door_counts_whence")),
    )
    op.create_index(op.f("ix_door_counts_on_day"), "door_counts", ["on_day"])


def downgrade() -> None:
    op.drop_table("door_counts")
    _replace(THEIRS + FOLLOWS, FOLLOWS)
    for row in ("new", "old"):
        _replace(PRINT_NOW.format(row), PRINT.format(row))
    for table in ("referrals", "enquiries"):
        op.drop_column(table, "old_enough_hash")


def _replace(earlier: str, later: str) -> None:
    asked = sa.text("select pg_get_functiondef('referral_moves()'::regprocedure)")
    source = str(op.get_bind().execute(asked).scalar_one())
    if earlier not in source:
        raise RuntimeError("referral_moves() is not as this migration knows it")
    op.get_bind().exec_driver_sql(source.replace(earlier, later, 1).replace("%", "%%"))
