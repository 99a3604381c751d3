"""Documents made for many cases in one run."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("started_at", moment(), nullable=True),
        sa.Column("finished_at", moment(), nullable=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("held_until", moment(), nullable=False),
        sa.Column("flow_run_id", sa.String(), nullable=False),
        sa.CheckConstraint("status IN ('running', 'done', 'cancelled')", name="ck_bulk_run_status"),
    )
    op.create_index("ix_bulk_run_org_id", "bulk_run", ["org_id"])
    op.create_index("ix_bulk_run_status", "bulk_run", ["status", "held_until"])
    op.create_table(
        "bulk_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("bulk_run.id"), nullable=False),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.UniqueConstraint("run_id", "case_id", name="uq_bulk_item_once"),
        sa.CheckConstraint(
            "status IN ('waiting', 'made', 'unchanged', 'failed', 'cancelled')", name="ck_bulk_item_status"
        ),
    )
    op.create_index("ix_bulk_item_run_status", "bulk_item", ["run_id", "status"])


def downgrade() -> None:
    """Take them away; the documents stay."""
    op.drop_table("bulk_item")
    op.drop_table("bulk_run")
