"""Public keys of the institutions, and what each sealed paper vouches for."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "institution_key",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.UniqueConstraint("key_id", name="uq_institution_key_id"),
    )
    op.create_index("ix_institution_key_org_id", "institution_key", ["org_id"])
    op.create_table(
        "issued_paper",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.UniqueConstraint("document_id", name="uq_issued_paper_document"),
    )
    op.create_index("ix_issued_paper_org_id", "issued_paper", ["org_id"])
    op.create_index("ix_issued_paper_content_hash", "issued_paper", ["content_hash"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("issued_paper")
    op.drop_table("institution_key")
