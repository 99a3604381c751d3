"""Facts of cases for indicators, chosen definitions, and yearly snapshots among the reports."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = "'feedback', 'monthly', 'yearly'"
FACTS = "'opened', 'contract', 'receipt', 'cash', 'shares', 'leg', 'label'"
INDEXES = (
    ("ix_case_fact_counted", "case_fact", ["org_id", "happened_on", "kind", "mode", "college"]),
    ("ix_case_fact_kind", "case_fact", ["kind", "happened_on", "org_id"]),
    ("ix_case_fact_case", "case_fact", ["case_id"]),
    ("ix_counted_case_org", "counted_case", ["org_id", "case_id", "version"]),
    ("ix_patent_counted", "patent", ["org_id", "status", "grant_date", "kind", "college", "id"]),
    ("ix_label_event_counted", "label_event", ["org_id", "patent_id", "on", "label"]),
)


def upgrade() -> None:
    """Add the tables, empty: cases are counted when the indicators are first opened, or in the next night."""
    _facts()
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "counted_case",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counted_at", moment(), nullable=False),
    )
    op.create_table(
        "indicator_choice",
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("indicator", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("variant", "chosen_by")),
        sa.Column("chosen_at", moment(), nullable=False),
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    _kinds(f"{KINDS}, 'indicators'")


def downgrade() -> None:
    """Take them away, and the snapshots with them."""
    op.execute("DELETE FROM report WHERE kind = 'indicators'")
    _kinds(KINDS)
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
    for table in ("indicator_choice", "counted_case", "case_fact"):
        op.drop_table(table)


def _facts() -> None:
    op.create_table(
        "case_fact",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "mode", "college")),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount_fen", "base_fen")),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({FACTS})", name="ck_case_fact_kind"),
    )


def _kinds(listed: str) -> None:
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint("ck_report_kind", type_="check")
        batch.create_check_constraint("ck_report_kind", f"kind IN ({listed})")
