"""Reports in frozen versions."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = ("content", "changes", "answers")


def upgrade() -> None:
    """Add the table; what was counted before was not kept."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "period", "status")),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("content_hash", "sha256")),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.Column("flow_run_id", sa.String(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=False),
        sa.Column("submitted_at", moment(), nullable=True),
        sa.CheckConstraint("kind IN ('feedback', 'monthly', 'yearly')", name="ck_report_kind"),
        sa.CheckConstraint("status IN ('current', 'superseded', 'submitted')", name="ck_report_status"),
        sa.UniqueConstraint("org_id", "kind", "period", "version", name="uq_report_version"),
    )
    op.create_index("ix_report_org_kind", "report", ["org_id", "kind", "status"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("report")
