"""The ledger of flow runs, and the outbox's index by organization."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITING = sa.text("status IN ('pending', 'running')")
RUNNING = sa.text("state = 'running'")
TEXTS = ("result", "error", "detail")


def upgrade() -> None:
    """Add the ledger; what was done before has no entry in it."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "flow_run",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("started_at", moment(), nullable=False),
        sa.Column("alive_until", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done', 'failed', 'lost')", name="ck_flow_run_state"),
    )
    op.create_index("ix_flow_run_case", "flow_run", ["case_id", "started_at"])
    op.create_index("ix_flow_run_org", "flow_run", ["org_id", "started_at"])
    op.create_index("ix_flow_run_started", "flow_run", ["started_at"])
    op.create_index("ix_flow_run_outbox_id", "flow_run", ["outbox_id"])
    op.create_index(
        "ix_flow_run_running", "flow_run", ["alive_until"], sqlite_where=RUNNING, postgresql_where=RUNNING
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["org_id", "id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    dead = sa.text("status = 'dead'")
    op.create_index("ix_outbox_dead", "outbox", ["org_id", "id"], sqlite_where=dead, postgresql_where=dead)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_outbox_dead", "outbox")
    op.drop_index("ix_outbox_waiting", "outbox")
    op.drop_table("flow_run")
