"""What the record knows of a patent's annual fees: reduction, last paid year, who pays. Kept by officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select

from cases.db import Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.patent_dates import book_in_use, bring_up
from cases.scope import Person
from cases.settings import SHANGHAI
from cases.tables import Patent
from cases.trail import append_org, hold_org
from rules.fee_forecast import PAYERS
from rules.patent_term import LAST_TEN_YEAR_DESIGN, YEARS
from rules.text import fold

FIELDS = ("fee_reduction", "fee_paid_year", "fee_payer")
LABELS = {"fee_reduction": "费用减缴", "fee_paid_year": "已缴至第几年度", "fee_payer": "年费由谁缴纳"}
REDUCTIONS = ("", "none", "70", "85")
KEEPERS = ("officer", "administrator")


@dataclass(frozen=True, slots=True)
class FeeData:
    """What is recorded: `reduction` empty is derived from the owners, `payer` empty is as the house says."""

    patent_id: int
    application_no: str
    reduction: str
    paid_year: int | None
    payer: str


def fee_data_of(session: Session, org_id: int, patent_id: int) -> FeeData:
    """Return what is recorded of a patent's fees.

    Raises: NotFound.
    """
    return _view(_existing(session, org_id, patent_id))


def patent_id_of(session: Session, org_id: int, number: str) -> int:
    """Return the id of the organization's patent with this number; ZL, CN, blanks and the dot do not matter.

    Raises: NotFound.
    """
    digits = fold(number).removeprefix("ZL").removeprefix("CN").replace(".", "")
    query = select(Patent.id).where(Patent.org_id == org_id, Patent.application_no == digits)
    found = session.exec(query).first()
    if found is None:
        raise NotFound(
            f"没有专利号为“{number[:40]}”的专利。请核对号码，或先导入专利清单。",
            f"there is no patent {number[:40]}",
        )
    return found


def set_fee_data(
    db: Database,
    person: Person,
    patent_id: int,
    values: Mapping[str, object],
    now: datetime | None = None,
) -> FeeData:
    """Change what is recorded of a patent's fees; a field that is not in `values` stays as it is.

    `fee_reduction` is none, 70, 85 or empty; `fee_paid_year` a patent year of the term, or None or empty if not
    known; `fee_payer` a key of `rules.fee_forecast.PAYERS`.

    Raises: Forbidden; NotFound; Invalid with the fields, also for a name that is not in FIELDS.
    Effects: writes the patent, the deadlines of its annual fees and, if anything has changed, one entry of the
    organization's trail.
    """
    if person.role not in KEEPERS:
        raise Forbidden("年费信息须由转化专员或管理员维护", "officers and administrators keep the fees")
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = _existing(session, person.org_id, patent_id)
        checked = _checked(row, values)
        before = {name: getattr(row, name) for name in checked}
        after = {name: value for name, value in checked.items() if value != before[name]}
        if after:
            for name, value in after.items():
                setattr(row, name, value)
            row.updated_at = moment
            session.add(row)
            session.flush()
            body = {
                "patent_id": patent_id,
                "application_no": row.application_no,
                "before": {name: before[name] for name in after},
                "after": after,
            }
            append_org(cur, person.org_id, person.author, "fee_data_set", body, moment)
            on = moment.astimezone(SHANGHAI).date()
            book = book_in_use(cur, person.org_id)
            bring_up(cur, person.org_id, [patent_id], book, moment, on, entry=False)
        return _view(row)


def _checked(row: Patent, values: Mapping[str, object]) -> dict[str, Any]:
    faults = {name: f"没有这个字段，可填：{'、'.join(FIELDS)}" for name in values if name not in FIELDS}
    checked: dict[str, Any] = {}
    for name in FIELDS:
        if name in values:
            value, fault = _CHECKS[name](row, values[name])
            checked[name] = value
            if fault:
                faults[name] = fault
    if faults:
        raise Invalid("年费信息有误，请改正后重新提交", faults, "the fee data are not valid")
    return checked


def _reduction(_row: Patent, value: object) -> tuple[object, str]:
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else "?"
    good = text in REDUCTIONS
    return text, "" if good else "请填 none（不减缴）、70、85，或留空（按权利人推定）"


def _paid_year(row: Patent, value: object) -> tuple[object, str]:
    if value is None or value == "":
        return None, ""
    ten = row.kind == "design" and row.filing_date is not None and row.filing_date <= LAST_TEN_YEAR_DESIGN
    last = 10 if ten else YEARS[row.kind]
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    year = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return year, "" if 1 <= year <= last else f"须为1至{last}的整数（该专利的年度），或留空（不清楚）"


def _payer(_row: Patent, value: object) -> tuple[object, str]:
    text = value.strip() if isinstance(value, str) else "?"
    named = "、".join(f"{key}（{zh}）" for key, (zh, _) in PAYERS.items() if key)
    return text, "" if text in PAYERS else f"请填 {named}，或留空（按本单位规则）"


_CHECKS = {"fee_reduction": _reduction, "fee_paid_year": _paid_year, "fee_payer": _payer}


def _existing(session: Session, org_id: int, patent_id: int) -> Patent:
    row = session.get(Patent, patent_id)
    if row is None or row.org_id != org_id:
        raise NotFound(
            f"没有编号为 {patent_id} 的专利。请从专利列表重新选择。", f"There is no patent {patent_id}."
        )
    return row


def _view(row: Patent) -> FeeData:
    return FeeData(
        int(row.id or 0), row.application_no, row.fee_reduction, row.fee_paid_year, row.fee_payer
    )  # fmt: skip
