"""How somebody is told, and at what number or address, is a yes of its own like everything else they tell.

What is kept already gets a row that says so: it was kept before. Why so: docs/decisions/consents.md.
"""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

OLD = "'contact', 'language', 'lived_experience', 'age_band', 'sex', 'disability_registered', 'named_on_return', 'guardian'"
NEW = OLD.replace("'contact', ", "'contact', 'reach', ")
TABLES = ("consents", "consent_words", "members", "reaches")
BEFORE = """
insert into consents (id, group_id, member_id, purpose, method, given_at)
select gen_random_uuid(), r.group_id, r.member_id, 'reach', 'before', r.chosen_at from reaches r
  join members m on m.group_id = r.group_id and m.id = r.member_id
 where r.address is not null and m.left_on is null
"""


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table {table} no force row level security")
    _change(NEW, "'guardian', 'reach'")
    op.execute(BEFORE)
    op.execute("set constraints all immediate")
    for table in TABLES:
        op.execute(f"alter table {table} force row level security")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table {table} no force row level security")
    for table in ("consents", "consent_words"):
        op.execute(f"alter table {table} disable trigger kept")
        op.execute(f"delete from {table} where purpose = 'reach'")
    op.execute("set constraints all immediate")
    for table in ("consents", "consent_words"):
        op.execute(f"alter table {table} enable always trigger kept")
    _change(OLD, "'guardian'")
    for table in TABLES:
        op.execute(f"alter table {table} force row level security")


def _change(purposes: str, in_writing: str) -> None:
    for table in ("consents", "consent_words"):
        op.drop_constraint(op.f(f"ck_{table}_purpose"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_purpose"), table, f"purpose in ({purposes})")
    op.drop_constraint(op.f("ck_consents_in_writing"), "consents", type_="check")
    op.create_check_constraint(
        op.f("ck_consents_in_writing"), "consents", f"method <> 'paper' or purpose in ({in_writing})"
    )
