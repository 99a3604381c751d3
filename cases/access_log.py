"""The log of access to convertible patents' data: who was given or looked at what, when, and for which purpose.

Source: 国知发运字〔2025〕16号 (在保障数据安全的前提下，有序获取相关产业的可转化专利数据)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from cases.enterprise_tables import EnterpriseAccount, PatentAccess
from cases.tables import Company, Patent, User
from rules.patent_numbers import display_number

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class AccessView:
    """One line of the log. `who` is the enterprise's person, or the officer who gave the data out."""

    id: int
    at: datetime
    company_id: int
    company: str
    patent_id: int
    title: str
    number: str
    act: str
    purpose: str
    who: str
    address: str


def list_access(
    session: Session, org_id: int, *, company_id: int | None = None, page: int = 1, size: int = PAGE_SIZE
) -> tuple[tuple[AccessView, ...], int]:
    """Return one page of the log, the newest first, and how many lines there are."""
    conditions: list[Any] = [PatentAccess.org_id == org_id]
    if company_id is not None:
        conditions.append(PatentAccess.company_id == company_id)
    total = session.exec(select(func.count()).select_from(PatentAccess).where(*conditions)).one()
    query = (
        select(PatentAccess, Patent, Company.name, func.coalesce(EnterpriseAccount.name, User.name, ""))
        .join(Patent, col(Patent.id) == col(PatentAccess.patent_id))
        .join(Company, col(Company.id) == col(PatentAccess.company_id))
        .outerjoin(EnterpriseAccount, col(EnterpriseAccount.id) == col(PatentAccess.account_id))
        .outerjoin(User, col(User.id) == col(PatentAccess.user_id))
        .where(*conditions)
        .order_by(col(PatentAccess.id).desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return tuple(
        AccessView(
            int(row.id or 0), row.at, row.company_id, company, row.patent_id, patent.title,
            display_number(patent.application_no), row.act, row.purpose, who, row.address,
        )
        for row, patent, company, who in session.exec(query)
    ), total  # fmt: skip
