"""Yearly statements of use (实施情况): typed by officers, or filled from what cases have recorded; reasons for non-use.

A reason is asked once: until its review date the next statements take it over.
Source: 科学技术进步法 art 32 (yearly report, good reasons); 国知发运字〔2025〕16号 (tracking)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import orjson
from sqlmodel import Session, col, select

from cases.db import Cursor, Database
from cases.errors import Invalid
from cases.patent_dates import pages_of
from cases.payloads import check_payload
from cases.scope import Person
from cases.use_facts import Known, known_of
from cases.use_forms import StateUse
from cases.use_rows import Act, Outcome, acting, put_row
from cases.use_tables import UseStatement

OF_CASES = (
    "SELECT p.patent_id, c.number, c.data, "
    "(SELECT count(*) FROM case_patent o WHERE o.case_id = c.id) FROM case_patent p "
    "JOIN conversion_case c ON c.id = p.case_id WHERE p.patent_id IN :ids ORDER BY c.id"
)
STATED = "SELECT patent_id FROM use_statement WHERE patent_id IN :ids AND year = ?"


@dataclass(frozen=True, slots=True)
class StatementView:
    """How a patent was used in a year."""

    id: int
    patent_id: int
    year: int
    use: str
    product: str
    income_fen: int | None
    evidence: str
    reason: str
    reason_text: str
    review_on: date | None
    source: str
    stated_on: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the cases of a patent say of a year; an income only where the whole of it is this patent's."""

    use: str = "none"
    product: str = ""
    income_fen: int | None = None
    evidence: str = ""


def state_use(
    db: Database, person: Person, patent_id: int, values: Mapping[str, Any], *, now: datetime
) -> int:
    """Record how a patent was used in a year, and return the id of the statement.

    Raises: Forbidden; NotFound; Invalid with the fields: an unused patent needs a reason and a day of its review,
    unless a former reason still stands.
    Effects: writes use_statement, dates, standing and profile of the patent, and the organization's trail.
    """
    with acting(db, person, now) as act:
        return write_statement(act, patent_id, values)[0]


def write_statement(
    act: Act, patent_id: int, values: Mapping[str, Any], source: str = "officer"
) -> tuple[int, Outcome]:
    """Do the same in the caller's transaction, and say what came of it."""
    act.only()
    number = act.number_of(patent_id)
    checked = cast(StateUse, check_payload(StateUse, values))
    (known,) = known_of(act.cur, [patent_id])
    columns = {**checked.model_dump(exclude={"year"}), **_reason(act, checked, known), "source": source}
    key = {"org_id": act.org_id, "patent_id": patent_id, "year": checked.year}
    made = put_row(act, "use_statement", key, columns, born={"user_id": act.user_id, "stated_on": act.today})
    if made.outcome != "same":
        body = {"patent_id": patent_id, "application_no": number, "year": checked.year, **made.told()}
        act.tell("use_stated", body)
        act.bring_up(patent_id)
    return made.id, made.outcome


def _reason(act: Act, checked: StateUse, known: Known) -> dict[str, object]:
    """Return the reason that the statement keeps: none if the patent is used, or the former one while it stands.

    Raises: Invalid.
    """
    faults = {}
    if checked.year > act.today.year:
        faults["year"] = f"不能填写{act.today.year}年以后的年度"
    if checked.use == "none" and known.grant_date is not None and checked.year < known.grant_date.year:
        faults["year"] = f"该专利{known.grant_date.year}年授权，不能填写授权以前的年度"
    if checked.use != "none":
        told: dict[str, object] = {"reason": "", "reason_text": "", "review_on": None}
    elif not checked.reason and known.reason and known.has_reason(act.today):
        told = {"reason": known.reason, "review_on": known.review_on}
    else:
        told = {"reason": checked.reason, "review_on": checked.review_on}
        faults |= {} if known.is_licensed else _missing(checked, act.today)
    if faults:
        raise Invalid("实施情况有误，请改正后重新提交", faults, "the statement of use is not valid")
    return told


def _missing(checked: StateUse, today: date) -> dict[str, str]:
    faults = {}
    if not checked.reason:
        faults["reason"] = "没有实施的，请选择理由"
    if checked.reason == "other" and not checked.reason_text:
        faults["reason_text"] = "选择“其他正当理由”的，请写明理由"
    if checked.review_on is None or checked.review_on <= today:
        faults["review_on"] = f"请填写今日{today.isoformat()}以后的复核日期，到期前不再催填"
    return faults


def statements_of(session: Session, org_id: int, patent_id: int) -> tuple[StatementView, ...]:
    """Return the statements of a patent, the newest year first."""
    query = select(UseStatement).where(UseStatement.org_id == org_id, UseStatement.patent_id == patent_id)
    return tuple(_view(row) for row in session.exec(query.order_by(col(UseStatement.year).desc())))


def suggestions(cur: Cursor, ids: Sequence[int], year: int) -> dict[int, Suggestion]:
    """Return what cases and labels say of the use of some patents up to the end of a year; nothing where they are silent."""
    last = date(year, 12, 31)
    used = {known.id: known for known in known_of(cur, ids)}
    found: dict[int, Suggestion] = {}
    for patent_id, number, data, patents in cur.of_many(OF_CASES, ids):
        known, before = used[patent_id], found.get(patent_id, Suggestion())
        if known.used_on is None or known.used_on > last or known.use == "none":
            continue
        told = orjson.loads(data)
        income = _income(told, year) if patents == 1 else None
        product = told.get("industrialization", {}).get("product", "") or before.product
        if not told.get("contract", {}).get("signed_on") and not told.get("acceptances"):
            continue
        found[patent_id] = Suggestion(
            known.use, product, income if before.income_fen is None else before.income_fen + (income or 0),
            "；".join(filter(None, (before.evidence, f"案件{number}"))),
        )  # fmt: skip
    return found


def fill_statements(db: Database, person: Person, year: int, *, now: datetime) -> int:
    """State the year of every patent whose cases tell of its use and which nobody has stated yet; return how many.

    Raises: Forbidden.
    Effects: as `state_use`, page by page, with `source` cases.
    """
    filled = 0
    for ids in pages_of(db, person.org_id, None):
        with acting(db, person, now) as act:
            act.only()
            stated = {row[0] for row in act.cur.of_many(STATED, ids, year)}
            for patent_id, found in suggestions(act.cur, ids, year).items():
                if patent_id in stated:
                    continue
                values = {
                    "year": year, "use": found.use, "product": found.product, "income_fen": found.income_fen,
                    "evidence": found.evidence[:200],
                }  # fmt: skip
                write_statement(act, patent_id, values, source="cases")
                filled += 1
    return filled


def _income(data: Mapping[str, Any], year: int) -> int | None:
    sums = [one["amount_fen"] for one in data.get("receipts", {}).get("list", ())
            if one["received_on"].startswith(str(year))]  # fmt: skip
    return sum(sums) if sums else None


def _view(row: UseStatement) -> StatementView:
    return StatementView(
        int(row.id or 0), row.patent_id, row.year, row.use, row.product, row.income_fen, row.evidence, row.reason,
        row.reason_text, row.review_on, row.source, row.stated_on,
    )  # fmt: skip
