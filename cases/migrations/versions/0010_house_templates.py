"""The folder of templates that an institution has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has chosen one yet."""
    op.add_column("organization", sa.Column("house", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("organization") as batch:
        batch.drop_column("house")
