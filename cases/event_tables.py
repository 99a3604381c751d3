"""Tables of what is done to bring patents to companies: events, what was shown there, who came, and what came of it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


class PromotionEvent(SQLModel, table=True):
    """A roadshow, training or other event, by day and district; `campaign` is one that the papers name."""

    __tablename__ = "promotion_event"
    __table_args__ = (
        UniqueConstraint("org_id", "held_on", "name", name="uq_promotion_event"),
        Index("ix_promotion_event_district", "org_id", "district", "held_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    name: str
    kind: str
    campaign: str = ""
    theme: str = ""
    organizer: str = ""
    district: str = ""
    place: str = ""
    held_on: date
    status: str = "planned"
    result: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime


class EventPatent(SQLModel, table=True):
    """A patent that an event promotes."""

    __tablename__ = "event_patent"
    __table_args__ = (
        UniqueConstraint("event_id", "patent_id", name="uq_event_patent"),
        Index("ix_event_patent_patent", "org_id", "patent_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    event_id: int = Field(foreign_key="promotion_event.id")
    patent_id: int = Field(foreign_key="patent.id")
    created_at: datetime


class EventParticipant(SQLModel, table=True):
    """A company at an event; `company_id` once it stands in the register of companies."""

    __tablename__ = "event_participant"
    __table_args__ = (
        UniqueConstraint("event_id", "company_name", name="uq_event_participant"),
        Index("ix_event_participant_org", "org_id", "event_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    event_id: int = Field(foreign_key="promotion_event.id")
    company_id: int | None = Field(default=None, foreign_key="company.id")
    company_name: str
    people: int | None = None
    feedback: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime


class PromotionLead(SQLModel, table=True):
    """A company's interest in a patent, or a need of it, with who follows it up and what came of it."""

    __tablename__ = "promotion_lead"
    __table_args__ = (
        Index("ix_promotion_lead_status", "org_id", "status", "due_on"),
        Index("ix_promotion_lead_event", "org_id", "event_id"),
        Index("ix_promotion_lead_patent", "org_id", "patent_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    event_id: int | None = Field(default=None, foreign_key="promotion_event.id")
    campaign: str = ""
    company_id: int | None = Field(default=None, foreign_key="company.id")
    company_name: str
    patent_id: int | None = Field(default=None, foreign_key="patent.id")
    need: str = Field(default="", sa_type=Text)
    owner_id: int | None = Field(default=None, foreign_key="app_user.id")
    next_step: str = ""
    due_on: date | None = None
    status: str = "contact"
    result: str = Field(default="", sa_type=Text)
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")
    created_at: datetime
    updated_at: datetime


class ServiceProvider(SQLModel, table=True):
    """Somebody who offers what a patent needs beside a buyer: money, insurance, a valuation, a pilot plant."""

    __tablename__ = "service_provider"
    __table_args__ = (UniqueConstraint("org_id", "name", name="uq_service_provider"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    name: str
    kinds: str = Field(default="[]", sa_type=Text)
    region: str = ""
    contact: str = ""
    phone: str = ""
    note: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime


class ResourceOffer(SQLModel, table=True):
    """A service or resource for one patent, from one provider, with its fee and what came of it."""

    __tablename__ = "resource_offer"
    __table_args__ = (Index("ix_resource_offer_patent", "org_id", "patent_id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    patent_id: int = Field(foreign_key="patent.id")
    provider_id: int = Field(foreign_key="service_provider.id")
    kind: str
    status: str = "offered"
    offered_on: date
    fee_fen: int | None = Field(default=None, sa_type=BigInteger)
    result: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime


class MaturationStep(SQLModel, table=True):
    """A step that makes a patent ready for a deal: concept verification, pilot test, prototype and the like."""

    __tablename__ = "maturation_step"
    __table_args__ = (Index("ix_maturation_step_patent", "org_id", "patent_id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    patent_id: int = Field(foreign_key="patent.id")
    kind: str
    provider_id: int | None = Field(default=None, foreign_key="service_provider.id")
    started_on: date
    ended_on: date | None = None
    status: str = "running"
    cost_fen: int | None = Field(default=None, sa_type=BigInteger)
    result: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime


class PromotionPosting(SQLModel, table=True):
    """Where the promotion text of an event was published, by channel."""

    __tablename__ = "promotion_posting"
    __table_args__ = (Index("ix_promotion_posting_event", "org_id", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    event_id: int = Field(foreign_key="promotion_event.id")
    channel: str
    posted_on: date
    address: str = ""
    created_at: datetime
    updated_at: datetime


class TypicalCase(SQLModel, table=True):
    """A case marked as typical, with what others can learn from it."""

    __tablename__ = "typical_case"
    __table_args__ = (UniqueConstraint("case_id", name="uq_typical_case"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    case_id: int = Field(foreign_key="conversion_case.id")
    title: str
    pattern: str = ""
    background: str = Field(default="", sa_type=Text)
    practice: str = Field(default="", sa_type=Text)
    outcome: str = Field(default="", sa_type=Text)
    marked_on: date
    created_at: datetime
    updated_at: datetime


class StaffCertificate(SQLModel, table=True):
    """A qualification of somebody who converts patents."""

    __tablename__ = "staff_certificate"
    __table_args__ = (UniqueConstraint("user_id", "kind", name="uq_staff_certificate"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    user_id: int = Field(foreign_key="app_user.id")
    kind: str
    number: str = ""
    issued_on: date | None = None
    created_at: datetime
    updated_at: datetime


class CaseStaff(SQLModel, table=True):
    """Who serves on a case beside the officer, and as what."""

    __tablename__ = "case_staff"
    __table_args__ = (UniqueConstraint("case_id", "user_id", "role", name="uq_case_staff"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    case_id: int = Field(foreign_key="conversion_case.id")
    user_id: int = Field(foreign_key="app_user.id")
    role: str
    created_at: datetime
    updated_at: datetime
