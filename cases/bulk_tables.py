"""The tables of documents that are made for many cases in one run."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


class BulkRun(SQLModel, table=True):
    """One kind of document for a list of cases; `chosen` tells in Chinese how the cases were chosen.

    Whoever works on it holds it: `holder` names the process, `held_until` is when another may take over.
    """

    __tablename__ = "bulk_run"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'done', 'cancelled')", name="ck_bulk_run_status"),
        Index("ix_bulk_run_status", "status", "held_until"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    kind: str
    chosen: str
    status: str = "running"
    total: int
    asked_by: int = Field(foreign_key="app_user.id")
    asked_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    holder: str = ""
    held_until: datetime
    flow_run_id: str = ""


class BulkItem(SQLModel, table=True):
    """One case of a run, and what came of it. `document_id` is set before the document is made."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'made', 'unchanged', 'failed', 'cancelled')", name="ck_bulk_item_status"
        ),
        UniqueConstraint("run_id", "case_id", name="uq_bulk_item_once"),
        Index("ix_bulk_item_run_status", "run_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="bulk_run.id")
    org_id: int = Field(foreign_key="organization.id")
    case_id: int = Field(foreign_key="conversion_case.id")
    status: str = "waiting"
    document_id: int | None = Field(default=None, foreign_key="document.id")
    reason: str = ""
    finished_at: datetime | None = None
