"""Indicators of many institutions, counted by night; patents by the day of filing."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty until the next night, and the index."""
    op.create_table(
        "indicator_count",
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("indicator", sa.String(), primary_key=True),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.BigInteger(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
    )
    op.create_index("ix_indicator_count_year", "indicator_count", ["year", "indicator", "org_id"])
    op.create_index("ix_patent_filed", "patent", ["org_id", "filing_date", "application_no", "college"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_patent_filed", "patent")
    op.drop_table("indicator_count")
