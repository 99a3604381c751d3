"""Opens a case: on one or more patents, in one conversion mode, with one company."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from cases.audit_checker import link
from cases.conflicts import opening_warnings, told
from cases.db import Cursor, Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.loading import stored_position
from cases.scope import Person
from cases.tables import Case, CasePatent, Company, Patent
from cases.trail import INSERT_ENTRY, canonical, hold_org
from rules.text import normalize
from states.catalog import MODES
from states.decide import ROLES

OPENERS = frozenset({"officer", "administrator"})
MAX_PATENTS = 500


def open_case(
    db: Database,
    person: Person,
    *,
    mode: str,
    title: str,
    patent_ids: Sequence[int],
    company_id: int,
    today: date,
    now: datetime | None = None,
) -> int:
    """Open a case and return its id.

    Other cases that stand against it do not stop it: they are kept as warnings in its first entry, and refused at the
    signature.

    Raises: Forbidden, Invalid (with the fields), NotFound for a company of another organization.
    Effects: writes case, its patents and the first entry of its trail.
    """
    if person.role not in OPENERS:
        raise Forbidden(
            f"立案须由转化专员办理，您的角色是{ROLES[person.role][0]}", "only officers open cases"
        )
    chosen = sorted(set(patent_ids))
    title = normalize(title)
    _check(mode, title, chosen)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        number = _next_number(cur, person.org_id, today)
        _check_belongs(session, person.org_id, chosen, company_id)
        chart = MODES[mode].chart
        case = Case(
            org_id=person.org_id, number=number, mode=mode, title=title, officer_id=person.id,
            company_id=company_id, chart_version=chart.version, state=stored_position(chart.initial),
            stage=chart.stage(chart.initial), opened_on=today, created_at=moment, updated_at=moment,
        )  # fmt: skip
        session.add(case)
        session.flush()
        if case.id is None:
            raise ValueError("the database gave the case no id")
        session.add_all(CasePatent(case_id=case.id, patent_id=id_, org_id=person.org_id) for id_ in chosen)
        session.flush()
        warnings = [told(found) for found in opening_warnings(cur, case.id, mode, today)]
        body = canonical(
            {
                "actor": person.name, "actor_id": person.id, "at": moment.astimezone(UTC).isoformat(),
                "company_id": company_id, "facts": {}, "mode": mode, "number": number, "patents": chosen, "seq": 1,
                "stage": chart.stage(chart.initial), "closed_on": None,
                "title": title, "to": chart.initial, "today": today.isoformat(), "verb": "open_case",
                **({"warnings": warnings} if warnings else {}), **person.origin.told(),
            }
        )  # fmt: skip
        digest = link("", body)
        case.trail_seq, case.trail_head = 1, digest
        session.flush()
        cursor_of(session, db.postgres).run(
            INSERT_ENTRY, person.org_id, f"case:{case.id}", 1, case.id, cur.moment(moment), person.id,
            "open_case", None, body, "", digest,
        )  # fmt: skip
        return case.id


def _check(mode: str, title: str, patents: list[int]) -> None:
    fields: dict[str, str] = {}
    if mode not in MODES:
        fields["mode"] = f"不支持的转化方式“{mode}”，可选：{'、'.join(MODES[slug].zh for slug in MODES)}"
    if not 2 <= len(title) <= 200:
        fields["title"] = "案件名称须为2至200个字"
    if not patents:
        fields["patent_ids"] = "请至少选择一件专利"
    if len(patents) > MAX_PATENTS:
        fields["patent_ids"] = f"一个案件最多包含{MAX_PATENTS}件专利，请分案办理"
    if fields:
        raise Invalid("立案信息有误，请改正后重新提交", fields, "the case cannot be opened")


def _next_number(cur: Cursor, org_id: int, today: date) -> str:
    """Return the next case number of the year; the organization's row is held until commit."""
    hold_org(cur, org_id)
    prefix = f"ZH{today.year}-"
    row = cur.one(
        "SELECT number FROM conversion_case WHERE org_id = ? AND number LIKE ? ORDER BY number DESC LIMIT 1",
        org_id, f"{prefix}%",
    )  # fmt: skip
    last = int(row[0].removeprefix(prefix)) if row else 0
    return f"{prefix}{last + 1:05d}"


def _check_belongs(session: Session, org_id: int, patents: list[int], company_id: int) -> None:
    company = session.get(Company, company_id)
    if company is None or company.org_id != org_id:
        raise NotFound("没有找到该企业，请先登记企业信息", "no such company")
    query = select(func.count()).select_from(Patent)
    found = session.exec(query.where(Patent.org_id == org_id, col(Patent.id).in_(patents))).one()
    if found != len(patents):
        raise NotFound(
            "所选专利中有的不在本单位专利库中，请重新选择", "some patents are not in this organization"
        )
