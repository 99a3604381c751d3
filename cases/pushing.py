"""Pushing patents to enterprises: with reasons and a purpose, never the same one again too soon, and every look on record.

In: chosen patents and companies. Out: what was pushed and what was not, each with its reason. One transaction: pushes,
log of access, letters, trail.

Source: 上海市存量专利盘活若干措施 (精准推送); 国知发运字〔2025〕16号 (在保障数据安全的前提下有序获取可转化专利数据)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlmodel import Session, col, func, select

from cases.companies import EDITORS
from cases.db import Database, cursor_of
from cases.enterprise_codes import CLASSES, PURPOSES, REASONS, listed_zh
from cases.enterprise_letters import queue_letter
from cases.enterprise_tables import CompanyProfile, EnterpriseMark, PatentAccess, PatentPush
from cases.enterprises import Profile, profile_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.industries import NAMES as INDUSTRIES
from cases.industries import proposed
from cases.patent_dates import book_in_use
from cases.profile_tables import PatentProfile
from cases.scope import Person
from cases.settings import SHANGHAI
from cases.tables import Company, Patent, User
from cases.trail import append_org, hold_org
from rules.patent_numbers import IdentifierError, display_number, parse_application_number
from rules.text import normalize

PAGE_SIZE = 20
MOST_PATENTS, MOST_COMPANIES = 200, 50
PUSHABLE = frozenset({"in_force", "in_grace"})
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Skipped:
    """A pair that was not pushed, and why."""

    patent_id: int
    company_id: int
    title: str
    company: str
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of pushing: the ids of the pushes, and the pairs that were left out."""

    ids: tuple[int, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Push:
    """What an officer asks for. `reasons` are further reasons per pair of company and patent, by code and text."""

    patent_ids: Sequence[int]
    company_ids: Sequence[int]
    purpose: str
    note: str = ""
    mail: bool = False
    reasons: Mapping[tuple[int, int], Sequence[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Target:
    company: Company
    profile: Profile
    subscribed: frozenset[str]


def push_patents(db: Database, person: Person, push: Push, *, now: datetime) -> Pushed:
    """Push patents to enterprises; a pair that may not be pushed is left out and told, the others go.

    Raises: Forbidden; NotFound for a patent or company of another organization; Invalid with the fields.
    Effects: writes patent_push, patent_access, with `mail` one letter per company, and one entry of the trail.
    """
    if person.role not in EDITORS:
        raise Forbidden("专利推送须由转化专员办理", "only officers push patents")
    note = _checked(push)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        lines = book_in_use(cur, person.org_id).house(now.astimezone(SHANGHAI).date()).evaluating
        patents = _patents(session, person.org_id, push.patent_ids)
        industries = industries_of(session, patents)
        since = now - timedelta(days=lines.push_again_days)
        ids: list[int] = []
        skipped: list[Skipped] = []
        for target in _targets(session, person.org_id, push.company_ids):
            company_id = int(target.company.id or 0)
            before = _pushed_since(session, company_id, since)
            going = []
            for patent in patents:
                why = _why_not(patent, before, lines.push_again_days)
                if why:
                    skipped.append(_skip(patent, target.company, *why))
                    continue
                given = push.reasons.get((company_id, int(patent.id or 0)), ())
                reasons = [*_reasons(target, industries[int(patent.id or 0)], note), *given]
                ids.append(_write(session, person, patent, company_id, push.purpose, reasons, now))
                going.append(patent)
            if going and push.mail:
                queue_letter(
                    cur,
                    person.org_id,
                    company_id,
                    f"向贵企业推荐{len(going)}件可转化专利",
                    _lines(going),
                    now,
                )
        session.flush()
        _note(db, session, person, push, ids, now)
    return Pushed(tuple(ids), tuple(skipped))


def _checked(push: Push) -> str:
    faults = {}
    note = normalize(push.note)
    if push.purpose not in PURPOSES:
        faults["purpose"] = f"请选择用途：{listed_zh(PURPOSES)}"
    if not 1 <= len(set(push.patent_ids)) <= MOST_PATENTS:
        faults["patents"] = f"请选择专利，一次不超过{MOST_PATENTS}件"
    if not 1 <= len(set(push.company_ids)) <= MOST_COMPANIES:
        faults["companies"] = f"请选择企业，一次不超过{MOST_COMPANIES}家"
    if len(note) > LONGEST_NOTE:
        faults["note"] = f"推荐理由不能超过{LONGEST_NOTE}个字"
    if any(code not in REASONS for given in push.reasons.values() for code, _ in given):
        faults["reasons"] = f"推荐理由的种类可选：{listed_zh(REASONS)}"
    if faults:
        raise Invalid("推送没有填写完整，请改正后重新提交", faults, "the push is not valid")
    return note


def _patents(session: Session, org_id: int, ids: Iterable[int]) -> list[Patent]:
    wanted = sorted(set(ids))
    query = select(Patent).where(Patent.org_id == org_id, col(Patent.id).in_(wanted)).order_by(col(Patent.id))
    found = list(session.exec(query))
    if len(found) != len(wanted):
        raise NotFound("有专利不在本单位专利库中，请重新选择", "a patent is not in the library")
    return found


def _targets(session: Session, org_id: int, ids: Iterable[int]) -> list[_Target]:
    wanted = sorted(set(ids))
    query = (
        select(Company, CompanyProfile)
        .outerjoin(CompanyProfile, col(CompanyProfile.company_id) == col(Company.id))
        .where(Company.org_id == org_id, col(Company.id).in_(wanted))
        .order_by(col(Company.id))
    )
    found = list(session.exec(query))
    if len(found) != len(wanted):
        raise NotFound("有企业没有在本单位登记，请重新选择", "a company is not registered")
    marks: dict[int, set[str]] = {}
    for company_id, industry in session.exec(
        select(EnterpriseMark.company_id, EnterpriseMark.industry).where(
            col(EnterpriseMark.company_id).in_(wanted), EnterpriseMark.industry != ""
        )
    ):
        marks.setdefault(company_id, set()).add(industry)
    return [
        _Target(company, profile_of(profile), frozenset(marks.get(int(company.id or 0), ())))
        for company, profile in found
    ]


def patents_named(session: Session, org_id: int, texts: Iterable[str]) -> tuple[list[int], dict[str, str]]:
    """Return the ids of patents by numbers as people write them, and per number that leads to none the reason."""
    wanted: dict[str, str] = {}
    faults: dict[str, str] = {}
    for text in filter(None, map(normalize, texts)):
        try:
            wanted[parse_application_number(text).digits] = text
        except IdentifierError as error:
            faults[text] = error.reason
    query = select(Patent.application_no, Patent.id).where(
        Patent.org_id == org_id, col(Patent.application_no).in_(wanted)
    )
    known = dict(session.exec(query).all())
    faults |= {text: "不在本单位专利库中" for digits, text in wanted.items() if digits not in known}
    return [int(known[digits] or 0) for digits in wanted if digits in known], faults


def industries_of(session: Session, patents: Sequence[Patent]) -> dict[int, frozenset[str]]:
    """Return the industries of patents by id: those of the profile, or what the classification points to."""
    ids = [int(patent.id or 0) for patent in patents]
    stored = session.exec(
        select(PatentProfile.patent_id, PatentProfile.industry).where(col(PatentProfile.patent_id).in_(ids))
    )
    known = {patent_id: frozenset(orjson.loads(industry)) for patent_id, industry in stored}
    return {
        int(patent.id or 0): known.get(int(patent.id or 0))
        or frozenset(filter(None, (proposed(patent.ipc),)))
        for patent in patents
    }


def _pushed_since(session: Session, company_id: int, since: datetime) -> dict[int, datetime]:
    query = select(PatentPush.patent_id, func.max(PatentPush.pushed_at)).where(
        PatentPush.company_id == company_id, PatentPush.pushed_at > since
    )
    return dict(session.exec(query.group_by(col(PatentPush.patent_id))).all())


def _why_not(patent: Patent, before: Mapping[int, datetime], days: int) -> tuple[str, str] | None:
    if "defense" in orjson.loads(patent.flags):
        return "国防专利不得对外推送", "a defense patent is not shown outside"
    if patent.status not in PUSHABLE:
        return "专利不在有效状态", "the patent is not in force"
    last = before.get(int(patent.id or 0))
    if last is None:
        return None
    on = last.astimezone(SHANGHAI).date()
    again = on + timedelta(days=days)
    return (
        f"已于{on.isoformat()}推送过，本单位规定{days}天内不重复推送，{again.isoformat()}以后可再推送",
        f"pushed on {on.isoformat()}; the house pushes again after {days} days",
    )


def _skip(patent: Patent, company: Company, zh: str, en: str) -> Skipped:
    return Skipped(int(patent.id or 0), int(company.id or 0), patent.title, company.name, zh, en)


def _reasons(target: _Target, industries: frozenset[str], note: str) -> list[tuple[str, str]]:
    """Return why this patent goes to this enterprise, as far as the record tells."""
    found = [("industry", INDUSTRIES[code][0]) for code in target.profile.industries if code in industries]
    found += [("subscription", INDUSTRIES[code][0]) for code in sorted(target.subscribed & industries)]
    if target.profile.classes:
        found.append(("class", "、".join(CLASSES[code][0] for code in target.profile.classes)))
    return [*found, *([("officer", note)] if note else [])]


def _write(
    session: Session, person: Person, patent: Patent, company_id: int, purpose: str,
    reasons: Sequence[tuple[str, str]], now: datetime,
) -> int:  # fmt: skip
    told = orjson.dumps([{"kind": kind, "text": text} for kind, text in reasons]).decode()
    row = PatentPush(
        org_id=person.org_id, company_id=company_id, patent_id=int(patent.id or 0), user_id=person.id,
        purpose=purpose, reasons=told, pushed_at=now,
    )  # fmt: skip
    session.add(row)
    session.add(
        PatentAccess(
            org_id=person.org_id, company_id=company_id, patent_id=int(patent.id or 0), user_id=person.id,
            act="pushed", purpose=purpose, address=person.origin.address, at=now,
        )
    )  # fmt: skip
    session.flush()
    return int(row.id or 0)


def _lines(patents: Sequence[Patent]) -> list[dict[str, Any]]:
    return [
        {
            "title": patent.title,
            "note": display_number(patent.application_no),
            "path": f"/enterprise/patents/{patent.id}",
        }
        for patent in patents
    ]


def _note(
    db: Database, session: Session, person: Person, push: Push, ids: Sequence[int], now: datetime
) -> None:
    if not ids:
        return
    body = {
        "pushes": len(ids), "patents": sorted(set(push.patent_ids)), "companies": sorted(set(push.company_ids)),
        "purpose": push.purpose, "mail": push.mail,
    }  # fmt: skip
    append_org(cursor_of(session, db.postgres), person.org_id, person.author, "patents_pushed", body, now)


@dataclass(frozen=True, slots=True)
class PushView:
    """One push with its times; `reasons` are (kind, text)."""

    id: int
    patent_id: int
    title: str
    number: str
    company_id: int
    company: str
    by: str
    purpose: str
    reasons: tuple[tuple[str, str], ...]
    pushed_at: datetime
    opened_at: datetime | None
    evaluated_at: datetime | None


def list_pushes(
    session: Session, org_id: int, *, company_id: int | None = None, patent_id: int | None = None, standing: str = "",
    page: int = 1, size: int = PAGE_SIZE,
) -> tuple[tuple[PushView, ...], int]:  # fmt: skip
    """Return one page of the pushes, the newest first, and how many there are.

    `standing` is `waiting` (not opened), `opened` (not evaluated) or `evaluated`; all of them if empty.
    """
    conditions: list[Any] = [PatentPush.org_id == org_id]
    if company_id is not None:
        conditions.append(PatentPush.company_id == company_id)
    if patent_id is not None:
        conditions.append(PatentPush.patent_id == patent_id)
    opened, evaluated = col(PatentPush.opened_at), col(PatentPush.evaluated_at)
    conditions += {
        "waiting": [opened.is_(None), evaluated.is_(None)],
        "opened": [opened.is_not(None), evaluated.is_(None)],
        "evaluated": [evaluated.is_not(None)],
    }.get(standing, [])
    total = session.exec(select(func.count()).select_from(PatentPush).where(*conditions)).one()
    query = (
        select(PatentPush, Patent, Company.name, User.name)
        .join(Patent, col(Patent.id) == col(PatentPush.patent_id))
        .join(Company, col(Company.id) == col(PatentPush.company_id))
        .join(User, col(User.id) == col(PatentPush.user_id))
        .where(*conditions)
        .order_by(col(PatentPush.pushed_at).desc(), col(PatentPush.id).desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return tuple(_view(*row) for row in session.exec(query)), total


def _view(row: PatentPush, patent: Patent, company: str, by: str) -> PushView:
    reasons = tuple((one["kind"], one["text"]) for one in orjson.loads(row.reasons))
    return PushView(
        int(row.id or 0), row.patent_id, patent.title, display_number(patent.application_no), row.company_id, company, by,
        row.purpose, reasons, row.pushed_at, row.opened_at, row.evaluated_at,
    )  # fmt: skip


def push_counts(session: Session, org_id: int) -> tuple[int, int, int]:
    """Return how many patents were pushed, opened and evaluated in all."""
    query = select(
        func.count(), func.count(col(PatentPush.opened_at)), func.count(col(PatentPush.evaluated_at))
    ).where(PatentPush.org_id == org_id)
    pushed, opened, evaluated = session.exec(query).one()
    return pushed, opened, evaluated
