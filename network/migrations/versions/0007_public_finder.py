"""The public finder: cards that groups publish, and questions to a group."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import Fence, protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FENCED = {
    "listings": (Fence.PUBLISHED, "is_listed"),
    "enquiries": (Fence.GROUP, None),
}


def upgrade() -> None:
    op.create_table(
        "enquiries",
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_enquiries_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiries")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_enquiries_group_id_id")),
    )
    op.create_index(
        "ix_enquiries_group_id_received_at", "enquiries", ["group_id", "received_at"], unique=False
    )
    op.create_table(
        "listings",
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("week_of_month", sa.SmallInteger(), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("welcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("takes_newcomers", sa.Boolean(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("takes_questions", sa.Boolean(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("mode in ('in_person', 'online', 'both')", name=op.f("ck_listings_mode")),
        sa.CheckConstraint(
            "recurrence in ('weekly', 'fortnightly', 'monthly', 'ask')", name=op.f("ck_listings_recurrence")
        ),
        sa.CheckConstraint(
            "setting in ('community_hall', 'library', 'peer_organisation', 'arts_centre', 'place_of_worship', 'school', 'health_centre', 'hospital_ward', 'prison', 'another')",
            name=op.f("ck_listings_setting"),
        ),
        sa.CheckConstraint(
            "length(address) <= 200 and length(place) <= 120 and length(contact) <= 300",
            name=op.f("ck_listings_lengths"),
        ),
        sa.CheckConstraint("week_of_month between 1 and 5", name=op.f("ck_listings_week_of_month")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_listings_weekday")),
        sa.ForeignKeyConstraint(
            ["group_id", "text_id"], ["texts.group_id", "texts.id"], name=op.f("fk_listings_group_id_text_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_listings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_listings_group_id_id")),
        sa.UniqueConstraint("group_id", name=op.f("uq_listings_group_id")),
    )
    op.create_index("ix_listings_languages", "listings", ["languages"], unique=False, postgresql_using="gin")
    for table, (kind, readable) in FENCED.items():
        for statement in protect(table, kind, readable=readable):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_listings_languages", table_name="listings", postgresql_using="gin")
    op.drop_table("listings")
    op.drop_index("ix_enquiries_group_id_received_at", table_name="enquiries")
    op.drop_table("enquiries")
