"""What the steps of a night found."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nights of before are not in it."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "nightly_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("started_at", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.UniqueConstraint("on", "step", name="uq_nightly_step_once"),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name="ck_nightly_step_state"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("nightly_step")
