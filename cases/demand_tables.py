"""The tables of demands: what companies look for, what became of it, and what officers decided on each match."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to

# Where a demand stands, and what an officer said of a patent for it: in both languages.
STATUS = {
    "new": ("待答复", "To be answered"),
    "answered": ("已答复", "Answered"),
    "matched": ("已匹配", "Matched"),
    "closed": ("已关闭", "Closed"),
}
DECISION = {"accepted": ("采纳", "Accepted"), "rejected": ("不采纳", "Rejected")}


class Demand(SQLModel, table=True):
    """What a company looks for 需求.

    `industries` and `modes` are JSON lists of codes; `budget_fen` is empty if the company named none. `due_on` is the
    day by which it is to be answered. `source` says where it came from, `row_key` the row of a sheet that it was
    imported from, so that a second import finds it.
    """

    __tablename__ = "demand"
    __table_args__ = (
        UniqueConstraint("org_id", "number", name="uq_demand_org_number"),
        CheckConstraint("status IN ('new', 'answered', 'matched', 'closed')", name="ck_demand_status"),
        Index("ix_demand_org_status_due", "org_id", "status", "due_on"),
        Index("ix_demand_org_company", "org_id", "company_id"),
        Index(
            "uq_demand_org_row_key",
            "org_id",
            "row_key",
            unique=True,
            sqlite_where=text("row_key <> ''"),
            postgresql_where=text("row_key <> ''"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    number: str
    company_id: int = Field(foreign_key="company.id", index=True)
    title: str
    text: str = Field(default="", sa_type=Text)
    industries: str = Field(default="[]", sa_type=Text)
    region: str = ""
    budget_fen: int | None = Field(default=None, sa_type=BigInteger)
    cooperation: str = ""
    modes: str = Field(default="[]", sa_type=Text)
    received_on: date
    due_on: date
    owner_id: int = Field(foreign_key="app_user.id", index=True)
    status: str = "new"
    source: str = ""
    row_key: str = ""
    content_hash: str
    created_at: datetime
    updated_at: datetime


class DemandStep(SQLModel, table=True):
    """One change of where a demand stands, with the reason and who made it."""

    __tablename__ = "demand_step"
    __table_args__ = (Index("ix_demand_step_demand", "demand_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    demand_id: int = Field(foreign_key="demand.id")
    status: str
    reason: str = Field(default="", sa_type=Text)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    at: datetime


class DemandMatch(SQLModel, table=True):
    """What an officer decided on a patent for a demand, with the reasons that the list showed then.

    One row per demand and patent: a new decision takes the place of the old one, which the trail keeps. `case_id` is
    the case that came of it.
    """

    __tablename__ = "demand_match"
    __table_args__ = (
        UniqueConstraint("demand_id", "patent_id", name="uq_demand_match_pair"),
        CheckConstraint("decision IN ('accepted', 'rejected')", name="ck_demand_match_decision"),
        Index("ix_demand_match_org_decision", "org_id", "decision", "patent_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    demand_id: int = Field(foreign_key="demand.id")
    patent_id: int = Field(foreign_key="patent.id", index=True)
    decision: str
    reason: str = Field(default="", sa_type=Text)
    score: int = 0
    shown: str = Field(default="[]", sa_type=Text)
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id", index=True)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    at: datetime
