"""The table of review items: what a person must look at because two computations differ."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables it refers to


class ReviewItem(SQLModel, table=True):
    """Something that a person must look at: a date or an amount that two computations see differently.

    `subject` names what it is about (`deadline:12`); one open item stands per subject. `found` is the JSON of
    what differs.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'closed')", name="ck_status_known"),
        Index(
            "uq_review_item_open_subject",
            "org_id",
            "subject",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    kind: str
    subject: str
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")
    found: str = Field(sa_type=Text)
    status: str = "open"
    note: str = ""
    created_at: datetime
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="app_user.id")
