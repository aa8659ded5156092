"""Only our own words are kept with a yes: a paper has its own. What came with an invitation says so. Whoever is named for
young people says yes first. That a parent agreed goes with whoever leaves.

Why so: docs/decisions/consents.md.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

NEW = {
    "method": "method in ('self', 'aloud', 'paper', 'invitation', 'list', 'before')",
    "words": "(method in ('list', 'invitation', 'before', 'paper')) = (words_id is null)",
    "brought": "method not in ('list', 'invitation') or purpose in ('contact', 'language')",
}
OLD = {
    "method": "method in ('self', 'aloud', 'paper', 'list', 'before')",
    "words": "(method in ('list', 'before')) = (words_id is null)",
    "brought": "method <> 'list' or purpose in ('contact', 'language')",
}
WITHOUT_WORDS = "update consents set words_id = null where method = 'paper'"
GONE = """
delete from consents c using members m
 where m.group_id = c.group_id and m.id = c.member_id and m.left_on is not null and c.purpose = 'guardian'
"""
BACK = (
    "update consents set method = 'list' where method = 'invitation'",
    "update consents set method = 'before' where method = 'paper'",
)


def upgrade() -> None:
    op.add_column("safeguarding", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    _change(NEW, WITHOUT_WORDS, GONE)


def downgrade() -> None:
    _change(OLD, *BACK)
    op.drop_column("safeguarding", "agreed_at")


def _change(checks: dict[str, str], *statements: str) -> None:
    """Take the checks away, put the rows right, and check again."""
    for table in ("consents", "members"):
        op.execute(f"alter table {table} no force row level security")
    op.execute("alter table consents disable trigger kept")
    for name in checks:
        op.drop_constraint(op.f(f"ck_consents_{name}"), "consents", type_="check")
    for statement in statements:
        op.execute(statement)
    op.execute("set constraints all immediate")
    for name, check in checks.items():
        op.create_check_constraint(op.f(f"ck_consents_{name}"), "consents", check)
    op.execute("alter table consents enable always trigger kept")
    for table in ("consents", "members"):
        op.execute(f"alter table {table} force row level security")
