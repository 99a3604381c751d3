"""Bureaus, who agreed to be seen by them, and their own lists."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ROLES = ("officer", "approver", "finance", "administrator", "readonly")
TABLES = (
    "bureau",
    "oversight",
    "data_access",
    "bureau_task",
    "bureau_contact",
    "bureau_district",
    "policy_entry",
)
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def _owned(name: str, *columns: sa.schema.SchemaItem) -> None:
    """Make a table whose rows belong to an organization."""
    org = sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False)
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), org, *columns)


def _let_be(roles: tuple[str, ...]) -> None:
    """Say which roles a user may have."""
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("app_user") as batch:
        batch.drop_constraint("ck_role_known", type_="check")
        batch.create_check_constraint("ck_role_known", f"role IN ({listed})")


def upgrade() -> None:
    """Add the tables and the role of their people."""
    _let_be((*ROLES, "supervisor"))
    _owned(
        "bureau",
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", name="None"),
    )
    _owned(
        "oversight",
        sa.Column("bureau_id", sa.Integer(), sa.ForeignKey("bureau.id"), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("agreed_at", MOMENT(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT(), nullable=True),
    )
    op.create_index("ix_oversight_bureau", "oversight", ["bureau_id", "ended_at"])
    op.create_index("ix_oversight_org_id", "oversight", ["org_id"])
    _owned(
        "data_access",
        sa.Column("bureau_id", sa.Integer(), sa.ForeignKey("bureau.id"), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
    )
    op.create_index("ix_data_access_org", "data_access", ["org_id", "id"])
    _owned(
        "bureau_task",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_note", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
    )
    op.create_index("ix_bureau_task_due", "bureau_task", ["org_id", "status", "due_on"])
    _owned(
        "bureau_contact",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "unit", name="uq_bureau_contact"),
    )
    op.create_index("ix_bureau_contact_org_id", "bureau_contact", ["org_id"])
    _owned(
        "bureau_district",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "name", name="uq_bureau_district"),
    )
    op.create_index("ix_bureau_district_org_id", "bureau_district", ["org_id"])
    _owned(
        "policy_entry",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.UniqueConstraint("org_id", "title", name="uq_policy_entry"),
    )
    op.create_index("ix_policy_entry_org_id", "policy_entry", ["org_id"])


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("UPDATE app_user SET role = 'readonly', active = FALSE WHERE role = 'supervisor'")
    _let_be(ROLES)
