"""What became of companies that took patents over: industrialized, financed, what they sold, year by year.

Source: 上海市存量专利盘活若干措施 (three figures); 国知发运字〔2025〕16号 (outcome flags)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import orjson
from sqlmodel import Session, col, select

from cases.db import Database
from cases.errors import Invalid, NotFound
from cases.payloads import check_payload
from cases.scope import Person
from cases.tables import Company
from cases.use_forms import StateOutcome
from cases.use_rows import Act, Outcome, acting, put_row
from cases.use_tables import CompanyOutcome

OWN_COMPANY = "SELECT name FROM company WHERE id = ? AND org_id = ?"


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What became of a company in a year."""

    id: int
    company_id: int
    company: str
    year: int
    industrialized: bool
    financing_fen: int | None
    output_fen: int | None
    outcomes: tuple[str, ...]
    evidence: str


def state_outcome(
    db: Database, person: Person, company_id: int, values: Mapping[str, Any], *, now: datetime
) -> int:
    """Record what became of a company in a year, and return the id of the row.

    Raises: Forbidden; NotFound; Invalid with the fields.
    Effects: writes company_outcome and the organization's trail.
    """
    with acting(db, person, now) as act:
        return write_outcome(act, company_id, values)[0]


def write_outcome(act: Act, company_id: int, values: Mapping[str, Any]) -> tuple[int, Outcome]:
    """Do the same in the caller's transaction, and say what came of it."""
    act.only()
    company = act.cur.one(OWN_COMPANY, company_id, act.org_id)
    if company is None:
        raise NotFound("没有找到该企业", "no such company")
    checked = cast(StateOutcome, check_payload(StateOutcome, values))
    if checked.year > act.today.year:
        raise Invalid("年度有误", {"year": f"不能填写{act.today.year}年以后的年度"}, "the year is not over")
    columns = {
        **checked.model_dump(exclude={"year", "outcomes"}), "outcomes": orjson.dumps(sorted(checked.outcomes)).decode(),
    }  # fmt: skip
    key = {"org_id": act.org_id, "company_id": company_id, "year": checked.year}
    made = put_row(act, "company_outcome", key, columns)
    if made.outcome != "same":
        act.tell(
            "outcome_stated",
            {"company_id": company_id, "company": company[0], "year": checked.year, **made.told()},
        )
    return made.id, made.outcome


def outcomes_of(
    session: Session, org_id: int, *, company_id: int | None = None, year: int | None = None
) -> tuple[OutcomeView, ...]:
    """Return what became of companies, the newest year first."""
    query = select(CompanyOutcome, Company.name).join(Company).where(CompanyOutcome.org_id == org_id)
    query = query if company_id is None else query.where(CompanyOutcome.company_id == company_id)
    query = query if year is None else query.where(CompanyOutcome.year == year)
    rows = session.exec(query.order_by(col(CompanyOutcome.year).desc(), col(Company.name)).limit(500))
    return tuple(
        OutcomeView(
            int(row.id or 0), row.company_id, name, row.year, row.industrialized, row.financing_fen, row.output_fen,
            tuple(orjson.loads(row.outcomes)), row.evidence,
        )
        for row, name in rows
    )  # fmt: skip
