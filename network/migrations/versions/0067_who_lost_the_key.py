"""An answer is closed for those of the panel who can open what was brought, and for nobody whose key has changed since.

Why so: docs/decisions/disputes.md.
"""

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

HEARS = """
create or replace function matter_hears(which uuid) returns table (one uuid, is_helper boolean)
  language sql stable security definer set search_path = public, pg_temp as $$
  select p.one, exists (select 1 from matter_asks a where a.group_id = m.group_id and a.matter_id = m.id and a.state = 'seated' and a.answered_by_id = p.one)
    from matters m, unnest(m.panel) p(one) where m.id = which and p.one <> all (m.set_aside) and matter_told_me(which){}
$$;
"""
READS = """
     and exists (select 1 from matter_texts t join matter_locks l on l.group_id = t.group_id and l.text_id = t.id
                  where t.group_id = m.group_id and t.matter_id = m.id and t.kind = 'words' and l.account_id = p.one)"""


def upgrade() -> None:
    op.execute(HEARS.format(READS))


def downgrade() -> None:
    op.execute(HEARS.format(""))
