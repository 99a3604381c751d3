"""The tables of enterprises: who they are beyond a contract, what was pushed to them, what they said, and their own accounts.

An account of the portal is no user: it has a table, sessions and a cookie of its own, so that no page of the desk can
take it for a colleague (docs/adr).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


def _one_of(table: str, column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{table}_{column}")


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class CompanyProfile(SQLModel, table=True):
    """What is known of a company beyond its contracts.

    `classes` and `industries` are JSON lists of codes (see `cases.enterprise_codes`); `cultivation` is where it stands
    in the cultivation store of model enterprises; `confirmed_on` the day on which somebody last checked all this.
    """

    __tablename__ = "company_profile"
    __table_args__ = (
        _one_of("company_profile", "cultivation", ("", "reserve", "entered", "added", "left")),
        _one_of("company_profile", "size", ("", "large", "medium", "small", "micro")),
        Index("ix_company_profile_region", "org_id", "region"),
        Index("ix_company_profile_cultivation", "org_id", "cultivation"),
    )

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    org_id: int = Field(foreign_key="organization.id")
    classes: str = Field(default="[]", sa_type=Text)
    region: str = ""
    industries: str = Field(default="[]", sa_type=Text)
    size: str = ""
    cultivation: str = ""
    source: str = ""
    confirmed_on: date | None = None
    updated_at: datetime


class Expert(SQLModel, table=True):
    """A member of the pool of evaluating experts. `fields` is a JSON list of industry codes."""

    __tablename__ = "expert"
    __table_args__ = (
        _one_of("expert", "sharing", ("own", "city", "province", "nation")),
        UniqueConstraint("org_id", "name", "employer", name="uq_expert_name"),
        Index("ix_expert_active", "org_id", "active", "name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    name: str
    employer: str
    company_id: int | None = Field(default=None, foreign_key="company.id")
    fields: str = Field(default="[]", sa_type=Text)
    products: str = Field(default="", sa_type=Text)
    recommender: str
    sharing: str = "own"
    email: str = ""
    active: bool = True
    created_at: datetime


class PatentPush(SQLModel, table=True):
    """One patent pushed to one company: for which purpose, for which reasons, and when it was opened and evaluated.

    `reasons` is a JSON list of {kind, text}.
    """

    __tablename__ = "patent_push"
    __table_args__ = (
        Index("ix_push_pair", "org_id", "company_id", "patent_id", "pushed_at"),
        Index("ix_push_org", "org_id", "pushed_at"),
        Index("ix_push_patent", "patent_id", "pushed_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    company_id: int = Field(foreign_key="company.id")
    patent_id: int = Field(foreign_key="patent.id")
    user_id: int = Field(foreign_key="app_user.id")
    purpose: str
    reasons: str = Field(default="[]", sa_type=Text)
    pushed_at: datetime
    opened_at: datetime | None = None
    evaluated_at: datetime | None = None


class Evaluation(SQLModel, table=True):
    """What an enterprise, or an expert of the pool, thinks of a patent under the three heads of the papers.

    Scores are 0 to 100. `seconds` is how long the form was open, where that is known; `flags` what the quality check
    found (JSON list). A `set_aside` evaluation stays on record and does not count. `key` keeps an import repeatable.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        _one_of("evaluation", "evaluator", ("enterprise", "expert")),
        _one_of("evaluation", "status", ("counted", "set_aside")),
        UniqueConstraint("org_id", "key", name="uq_evaluation_key"),
        CheckConstraint("(company_id IS NULL) <> (expert_id IS NULL)", name="ck_evaluation_by"),
        Index("ix_evaluation_org", "org_id", "on", "id"),
        Index("ix_evaluation_patent", "patent_id", "id"),
        Index("ix_evaluation_company", "company_id", "id"),
        Index("ix_evaluation_expert", "expert_id", "id"),
        _partial("ix_evaluation_flagged", "org_id", "id", where="flags <> '[]' AND reviewed_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    patent_id: int = Field(foreign_key="patent.id")
    evaluator: str
    company_id: int | None = Field(default=None, foreign_key="company.id")
    expert_id: int | None = Field(default=None, foreign_key="expert.id")
    push_id: int | None = Field(default=None, foreign_key="patent_push.id")
    prospect: int
    prospect_text: str = Field(default="", sa_type=Text)
    improvement: int
    improvement_text: str = Field(default="", sa_type=Text)
    cooperation: int
    cooperation_text: str = Field(default="", sa_type=Text)
    willing_to_talk: bool = False
    contact_consent: bool = False
    on: date
    seconds: int | None = None
    source: str
    key: str
    flags: str = Field(default="[]", sa_type=Text)
    conflict: str = ""
    status: str = "counted"
    review_note: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    created_at: datetime


class EnterpriseMessage(SQLModel, table=True):
    """What an enterprise wants answered about a patent: one of three kinds, with an owner and a day.

    `due` is the house's own time; the same day stands as a deadline of the patent under `message:<id>`.
    """

    __tablename__ = "enterprise_message"
    __table_args__ = (
        _one_of("enterprise_message", "kind", ("evaluation", "improvement", "cooperation")),
        _one_of("enterprise_message", "status", ("open", "answered")),
        Index("ix_enterprise_message_due", "org_id", "status", "due"),
        Index("ix_enterprise_message_company", "company_id", "id"),
        Index("ix_enterprise_message_evaluation", "evaluation_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    kind: str
    company_id: int = Field(foreign_key="company.id")
    patent_id: int = Field(foreign_key="patent.id")
    evaluation_id: int | None = Field(default=None, foreign_key="evaluation.id")
    body: str = Field(sa_type=Text)
    owner_id: int | None = Field(default=None, foreign_key="app_user.id")
    received_at: datetime
    due: date | None = None
    status: str = "open"
    answer: str = Field(default="", sa_type=Text)
    answered_by: str = ""
    answered_at: datetime | None = None
    seen_at: datetime | None = None
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")


class KeyProject(SQLModel, table=True):
    """A key project (重点项目) and the resources matched to it: a JSON object of resource → {done, note}."""

    __tablename__ = "key_project"
    __table_args__ = (UniqueConstraint("org_id", "patent_id", name="uq_key_project"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    patent_id: int = Field(foreign_key="patent.id")
    reason: str
    resources: str = Field(default="{}", sa_type=Text)
    chosen_by: str
    chosen_at: datetime
    updated_at: datetime


class EnterpriseAccount(SQLModel, table=True):
    """A person of an enterprise on the portal. The login is unique among accounts; it is no login of the desk.

    `invite_hash` is what is stored of the one-time link by which the person sets the password.
    """

    __tablename__ = "enterprise_account"
    __table_args__ = (Index("ix_enterprise_account_company", "org_id", "company_id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    company_id: int = Field(foreign_key="company.id")
    login: str = Field(unique=True)
    name: str
    email: str = ""
    password_hash: str = ""
    language: str = "zh"
    active: bool = True
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    invite_hash: str = Field(default="", index=True)
    invite_until: datetime | None = None
    created_at: datetime
    last_sign_in: datetime | None = None


class EnterpriseSession(SQLModel, table=True):
    """A signed-in browser of the portal; only the hash of its token is stored. Never exported."""

    __tablename__ = "enterprise_session"

    token_hash: str = Field(primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    account_id: int = Field(foreign_key="enterprise_account.id", index=True)
    csrf: str
    created_at: datetime
    expires_at: datetime


class EnterpriseMark(SQLModel, table=True):
    """What an enterprise keeps an eye on: a favorite patent, or a subscribed industry."""

    __tablename__ = "enterprise_mark"
    __table_args__ = (
        CheckConstraint("(patent_id IS NULL) <> (industry = '')", name="ck_enterprise_mark_of"),
        _partial("uq_favorite", "company_id", "patent_id", where="patent_id IS NOT NULL", unique=True),
        _partial("uq_subscribed", "company_id", "industry", where="industry <> ''", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    company_id: int = Field(foreign_key="company.id")
    account_id: int = Field(foreign_key="enterprise_account.id")
    patent_id: int | None = Field(default=None, foreign_key="patent.id")
    industry: str = ""
    created_at: datetime


class PatentAccess(SQLModel, table=True):
    """Who was given or looked at a convertible patent's data, and for what: never changed, never deleted."""

    __tablename__ = "patent_access"
    __table_args__ = (
        Index("ix_patent_access_org", "org_id", "id"),
        Index("ix_patent_access_company", "company_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    company_id: int = Field(foreign_key="company.id")
    patent_id: int = Field(foreign_key="patent.id")
    account_id: int | None = Field(default=None, foreign_key="enterprise_account.id")
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    act: str
    purpose: str
    address: str = ""
    at: datetime


class EnterpriseLetter(SQLModel, table=True):
    """A letter to a company's address: what it says (JSON lines), and what came of it. It carries no secret."""

    __tablename__ = "enterprise_letter"
    __table_args__ = (
        _one_of("enterprise_letter", "status", ("queued", "sent", "failed")),
        Index("ix_enterprise_letter_company", "org_id", "company_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    company_id: int = Field(foreign_key="company.id")
    to: str
    name: str
    subject: str
    lines: str = Field(default="[]", sa_type=Text)
    status: str = "queued"
    attempts: int = 0
    proof: str = Field(default="", sa_type=Text)
    queued_at: datetime
    ended_at: datetime | None = None
