"""Files that people add to a case."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("uploaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.UniqueConstraint("case_id", "kind", "sha256", name="uq_case_file_once"),
        sa.CheckConstraint("size > 0", name="ck_case_file_size"),
    )
    op.create_index("ix_case_file_org_id", "case_file", ["org_id"])
    op.create_index("ix_case_file_sha256", "case_file", ["sha256"])


def downgrade() -> None:
    """Take it away; the bytes stay in the file store."""
    op.drop_table("case_file")
