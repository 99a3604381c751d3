"""Which processes are alive, on all machines."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", moment(), nullable=False),
        sa.Column("seen_at", moment(), nullable=False),
        sa.CheckConstraint("kind IN ('desk', 'worker', 'prefect')", name="ck_process_kind"),
        sa.CheckConstraint("state IN ('starting', 'running', 'stopped')", name="ck_process_state"),
    )
    op.create_index("ix_process_seen_at", "process", ["seen_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("process")
