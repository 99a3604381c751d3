"""Declaration and use: funding, statements of use, assessments before filing, patent products, outcomes."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = (
    "funding",
    "use_statement",
    "use_standing",
    "assessment",
    "product",
    "product_patent",
    "product_year",
    "company_outcome",
)
moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Add the tables; what was declared or stated before was not kept."""
    _add_use()
    _add_assessments()


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _add_use() -> None:
    op.create_table(
        "funding",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("funder", sa.String(), nullable=False),
        sa.Column("project_no", sa.String(), nullable=False),
        sa.Column("project_name", sa.String(), nullable=False),
        sa.Column("ip_clause", sa.String(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("evidence_sha256", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.UniqueConstraint("patent_id", "project_no", name="uq_funding_patent_project"),
    )
    op.create_index("ix_funding_org_program", "funding", ["org_id", "program"])
    op.create_table(
        "use_statement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("income_fen", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_text", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.UniqueConstraint("patent_id", "year", name="uq_use_statement_year"),
    )
    op.create_index("ix_use_statement_org_year", "use_statement", ["org_id", "year", "use"])
    op.create_table(
        "use_standing",
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=True),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("stated_year", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("unused_since", sa.Date(), nullable=True),
        sa.Column("exposed_on", sa.Date(), nullable=True),
    )
    op.create_index("ix_use_standing_exposed", "use_standing", ["org_id", "exposed_on"])
    op.create_index("ix_use_standing_funded", "use_standing", ["org_id", "funded", "declared"])
    op.create_index("ix_use_standing_review", "use_standing", ["org_id", "review_on"])
    op.create_index("ix_use_standing_unused", "use_standing", ["org_id", "unused_since"])
    op.create_index("ix_use_standing_use", "use_standing", ["org_id", "use"])


def _add_assessments() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("college", sa.String(), nullable=False),
        sa.Column("inventors", sa.Text(), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=True),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("funder", sa.String(), nullable=False),
        sa.Column("project_no", sa.String(), nullable=False),
        sa.Column("project_name", sa.String(), nullable=False),
        sa.Column("search_note", sa.Text(), nullable=False),
        sa.Column("prospect_note", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("examination", sa.String(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("assessors", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("application_no", sa.String(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("overridden_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("override_reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.CheckConstraint("decision IN ('', 'pass', 'improve', 'fail')", name="ck_assessment_decision"),
    )
    op.create_index("ix_assessment_org_decision", "assessment", ["org_id", "decision", "id"])
    op.create_index("ix_assessment_org_filed", "assessment", ["org_id", "filed_on"])
    op.create_index("ix_assessment_org_number", "assessment", ["org_id", "application_no"])
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=True),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("models", sa.String(), nullable=False),
        sa.Column("producer", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("claims_note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.Column("filing_no", sa.String(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("prompted_on", sa.Date(), nullable=True),
        sa.Column("prompt_note", sa.String(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.CheckConstraint("basis IN ('license', 'transfer', 'development', 'own')", name="ck_product_basis"),
    )
    op.create_index("ix_product_company_id", "product", ["company_id"])
    op.create_index("ix_product_org_filed", "product", ["org_id", "filed_on"])
    op.create_index("ix_product_org_id", "product", ["org_id"])
    op.create_index("uq_product_case_name", "product", ["case_id", "name"], unique=True)
    op.create_table(
        "product_patent",
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("product.id"), primary_key=True),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
    )
    op.create_index("ix_product_patent_org_id", "product_patent", ["org_id"])
    op.create_index("ix_product_patent_patent_id", "product_patent", ["patent_id"])
    op.create_table(
        "product_year",
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("product.id"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("sales_fen", sa.BigInteger(), nullable=True),
        sa.Column("export_fen", sa.BigInteger(), nullable=True),
        sa.Column("profit_fen", sa.BigInteger(), nullable=True),
        sa.Column("ip_cost_fen", sa.BigInteger(), nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=False),
    )
    op.create_index("ix_product_year_org_id", "product_year", ["org_id"])
    op.create_table(
        "company_outcome",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("industrialized", sa.Boolean(), nullable=False),
        sa.Column("financing_fen", sa.BigInteger(), nullable=True),
        sa.Column("output_fen", sa.BigInteger(), nullable=True),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.UniqueConstraint("company_id", "year", name="uq_company_outcome_year"),
    )
    op.create_index("ix_company_outcome_org_year", "company_outcome", ["org_id", "year"])
