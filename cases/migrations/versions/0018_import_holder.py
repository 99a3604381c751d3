"""Who works on an import, so that one that broke off is told from one that goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what runs while the schema is upgraded is run by nobody any more."""
    with op.batch_alter_table("import_run") as batch:
        batch.add_column(sa.Column("holder", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("import_run") as batch:
        batch.drop_column("holder")
