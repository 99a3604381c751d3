"""The register of enterprises: what is known of companies beyond their contracts, listed with filters.

`company` stays the one register of counterparties; a profile lies beside it. In: checked texts and codes. Out: frozen
views. Writes the profile and the trail of the organization.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, func, or_, select

from cases.companies import EDITORS, get_company
from cases.db import Database, cursor_of
from cases.enterprise_codes import CLASSES, CULTIVATION, SIZES, SOURCES, Labels, listed_zh
from cases.enterprise_tables import CompanyProfile, EnterpriseAccount, PatentPush
from cases.errors import Forbidden, Invalid
from cases.industries import NAMES as INDUSTRIES
from cases.scope import Person
from cases.tables import Company
from cases.trail import append_org, hold_org
from rules.dates import DateError, parse_date
from rules.text import normalize

PAGE_SIZE = 20
LONGEST_REGION = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a company; empty where nobody has said."""

    classes: tuple[str, ...] = ()
    region: str = ""
    industries: tuple[str, ...] = ()
    size: str = ""
    cultivation: str = ""
    source: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One company of the list; `pushed` patents, of which `evaluated`; `accounts` that can sign in."""

    id: int
    name: str
    uscc: str
    is_foreign: bool
    legal_representative: str
    contact: str
    phone: str
    profile: Profile
    pushed: int
    evaluated: int
    accounts: int


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """One page of the list, and how many there are in all."""

    rows: tuple[EnterpriseRow, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; an empty one lets all pass. Codes that no list knows find nothing."""

    q: str = ""
    class_: str = ""
    region: str = ""
    industry: str = ""
    size: str = ""
    cultivation: str = ""


def save_profile(
    db: Database, person: Person, company_id: int, values: Mapping[str, object], *, now: datetime, today: date
) -> Profile:
    """Write what is known of a company and return it; the same again changes nothing.

    Raises: Forbidden; NotFound; Invalid with the fields.
    Effects: writes company_profile, and one entry of the organization's trail if anything changed.
    """
    if person.role not in EDITORS:
        raise Forbidden("企业信息须由转化专员登记", "only officers register companies")
    profile = checked_profile(values, today)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        company = get_company(session, person.org_id, company_id)
        if write_profile(session, person.org_id, company_id, profile, now):
            body = {"company_id": company_id, "name": company.name, "profile": as_json(profile)}
            append_org(
                cursor_of(session, db.postgres),
                person.org_id,
                person.author,
                "company_profile_saved",
                body,
                now,
            )
    return profile


def checked_profile(values: Mapping[str, object], today: date) -> Profile:
    """Return a profile from typed values: codes, lists of codes, texts and a date.

    Raises: Invalid with the fields.
    """
    faults: dict[str, str] = {}
    classes = _codes(values.get("classes"), CLASSES, "classes", faults)
    industries = _codes(values.get("industries"), INDUSTRIES, "industries", faults)
    one = {
        name: "".join(_codes(values.get(name), labels, name, faults)[:1])
        for name, labels in (("size", SIZES), ("cultivation", CULTIVATION), ("source", SOURCES))
    }
    region = normalize(str(values.get("region") or ""))
    if len(region) > LONGEST_REGION:
        faults["region"] = f"地区不能超过{LONGEST_REGION}个字"
    confirmed = _day(values.get("confirmed_on"), today, faults)
    if faults:
        raise Invalid("企业档案有误，请改正后重新提交", faults, "the profile is not valid")
    return Profile(classes, region, industries, one["size"], one["cultivation"], one["source"], confirmed)


def _codes(given: object, labels: Labels, field: str, faults: dict[str, str]) -> tuple[str, ...]:
    wanted = (
        [given] if isinstance(given, str) else list(given) if isinstance(given, list | tuple | set) else []
    )
    codes = [str(code) for code in wanted if str(code)]
    if unknown := [code for code in codes if code not in labels]:
        faults[field] = f"没有“{unknown[0]}”，可选：{listed_zh(labels)}"
    return tuple(code for code in labels if code in codes)


def _day(given: object, today: date, faults: dict[str, str]) -> date | None:
    if given is None or given == "":
        return None
    try:
        found = given if isinstance(given, date) else parse_date(str(given))
    except DateError:
        faults["confirmed_on"] = "确认日期不是有效的日期，例如2026-03-01"
        return None
    if found > today:
        faults["confirmed_on"] = f"确认日期不能晚于今日{today.isoformat()}"
    return found


def write_profile(session: Session, org_id: int, company_id: int, profile: Profile, now: datetime) -> bool:
    """Store a profile in the caller's transaction; return whether anything changed."""
    row = session.get(CompanyProfile, company_id)
    if row is not None and profile_of(row) == profile:
        return False
    row = row or CompanyProfile(company_id=company_id, org_id=org_id, updated_at=now)
    row.classes, row.industries = _text(profile.classes), _text(profile.industries)
    row.region, row.size, row.cultivation = profile.region, profile.size, profile.cultivation
    row.source, row.confirmed_on, row.updated_at = profile.source, profile.confirmed_on, now
    session.add(row)
    return True


def _text(codes: Iterable[str]) -> str:
    return orjson.dumps(list(codes)).decode()


def as_json(profile: Profile) -> dict[str, Any]:
    """Return the form that the trail keeps."""
    return {
        "classes": list(profile.classes), "region": profile.region, "industries": list(profile.industries),
        "size": profile.size, "cultivation": profile.cultivation, "source": profile.source,
        "confirmed_on": profile.confirmed_on.isoformat() if profile.confirmed_on else None,
    }  # fmt: skip


def profile_of(row: CompanyProfile | None) -> Profile:
    """Return what a row says."""
    if row is None:
        return Profile()
    return Profile(
        tuple(orjson.loads(row.classes)), row.region, tuple(orjson.loads(row.industries)), row.size,
        row.cultivation, row.source, row.confirmed_on,
    )  # fmt: skip


def get_profile(session: Session, org_id: int, company_id: int) -> Profile:
    """Return what is known of a company.

    Raises: NotFound for a company of another organization.
    """
    get_company(session, org_id, company_id)
    return profile_of(session.get(CompanyProfile, company_id))


def list_enterprises(
    session: Session, org_id: int, wanted: Wanted, page: int = 1, size: int = PAGE_SIZE
) -> EnterprisePage:
    """Return one page of the companies that pass the filters, by name."""
    passing = _passing(org_id, wanted)
    total = session.exec(
        select(func.count())
        .select_from(Company)
        .outerjoin(CompanyProfile, col(CompanyProfile.company_id) == col(Company.id))
        .where(*passing)
    ).one()
    query = (
        select(Company, CompanyProfile)
        .outerjoin(CompanyProfile, col(CompanyProfile.company_id) == col(Company.id))
        .where(*passing)
        .order_by(col(Company.name), col(Company.id))
        .offset((page - 1) * size)
        .limit(size)
    )
    found = list(session.exec(query))
    counts = _counts(session, [int(company.id or 0) for company, _ in found])
    return EnterprisePage(tuple(_row(company, profile, counts) for company, profile in found), total, page)


def _passing(org_id: int, wanted: Wanted) -> list[Any]:
    conditions: list[Any] = [Company.org_id == org_id]
    if q := normalize(wanted.q):
        by_name = col(Company.name).contains(q, autoescape=True)
        conditions.append(or_(by_name, col(Company.uscc).contains(q.upper(), autoescape=True)))
    for column, code in (
        (CompanyProfile.classes, wanted.class_),
        (CompanyProfile.industries, wanted.industry),
    ):
        if code:
            conditions.append(col(column).contains(f'"{code}"', autoescape=True))
    for column, value in (
        (CompanyProfile.size, wanted.size), (CompanyProfile.cultivation, wanted.cultivation),
    ):  # fmt: skip
        if value:
            conditions.append(col(column) == value)
    if region := normalize(wanted.region):
        conditions.append(col(CompanyProfile.region).startswith(region, autoescape=True))
    return conditions


def _counts(session: Session, ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """Return per company how many patents were pushed and evaluated, and how many accounts can sign in."""
    pushed = session.exec(
        select(PatentPush.company_id, func.count(), func.count(col(PatentPush.evaluated_at)))
        .where(col(PatentPush.company_id).in_(ids))
        .group_by(col(PatentPush.company_id))
    )
    by_company = {company: (total, done) for company, total, done in pushed}
    accounts = session.exec(
        select(EnterpriseAccount.company_id, func.count())
        .where(col(EnterpriseAccount.company_id).in_(ids), col(EnterpriseAccount.active))
        .group_by(col(EnterpriseAccount.company_id))
    )
    entering = dict(accounts.all())
    return {id_: (*by_company.get(id_, (0, 0)), entering.get(id_, 0)) for id_ in ids}


def _row(
    company: Company, profile: CompanyProfile | None, counts: Mapping[int, tuple[int, int, int]]
) -> EnterpriseRow:
    id_ = int(company.id or 0)
    return EnterpriseRow(
        id_, company.name, company.uscc, company.is_foreign, company.legal_representative, company.contact,
        company.phone, profile_of(profile), *counts[id_],
    )  # fmt: skip


def regions(session: Session, org_id: int) -> tuple[str, ...]:
    """Return the regions in use."""
    query = select(CompanyProfile.region).where(CompanyProfile.org_id == org_id, CompanyProfile.region != "")
    return tuple(session.exec(query.distinct().order_by(col(CompanyProfile.region)).limit(200)))
