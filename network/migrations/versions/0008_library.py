"""The library, earlier originals, translations made elsewhere and what their owners answered."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

READABLE = {
    "earlier_originals": "is_open",
    "translation_offers": "owner_group_id = scope.group_id()",
    "offer_answers": "offering_group_id = scope.group_id()",
    "resources": "is_open",
    "resource_uses": "is_open",
}


def upgrade() -> None:
    op.create_table(
        "offer_answers",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("offering_group_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("answer in ('taken', 'declined')", name=op.f("ck_offer_answers_answer")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_offer_answers_group_id")),
        sa.ForeignKeyConstraint(
            ["offering_group_id"], ["groups.id"], name=op.f("fk_offer_answers_offering_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_answers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_offer_answers_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "offer_id", "revision", name=op.f("uq_offer_answers_group_id_offer_id_revision")
        ),
    )
    op.create_table(
        "resource_uses",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_resource_uses_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_uses")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_resource_uses_group_id_id")),
        sa.UniqueConstraint("group_id", "resource_id", name=op.f("uq_resource_uses_group_id_resource_id")),
    )
    op.create_index("ix_resource_uses_resource_id", "resource_uses", ["resource_id"], unique=False)
    op.create_table(
        "translation_offers",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("owner_group_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("of_version", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("translator_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(body) between 1 and 20000", name=op.f("ck_translation_offers_body")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_translation_offers_group_id")),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["groups.id"], name=op.f("fk_translation_offers_owner_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["translator_id"], ["accounts.id"], name=op.f("fk_translation_offers_translator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_offers")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_translation_offers_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "text_id", "language", name=op.f("uq_translation_offers_group_id_text_id_language")
        ),
    )
    op.create_index(
        "ix_translation_offers_owner_group_id", "translation_offers", ["owner_group_id"], unique=False
    )
    op.create_table(
        "earlier_originals",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "text_id"],
            ["texts.group_id", "texts.id"],
            name=op.f("fk_earlier_originals_group_id_text_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_earlier_originals_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_originals")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_earlier_originals_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "text_id", "version", name=op.f("uq_earlier_originals_group_id_text_id_version")
        ),
    )
    op.create_table(
        "resources",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "audience in ('everybody', 'facilitators', 'officers', 'new_members', 'families')",
            name=op.f("ck_resources_audience"),
        ),
        sa.CheckConstraint(
            "kind in ('ground_rules', 'guide', 'charter', 'form', 'film')", name=op.f("ck_resources_kind")
        ),
        sa.CheckConstraint(
            "licence in ('cc0', 'cc_by', 'cc_by_sa', 'ask_us')", name=op.f("ck_resources_licence")
        ),
        sa.CheckConstraint("link = '' or link like 'https://%%'", name=op.f("ck_resources_link")),
        sa.CheckConstraint("is_open = (published_at is not null)", name=op.f("ck_resources_published")),
        sa.ForeignKeyConstraint(
            ["group_id", "text_id"],
            ["texts.group_id", "texts.id"],
            name=op.f("fk_resources_group_id_text_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_resources_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_resources_group_id_id")),
        sa.UniqueConstraint("group_id", "text_id", name=op.f("uq_resources_group_id_text_id")),
    )
    op.create_index(
        "ix_resources_published_at",
        "resources",
        ["published_at"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    for table, where in READABLE.items():
        for statement in protect(table, Fence.PUBLISHED, readable=where):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_resources_published_at", table_name="resources", postgresql_where=sa.text("is_open"))
    op.drop_table("resources")
    op.drop_table("earlier_originals")
    op.drop_index("ix_translation_offers_owner_group_id", table_name="translation_offers")
    op.drop_table("translation_offers")
    op.drop_index("ix_resource_uses_resource_id", table_name="resource_uses")
    op.drop_table("resource_uses")
    op.drop_table("offer_answers")
