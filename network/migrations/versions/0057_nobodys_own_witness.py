"""Nobody is their own witness; whoever has left keeps nothing private here and says yes to nothing more.

A yes that was noted by the person it is about stays, without a witness. Why so: docs/decisions/consents.md.
"""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

PRIVATE = "num_nonnulls(contact, lived_experience, sex, age_band, disability_registered)"
CHECKS = (
    ("consents", "by_another", "read_by_id is distinct from member_id"),
    ("consents", "in_writing", "method <> 'paper' or purpose = 'guardian'"),
    ("members", "left", f"left_on is null or {PRIVATE} = 0"),
)
PUT_RIGHT = (
    "update consents set read_by_id = null where read_by_id = member_id",
    "update consents set method = 'aloud' where method = 'paper' and purpose <> 'guardian'",
    f"""update members set contact = null, lived_experience = null, sex = null, age_band = null, disability_registered = null
         where left_on is not null and {PRIVATE} > 0""",
    "set constraints all immediate",
)
NOT_AFTER_LEAVING = """
create function refuse_consent_of_left() returns trigger language plpgsql as $$
begin
  if exists (select 1 from members m where m.group_id = new.group_id and m.id = new.member_id and m.left_on is not null) then
    raise exception 'whoever has left says yes to nothing here' using errcode = 'check_violation', constraint = 'ck_consents_left';
  end if;
  return new;
end $$;
create trigger not_after_leaving before insert on consents for each row execute function refuse_consent_of_left();
alter table consents enable always trigger not_after_leaving;
"""


def upgrade() -> None:
    for table in ("consents", "members"):
        op.execute(f"alter table {table} no force row level security")
    op.execute("alter table consents disable trigger kept")
    for statement in PUT_RIGHT:
        op.execute(statement)
    op.execute("alter table consents enable always trigger kept")
    for table in ("consents", "members"):
        op.execute(f"alter table {table} force row level security")
    for table, name, check in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)
    op.execute(NOT_AFTER_LEAVING)


def downgrade() -> None:
    op.execute("drop trigger not_after_leaving on consents")
    op.execute("drop function refuse_consent_of_left()")
    for table, name, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
