"""Stocktaking: campaigns, items, inventors and their links, scores of a panel, samples, history."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TABLES = (
    "inventor",
    "college_reviewer",
    "stocktake",
    "stocktake_item",
    "stocktake_event",
    "panel_score",
    "rating_link",
    "quality_sample",
    "sample_item",
)


def upgrade() -> None:
    """Add the tables."""
    _inventor()
    _college_reviewer()
    _stocktake()
    _stocktake_item()
    _stocktake_event()
    _panel_score()
    _rating_link()
    _quality_sample()
    _sample_item()


def _inventor() -> None:
    op.create_table(
        "inventor",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("college", sa.String(), nullable=False),
        sa.Column("staff_no", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "name", "college", "staff_no", name="uq_inventor_person"),
    )
    op.create_index("ix_inventor_org_name", "inventor", ["org_id", "name"])


def _college_reviewer() -> None:
    op.create_table(
        "college_reviewer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("college", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.UniqueConstraint("org_id", "college", "user_id", name="uq_college_reviewer"),
    )


def _stocktake() -> None:
    op.create_table(
        "stocktake",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("scores_wanted", sa.Integer(), nullable=False),
        sa.Column("rolling", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("looked_until", MOMENT(), nullable=True),
        sa.Column("created_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("closed_at", MOMENT(), nullable=True),
        sa.CheckConstraint("status IN ('filling', 'open', 'closed')", name="ck_stocktake_status"),
    )
    op.create_index("ix_stocktake_org_status", "stocktake", ["org_id", "status", "id"])


def _stocktake_item() -> None:
    op.create_table(
        "stocktake_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), sa.ForeignKey("stocktake.id"), nullable=False),
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False),
        sa.Column("college", sa.String(), nullable=False),
        sa.Column("inventor", sa.String(), nullable=False),
        sa.Column("inventor_id", sa.Integer(), sa.ForeignKey("inventor.id"), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("central_score", sa.Integer(), nullable=True),
        sa.Column("disposal", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rated_at", MOMENT(), nullable=True),
        sa.Column("decided_at", MOMENT(), nullable=True),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'returned', 'rated', 'passed', 'reviewed', 'pooled', 'disposed', 'left_out')",
            name="ck_stocktake_item_state",
        ),
        sa.UniqueConstraint("stocktake_id", "patent_id", name="uq_stocktake_item_once"),
    )
    op.create_index("ix_stocktake_item_college", "stocktake_item", ["stocktake_id", "college", "state", "id"])
    op.create_index("ix_stocktake_item_inventor", "stocktake_item", ["stocktake_id", "inventor_id", "state"])
    op.create_index("ix_stocktake_item_list", "stocktake_item", ["stocktake_id", "state", "priority", "id"])
    op.create_index("ix_stocktake_item_order", "stocktake_item", ["stocktake_id", "priority", "id"])
    op.create_index("ix_stocktake_item_patent", "stocktake_item", ["org_id", "patent_id", "rated_at"])
    op.create_index("ix_stocktake_item_patent_id", "stocktake_item", ["patent_id"])


def _stocktake_event() -> None:
    op.create_table(
        "stocktake_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("stocktake_item.id"), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("at", MOMENT(), nullable=False),
    )
    op.create_index("ix_stocktake_event_item", "stocktake_event", ["item_id", "id"])
    op.create_index("ix_stocktake_event_org_id", "stocktake_event", ["org_id"])


def _panel_score() -> None:
    op.create_table(
        "panel_score",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("stocktake_item.id"), nullable=False),
        sa.Column("rater_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        sa.UniqueConstraint("item_id", "rater_id", name="uq_panel_score_once"),
    )
    op.create_index("ix_panel_score_org_id", "panel_score", ["org_id"])


def _rating_link() -> None:
    op.create_table(
        "rating_link",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), sa.ForeignKey("stocktake.id"), nullable=False),
        sa.Column("inventor_id", sa.Integer(), sa.ForeignKey("inventor.id"), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT(), nullable=False),
        sa.Column("mailed_at", MOMENT(), nullable=True),
        sa.Column("mail_error", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT(), nullable=True),
        sa.Column("consented_at", MOMENT(), nullable=True),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT(), nullable=True),
        sa.UniqueConstraint("secret_hash", name="uq_rating_link_secret"),
    )
    op.create_index("ix_rating_link_org_id", "rating_link", ["org_id"])
    op.create_index(
        "uq_rating_link_current",
        "rating_link",
        ["stocktake_id", "inventor_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _quality_sample() -> None:
    op.create_table(
        "quality_sample",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), sa.ForeignKey("stocktake.id"), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("drawn_at", MOMENT(), nullable=False),
    )
    op.create_index("ix_quality_sample_org_id", "quality_sample", ["org_id"])
    op.create_index("ix_quality_sample_stocktake_id", "quality_sample", ["stocktake_id"])


def _sample_item() -> None:
    op.create_table(
        "sample_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("sample_id", sa.Integer(), sa.ForeignKey("quality_sample.id"), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("stocktake_item.id"), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("rated_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("rated_at", MOMENT(), nullable=True),
        sa.UniqueConstraint("sample_id", "item_id", name="uq_sample_item_once"),
    )
    op.create_index("ix_sample_item_org_id", "sample_item", ["org_id"])


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.drop_table(name)
