"""The tables of approvals: who sits for which body of the institution, and who deputizes for whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


class ApprovalSeat(SQLModel, table=True):
    """A person who decides for a body. `body` is the id that the house pack gives it."""

    __tablename__ = "approval_seat"
    __table_args__ = (UniqueConstraint("org_id", "body", "user_id", name="uq_approval_seat_person"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    body: str
    user_id: int = Field(foreign_key="app_user.id")
    created_at: datetime


class ApprovalDeputy(SQLModel, table=True):
    """Somebody who decides in a person's place, from the first to the last day, and why."""

    __tablename__ = "approval_deputy"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="ck_approval_deputy_days"),
        CheckConstraint("user_id <> deputy_id", name="ck_approval_deputy_other"),
        Index("ix_approval_deputy_org_last", "org_id", "last_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    user_id: int = Field(foreign_key="app_user.id")
    deputy_id: int = Field(foreign_key="app_user.id")
    first_day: date
    last_day: date
    reason: str
    created_at: datetime
