"""Figures groups publish to their network: sheets, and the numbers on them. Added to, never changed."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("figure_sheets", "published_figures")


def upgrade() -> None:
    op.create_table(
        "figure_sheets",
        sa.Column("network_office_id", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("needs_help", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "needs_help in ('no', 'money', 'people', 'place', 'other')",
            name=op.f("ck_figure_sheets_needs_help"),
        ),
        sa.CheckConstraint(
            "extract(day from quarter) = 1 and extract(month from quarter) in (1, 4, 7, 10)",
            name=op.f("ck_figure_sheets_quarter"),
        ),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_figure_sheets_note")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_figure_sheets_group_id")),
        sa.ForeignKeyConstraint(
            ["network_office_id"], ["groups.id"], name=op.f("fk_figure_sheets_network_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_sheets")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_figure_sheets_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "quarter", "version", name=op.f("uq_figure_sheets_group_id_quarter_version")
        ),
    )
    op.create_index(
        "ix_figure_sheets_network_office_id_quarter",
        "figure_sheets",
        ["network_office_id", "quarter"],
        unique=False,
    )
    op.create_table(
        "published_figures",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("network_office_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_published_figures_currency")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_published_figures_value")),
        sa.ForeignKeyConstraint(
            ["group_id", "sheet_id"],
            ["figure_sheets.group_id", "figure_sheets.id"],
            name=op.f("fk_published_figures_group_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_published_figures_group_id")),
        sa.ForeignKeyConstraint(
            ["network_office_id"], ["groups.id"], name=op.f("fk_published_figures_network_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figures")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_published_figures_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "sheet_id", "name", name=op.f("uq_published_figures_group_id_sheet_id_name")
        ),
    )
    op.create_index(op.f("ix_published_figures_sheet_id"), "published_figures", ["sheet_id"], unique=False)
    for table in TABLES:
        for statement in protect(table, Fence.PUBLISHED, readable="network_office_id = scope.group_id()"):
            op.execute(statement)
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_published_figures_sheet_id"), table_name="published_figures")
    op.drop_table("published_figures")
    op.drop_index("ix_figure_sheets_network_office_id_quarter", table_name="figure_sheets")
    op.drop_table("figure_sheets")
