"""Certificates of a group, what it owns, and what it hands in to authorities, kept as it was.

Why so: docs/decisions/returns.md.
"""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLES = ("registrations", "assets", "form_answers", "people_counts", "returns", "return_copies")
# What was handed in stays. Names stand beside it, so that somebody can be forgotten; nothing is ever added to them.
KEPT = """
create function guard_return() returns trigger language plpgsql as $$
begin
  if old.state = 'handed_in' then
    if tg_op = 'DELETE' or to_jsonb(new) - 'names' is distinct from to_jsonb(old) - 'names' then
      raise exception 'what was handed in stays as it was' using errcode = 'restrict_violation';
    end if;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$
"""
STAMPED = """
create function guard_return_copy() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from returns r where r.group_id = new.group_id and r.id = new.return_id and r.state = 'handed_in') then
    raise exception 'a stamp is on what was handed in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$
"""
COUNTED = """
create function guard_people_count() returns trigger language plpgsql as $$
begin
  raise exception 'everybody is counted once a month' using errcode = 'restrict_violation';
end $$
"""
TRIGGERS = (
    ("kept", "returns", "before update or delete", "guard_return"),
    ("stamped", "return_copies", "before insert or update", "guard_return_copy"),
    ("counted_once", "people_counts", "before update", "guard_people_count"),
)


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f(f"fk_{name}_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("group_id", "id", name=op.f(f"uq_{name}_group_id_id")),
    )


def _check(table: str, name: str, what: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(what, name=op.f(f"ck_{table}_{name}"))


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _table(
        "registrations",
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("called", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("holds_until", sa.Date()),
        sa.Column("fee", sa.BigInteger()),
        sa.Column("currency", sa.Text()),
        _time("entered_at"),
        _check("registrations", "authority", "authority ~ '^[a-z_]{1,30}$'"),
        _check("registrations", "called", "(authority = 'other') = (called <> '')"),
        _check("registrations", "lengths", "length(called) <= 120 and length(number) <= 60"),
        _check("registrations", "dates", "holds_until >= issued_on"),
        _check("registrations", "fee", "fee >= 0 and (fee is null) = (currency is null)"),
    )
    op.create_index(
        "uq_registrations_certificate_once", "registrations", ["group_id", "authority", "called", "issued_on"], unique=True
    )  # fmt: skip
    _table(
        "assets",
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("currency", sa.Text()),
        sa.Column("gone_on", sa.Date()),
        _time("entered_at"),
        _check("assets", "amount", "amount >= 0 and (amount is null) = (currency is null)"),
        _check("assets", "dates", "gone_on >= since_on"),
    )
    _table(
        "form_answers",
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        _time("changed_at"),
        sa.UniqueConstraint("group_id", name=op.f("uq_form_answers_group_id")),
    )
    _table(
        "people_counts",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("group_id", "month", name=op.f("uq_people_counts_group_id_month")),
        _check("people_counts", "month", "extract(day from month) = 1"),
        _check("people_counts", "counted_on", "date_trunc('month', counted_on) = month"),
    )
    _returns()
    _table(
        "return_copies",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _time("kept_at"),
        _check("return_copies", "kind", "kind in ('jpg', 'pdf')"),
        sa.ForeignKeyConstraint(
            ["group_id", "return_id"], ["returns.group_id", "returns.id"], name=op.f("fk_return_copies_group_id_return_id")
        ),
    )  # fmt: skip
    op.create_index("ix_return_copies_group_id_return_id", "return_copies", ["group_id", "return_id"])
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    for function in (KEPT, STAMPED, COUNTED):
        op.execute(function)
    for name, table, when, function in TRIGGERS:
        op.execute(f"create trigger {name} {when} on {table} for each row execute function {function}()")
        op.execute(f"alter table {table} enable always trigger {name}")
    op.execute(
        "create trigger never_emptied before truncate on returns for each statement execute function refuse_change()"
    )
    op.execute("alter table returns enable always trigger never_emptied")


def _returns() -> None:
    _table(
        "returns",
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("called", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=False),
        sa.Column("covers_until", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("count_id", sa.Uuid()),
        sa.Column("prepared_by_id", sa.Uuid()),
        _time("prepared_at"),
        sa.Column("looked_over_by_id", sa.Uuid()),
        _time("looked_over_at", nullable=True),
        sa.Column("handed_in_on", sa.Date()),
        sa.Column("held", sa.LargeBinary()),
        sa.Column("names", sa.LargeBinary()),
        _check("returns", "kind", "kind in ('yearly', 'quarterly')"),
        _check("returns", "state", "state in ('draft', 'handed_in')"),
        _check("returns", "authority", "authority ~ '^[a-z_]{1,30}$'"),
        _check("returns", "called", "(authority = 'other') = (called <> '') and length(called) <= 120"),
        _check("returns", "dates", "covers_until >= covers_from"),
        _check(
            "returns", "handed_in",
            "(state = 'handed_in') = (handed_in_on is not null) and (state = 'handed_in') = (held is not null)"
            " and (handed_in_on is null or handed_in_on >= covers_from)",
        ),
        _check("returns", "looked_over", "(looked_over_by_id is null) = (looked_over_at is null)"),
        _check("returns", "second_person", "looked_over_by_id <> prepared_by_id"),
        sa.ForeignKeyConstraint(
            ["group_id", "count_id"], ["people_counts.group_id", "people_counts.id"], name=op.f("fk_returns_group_id_count_id")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["accounts.id"], name=op.f("fk_returns_prepared_by_id")),
        sa.ForeignKeyConstraint(["looked_over_by_id"], ["accounts.id"], name=op.f("fk_returns_looked_over_by_id")),
    )  # fmt: skip
    op.create_index(
        "uq_returns_one_draft", "returns", ["group_id", "authority", "called", "kind"], unique=True, postgresql_where=sa.text("state = 'draft'")
    )  # fmt: skip


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for function in ("guard_return", "guard_return_copy", "guard_people_count"):
        op.execute(f"drop function {function}()")
