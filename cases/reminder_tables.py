"""The ledger of reminders, and how far the sweep of an organization has come."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables it refers to

# A `next_on` that has come on any day: the next sweep looks at the deadline.
AT_ONCE = date(2000, 1, 1)


class Reminder(SQLModel, table=True):
    """Proof that a person was reminded of a deadline's rung on a channel; once, whatever reruns.

    `rung` is the distance to the due date, negative when overdue. A rung that was passed while nothing ran bears in
    `covered_by` the tighter one that was told in its place; both rows name the same message.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("deadline_id", "rung", "channel", "user_id", name="uq_reminder_once"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    deadline_id: int = Field(foreign_key="deadline.id", index=True)
    rung: int
    covered_by: int | None = None
    channel: str
    user_id: int = Field(foreign_key="app_user.id")
    on: date
    message_id: int | None = Field(default=None, index=True)
    created_at: datetime


class ReminderSweep(SQLModel, table=True):
    """How far the sweep of an organization has come, and by which ladders its open deadlines were laid out.

    `last_on` is the last day whose sweep came to its end; `ladders` a hash of the reminder ladders of the rule packs.
    """

    __tablename__ = "reminder_sweep"

    org_id: int = Field(primary_key=True, foreign_key="organization.id")
    last_on: date | None = None
    ladders: str = ""
