"""Tables of what an institution thinks of its patents: the profile of each, its history, and the pools it lies in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to

POOLS = ("institution", "national", "provincial", "city")
STANDINGS = ("recommended", "entered", "left")


def _one_of(table: str, column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{table}_{column}")


class PatentProfile(SQLModel, table=True):
    """How a patent is graded and what is to become of it. Only `cases.profiles` writes it.

    A patent without a row has an empty profile. `industry` and `willingness` are JSON lists of codes, the scores are
    0 to 100. `in_pool` says whether it lies in the institution's own conversion pool.
    """

    __tablename__ = "patent_profile"
    __table_args__ = (
        Index(
            "ix_patent_profile_review",
            "org_id",
            "review_on",
            sqlite_where=text("review_on IS NOT NULL"),
            postgresql_where=text("review_on IS NOT NULL"),
        ),
    )

    patent_id: int = Field(foreign_key="patent.id", primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    grade: str = ""
    patent_class: str = ""
    industry: str = Field(default="[]", sa_type=Text)
    maturity: str = ""
    prospect: str = ""
    scenario: str = Field(default="", sa_type=Text)
    willingness: str = Field(default="[]", sa_type=Text)
    implementation: str = ""
    self_score: int | None = None
    central_score: int | None = None
    enterprise_score: int | None = None
    in_pool: bool = False
    key_project: bool = False
    funded: bool | None = None
    review_on: date | None = None
    disposal: str = ""
    updated_at: datetime


class ProfileChange(SQLModel, table=True):
    """One field of a profile that changed: from what to what, why, and where the change came from."""

    __tablename__ = "profile_change"
    __table_args__ = (
        Index("ix_profile_change_patent", "patent_id", "id"),
        Index("ix_profile_change_org_field", "org_id", "field", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    patent_id: int = Field(foreign_key="patent.id")
    field: str
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    source: str
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    at: datetime


class PoolEntry(SQLModel, table=True):
    """A patent's standing in one pool since a day; the row before it stays, no longer `current`."""

    __tablename__ = "pool_entry"
    __table_args__ = (
        _one_of("pool_entry", "pool", POOLS),
        _one_of("pool_entry", "status", STANDINGS),
        Index(
            "uq_pool_entry_current",
            "patent_id",
            "pool",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        Index(
            "ix_pool_entry_org_pool",
            "org_id",
            "pool",
            "status",
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        Index("ix_pool_entry_org_on", "org_id", "pool", "on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    patent_id: int = Field(foreign_key="patent.id", index=True)
    pool: str
    status: str
    on: date
    reason: str = Field(default="", sa_type=Text)
    current: bool = True
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    at: datetime
