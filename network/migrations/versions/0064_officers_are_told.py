"""Officers are told of what is due with an authority, like everybody of everything else."""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

EARLIER = "'election_called', 'vote_open', 'vote_closing', 'result_declared', 'decision_called', 'constitution_put', 'result_fell', 'called_off'"
NEW = "'renewal_ahead', 'renewal_near', 'report_ahead'"
OF_NEW = f"select id from notices where about in ({NEW})"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_notices_about"), "notices", type_="check")
    op.create_check_constraint(op.f("ck_notices_about"), "notices", f"about in ({EARLIER}, {NEW})")


def downgrade() -> None:
    for table in ("notices", "tellings"):
        op.execute(f"alter table {table} no force row level security")
    op.execute(f"delete from tellings where notice_id in ({OF_NEW})")
    op.execute(f"delete from notices where about in ({NEW})")
    op.execute("set constraints all immediate")
    for table in ("notices", "tellings"):
        op.execute(f"alter table {table} force row level security")
    op.drop_constraint(op.f("ck_notices_about"), "notices", type_="check")
    op.create_check_constraint(op.f("ck_notices_about"), "notices", f"about in ({EARLIER})")
