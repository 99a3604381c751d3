"""Who sits for which body of an approval, and who deputizes for whom."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "approval_seat",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.UniqueConstraint("org_id", "body", "user_id", name="uq_approval_seat_person"),
    )
    op.create_table(
        "approval_deputy",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("deputy_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name="ck_approval_deputy_days"),
        sa.CheckConstraint("user_id <> deputy_id", name="ck_approval_deputy_other"),
    )
    op.create_index("ix_approval_deputy_org_last", "approval_deputy", ["org_id", "last_day"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("approval_deputy")
    op.drop_table("approval_seat")
