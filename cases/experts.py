"""The pool of experts who evaluate patents: who they are, what they know, who recommended them, who may call them.

Source: 榕市监知〔2024〕268号 (an expert pool by industry, shared with districts; people who know technology and products)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, func, select

from cases.addresses import flaw_of
from cases.companies import EDITORS, get_company
from cases.db import Database, cursor_of
from cases.enterprise_codes import SHARING, listed_zh
from cases.enterprise_tables import Expert
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.industries import NAMES as INDUSTRIES
from cases.scope import Person
from cases.tables import Patent
from cases.trail import append_org, hold_org
from rules.text import fold, normalize

PAGE_SIZE = 20
TEXTS: Mapping[str, tuple[str, int]] = {
    "name": ("姓名", 50), "employer": ("工作单位", 200), "products": ("熟悉的技术和产品", 1000),
    "recommender": ("推荐单位", 200),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExpertView:
    """One expert. `fields` are codes of industries, `sharing` says how widely the expert may be called."""

    id: int
    name: str
    employer: str
    company_id: int | None
    fields: tuple[str, ...]
    products: str
    recommender: str
    sharing: str
    email: str
    active: bool


def save_expert(
    db: Database, person: Person, values: Mapping[str, object], *, now: datetime, expert_id: int | None = None
) -> int:
    """Enter an expert into the pool, or change one, and return the id.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict if the same person of the same employer is there.
    Effects: writes expert and the trail of the organization.
    """
    if person.role not in EDITORS:
        raise Forbidden("评价专家须由转化专员登记", "only officers keep the pool of experts")
    texts, fields = checked_expert(values)
    company_id = values.get("company_id")
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        if isinstance(company_id, int):
            get_company(session, person.org_id, company_id)
        row = _existing(session, person.org_id, expert_id, now)
        twin = expert_named(session, person.org_id, texts["name"], texts["employer"])
        if twin is not None and twin.id != row.id:
            raise Conflict(
                f"{texts['employer']}的{texts['name']}已在专家库中，请直接修改",
                "the expert is in the pool already",
            )
        for name, value in texts.items():
            setattr(row, name, value)
        row.fields, row.company_id = fields, company_id if isinstance(company_id, int) else None
        row.active = bool(values.get("active", True))
        session.add(row)
        session.flush()
        body = {**texts, "fields": orjson.loads(fields), "active": row.active, "expert_id": row.id}
        append_org(cursor_of(session, db.postgres), person.org_id, person.author, "expert_saved", body, now)
        return note_made(int(row.id or 0))


def checked_expert(values: Mapping[str, object]) -> tuple[dict[str, str], str]:
    """Return the texts of an expert, and the industries as stored.

    Raises: Invalid with the fields.
    """
    texts = {name: normalize(str(values.get(name) or "")) for name in (*TEXTS, "email")}
    faults = {
        name: f"{label}须为1至{most}个字"
        for name, (label, most) in TEXTS.items()
        if not 1 <= len(texts[name]) <= most
    }
    texts["sharing"] = str(values.get("sharing") or "own")
    if texts["sharing"] not in SHARING:
        faults["sharing"] = f"共享范围可选：{listed_zh(SHARING)}"
    if texts["email"] and (flaw := flaw_of(texts["email"])):
        faults["email"] = flaw
    given = values.get("fields")
    codes = [str(code) for code in given] if isinstance(given, list | tuple) else []
    if not codes or any(code not in INDUSTRIES for code in codes):
        faults["fields"] = f"请选择产业领域：{listed_zh(INDUSTRIES)}"
    if faults:
        raise Invalid("专家信息有误，请改正后重新提交", faults, "the expert is not valid")
    return texts, orjson.dumps([code for code in INDUSTRIES if code in codes]).decode()


def _existing(session: Session, org_id: int, expert_id: int | None, now: datetime | None = None) -> Expert:
    if expert_id is None:
        return Expert(
            org_id=org_id, name="", employer="", recommender="", created_at=now or datetime.now(UTC)
        )
    row = session.get(Expert, expert_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到该专家", "no such expert")
    return row


def expert_named(session: Session, org_id: int, name: str, employer: str) -> Expert | None:
    """Return the expert of a name and an employer."""
    return session.exec(
        select(Expert).where(Expert.org_id == org_id, Expert.name == name, Expert.employer == employer)
    ).first()


def get_expert(session: Session, org_id: int, expert_id: int) -> ExpertView:
    """Return one expert.

    Raises: NotFound.
    """
    return _view(_existing(session, org_id, expert_id))


def list_experts(
    session: Session, org_id: int, *, industry: str = "", active_only: bool = False, page: int = 1,
    size: int = PAGE_SIZE,
) -> tuple[tuple[ExpertView, ...], int]:  # fmt: skip
    """Return one page of the pool by name, and how many there are."""
    conditions: list[Any] = [Expert.org_id == org_id]
    if industry:
        conditions.append(col(Expert.fields).contains(f'"{industry}"', autoescape=True))
    if active_only:
        conditions.append(col(Expert.active))
    total = session.exec(select(func.count()).select_from(Expert).where(*conditions)).one()
    query = select(Expert).where(*conditions).order_by(col(Expert.name), col(Expert.id))
    rows = session.exec(query.offset((page - 1) * size).limit(size))
    return tuple(_view(row) for row in rows), total


def _view(row: Expert) -> ExpertView:
    return ExpertView(
        int(row.id or 0), row.name, row.employer, row.company_id, tuple(orjson.loads(row.fields)), row.products,
        row.recommender, row.sharing, row.email, row.active,
    )  # fmt: skip


def conflict_of(expert: ExpertView | Expert, patent: Patent) -> str:
    """Return why an expert should not judge a patent, in Chinese; empty if nothing is seen against it.

    Two things can be seen in the record: the expert works for an owner, or bears the name of an inventor.
    """
    if fold(expert.employer) in {fold(owner) for owner in orjson.loads(patent.owners)}:
        return f"专家任职于专利权人{expert.employer}"
    if fold(expert.name) in {fold(inventor) for inventor in orjson.loads(patent.inventors)}:
        return f"专家与发明人{expert.name}同名，请核实是否为同一人"
    return ""
