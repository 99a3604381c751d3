"""A case may be opened without a company: an open license is declared to everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the company be left out."""
    with op.batch_alter_table("conversion_case") as batch:
        batch.alter_column("company_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Ask for a company again; fails while a case has none."""
    with op.batch_alter_table("conversion_case") as batch:
        batch.alter_column("company_id", existing_type=sa.Integer(), nullable=False)
