"""The clause texts that contracts have pinned."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "clause_set",
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False, primary_key=True),
        sa.Column("sha256", sa.String(), nullable=False, primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("clause_set")
