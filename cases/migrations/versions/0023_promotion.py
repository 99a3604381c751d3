"""What is done to bring patents to companies."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    "promotion_event",
    "event_patent",
    "event_participant",
    "promotion_lead",
    "service_provider",
    "resource_offer",
    "maturation_step",
    "promotion_posting",
    "typical_case",
    "staff_certificate",
    "case_staff",
)
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def _owned(name: str, *columns: sa.schema.SchemaItem) -> None:
    """Make a table whose rows belong to an organization."""
    org = sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False)
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), org, *columns)


def upgrade() -> None:
    """Add the tables; nothing of the kind was kept before."""
    _owned(
        "promotion_event",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("organizer", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "held_on", "name", name="uq_promotion_event"),
    )
    op.create_index("ix_promotion_event_district", "promotion_event", ["org_id", "district", "held_on"])
    op.create_index("ix_promotion_event_org_id", "promotion_event", ["org_id"])
    _owned(
        "event_patent",
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("promotion_event.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("event_id", "patent_id", name="uq_event_patent"),
    )
    op.create_index("ix_event_patent_patent", "event_patent", ["org_id", "patent_id"])
    _owned(
        "event_participant",
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("promotion_event.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=True),
        sa.Column("company_name", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("event_id", "company_name", name="uq_event_participant"),
    )
    op.create_index("ix_event_participant_org", "event_participant", ["org_id", "event_id"])
    _owned(
        "promotion_lead",
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("promotion_event.id"), nullable=True),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=True),
        sa.Column("company_name", sa.String(), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=True),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=True),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
    )
    op.create_index("ix_promotion_lead_event", "promotion_lead", ["org_id", "event_id"])
    op.create_index("ix_promotion_lead_patent", "promotion_lead", ["org_id", "patent_id"])
    op.create_index("ix_promotion_lead_status", "promotion_lead", ["org_id", "status", "due_on"])
    _owned(
        "service_provider",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "name", name="uq_service_provider"),
    )
    op.create_index("ix_service_provider_org_id", "service_provider", ["org_id"])
    _owned(
        "resource_offer",
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("service_provider.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
    )
    op.create_index("ix_resource_offer_org_id", "resource_offer", ["org_id"])
    op.create_index("ix_resource_offer_patent", "resource_offer", ["org_id", "patent_id"])
    _owned(
        "maturation_step",
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("service_provider.id"), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
    )
    op.create_index("ix_maturation_step_org_id", "maturation_step", ["org_id"])
    op.create_index("ix_maturation_step_patent", "maturation_step", ["org_id", "patent_id"])
    _owned(
        "promotion_posting",
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("promotion_event.id"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
    )
    op.create_index("ix_promotion_posting_event", "promotion_posting", ["org_id", "event_id"])
    _owned(
        "typical_case",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("marked_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("case_id", name="uq_typical_case"),
    )
    op.create_index("ix_typical_case_org_id", "typical_case", ["org_id"])
    _owned(
        "staff_certificate",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("user_id", "kind", name="uq_staff_certificate"),
    )
    op.create_index("ix_staff_certificate_org_id", "staff_certificate", ["org_id"])
    _owned(
        "case_staff",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("case_id", "user_id", "role", name="uq_case_staff"),
    )
    op.create_index("ix_case_staff_org_id", "case_staff", ["org_id"])


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table)
