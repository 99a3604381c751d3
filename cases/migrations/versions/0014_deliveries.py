"""How each message was delivered, who wants what, group robots, addresses that bounce, and secrets."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.String(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("queued_at", MOMENT(), nullable=False),
        sa.Column("handed_at", MOMENT(), nullable=True),
        sa.Column("sent_at", MOMENT(), nullable=True),
        sa.Column("ended_at", MOMENT(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'sent', 'failed', 'bounced', 'skipped')", name="ck_delivery_status"
        ),
        sa.UniqueConstraint("message_id", "channel", "user_id", name="uq_delivery_person"),
    )
    group = sa.text("user_id IS NULL")
    op.create_index(
        "uq_delivery_group", "delivery", ["message_id", "channel"], unique=True,
        sqlite_where=group, postgresql_where=group,
    )  # fmt: skip
    op.create_index("ix_delivery_slot", "delivery", ["slot"])
    op.create_index("ix_delivery_user", "delivery", ["user_id", "id"])
    op.create_index("ix_delivery_org_channel", "delivery", ["org_id", "channel", "status", "id"])
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("changed_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("user_id", "kind", "channel", name="uq_subscription_once"),
        sa.CheckConstraint("mode IN ('now', 'daily', 'off')", name="ck_subscription_mode"),
    )
    op.create_index("ix_subscription_org_id", "subscription", ["org_id"])
    op.create_table(
        "robot",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.CheckConstraint(
            "platform IN ('wecom', 'dingtalk', 'feishu', 'webhook')", name="ck_robot_platform"
        ),
    )
    op.create_index("ix_robot_org_id", "robot", ["org_id"])
    op.create_table(
        "mail_address",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bounced_at", MOMENT(), nullable=False),
        sa.Column("unusable_since", MOMENT(), nullable=True),
    )
    op.create_index("ix_mail_address_org_id", "mail_address", ["org_id"])
    op.create_table(
        "secret",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("secret", "mail_address", "robot", "subscription", "delivery"):
        op.drop_table(table)
