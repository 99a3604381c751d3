"""The table of nightly checks: one row for each night and step, kept so that the desk can show the last nights."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class NightlyStep(SQLModel, table=True):
    """What one step of one night did. A step that runs again on the same day replaces its row.

    `report` is the JSON of `cases.nightly.StepReport`; `error` says in Chinese why the step failed, `detail` is the
    raw text behind it. `host` names the process that runs it, so that another one takes over when it is gone.
    """

    __tablename__ = "nightly_step"
    __table_args__ = (
        UniqueConstraint("on", "step", name="uq_nightly_step_once"),
        CheckConstraint("state IN ('running', 'done', 'failed')", name="ck_nightly_step_state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    on: date
    step: str
    state: str = "running"
    report: str = Field(default="{}", sa_type=Text)
    error: str = ""
    detail: str = Field(default="", sa_type=Text)
    host: str = ""
    started_at: datetime
    finished_at: datetime | None = None
