"""Enterprises: profiles, experts, pushes, evaluations, messages, key projects, and the portal's own accounts."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = (
    "company_profile",
    "expert",
    "patent_push",
    "evaluation",
    "enterprise_message",
    "key_project",
    "enterprise_account",
    "enterprise_session",
    "enterprise_mark",
    "patent_access",
    "enterprise_letter",
)


def upgrade() -> None:
    """Add the tables; companies keep what is known of them."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "company_profile",
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("classes", sa.Text(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("industries", sa.Text(), nullable=False),
        sa.Column("size", sa.String(), nullable=False),
        sa.Column("cultivation", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("updated_at", moment(), nullable=False),
        sa.CheckConstraint("cultivation IN ('', 'reserve', 'entered', 'added', 'left')", name="ck_company_profile_cultivation"),
        sa.CheckConstraint("size IN ('', 'large', 'medium', 'small', 'micro')", name="ck_company_profile_size"),
    )
    op.create_index("ix_company_profile_cultivation", "company_profile", ["org_id", "cultivation"])
    op.create_index("ix_company_profile_region", "company_profile", ["org_id", "region"])
    op.create_table(
        "expert",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("recommender", sa.String(), nullable=False),
        sa.Column("sharing", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.CheckConstraint("sharing IN ('own', 'city', 'province', 'nation')", name="ck_expert_sharing"),
        sa.UniqueConstraint("org_id", "name", "employer", name="uq_expert_name"),
    )
    op.create_index("ix_expert_active", "expert", ["org_id", "active", "name"])
    op.create_table(
        "patent_push",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("pushed_at", moment(), nullable=False),
        sa.Column("opened_at", moment(), nullable=True),
        sa.Column("evaluated_at", moment(), nullable=True),
    )
    op.create_index("ix_push_org", "patent_push", ["org_id", "pushed_at"])
    op.create_index("ix_push_pair", "patent_push", ["org_id", "company_id", "patent_id", "pushed_at"])
    op.create_index("ix_push_patent", "patent_push", ["patent_id", "pushed_at"])
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("evaluator", sa.String(), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=True),
        sa.Column("expert_id", sa.Integer(), sa.ForeignKey("expert.id"), nullable=True),
        sa.Column("push_id", sa.Integer(), sa.ForeignKey("patent_push.id"), nullable=True),
        sa.Column("prospect", sa.Integer(), nullable=False),
        sa.Column("prospect_text", sa.Text(), nullable=False),
        sa.Column("improvement", sa.Integer(), nullable=False),
        sa.Column("improvement_text", sa.Text(), nullable=False),
        sa.Column("cooperation", sa.Integer(), nullable=False),
        sa.Column("cooperation_text", sa.Text(), nullable=False),
        sa.Column("willing_to_talk", sa.Boolean(), nullable=False),
        sa.Column("contact_consent", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("conflict", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.CheckConstraint("(company_id IS NULL) <> (expert_id IS NULL)", name="ck_evaluation_by"),
        sa.CheckConstraint("evaluator IN ('enterprise', 'expert')", name="ck_evaluation_evaluator"),
        sa.CheckConstraint("status IN ('counted', 'set_aside')", name="ck_evaluation_status"),
        sa.UniqueConstraint("org_id", "key", name="uq_evaluation_key"),
    )
    op.create_index("ix_evaluation_company", "evaluation", ["company_id", "id"])
    op.create_index("ix_evaluation_expert", "evaluation", ["expert_id", "id"])
    op.create_index("ix_evaluation_flagged", "evaluation", ["org_id", "id"], sqlite_where=sa.text("flags <> '[]' AND reviewed_at IS NULL"), postgresql_where=sa.text("flags <> '[]' AND reviewed_at IS NULL"))
    op.create_index("ix_evaluation_org", "evaluation", ["org_id", "on", "id"])
    op.create_index("ix_evaluation_patent", "evaluation", ["patent_id", "id"])
    op.create_table(
        "enterprise_message",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), sa.ForeignKey("evaluation.id"), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("received_at", moment(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("seen_at", moment(), nullable=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=True),
        sa.CheckConstraint("kind IN ('evaluation', 'improvement', 'cooperation')", name="ck_enterprise_message_kind"),
        sa.CheckConstraint("status IN ('open', 'answered')", name="ck_enterprise_message_status"),
    )
    op.create_index("ix_enterprise_message_company", "enterprise_message", ["company_id", "id"])
    op.create_index("ix_enterprise_message_due", "enterprise_message", ["org_id", "status", "due"])
    op.create_index("ix_enterprise_message_evaluation", "enterprise_message", ["evaluation_id"])
    op.create_table(
        "key_project",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=False),
        sa.Column("chosen_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.UniqueConstraint("org_id", "patent_id", name="uq_key_project"),
    )
    op.create_table(
        "enterprise_account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", moment(), nullable=True),
        sa.Column("invite_hash", sa.String(), nullable=False),
        sa.Column("invite_until", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("last_sign_in", moment(), nullable=True),
        sa.UniqueConstraint("login"),
    )
    op.create_index("ix_enterprise_account_company", "enterprise_account", ["org_id", "company_id"])
    op.create_index("ix_enterprise_account_invite_hash", "enterprise_account", ["invite_hash"])
    op.create_table(
        "enterprise_session",
        sa.Column("token_hash", sa.String(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("enterprise_account.id"), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
    )
    op.create_index("ix_enterprise_session_account_id", "enterprise_session", ["account_id"])
    op.create_table(
        "enterprise_mark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("enterprise_account.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=True),
        sa.Column("industry", sa.String(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.CheckConstraint("(patent_id IS NULL) <> (industry = '')", name="ck_enterprise_mark_of"),
    )
    op.create_index("ix_enterprise_mark_org_id", "enterprise_mark", ["org_id"])
    op.create_index("uq_favorite", "enterprise_mark", ["company_id", "patent_id"], unique=True, sqlite_where=sa.text("patent_id IS NOT NULL"), postgresql_where=sa.text("patent_id IS NOT NULL"))
    op.create_index("uq_subscribed", "enterprise_mark", ["company_id", "industry"], unique=True, sqlite_where=sa.text("industry <> ''"), postgresql_where=sa.text("industry <> ''"))
    op.create_table(
        "patent_access",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("enterprise_account.id"), nullable=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", moment(), nullable=False),
    )
    op.create_index("ix_patent_access_company", "patent_access", ["company_id", "id"])
    op.create_index("ix_patent_access_org", "patent_access", ["org_id", "id"])
    op.create_table(
        "enterprise_letter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("company.id"), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("queued_at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.CheckConstraint("status IN ('queued', 'sent', 'failed')", name="ck_enterprise_letter_status"),
    )
    op.create_index("ix_enterprise_letter_company", "enterprise_letter", ["org_id", "company_id", "id"])


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.drop_table(name)

