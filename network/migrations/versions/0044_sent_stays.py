"""A funder's report stays as it was sent, words too; days in the book and beside it are days of a calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

READ = (
    "grant_reports", "grants", "ledger_funds", "budgets", "grant_conditions", "grant_tranches", "grant_closings", "journals", "legs",
)  # fmt: skip
KEEP = """
update grant_reports r set kept = jsonb_build_object(
  'name', f.name, 'funder', g.funder, 'reference', g.reference, 'purpose', g.purpose, 'restriction', g.restriction,
  'starts_on', g.starts_on, 'ends_on', g.ends_on, 'amount', g.amount,
  'budget', (select max(b.number) from budgets b
              where b.group_id = g.group_id and b.fund = g.fund and b.state = 'agreed'
                and (b.decided_at at time zone place.time_zone)::date <= r.sent_on),
  'promises', coalesce((select jsonb_agg(jsonb_build_array(c.words, c.state) order by c.state <> 'open', c.due_on nulls last, c.id)
              from grant_conditions c where c.group_id = g.group_id and c.grant_id = g.id), '[]'),
  'parts', coalesce((select jsonb_agg(jsonb_build_array(j.effective_on,
                (select sum(l.amount) from legs l where l.group_id = j.group_id and l.journal_id = j.id and l.amount > 0))
                order by t.expected_on nulls last, t.id)
              from grant_tranches t join journals j on j.group_id = t.group_id and j.id = t.entry_id and j.number <= r.entries
             where t.group_id = g.group_id and t.grant_id = g.id and not exists (
               select 1 from journals u where u.group_id = j.group_id and u.reverses_id = j.id and u.number <= r.entries)), '[]'),
  'closing', (select jsonb_build_array(c.closes_on, c.words) from grant_closings c
              where c.group_id = g.group_id and c.grant_id = g.id and c.state = 'done'
                and (c.decided_at at time zone place.time_zone)::date <= r.sent_on))
  from grants g join ledger_funds f on f.group_id = g.group_id and f.id = g.id join groups place on place.id = g.group_id
 where r.sent_on is not null and g.group_id = r.group_id and g.id = r.grant_id
"""
DAYS = (
    "agreed_amounts", "book_alarms", "books", "budget_amounts", "budgets", "cash_counts", "contribution_sheets", "drafts",
    "grant_applications", "grant_closings", "grant_conditions", "grant_reports", "grant_tranches", "grants", "handovers",
    "hardship_answers", "hardship_requests", "journals", "ledger_funds", "line_matches", "onward_answers", "onward_grants",
    "onward_parts", "opportunities", "part_receipts", "period_changes", "receipts", "reserve_shares", "standing_words",
    "statement_accounts", "statement_lines", "statement_mappings", "statement_uploads", "statements",
)  # fmt: skip
"""Tables with days or moments; not those whose days a trigger makes out of these."""
COLUMNS = """
select column_name from information_schema.columns
 where table_schema = 'public' and table_name = :table and data_type in ('date', 'timestamp with time zone')
 order by ordinal_position
"""


def upgrade() -> None:
    op.add_column("grant_reports", sa.Column("kept", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    # the owner too sees only the rows of its scope, and there is none while migrating
    for table in READ:
        op.execute(f"alter table {table} no force row level security")
    op.execute("alter table grant_reports disable trigger sent_once")
    op.execute(KEEP)
    op.execute("alter table grant_reports enable always trigger sent_once")
    for table in READ:
        op.execute(f"alter table {table} force row level security")
    op.create_check_constraint(
        op.f("ck_grant_reports_kept"), "grant_reports", "(sent_on is null) = (kept is null)"
    )
    for table in DAYS:
        columns = op.get_bind().execute(sa.text(COLUMNS), {"table": table}).scalars().all()
        real = " and ".join(f"{column} between '1900-01-01' and '2200-12-31'" for column in columns)
        op.create_check_constraint(op.f(f"ck_{table}_real_days"), table, real)


def downgrade() -> None:
    for table in reversed(DAYS):
        op.drop_constraint(f"ck_{table}_real_days", table)
    op.drop_constraint("ck_grant_reports_kept", "grant_reports")
    op.drop_column("grant_reports", "kept")
