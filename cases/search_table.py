"""The table that searches read: one narrow row per patent, derived from the patent and its profile.

It holds nothing of its own and can be made anew at any time (`cases.patent_index`), so archives leave it out. The
searched pieces stand beside it, as each database keeps them best: a virtual table `patent_words` (FTS5) on SQLite,
a column `words` (tsvector with a GIN index) on PostgreSQL. Neither is known to the metadata.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

import cases.profile_tables  # noqa: F401  the tables it is derived from

WORDS = "patent_words"
WORDS_INDEX = "ix_patent_index_words"
# What SQLite keeps of a virtual table, beside itself.
SHADOWS = tuple(f"{WORDS}_{part}" for part in ("config", "content", "data", "docsize", "idx"))


class PatentIndex(SQLModel, table=True):
    """What a patent is found, filtered and counted by.

    `industry` and `willingness` are codes between commas. `facets_*` are the same values packed by how they vary
    together, so that all facets are counted in one pass; `grade_order` sorts A to D before what has no grade.
    """

    __tablename__ = "patent_index"
    __table_args__ = (
        Index("ix_patent_index_filed", "org_id", "filing_date", "patent_id"),
        Index("ix_patent_index_grade", "org_id", "grade_order", "filing_date", "patent_id"),
        Index("ix_patent_index_review", "org_id", "review_on", "patent_id"),
        Index("ix_patent_index_college", "org_id", "college", "filing_date"),
        Index("ix_patent_index_pool", "org_id", "in_pool", "filing_date"),
        *(Index(f"ix_patent_index_{name}", "org_id", name) for name in ("facets_a", "facets_b", "facets_c")),
    )

    patent_id: int = Field(foreign_key="patent.id", primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    kind: str
    status: str
    year: str
    grade: str
    patent_class: str
    industry: str
    maturity: str
    prospect: str
    willingness: str
    implementation: str
    college: str
    in_pool: bool
    filing_date: date
    grade_order: int
    review_on: date
    facets_a: str
    facets_b: str
    facets_c: str


def is_ours(name: str | None, type_: str, parents: Mapping[Any, str | None]) -> bool:
    """Say whether a thing of the database is one that the metadata knows; the searched pieces are not."""
    if type_ == "table":
        return name not in (WORDS, *SHADOWS)
    if type_ == "column":
        return not (name == "words" and parents.get("table_name") == "patent_index")
    return name != WORDS_INDEX
