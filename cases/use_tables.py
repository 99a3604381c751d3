"""The tables of declaration and use: funding, how patents are used, assessments before filing, patent products.

`use_standing` is what the others add up to for one patent: kept so that lists and counts need no more than an index.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


def _one_of(column: str, table: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{table}_{column}")


class Funding(SQLModel, table=True):
    """What is declared of the public funding of a patent: one row a project, or one row that there was none.

    `declared_on` is the day on which the office was told; `evidence_sha256` the hash of the file that proves it.
    """

    __tablename__ = "funding"
    __table_args__ = (
        UniqueConstraint("patent_id", "project_no", name="uq_funding_patent_project"),
        Index("ix_funding_org_program", "org_id", "program"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    patent_id: int = Field(foreign_key="patent.id")
    funded: bool
    program: str = ""
    funder: str = ""
    project_no: str = ""
    project_name: str = ""
    ip_clause: str = ""
    declared_on: date | None = None
    declared_by: str = ""
    evidence: str = ""
    evidence_sha256: str = ""
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    created_at: datetime
    updated_at: datetime


class UseStatement(SQLModel, table=True):
    """How a patent was used in a year; `source` is officer, or cases where it was filled from their record."""

    __tablename__ = "use_statement"
    __table_args__ = (
        UniqueConstraint("patent_id", "year", name="uq_use_statement_year"),
        Index("ix_use_statement_org_year", "org_id", "year", "use"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    patent_id: int = Field(foreign_key="patent.id")
    year: int
    use: str
    product: str = ""
    income_fen: int | None = Field(default=None, sa_type=BigInteger)
    evidence: str = ""
    reason: str = ""
    reason_text: str = ""
    review_on: date | None = None
    source: str = "officer"
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    stated_on: date
    updated_at: datetime


class UseStanding(SQLModel, table=True):
    """How a patent stands: funded and declared, the strongest use known, and since when it lies unused.

    `unused_since` is the grant of a living patent that nobody works, `exposed_on` the end of the five years of a
    funded one; both are empty once it is worked. `review_on` is when a recorded reason is looked at again.
    """

    __tablename__ = "use_standing"
    __table_args__ = (
        Index("ix_use_standing_exposed", "org_id", "exposed_on"),
        Index("ix_use_standing_unused", "org_id", "unused_since"),
        Index("ix_use_standing_use", "org_id", "use"),
        Index("ix_use_standing_funded", "org_id", "funded", "declared"),
        Index("ix_use_standing_review", "org_id", "review_on"),
    )

    patent_id: int = Field(primary_key=True, foreign_key="patent.id")
    org_id: int = Field(foreign_key="organization.id")
    funded: bool | None = None
    declared: bool = False
    use: str = "none"
    used_on: date | None = None
    stated_year: int | None = None
    reason: str = ""
    review_on: date | None = None
    unused_since: date | None = None
    exposed_on: date | None = None


class Assessment(SQLModel, table=True):
    """A planned application and what was found before filing it.

    `scores` maps a head of `rules.use_codes.HEADS` to 0–100; `inventors` and `assessors` are JSON lists of names.
    Once filed it names the application; `overridden_by` and `override_reason` say who let it pass nevertheless.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        _one_of("decision", "assessment", ("", "pass", "improve", "fail")),
        Index("ix_assessment_org_decision", "org_id", "decision", "id"),
        Index("ix_assessment_org_filed", "org_id", "filed_on"),
        Index("ix_assessment_org_number", "org_id", "application_no"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    title: str
    kind: str = "invention"
    college: str = ""
    inventors: str = Field(default="[]", sa_type=Text)
    funded: bool | None = None
    program: str = ""
    funder: str = ""
    project_no: str = ""
    project_name: str = ""
    search_note: str = Field(default="", sa_type=Text)
    prospect_note: str = Field(default="", sa_type=Text)
    agency: str = ""
    examination: str = "ordinary"
    scores: str = Field(default="{}", sa_type=Text)
    assessors: str = Field(default="[]", sa_type=Text)
    decision: str = ""
    opinion: str = Field(default="", sa_type=Text)
    decided_on: date | None = None
    declared_on: date | None = None
    application_no: str = ""
    filed_on: date | None = None
    overridden_by: int | None = Field(default=None, foreign_key="app_user.id")
    override_reason: str = ""
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    created_at: datetime
    updated_at: datetime


class Product(SQLModel, table=True):
    """A product that uses patents: who makes it, on which basis, and how its filing on the platform stands.

    With `case_id` it came from the record of a case, which also keeps its filing. `since` is when the duty to have it
    filed began; `prompted_on` when the company was asked to file.
    """

    __tablename__ = "product"
    __table_args__ = (
        _one_of("basis", "product", ("license", "transfer", "development", "own")),
        Index("ix_product_org_filed", "org_id", "filed_on"),
        Index("uq_product_case_name", "case_id", "name", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    name: str
    models: str = ""
    producer: str = ""
    basis: str = "license"
    since: date
    claims_note: str = Field(default="", sa_type=Text)
    evidence: str = ""
    updated_by: str = ""
    filing_no: str = ""
    filed_on: date | None = None
    updated_on: date | None = None
    withdrawn_on: date | None = None
    prompted_on: date | None = None
    prompt_note: str = ""
    created_at: datetime
    updated_at: datetime


class ProductPatent(SQLModel, table=True):
    """A patent that a product uses."""

    __tablename__ = "product_patent"

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    patent_id: int = Field(foreign_key="patent.id", primary_key=True, index=True)
    org_id: int = Field(foreign_key="organization.id", index=True)


class ProductYear(SQLModel, table=True):
    """What a product earned in a year, as the yearly update of its filing told it. Amounts are CNY fen."""

    __tablename__ = "product_year"

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    year: int = Field(primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    sales_fen: int | None = Field(default=None, sa_type=BigInteger)
    export_fen: int | None = Field(default=None, sa_type=BigInteger)
    profit_fen: int | None = Field(default=None, sa_type=BigInteger)
    ip_cost_fen: int | None = Field(default=None, sa_type=BigInteger)
    updated_on: date


class CompanyOutcome(SQLModel, table=True):
    """What became of a company that took patents over, year by year; `outcomes` is a JSON list of flags."""

    __tablename__ = "company_outcome"
    __table_args__ = (
        UniqueConstraint("company_id", "year", name="uq_company_outcome_year"),
        Index("ix_company_outcome_org_year", "org_id", "year"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    company_id: int = Field(foreign_key="company.id")
    year: int
    industrialized: bool = False
    financing_fen: int | None = Field(default=None, sa_type=BigInteger)
    output_fen: int | None = Field(default=None, sa_type=BigInteger)
    outcomes: str = Field(default="[]", sa_type=Text)
    evidence: str = ""
    updated_at: datetime
