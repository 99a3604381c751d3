"""Rule packs per institution, annual-fee data per patent, warning dates, review items."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = "'statutory', 'internal', 'expected', 'contract'"


def upgrade() -> None:
    """Add the columns, the table and the kind."""
    with op.batch_alter_table("organization") as batch:
        batch.add_column(sa.Column("rule_layers", sa.Text(), nullable=False, server_default="national,house"))
    with op.batch_alter_table("patent") as batch:
        batch.add_column(sa.Column("fee_reduction", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("fee_paid_year", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("fee_payer", sa.String(), nullable=False, server_default=""))
    _kinds(f"{KINDS}, 'warning'")
    op.create_table(
        "review_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("conversion_case.id"), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name="ck_status_known"),
    )
    op.create_index("ix_review_item_org_id", "review_item", ["org_id"])
    op.create_index(
        "uq_review_item_open_subject", "review_item", ["org_id", "subject"], unique=True,
        sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away; dates of the new kind go with it."""
    op.drop_table("review_item")
    op.execute("DELETE FROM deadline WHERE kind = 'warning'")
    _kinds(KINDS)
    with op.batch_alter_table("patent") as batch:
        for column in ("fee_payer", "fee_paid_year", "fee_reduction"):
            batch.drop_column(column)
    with op.batch_alter_table("organization") as batch:
        batch.drop_column("rule_layers")


def _kinds(listed: str) -> None:
    with op.batch_alter_table("deadline") as batch:
        batch.drop_constraint("ck_kind_known", type_="check")
        batch.create_check_constraint("ck_kind_known", f"kind IN ({listed})")
