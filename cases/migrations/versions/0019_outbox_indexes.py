"""What the outbox is asked about kinds of work, and about what was done when."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WAITING = sa.text("status IN ('pending', 'running')")
DONE = sa.text("status = 'done'")


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(
        "ix_outbox_topic", "outbox", ["topic", "available_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_outbox_done", "outbox", ["finished_at"], sqlite_where=DONE, postgresql_where=DONE)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_outbox_done", "outbox")
    op.drop_index("ix_outbox_topic", "outbox")
