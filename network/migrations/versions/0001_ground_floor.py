"""The ground floor: the fence, networks and groups, accounts, the outbox, texts in several languages."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from network.tenancy.fence import FUNCTIONS, Fence, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = """
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is added to, never changed', tg_table_name using errcode = 'restrict_violation';
end $$
"""
FENCED = {
    "audit_events": (Fence.GROUP, None),
    "group_keys": (Fence.GROUP, None),
    "letters": (Fence.GROUP, None),
    "role_assignments": (Fence.LINK, None),
    "texts": (Fence.PUBLISHED, "is_open"),
    "wordings": (Fence.PUBLISHED, "is_open"),
}


def let_in_the_ordinary_role() -> None:
    """Whatever the owner makes from now on, the ordinary role may read and write; it owns nothing and truncates nothing."""
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"grant usage on schema public, scope to {role}")
    op.execute(
        f"alter default privileges in schema public grant select, insert, update, delete on tables to {role}"
    )
    op.execute(f"alter default privileges in schema public grant usage on sequences to {role}")
    op.execute(f"grant execute on all functions in schema scope to {role}")


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.execute(APPEND_ONLY)
    let_in_the_ordinary_role()
    op.create_table(
        "accounts",
        sa.Column("shown_name", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "form_submissions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_submissions")),
    )
    op.create_index(op.f("ix_form_submissions_created_at"), "form_submissions", ["created_at"], unique=False)
    op.create_table(
        "groups",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("band", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_groups_currency")),
        sa.CheckConstraint("kind in ('group', 'office')", name=op.f("ck_groups_kind")),
        sa.CheckConstraint("state in ('forming', 'open', 'closed')", name=op.f("ck_groups_state")),
        sa.CheckConstraint("band between 1 and 8", name=op.f("ck_groups_band")),
        sa.CheckConstraint("length(name) between 1 and 120", name=op.f("ck_groups_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("slug", name=op.f("uq_groups_slug")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("whence", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_at"), "sign_in_tries", ["at"], unique=False)
    op.create_index("ix_sign_in_tries_what_at", "sign_in_tries", ["what", "at"], unique=False)
    op.create_index("ix_sign_in_tries_whence_at", "sign_in_tries", ["whence", "at"], unique=False)
    op.create_table(
        "account_identifiers",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_identifiers_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_identifiers")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_account_identifiers_fingerprint")),
    )
    op.create_index(
        op.f("ix_account_identifiers_account_id"), "account_identifiers", ["account_id"], unique=False
    )
    op.create_table(
        "audit_events",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_audit_events_account_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_audit_events_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_audit_events_group_id_id")),
    )
    op.create_index("ix_audit_events_group_id_at", "audit_events", ["group_id", "at"], unique=False)
    op.create_table(
        "group_keys",
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_keys_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_keys")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_group_keys_group_id_id")),
        sa.UniqueConstraint("group_id", "version", name=op.f("uq_group_keys_group_id_version")),
    )
    op.create_table(
        "letters",
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_letters_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_letters_group_id_id")),
    )
    op.create_table(
        "networks",
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["groups.id"], name=op.f("fk_networks_office_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["networks.id"], name=op.f("fk_networks_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        sa.UniqueConstraint("office_id", name=op.f("uq_networks_office_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_networks_slug")),
    )
    op.create_table(
        "outbox",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("once", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_outbox_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "run_at"], unique=False)
    op.create_index(
        "uq_outbox_once", "outbox", ["once"], unique=True, postgresql_where=sa.text("once is not null")
    )
    op.create_table(
        "private_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_private_links_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_private_links_token_hash")),
    )
    op.create_index(op.f("ix_private_links_group_id"), "private_links", ["group_id"], unique=False)
    op.create_table(
        "role_assignments",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because_of", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at is null or ends_at >= starts_at", name=op.f("ck_role_assignments_dates")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_assignments_account_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_role_assignments_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_role_assignments_group_id_id")),
    )
    op.create_index(
        "ix_role_assignments_account_id_group_id",
        "role_assignments",
        ["account_id", "group_id"],
        unique=False,
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("contents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)
    op.create_table(
        "texts",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("source_language", sa.Text(), nullable=False),
        sa.Column("source_version", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_texts_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_texts_group_id_id")),
    )
    op.create_table(
        "affiliations",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('home', 'affiliated', 'supported')", name=op.f("ck_affiliations_kind")),
        sa.CheckConstraint("until_on is null or until_on > from_on", name=op.f("ck_affiliations_dates")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_affiliations_group_id")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_affiliations_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliations")),
    )
    op.create_index(
        "uq_affiliations_one_home",
        "affiliations",
        ["group_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'home' and until_on is null"),
    )
    op.create_table(
        "network_settings",
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_network_settings_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_settings")),
        sa.UniqueConstraint("network_id", "name", name=op.f("uq_network_settings_network_id_name")),
    )
    op.create_table(
        "wordings",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("of_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' or reviewed_by <> ''", name=op.f("ck_wordings_approval_is_named")
        ),
        sa.CheckConstraint("state in ('draft', 'approved')", name=op.f("ck_wordings_state")),
        sa.CheckConstraint("length(body) between 1 and 20000", name=op.f("ck_wordings_body")),
        sa.ForeignKeyConstraint(
            ["group_id", "text_id"], ["texts.group_id", "texts.id"], name=op.f("fk_wordings_group_id_text_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_wordings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_wordings_group_id_id")),
        sa.UniqueConstraint(
            "group_id", "text_id", "language", name=op.f("uq_wordings_group_id_text_id_language")
        ),
    )
    op.create_index(op.f("ix_wordings_text_id"), "wordings", ["text_id"], unique=False)
    for table, (kind, readable) in FENCED.items():
        for statement in protect(table, kind, readable=readable):
            op.execute(statement)
    op.execute(
        "create trigger append_only before update or delete or truncate on audit_events "
        "for each statement execute function refuse_change()"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_wordings_text_id"), table_name="wordings")
    op.drop_table("wordings")
    op.drop_table("network_settings")
    op.drop_index(
        "uq_affiliations_one_home",
        table_name="affiliations",
        postgresql_where=sa.text("kind = 'home' and until_on is null"),
    )
    op.drop_table("affiliations")
    op.drop_table("texts")
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_role_assignments_account_id_group_id", table_name="role_assignments")
    op.drop_table("role_assignments")
    op.drop_index(op.f("ix_private_links_group_id"), table_name="private_links")
    op.drop_table("private_links")
    op.drop_index("uq_outbox_once", table_name="outbox", postgresql_where=sa.text("once is not null"))
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("networks")
    op.drop_table("letters")
    op.drop_table("group_keys")
    op.drop_index("ix_audit_events_group_id_at", table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_index(op.f("ix_account_identifiers_account_id"), table_name="account_identifiers")
    op.drop_table("account_identifiers")
    op.drop_index("ix_sign_in_tries_whence_at", table_name="sign_in_tries")
    op.drop_index("ix_sign_in_tries_what_at", table_name="sign_in_tries")
    op.drop_index(op.f("ix_sign_in_tries_at"), table_name="sign_in_tries")
    op.drop_table("sign_in_tries")
    op.drop_table("groups")
    op.drop_index(op.f("ix_form_submissions_created_at"), table_name="form_submissions")
    op.drop_table("form_submissions")
    op.drop_table("accounts")
    op.execute("drop function refuse_change()")
    op.execute("drop schema scope cascade")
    role = f'"{context.config.attributes["web_role"]}"'
    op.execute(f"alter default privileges in schema public revoke all on tables from {role}")
    op.execute(f"alter default privileges in schema public revoke all on sequences from {role}")
