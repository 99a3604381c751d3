"""What is fed back to the national platform besides the labels of cases, and what the platform says of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

OUTCOMES = {"accepted": ("已采纳", "accepted"), "returned": ("已退回", "returned")}


class LabelRecord(SQLModel, table=True):
    """A platform label that a patent earned outside the cases of this product, recorded by hand with its evidence.

    `reported_on` is empty while the platform has not been told. A wrong record is withdrawn, never deleted.
    """

    __tablename__ = "label_record"
    __table_args__ = (
        UniqueConstraint("org_id", "patent_id", "label", "on", "party", name="uq_label_record"),
        Index("ix_label_record_patent", "org_id", "patent_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    patent_id: int = Field(foreign_key="patent.id", index=True)
    label: str
    on: date
    party: str = ""
    party_uscc: str = ""
    contract_no: str = ""
    evidence: str = Field(sa_type=Text)
    source: str = ""
    due: date | None = None
    reported_on: date | None = None
    reference: str = ""
    made_by: str
    created_at: datetime


class LabelWithdrawal(SQLModel, table=True):
    """Why a label does not hold any more: of a case (`label_event_id`) or recorded by hand (`label_record_id`)."""

    __tablename__ = "label_withdrawal"
    __table_args__ = (
        CheckConstraint(
            "(label_event_id IS NULL) <> (label_record_id IS NULL)", name="ck_label_withdrawal_one"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    label_event_id: int | None = Field(default=None, foreign_key="label_event.id", unique=True)
    label_record_id: int | None = Field(default=None, foreign_key="label_record.id", unique=True)
    why: str = Field(sa_type=Text)
    made_by: str
    at: datetime


class PlatformAnswer(SQLModel, table=True):
    """One answer of the platform to a label that was fed back: accepted with its number, or returned with a reason."""

    __tablename__ = "platform_answer"
    __table_args__ = (
        CheckConstraint("outcome IN ('accepted', 'returned')", name="ck_platform_answer_outcome"),
        UniqueConstraint("org_id", "patent_id", "label", "outcome", "answered_on", name="uq_platform_answer"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    patent_id: int = Field(foreign_key="patent.id", index=True)
    label: str
    outcome: str
    answered_on: date
    number: str = ""
    reason: str = Field(default="", sa_type=Text)
    source: str = ""
    created_at: datetime


class PlatformEntry(SQLModel, table=True):
    """What the platform shows of a patent, by the last list taken from it that holds the patent (`source`)."""

    __tablename__ = "platform_entry"
    __table_args__ = (UniqueConstraint("org_id", "patent_id", "label", name="uq_platform_entry"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    patent_id: int = Field(foreign_key="patent.id", index=True)
    label: str
    on: date | None = None
    party: str = ""
    number: str = ""
    source: str = ""
    seen_at: datetime
