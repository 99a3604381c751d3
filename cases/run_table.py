"""The table of flow runs: the record's own ledger of what was done in the background."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


class FlowRun(SQLModel, table=True):
    """One run of a flow: of one outbox row, of many, or of a schedule.

    `id` is Prefect's id of the run, or one of our own where Prefect took no part. Whoever runs it says until when it is
    surely alive; a run that is past `alive_until` and not ended is lost. `error` is for officers, `detail` the raw text
    for administrators. `outbox_id` names the row of a run for one row; it is no reference, because done rows are pruned.
    """

    __tablename__ = "flow_run"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed', 'lost')", name="ck_flow_run_state"),
        Index("ix_flow_run_case", "case_id", "started_at"),
        Index("ix_flow_run_org", "org_id", "started_at"),
        Index("ix_flow_run_started", "started_at"),
        Index(
            "ix_flow_run_running",
            "alive_until",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: str = Field(primary_key=True)
    org_id: int | None = Field(default=None, foreign_key="organization.id")
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")
    outbox_id: int | None = Field(default=None, index=True)
    flow: str
    subject: str = Field(default="", sa_type=Text)
    state: str = "running"
    done: int = 0
    total: int = 0
    attempts: int = 1
    result: str = Field(default="", sa_type=Text)
    error: str = Field(default="", sa_type=Text)
    detail: str = Field(default="", sa_type=Text)
    host: str = ""
    started_at: datetime
    alive_until: datetime
    finished_at: datetime | None = None
