"""Tables of supervision: bureaus, the institutions that agreed, who took which figures for what, and a bureau's own lists."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


class Bureau(SQLModel, table=True):
    """An organization that is no institution but supervises some, such as the IP office of a city."""

    __tablename__ = "bureau"

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", unique=True)
    created_at: datetime


class Oversight(SQLModel, table=True):
    """An institution (`org_id`) lets a bureau see its figures, until it ends that."""

    __tablename__ = "oversight"
    __table_args__ = (Index("ix_oversight_bureau", "bureau_id", "ended_at"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    bureau_id: int = Field(foreign_key="bureau.id")
    agreed_by: str
    agreed_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None


class DataAccess(SQLModel, table=True):
    """A bureau took an institution's (`org_id`) figures along: who, which, and for what purpose."""

    __tablename__ = "data_access"
    __table_args__ = (Index("ix_data_access_org", "org_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    bureau_id: int = Field(foreign_key="bureau.id")
    login: str
    what: str
    purpose: str = Field(sa_type=Text)
    at: datetime


class BureauTask(SQLModel, table=True):
    """A row of a plan's table of tasks: what, whose, by when, and how far it is."""

    __tablename__ = "bureau_task"
    __table_args__ = (Index("ix_bureau_task_due", "org_id", "status", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    area: str
    content: str = Field(sa_type=Text)
    duty: str = Field(default="", sa_type=Text)
    unit: str = Field(default="", sa_type=Text)
    due_on: date | None = None
    due_note: str = ""
    status: str = "open"
    progress: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime


class BureauContact(SQLModel, table=True):
    """Who is in charge and who is to be called at a unit, as the unit reported it."""

    __tablename__ = "bureau_contact"
    __table_args__ = (UniqueConstraint("org_id", "unit", name="uq_bureau_contact"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    unit: str
    district: str = ""
    leader: str = ""
    contact: str = ""
    phone: str = ""
    created_at: datetime
    updated_at: datetime


class BureauDistrict(SQLModel, table=True):
    """A district of the city, in which events have to be held every year."""

    __tablename__ = "bureau_district"
    __table_args__ = (UniqueConstraint("org_id", "name", name="uq_bureau_district"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    name: str
    unit: str = ""
    created_at: datetime
    updated_at: datetime


class PolicyEntry(SQLModel, table=True):
    """A rule or measure of a bureau, of one of three types, with the years in which it holds."""

    __tablename__ = "policy_entry"
    __table_args__ = (UniqueConstraint("org_id", "title", name="uq_policy_entry"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    title: str
    kind: str
    issuer: str = ""
    number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    summary: str = Field(default="", sa_type=Text)
    created_at: datetime
    updated_at: datetime
