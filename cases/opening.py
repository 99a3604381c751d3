"""Opens a case: on one or more patents, in one conversion mode, with one company if the mode has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import func
from sqlmodel import Session, col, select

from cases.audit_checker import link
from cases.conflicts import opening_warnings, told
from cases.db import Cursor, Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.loading import stored_position
from cases.process import SECTION, process_of
from cases.rulebooks import book_of
from cases.scope import Person
from cases.tables import Company, Patent
from cases.terms import StoredTerms
from cases.trail import INSERT_ENTRY, canonical, hold_org
from cases.writing import JOIN_PATENT, Stamp
from rules.packs import PackError
from rules.text import normalize
from states.catalog import MODES
from states.decide import ROLES
from states.facts import TermsFacts
from states.modes import Mode

OPENERS = frozenset({"officer", "administrator"})
MAX_PATENTS = 500
INSERT_CASE = (
    "INSERT INTO conversion_case (org_id, number, mode, title, officer_id, company_id, chart_version, state, stage, "
    "data, terms, terms_facts, version, trail_seq, trail_head, opened_on, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, '', ?, ?, ?) RETURNING id"
)
FIRST_ENTRY = "UPDATE conversion_case SET trail_head = ? WHERE id = ?"


def open_case(
    db: Database,
    person: Person,
    *,
    mode: str,
    title: str,
    patent_ids: Sequence[int],
    company_id: int | None = None,
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
    _check(mode, title, chosen, company_id)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        _check_belongs(session, person.org_id, chosen, company_id)
        opening = Opening(MODES[mode], title, company_id, person.id, tuple(chosen))
        stamp = Stamp(person.actor, today, moment, origin=person.origin)
        return note_made(write_case(cur, person.org_id, opening, stamp)[0])


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case begins with. `terms` are stored terms with their facts, `extra` goes into its first entry."""

    mode: Mode
    title: str
    company_id: int | None
    officer_id: int
    patents: tuple[int, ...]
    terms: StoredTerms | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def write_case(cur: Cursor, org_id: int, opening: Opening, stamp: Stamp) -> tuple[int, str]:
    """Write a new case with its patents and its first entry; return its id and number.

    The caller holds the organization, so that two cases never take the same number.
    """
    chart, now, today = opening.mode.chart, cur.moment(stamp.now), stamp.today
    number = next_number(cur, org_id, today)
    data = _process(cur, org_id, today)
    terms = opening.terms or StoredTerms({}, TermsFacts())
    facts = terms.facts.as_json() if opening.terms else {}
    (case_id,) = cur.one(
        INSERT_CASE, org_id, number, opening.mode.slug, opening.title, opening.officer_id, opening.company_id,
        chart.version, stored_position(chart.initial), chart.stage(chart.initial), _text(data), _text(terms.stored),
        _text(facts), cur.day(today), now, now,
    )  # fmt: skip
    cur.many(JOIN_PATENT, [(case_id, patent_id, org_id) for patent_id in opening.patents])
    warnings = told(opening_warnings(cur, case_id, opening.mode.slug, today))
    body = canonical(
        {
            "actor": stamp.actor.name, "actor_id": stamp.actor.id, "at": stamp.now.astimezone(UTC).isoformat(),
            "chart_version": chart.version, "closed_on": None, "company_id": opening.company_id, "facts": data,
            "mode": opening.mode.slug, "number": number, "officer_id": opening.officer_id,
            "patents": opening.patents, "seq": 1,
            "stage": chart.stage(chart.initial), "title": opening.title, "to": chart.initial,
            "today": today.isoformat(), "verb": "open_case",
            **warnings,
            **({"payload": {"terms": terms.stored}, "hashes": terms.facts.hashes} if opening.terms else {}),
            **stamp.origin.told(),
            **opening.extra,
        }
    )  # fmt: skip
    digest = link("", body)
    cur.run(
        INSERT_ENTRY, org_id, f"case:{case_id}", 1, case_id, now, stamp.actor.id, "open_case", None, body, "", digest,
    )  # fmt: skip
    cur.run(FIRST_ENTRY, digest, case_id)
    return case_id, number


def _process(cur: Cursor, org_id: int, today: date) -> dict[str, Any]:
    """Return what the case keeps of the packs of its opening; nothing if they cannot be loaded."""
    (layers,) = cur.one("SELECT rule_layers FROM organization WHERE id = ?", org_id)
    try:
        return {SECTION: process_of(book_of(layers), layers, today)}
    except PackError:
        return {}


def _text(values: Mapping[str, Any]) -> str:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()


def _check(mode: str, title: str, patents: list[int], company_id: int | None) -> None:
    fields: dict[str, str] = {}
    if mode not in MODES:
        fields["mode"] = f"不支持的转化方式“{mode}”，可选：{'、'.join(MODES[slug].zh for slug in MODES)}"
    if not 2 <= len(title) <= 200:
        fields["title"] = "案件名称须为2至200个字"
    if not patents:
        fields["patent_ids"] = "请至少选择一件专利"
    if len(patents) > MAX_PATENTS:
        fields["patent_ids"] = f"一个案件最多包含{MAX_PATENTS}件专利，请分案办理"
    if mode in MODES and MODES[mode].has_company != (company_id is not None):
        fields["company_id"] = _COMPANY[MODES[mode].has_company].format(mode=MODES[mode].zh)
    if fields:
        raise Invalid("立案信息有误，请改正后重新提交", fields, "the case cannot be opened")


_COMPANY = {
    True: "请选择企业；没有登记的，请先登记企业",
    False: "{mode}面向不特定的被许可人，立案时不选企业；被许可人在其书面通知到达后逐一登记",
}


def next_number(cur: Cursor, org_id: int, today: date) -> str:
    """Return the next case number of the year."""
    prefix = f"ZH{today.year}-"
    row = cur.one(
        "SELECT number FROM conversion_case WHERE org_id = ? AND number LIKE ? ORDER BY number DESC LIMIT 1",
        org_id, f"{prefix}%",
    )  # fmt: skip
    last = int(row[0].removeprefix(prefix)) if row else 0
    return f"{prefix}{last + 1:05d}"


def _check_belongs(session: Session, org_id: int, patents: list[int], company_id: int | None) -> None:
    company = session.get(Company, company_id) if company_id is not None else None
    if company_id is not None and (company is None or company.org_id != org_id):
        raise NotFound("没有找到该企业，请先登记企业信息", "no such company")
    query = select(func.count()).select_from(Patent)
    found = session.exec(query.where(Patent.org_id == org_id, col(Patent.id).in_(patents))).one()
    if found != len(patents):
        raise NotFound(
            "所选专利中有的不在本单位专利库中，请重新选择", "some patents are not in this organization"
        )
