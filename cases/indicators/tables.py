"""Tables of the indicators: what cases have come to, one row per fact, and which definition an institution has chosen.

The facts are derived from the cases and can be counted anew at any time; nothing but `cases.indicators.facts` writes them.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to

FACTS = ("opened", "contract", "receipt", "cash", "shares", "leg", "label")


class CaseFact(SQLModel, table=True):
    """One thing that a case has come to, on the day on which it happened.

    `name` is the contract, the stage that ended or the label; `began_on` and `days` tell how long it took. `base_fen` is
    what a reward was paid from. `college` is that of the case's first patent.
    """

    __tablename__ = "case_fact"
    __table_args__ = (
        CheckConstraint(f"kind IN {FACTS}", name="ck_case_fact_kind"),
        Index("ix_case_fact_counted", "org_id", "happened_on", "kind", "mode", "college"),
        Index("ix_case_fact_kind", "kind", "happened_on", "org_id"),
        Index("ix_case_fact_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    case_id: int = Field(foreign_key="conversion_case.id")
    kind: str
    seq: int
    name: str = ""
    mode: str
    college: str = ""
    happened_on: date
    began_on: date | None = None
    days: int | None = None
    amount_fen: int = Field(default=0, sa_type=BigInteger)
    base_fen: int = Field(default=0, sa_type=BigInteger)
    heads: int = 0


class CountedCase(SQLModel, table=True):
    """Up to which version the facts of a case were counted, and when."""

    __tablename__ = "counted_case"
    __table_args__ = (Index("ix_counted_case_org", "org_id", "case_id", "version"),)

    case_id: int = Field(foreign_key="conversion_case.id", primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    version: int
    counted_at: datetime


class IndicatorChoice(SQLModel, table=True):
    """Which of its definitions an institution shows an indicator by; without a row the first one."""

    __tablename__ = "indicator_choice"

    org_id: int = Field(foreign_key="organization.id", primary_key=True)
    indicator: str = Field(primary_key=True)
    variant: str
    chosen_by: str
    chosen_at: datetime


class IndicatorCount(SQLModel, table=True):
    """What an institution's indicator added up to in a year, as of the night it was counted: for sums over many of them.

    By the first definition of every indicator, so that institutions can be added up.
    """

    __tablename__ = "indicator_count"
    __table_args__ = (Index("ix_indicator_count_year", "year", "indicator", "org_id"),)

    org_id: int = Field(foreign_key="organization.id", primary_key=True)
    year: int = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    part: int = Field(sa_type=BigInteger)
    over: int | None = Field(default=None, sa_type=BigInteger)
    counted_on: date


# What counting the stock reads, so that it needs no row of the tables themselves.
_PATENT, _LABEL = SQLModel.metadata.tables["patent"].c, SQLModel.metadata.tables["label_event"].c
Index(
    "ix_patent_counted",
    _PATENT.org_id,
    _PATENT.status,
    _PATENT.grant_date,
    _PATENT.kind,
    _PATENT.college,
    _PATENT.id,
)
Index("ix_label_event_counted", _LABEL.org_id, _LABEL.patent_id, _LABEL.on, _LABEL.label)
Index("ix_patent_filed", _PATENT.org_id, _PATENT.filing_date, _PATENT.application_no, _PATENT.college)
