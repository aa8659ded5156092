"""Starting a group: applications, the journey with the office, what volunteers translate."""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "applications",
    "application_passages",
    "onboarding_steps",
    "onboarding_marks",
    "translation_requests",
    "asked_passages",
)


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("reach", sa.LargeBinary(), nullable=True),
        sa.Column("called", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_group_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_token", sa.LargeBinary(), nullable=True),
        sa.Column("invitation_code", sa.LargeBinary(), nullable=True),
        sa.Column("is_invitation_shown", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'opened') = (opened_group_id is not null)", name=op.f("ck_applications_opened")
        ),
        sa.CheckConstraint(
            "state <> 'taken_back' or erased_at is not null", name=op.f("ck_applications_taken_back")
        ),
        sa.CheckConstraint(
            "state in ('received', 'accompanied', 'opened', 'taken_back')", name=op.f("ck_applications_state")
        ),
        sa.CheckConstraint("erased_at is not null or reach is not null", name=op.f("ck_applications_reach")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_applications_group_id")),
        sa.ForeignKeyConstraint(
            ["opened_group_id"], ["groups.id"], name=op.f("fk_applications_opened_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_applications_group_id_id")),
    )
    op.create_index("ix_applications_group_id_sent_at", "applications", ["group_id", "sent_at"], unique=False)
    op.create_table(
        "application_passages",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("phrase_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "arrival in ('own', 'reviewed', 'draft', 'untranslated')",
            name=op.f("ck_application_passages_arrival"),
        ),
        sa.CheckConstraint(
            "phrase_id is null or question = 'reply'", name=op.f("ck_application_passages_phrase")
        ),
        sa.CheckConstraint(
            "question in ('for_whom', 'spoken', 'why', 'message', 'reply')",
            name=op.f("ck_application_passages_question"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "application_id"],
            ["applications.group_id", "applications.id"],
            name=op.f("fk_application_passages_group_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "phrase_id"],
            ["texts.group_id", "texts.id"],
            name=op.f("fk_application_passages_group_id_phrase_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_application_passages_group_id")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["accounts.id"], name=op.f("fk_application_passages_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_passages")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_application_passages_group_id_id")),
    )
    op.create_index(
        "ix_application_passages_application",
        "application_passages",
        ["group_id", "application_id", "written_at"],
        unique=False,
    )
    op.create_table(
        "onboarding_steps",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_onboarding_steps_position")),
        sa.ForeignKeyConstraint(
            ["group_id", "text_id"],
            ["texts.group_id", "texts.id"],
            name=op.f("fk_onboarding_steps_group_id_text_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_onboarding_steps_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_steps")),
        sa.UniqueConstraint("group_id", "code", name=op.f("uq_onboarding_steps_group_id_code")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_onboarding_steps_group_id_id")),
    )
    op.create_table(
        "translation_requests",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("from_language", sa.Text(), nullable=False),
        sa.Column("into", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("volunteer", sa.LargeBinary(), nullable=True),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "done_at is null or withdrawn_at is null", name=op.f("ck_translation_requests_one_end")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_translation_requests_dates")),
        sa.ForeignKeyConstraint(
            ["group_id", "application_id"],
            ["applications.group_id", "applications.id"],
            name=op.f("fk_translation_requests_group_id_application_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_translation_requests_group_id")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_translation_requests_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_requests")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_translation_requests_group_id_id")),
    )
    op.create_index(
        "ix_translation_requests_application",
        "translation_requests",
        ["group_id", "application_id"],
        unique=False,
    )
    op.create_table(
        "asked_passages",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "passage_id"],
            ["application_passages.group_id", "application_passages.id"],
            name=op.f("fk_asked_passages_group_id_passage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"],
            ["translation_requests.group_id", "translation_requests.id"],
            name=op.f("fk_asked_passages_group_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_asked_passages_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_passages")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_asked_passages_group_id_id")),
        sa.UniqueConstraint(
            "group_id",
            "request_id",
            "passage_id",
            name=op.f("uq_asked_passages_group_id_request_id_passage_id"),
        ),
    )
    op.create_index("ix_asked_passages_passage", "asked_passages", ["group_id", "passage_id"], unique=False)
    op.create_table(
        "onboarding_marks",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("marked_by", sa.Uuid(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "application_id"],
            ["applications.group_id", "applications.id"],
            name=op.f("fk_onboarding_marks_group_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "step_id"],
            ["onboarding_steps.group_id", "onboarding_steps.id"],
            name=op.f("fk_onboarding_marks_group_id_step_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_onboarding_marks_group_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["accounts.id"], name=op.f("fk_onboarding_marks_marked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_marks")),
        sa.UniqueConstraint(
            "group_id",
            "application_id",
            "step_id",
            name=op.f("uq_onboarding_marks_group_id_application_id_step_id"),
        ),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_onboarding_marks_group_id_id")),
    )
    for table in TABLES:
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("onboarding_marks")
    op.drop_index("ix_asked_passages_passage", table_name="asked_passages")
    op.drop_table("asked_passages")
    op.drop_index("ix_translation_requests_application", table_name="translation_requests")
    op.drop_table("translation_requests")
    op.drop_table("onboarding_steps")
    op.drop_index("ix_application_passages_application", table_name="application_passages")
    op.drop_table("application_passages")
    op.drop_index("ix_applications_group_id_sent_at", table_name="applications")
    op.drop_table("applications")
