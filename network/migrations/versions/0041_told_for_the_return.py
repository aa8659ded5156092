"""What members may tell for the yearly return: sex as the forms ask it, a band of age, whether they are registered; and who is left out."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("sex", "age_band", "disability_registered"):
        op.add_column("members", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.add_column(
        "members",
        sa.Column("left_out_of_return", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    for name in ("left_out_of_return", "disability_registered", "age_band", "sex"):
        op.drop_column("members", name)
