"""Deadlines of patents, the day of the next reminder on each deadline, covered rungs, state of the sweep."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    """Add the columns and lay out the open deadlines: the first sweep looks at all whose first rung has come."""
    with op.batch_alter_table("deadline") as batch:
        batch.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("patent_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("next_on", sa.Date(), nullable=True))
        batch.create_foreign_key("fk_deadline_patent_id_patent", "patent", ["patent_id"], ["id"])
        batch.create_check_constraint("ck_deadline_subject", "(case_id IS NULL) <> (patent_id IS NULL)")
        batch.create_index("ix_deadline_patent_id", ["patent_id"])
        batch.create_index(
            "uq_deadline_open_patent_key", ["patent_id", "key"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
        batch.create_index("ix_deadline_open_next", ["org_id", "next_on"], sqlite_where=OPEN, postgresql_where=OPEN)
    _lay_out()
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint("ck_channel_known", type_="check")
        batch.add_column(sa.Column("covered_by", sa.Integer(), nullable=True))
        batch.create_index("ix_reminder_message_id", ["message_id"])
    op.create_table(
        "reminder_sweep",
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("ladders", sa.String(), nullable=False),
    )


def _lay_out() -> None:
    bind = op.get_bind()
    earlier = "due - {}" if bind.dialect.name == "postgresql" else "date(due, '{:+d} days')"
    ladders = bind.execute(
        sa.text("SELECT DISTINCT rungs, overdue_rungs FROM deadline WHERE status = 'open'")
    ).all()
    for before, after in ladders:
        rungs = [int(part) for part in before.split(",") if part]
        late = [-int(part) for part in after.split(",") if part]
        if first := (rungs or late)[:1]:
            days = first[0] if bind.dialect.name == "postgresql" else -first[0]
            bind.execute(
                sa.text(
                    f"UPDATE deadline SET next_on = {earlier.format(days)} "  # noqa: S608  a number
                    "WHERE status = 'open' AND rungs = :before AND overdue_rungs = :after"
                ),
                {"before": before, "after": after},
            )


def downgrade() -> None:
    """Take them away, and with them the deadlines of patents and what went out on channels not known before."""
    op.drop_table("reminder_sweep")
    op.execute("DELETE FROM reminder WHERE channel NOT IN ('inbox', 'mail')")
    op.execute("DELETE FROM reminder WHERE deadline_id IN (SELECT id FROM deadline WHERE case_id IS NULL)")
    op.execute("DELETE FROM deadline WHERE case_id IS NULL")
    with op.batch_alter_table("reminder") as batch:
        batch.drop_index("ix_reminder_message_id")
        batch.drop_column("covered_by")
        batch.create_check_constraint("ck_channel_known", "channel IN ('inbox', 'mail')")
    with op.batch_alter_table("deadline") as batch:
        batch.drop_index("ix_deadline_open_next")
        batch.drop_index("uq_deadline_open_patent_key")
        batch.drop_index("ix_deadline_patent_id")
        batch.drop_constraint("ck_deadline_subject", type_="check")
        batch.drop_constraint("fk_deadline_patent_id_patent", type_="foreignkey")
        batch.drop_column("next_on")
        batch.drop_column("patent_id")
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
