"""Demands of companies and what officers decided on the patents that fit."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FROM_SHEETS = sa.text("row_key <> ''")


def _link(name: str, target: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=nullable)


def upgrade() -> None:
    """Add the tables."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "demand",
        sa.Column("id", sa.Integer(), primary_key=True),
        _link("org_id", "organization"),
        sa.Column("number", sa.String(), nullable=False),
        _link("company_id", "company"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("industries", sa.Text(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=True),
        sa.Column("cooperation", sa.String(), nullable=False),
        sa.Column("modes", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _link("owner_id", "app_user"),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("status", "source", "row_key", "content_hash")),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.CheckConstraint("status IN ('new', 'answered', 'matched', 'closed')", name="ck_demand_status"),
        sa.UniqueConstraint("org_id", "number", name="uq_demand_org_number"),
    )
    op.create_index("ix_demand_org_status_due", "demand", ["org_id", "status", "due_on"])
    op.create_index("ix_demand_org_company", "demand", ["org_id", "company_id"])
    op.create_index("ix_demand_company_id", "demand", ["company_id"])
    op.create_index("ix_demand_owner_id", "demand", ["owner_id"])
    op.create_index(
        "uq_demand_org_row_key", "demand", ["org_id", "row_key"], unique=True, sqlite_where=FROM_SHEETS,
        postgresql_where=FROM_SHEETS,
    )
    op.create_table(
        "demand_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        _link("org_id", "organization"),
        _link("demand_id", "demand"),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _link("user_id", "app_user", nullable=True),
        sa.Column("at", moment(), nullable=False),
    )
    op.create_index("ix_demand_step_org_id", "demand_step", ["org_id"])
    op.create_index("ix_demand_step_demand", "demand_step", ["demand_id", "id"])
    op.create_table(
        "demand_match",
        sa.Column("id", sa.Integer(), primary_key=True),
        _link("org_id", "organization"),
        _link("demand_id", "demand"),
        _link("patent_id", "patent"),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        _link("case_id", "conversion_case", nullable=True),
        _link("user_id", "app_user", nullable=True),
        sa.Column("at", moment(), nullable=False),
        sa.CheckConstraint("decision IN ('accepted', 'rejected')", name="ck_demand_match_decision"),
        sa.UniqueConstraint("demand_id", "patent_id", name="uq_demand_match_pair"),
    )
    op.create_index("ix_demand_match_org_decision", "demand_match", ["org_id", "decision", "patent_id"])
    op.create_index("ix_demand_match_patent_id", "demand_match", ["patent_id"])
    op.create_index("ix_demand_match_case_id", "demand_match", ["case_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("demand_match", "demand_step", "demand"):
        op.drop_table(table)
