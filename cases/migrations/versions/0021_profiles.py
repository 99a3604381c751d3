"""The profile of each patent with its history, and the pools it lies in."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REVIEWED = sa.text("review_on IS NOT NULL")
CURRENT = sa.text("current")


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.String(), nullable=False) for name in names)


def _long(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _patent() -> sa.Column[int]:
    return sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), nullable=False)


def _organization() -> sa.Column[int]:
    return sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False)


def _user() -> sa.Column[int]:
    return sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id"), nullable=True)


def upgrade() -> None:
    """Add the three tables; every patent begins with an empty profile, which needs no row."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "patent_profile",
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), primary_key=True),
        _organization(),
        *_texts("grade", "patent_class", "maturity", "prospect", "implementation", "disposal"),
        *_long("industry", "scenario", "willingness"),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("self_score", "central_score", "enterprise_score")
        ),
        sa.Column("in_pool", sa.Boolean(), nullable=False),
        sa.Column("key_project", sa.Boolean(), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("updated_at", moment(), nullable=False),
    )
    op.create_index("ix_patent_profile_org_id", "patent_profile", ["org_id"])
    op.create_index(
        "ix_patent_profile_review",
        "patent_profile",
        ["org_id", "review_on"],
        sqlite_where=REVIEWED,
        postgresql_where=REVIEWED,
    )
    op.create_table(
        "profile_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        _organization(),
        _patent(),
        *_texts("field", "source"),
        *_long("before", "after", "why"),
        _user(),
        sa.Column("at", moment(), nullable=False),
    )
    op.create_index("ix_profile_change_patent", "profile_change", ["patent_id", "id"])
    op.create_index("ix_profile_change_org_field", "profile_change", ["org_id", "field", "at"])
    op.create_table(
        "pool_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        _organization(),
        _patent(),
        *_texts("pool", "status"),
        sa.Column("on", sa.Date(), nullable=False),
        *_long("reason"),
        sa.Column("current", sa.Boolean(), nullable=False),
        _user(),
        sa.Column("at", moment(), nullable=False),
        sa.CheckConstraint(
            "pool IN ('institution', 'national', 'provincial', 'city')", name="ck_pool_entry_pool"
        ),
        sa.CheckConstraint("status IN ('recommended', 'entered', 'left')", name="ck_pool_entry_status"),
    )
    op.create_index(
        "uq_pool_entry_current",
        "pool_entry",
        ["patent_id", "pool"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index(
        "ix_pool_entry_org_pool",
        "pool_entry",
        ["org_id", "pool", "status"],
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index("ix_pool_entry_org_on", "pool_entry", ["org_id", "pool", "on"])
    op.create_index("ix_pool_entry_patent_id", "pool_entry", ["patent_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("pool_entry", "profile_change", "patent_profile"):
        op.drop_table(table)
