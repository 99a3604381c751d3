"""The register of counterparties: checked once, used by every case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlmodel import Session, col, or_, select

from cases.db import Cursor, Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.scope import Person
from cases.tables import Company
from cases.trail import append_org, hold_org
from rules.identifiers import IdentifierError, parse_uscc
from rules.text import normalize

TEXTS = (
    "name", "address", "legal_representative", "contact", "phone", "email", "bank", "account", "name_en", "address_en",
)  # fmt: skip
# What the editions of a contract in two languages print beside the Chinese.
IN_ENGLISH = ("name_en", "address_en")
LABELS = {
    "name": "企业名称", "uscc": "统一社会信用代码", "address": "住所", "legal_representative": "法定代表人",
    "contact": "联系人", "phone": "联系电话", "email": "电子邮箱", "bank": "开户银行", "account": "银行账号",
    "name_en": "英文名称", "address_en": "英文地址",
}  # fmt: skip
EDITORS = frozenset({"officer", "administrator"})
_HAN = re.compile(r"[\u3400-\u9fff]")
NOT_A_PARTY = ("课题组", "工作室", "实验室", "项目组")


@dataclass(frozen=True, slots=True)
class CompanyView:
    """A counterparty as the doors show it."""

    id: int
    name: str
    uscc: str
    address: str
    legal_representative: str
    contact: str
    phone: str
    email: str
    bank: str
    account: str
    is_foreign: bool
    name_en: str = ""
    address_en: str = ""


def save_company(
    db: Database, person: Person, values: Mapping[str, object], *, company_id: int | None = None
) -> int:
    """Register a company, or change one, and return its id.

    Raises: Forbidden; Invalid with the fields; Conflict if the code is registered already; NotFound.
    """
    if person.role not in EDITORS:
        raise Forbidden("企业信息须由转化专员登记", "only officers register companies")
    texts, uscc, foreign = _checked(values)
    now = datetime.now(UTC)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        twin = _twin(session, person.org_id, uscc, company_id)
        if twin:
            raise Conflict(
                f"统一社会信用代码{uscc}已登记为“{twin}”，请直接选用该企业", f"{uscc} is registered"
            )
        company = _existing(session, person.org_id, company_id) or Company(
            org_id=person.org_id, name="", created_at=now
        )
        return note_made(
            _stored(session, cursor_of(session, db.postgres), person, company, now, texts, uscc, foreign)
        )


def _stored(
    session: Session,
    cur: Cursor,
    person: Person,
    company: Company,
    now: datetime,
    texts: Mapping[str, str],
    uscc: str,
    foreign: bool,
) -> int:
    for name, value in texts.items():
        setattr(company, name, value)
    company.uscc, company.is_foreign = uscc, foreign
    session.add(company)
    session.flush()
    body = {**texts, "uscc": uscc, "is_foreign": foreign, "company_id": company.id}
    append_org(cur, person.org_id, person.author, "company_saved", body, now)
    return int(company.id or 0)


def put_company(
    session: Session, cur: Cursor, person: Person, values: Mapping[str, object], now: datetime
) -> Literal["added", "changed", "same"]:
    """Register a company, or add to the one that is there already, within the caller's transaction.

    A company is known by its code, one without a code by its name. A blank never replaces what is known.

    Raises: Invalid with the fields; Conflict if the code belongs to a company of another name.
    """
    texts, uscc, foreign = _checked(values)
    hold_org(cur, person.org_id)
    by = col(Company.uscc) == uscc if uscc else col(Company.name) == texts["name"]
    known = session.exec(select(Company).where(Company.org_id == person.org_id, by)).first()
    if known is None:
        _stored(
            session,
            cur,
            person,
            Company(org_id=person.org_id, name="", created_at=now),
            now,
            texts,
            uscc,
            foreign,
        )
        return "added"
    if known.name != texts["name"]:
        raise Conflict(
            f"统一社会信用代码{uscc}已登记为“{known.name}”。请核对企业名称；企业已更名的，请先在企业页面修改。",
            f"{uscc} is registered as another company",
        )
    merged = {name: value or str(getattr(known, name)) for name, value in texts.items()}
    if all(getattr(known, name) == value for name, value in merged.items()):
        return "same"
    _stored(session, cur, person, known, now, merged, known.uscc, known.is_foreign)
    return "changed"


def _checked(values: Mapping[str, object]) -> tuple[dict[str, str], str, bool]:
    foreign = str(values.get("is_foreign") or "").lower() in {"1", "true", "on", "yes", "是"}
    texts, uscc, fields = check_party(values, ("企业名称", "营业执照"), needs_code=not foreign)
    if texts["name"].endswith(NOT_A_PARTY):
        fields["name"] = "课题组、工作室等没有民事主体资格，不能作为合同当事人，请填写其所属法人"
    if fields:
        raise Invalid("企业信息有误，请改正后重新提交", fields, "the company is not valid")
    return texts, uscc, foreign


def check_party(
    values: Mapping[str, object], named: tuple[str, str], *, needs_code: bool
) -> tuple[dict[str, str], str, dict[str, str]]:
    """Return what either party of a contract is known by: its texts, its code, and one reason per wrong field.

    `named` is what the name is called and the paper that it stands in.
    """
    texts = {name: normalize(str(values.get(name) or "")) for name in TEXTS}
    fields: dict[str, str] = {}
    if not 2 <= len(texts["name"]) <= 200:
        fields["name"] = f"{named[0]}须为2至200个字，按{named[1]}填写"
    for name, value in texts.items():
        if name != "name" and len(value) > 300:
            fields[name] = f"{LABELS[name]}不能超过300个字"
    fields |= {name: f"{LABELS[name]}须以英文填写" for name in IN_ENGLISH if _HAN.search(texts[name])}
    if texts["email"] and ("@" not in texts["email"] or " " in texts["email"]):
        fields["email"] = "电子邮箱格式不正确"
    uscc = str(values.get("uscc") or "").strip()
    if uscc or needs_code:
        try:
            uscc = parse_uscc(uscc)
        except IdentifierError as error:
            fields["uscc"] = error.reason
    return texts, uscc, fields


def _twin(session: Session, org_id: int, uscc: str, company_id: int | None) -> str:
    if not uscc:
        return ""
    query = select(Company).where(Company.org_id == org_id, Company.uscc == uscc)
    found = session.exec(query).first()
    return found.name if found and found.id != company_id else ""


def _existing(session: Session, org_id: int, company_id: int | None) -> Company | None:
    if company_id is None:
        return None
    company = session.get(Company, company_id)
    if company is None or company.org_id != org_id:
        raise NotFound("没有找到该企业", "no such company")
    return company


def get_company(session: Session, org_id: int, company_id: int) -> CompanyView:
    """Return one company of the organization.

    Raises: NotFound.
    """
    company = _existing(session, org_id, company_id)
    if company is None:
        raise NotFound("没有找到该企业", "no such company")
    return _view(company)


def list_companies(session: Session, org_id: int, q: str = "", limit: int = 50) -> tuple[CompanyView, ...]:
    """Return companies whose name or code contains `q`, by name."""
    query = select(Company).where(Company.org_id == org_id)
    if q := normalize(q):
        by_name = col(Company.name).contains(q, autoescape=True)
        query = query.where(or_(by_name, col(Company.uscc).contains(q.upper(), autoescape=True)))
    return tuple(_view(row) for row in session.exec(query.order_by(col(Company.name)).limit(limit)))


def _view(row: Company) -> CompanyView:
    return CompanyView(
        id=int(row.id or 0), name=row.name, uscc=row.uscc, address=row.address,
        legal_representative=row.legal_representative, contact=row.contact, phone=row.phone, email=row.email,
        bank=row.bank, account=row.account, is_foreign=row.is_foreign,
        name_en=row.name_en, address_en=row.address_en,
    )  # fmt: skip


def company_named(session: Session, org_id: int, named: str) -> int:
    """Return the id of the one company of a name or credit code.

    Raises: NotFound; Conflict if several have the name.
    """
    wanted = normalize(named)
    query = select(Company.id).where(
        Company.org_id == org_id, or_(Company.name == wanted, Company.uscc == wanted.upper())
    )
    found = [int(id_ or 0) for id_ in session.exec(query.limit(2))] if wanted else []
    if not found:
        raise NotFound(f"没有登记企业“{wanted}”，请先登记，或核对名称", f"no company {wanted}")
    if len(found) > 1:
        raise Conflict(f"有多家企业名为“{wanted}”，请改填统一社会信用代码", f"several are named {wanted}")
    return found[0]
