"""The table of reports: what an institution told others, or counted for itself, frozen as it was made."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to

# What has become of a version, and what came of a case when its batch was confirmed: in both languages.
STATUS = {
    "current": ("当前版本", "Current"),
    "superseded": ("已被代替", "Superseded"),
    "submitted": ("已提交", "Submitted"),
}
ANSWER = {
    "recorded": ("已登记平台反馈", "feedback recorded"),
    "already": ("此前已登记", "recorded before"),
    "refused": ("未登记", "not recorded"),
}


class Report(SQLModel, table=True):
    """One version of a report on a period; its workbook lies in the file store under `sha256`.

    `content` is what the workbook was written from, as canonical JSON, and `content_hash` its hash: the same data make
    no new version. `changes` tells how it differs from the version before. A feedback batch is `submitted` once an
    officer has said so; `answers` holds what came of each of its cases.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("org_id", "kind", "period", "version", name="uq_report_version"),
        CheckConstraint("kind IN ('feedback', 'monthly', 'yearly', 'indicators')", name="ck_report_kind"),
        CheckConstraint("status IN ('current', 'superseded', 'submitted')", name="ck_report_status"),
        Index("ix_report_org_kind", "org_id", "kind", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    kind: str
    period: str
    version: int
    status: str = "current"
    content: str = Field(sa_type=Text)
    content_hash: str
    changes: str = Field(default="[]", sa_type=Text)
    sha256: str
    size: int
    rows: int
    made_by: str
    made_at: datetime
    flow_run_id: str = ""
    submitted_on: date | None = None
    reference: str = ""
    submitted_by: str = ""
    submitted_at: datetime | None = None
    answers: str = Field(default="[]", sa_type=Text)
