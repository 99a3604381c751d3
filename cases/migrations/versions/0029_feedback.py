"""Labels recorded by hand and withdrawn, and what the platform says of them."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TABLES = ("label_record", "label_withdrawal", "platform_answer", "platform_entry")


def _made(name: str, *columns: sa.schema.SchemaItem, patent: bool = True) -> None:
    """Make a table whose rows belong to an organization and, but for one, to a patent."""
    owned = [sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False)]
    if patent:
        owned.append(sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False))
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), *owned, *columns)
    op.create_index(f"ix_{name}_org_id", name, ["org_id"])
    if patent:
        op.create_index(f"ix_{name}_patent_id", name, ["patent_id"])


def _text(name: str, *, long: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text() if long else sa.String(), nullable=False)


def upgrade() -> None:
    """Add the tables."""
    _made(
        "label_record", _text("label"), sa.Column("on", sa.Date(), nullable=False), _text("party"),
        _text("party_uscc"), _text("contract_no"), _text("evidence", long=True), _text("source"),
        sa.Column("due", sa.Date()), sa.Column("reported_on", sa.Date()), _text("reference"), _text("made_by"),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "patent_id", "label", "on", "party", name="uq_label_record"),
    )  # fmt: skip
    op.create_index("ix_label_record_patent", "label_record", ["org_id", "patent_id"])
    _made(
        "label_withdrawal",
        sa.Column("label_event_id", sa.Integer(), sa.ForeignKey("label_event.id"), unique=True),
        sa.Column("label_record_id", sa.Integer(), sa.ForeignKey("label_record.id"), unique=True),
        _text("why", long=True), _text("made_by"), sa.Column("at", MOMENT(), nullable=False),
        sa.CheckConstraint(
            "(label_event_id IS NULL) <> (label_record_id IS NULL)", name="ck_label_withdrawal_one"
        ),
        patent=False,
    )  # fmt: skip
    _made(
        "platform_answer", _text("label"), _text("outcome"), sa.Column("answered_on", sa.Date(), nullable=False),
        _text("number"), _text("reason", long=True), _text("source"),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.CheckConstraint("outcome IN ('accepted', 'returned')", name="ck_platform_answer_outcome"),
        sa.UniqueConstraint("org_id", "patent_id", "label", "outcome", "answered_on", name="uq_platform_answer"),
    )  # fmt: skip
    _made(
        "platform_entry", _text("label"), sa.Column("on", sa.Date()), _text("party"), _text("number"), _text("source"),
        sa.Column("seen_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "patent_id", "label", name="uq_platform_entry"),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.drop_table(name)
