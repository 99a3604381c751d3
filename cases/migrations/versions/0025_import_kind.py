"""What kind of sheet an import reads: patent lists so far."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the kind, and the index by which a page lists its imports."""
    op.add_column("import_run", sa.Column("kind", sa.String(), nullable=False, server_default="patents"))
    op.create_index("ix_import_run_kind", "import_run", ["org_id", "kind", "id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_import_run_kind", "import_run")
    op.drop_column("import_run", "kind")
