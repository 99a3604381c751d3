"""What an enterprise may see and do on the portal: its own slice, and nothing beside it.

A patent is open to a company if it was pushed to it, or lies in the institution's pool, in force and not classified.
Of a patent only what the office publishes is shown: no scores, no remarks, no persons. Every look is on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, or_, select

from cases.db import Database, cursor_of
from cases.enterprise_accounts import Visitor
from cases.enterprise_messages import Incoming, MessageView, list_messages, receive
from cases.enterprise_tables import EnterpriseMark, EnterpriseMessage, Evaluation, PatentAccess, PatentPush
from cases.errors import Invalid, NotFound
from cases.evaluation_views import EvaluationView, list_evaluations
from cases.evaluations import Given, Kept, checked_heads, write_evaluation
from cases.industries import NAMES as INDUSTRIES
from cases.profile_tables import PatentProfile
from cases.pushing import PUSHABLE
from cases.settings import SHANGHAI
from cases.tables import Organization, Patent
from cases.trail import append_org, hold_org
from rules.patent_numbers import display_number
from rules.text import normalize

PAGE_SIZE = 20
CLASSIFIED = '"defense"'
LISTS = ("pushed", "pool", "favorites")


@dataclass(frozen=True, slots=True)
class PublicPatent:
    """What a portal page shows of a patent: what the office publishes, and the company's own dealings with it."""

    id: int
    title: str
    number: str
    kind: str
    status: str
    ipc: str
    filing_date: date | None
    grant_date: date | None
    publication_no: str
    institution: str
    pushed_at: datetime | None
    reasons: str
    opened_at: datetime | None
    evaluated: bool
    favorite: bool


def patents_for(
    session: Session, visitor: Visitor, which: str, *, q: str = "", industry: str = "", page: int = 1, size: int = PAGE_SIZE
) -> tuple[tuple[PublicPatent, ...], int]:  # fmt: skip
    """Return one page of a list of patents, and how many there are: pushed here, in the pool, or kept as favorites."""
    conditions = [_open_to(visitor), *_of_list(visitor, which)]
    if text := normalize(q):
        digits = "".join(filter(str.isalnum, text)).upper().removeprefix("ZL").removeprefix("CN")
        found: list[Any] = [col(Patent.title).contains(text, autoescape=True)]
        if digits.isascii() and len(digits) >= 4:
            found.append(col(Patent.application_no).contains(digits, autoescape=True))
        conditions.append(or_(*found))
    if industry:
        conditions.append(col(PatentProfile.industry).contains(f'"{industry}"', autoescape=True))
    base = (
        select(Patent)
        .outerjoin(PatentProfile, col(PatentProfile.patent_id) == col(Patent.id))
        .where(*conditions)
    )
    total = session.exec(select(func.count()).select_from(base.subquery())).one()
    rows = session.exec(base.order_by(col(Patent.id).desc()).offset((page - 1) * size).limit(size))
    return _shown(session, visitor, list(rows)), total


def _open_to(visitor: Visitor) -> ColumnElement[bool]:
    """Return the condition for patents that a company may see at all."""
    pushed = exists().where(
        col(PatentPush.patent_id) == col(Patent.id), col(PatentPush.company_id) == visitor.company_id
    )
    listed = col(PatentProfile.in_pool) & col(Patent.status).in_(PUSHABLE)
    secret = col(Patent.flags).contains(CLASSIFIED, autoescape=True)
    return (col(Patent.org_id) == visitor.org_id) & or_(pushed, listed) & ~secret


def _of_list(visitor: Visitor, which: str) -> list[ColumnElement[bool]]:
    if which == "pushed":
        return [
            exists().where(
                col(PatentPush.patent_id) == col(Patent.id), col(PatentPush.company_id) == visitor.company_id
            )
        ]
    if which == "favorites":
        return [
            exists().where(
                col(EnterpriseMark.patent_id) == col(Patent.id),
                col(EnterpriseMark.company_id) == visitor.company_id,
            )
        ]
    return [col(PatentProfile.in_pool).is_(True)]


def _shown(session: Session, visitor: Visitor, patents: Sequence[Patent]) -> tuple[PublicPatent, ...]:
    ids = [int(patent.id or 0) for patent in patents]
    institution = session.get(Organization, visitor.org_id)
    pushes = {
        row.patent_id: row
        for row in session.exec(
            select(PatentPush)
            .where(PatentPush.company_id == visitor.company_id, col(PatentPush.patent_id).in_(ids))
            .order_by(col(PatentPush.id))
        )
    }
    done = set(
        session.exec(
            select(Evaluation.patent_id).where(
                Evaluation.company_id == visitor.company_id, col(Evaluation.patent_id).in_(ids)
            )
        )
    )
    kept = set(
        session.exec(
            select(EnterpriseMark.patent_id).where(
                EnterpriseMark.company_id == visitor.company_id, col(EnterpriseMark.patent_id).in_(ids)
            )
        )
    )
    name = institution.name if institution else ""
    return tuple(_public(patent, pushes.get(int(patent.id or 0)), name, done, kept) for patent in patents)


def _public(
    patent: Patent, push: PatentPush | None, institution: str, done: set[int], kept: set[int | None]
) -> PublicPatent:
    id_ = int(patent.id or 0)
    return PublicPatent(
        id_, patent.title, display_number(patent.application_no), patent.kind, patent.status, patent.ipc,
        patent.filing_date, patent.grant_date, patent.publication_no, institution, push.pushed_at if push else None,
        push.reasons if push else "[]", push.opened_at if push else None, id_ in done, id_ in kept,
    )  # fmt: skip


def open_patent(db: Database, visitor: Visitor, patent_id: int, *, now: datetime) -> PublicPatent:
    """Return a patent that a company opens.

    Raises: NotFound, also for one that is there but not open to the company.
    Effects: writes when it was first opened, and the look into the log of access.
    """
    with db.write() as session:
        patent = _patent(session, visitor, patent_id)
        pushes = session.exec(
            select(PatentPush).where(
                PatentPush.company_id == visitor.company_id, PatentPush.patent_id == patent_id,
                col(PatentPush.opened_at).is_(None),
            )
        )  # fmt: skip
        for push in pushes:
            push.opened_at = now
            session.add(push)
        session.add(
            PatentAccess(
                org_id=visitor.org_id, company_id=visitor.company_id, patent_id=patent_id, account_id=visitor.id,
                act="opened", purpose="evaluation", address=visitor.origin.address, at=now,
            )
        )  # fmt: skip
        session.flush()
        return _shown(session, visitor, [patent])[0]


def _patent(session: Session, visitor: Visitor, patent_id: int) -> Patent:
    query = (
        select(Patent)
        .outerjoin(PatentProfile, col(PatentProfile.patent_id) == col(Patent.id))
        .where(col(Patent.id) == patent_id, _open_to(visitor))
    )
    patent = session.exec(query).first()
    if patent is None:
        raise NotFound("没有找到该专利，或没有向贵企业开放", "no such patent, or it is not open to you")
    return patent


def evaluate(
    db: Database, visitor: Visitor, patent_id: int, values: Mapping[str, object], *, opened: datetime | None, key: str,
    now: datetime,
) -> Kept:  # fmt: skip
    """Keep an enterprise's own evaluation of a patent that is open to it.

    Args:
        opened: when the form was opened, if that is known.
        key: names the form, so that sending it twice keeps it once.

    Raises: NotFound; Invalid with the fields; Conflict if this form was sent before.
    Effects: as `cases.evaluations.write_evaluation`.
    """
    heads = checked_heads({**values, "on": None}, now.astimezone(SHANGHAI).date())
    seconds = max(0, int((now - opened).total_seconds())) if opened else None
    given = Given(
        patent_id, company_id=visitor.company_id, account_id=visitor.id, source="portal", seconds=seconds,
        key=f"portal:{visitor.id}:{patent_id}:{key}", **heads,
    )  # fmt: skip
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), visitor.org_id)
        _patent(session, visitor, patent_id)
        return write_evaluation(db.postgres, session, visitor.org_id, given, visitor.author, now)


def ask(db: Database, visitor: Visitor, patent_id: int, kind: str, body: str, *, now: datetime) -> int:
    """Take in a message about a patent that is open to the company, and return its id.

    Raises: NotFound; Invalid.
    Effects: writes the message with its date, and one entry of the trail.
    """
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, visitor.org_id)
        _patent(session, visitor, patent_id)
        message_id = receive(
            session, cur, visitor.org_id, Incoming(kind, visitor.company_id, patent_id, body), now
        )
        told = {
            "message_id": message_id,
            "kind": kind,
            "patent_id": patent_id,
            "company_id": visitor.company_id,
        }
        append_org(
            cursor_of(session, db.postgres), visitor.org_id, visitor.author, "enterprise_asked", told, now
        )
        return message_id


def mark(db: Database, visitor: Visitor, patent_id: int, on: bool, *, now: datetime) -> None:
    """Keep a patent among the company's favorites, or let it go. Doing it again changes nothing.

    Raises: NotFound.
    """
    with db.write() as session:
        _patent(session, visitor, patent_id)
        _set_mark(session, visitor, on, now, patent_id=patent_id)


def subscribe(db: Database, visitor: Visitor, industries: Sequence[str], *, now: datetime) -> None:
    """Subscribe the company to exactly these industries.

    Raises: Invalid for a code that is none.
    """
    if unknown := [code for code in industries if code not in INDUSTRIES]:
        raise Invalid("请选择产业领域", {"industries": f"没有“{unknown[0]}”"}, "no such industry")
    with db.write() as session:
        for code in INDUSTRIES:
            _set_mark(session, visitor, code in industries, now, industry=code)


def _set_mark(
    session: Session, visitor: Visitor, on: bool, now: datetime, *, patent_id: int | None = None, industry: str = ""
) -> None:  # fmt: skip
    query = select(EnterpriseMark).where(EnterpriseMark.company_id == visitor.company_id)
    query = (
        query.where(EnterpriseMark.patent_id == patent_id)
        if patent_id is not None
        else query.where(EnterpriseMark.industry == industry)
    )
    row = session.exec(query).first()
    if on and row is None:
        session.add(
            EnterpriseMark(
                org_id=visitor.org_id, company_id=visitor.company_id, account_id=visitor.id, patent_id=patent_id,
                industry=industry, created_at=now,
            )
        )  # fmt: skip
    elif not on and row is not None:
        session.delete(row)


def subscribed(session: Session, visitor: Visitor) -> tuple[str, ...]:
    """Return the industries that the company has subscribed to."""
    query = select(EnterpriseMark.industry).where(
        EnterpriseMark.company_id == visitor.company_id, EnterpriseMark.industry != ""
    )
    return tuple(sorted(session.exec(query)))


def messages_for(
    db: Database, visitor: Visitor, page: int, now: datetime
) -> tuple[tuple[MessageView, ...], int]:
    """Return one page of the company's messages; answers among them count as seen from now on."""
    with db.write() as session:
        found, total = list_messages(
            session, visitor.org_id, now.astimezone(SHANGHAI).date(), company_id=visitor.company_id, page=page
        )
        fresh = [one.id for one in found if one.status == "answered" and one.seen_at is None]
        if fresh:
            for row in session.exec(select(EnterpriseMessage).where(col(EnterpriseMessage.id).in_(fresh))):
                row.seen_at = now
                session.add(row)
    return found, total


def unseen(session: Session, visitor: Visitor) -> int:
    """Return how many answers nobody of the company has seen."""
    query = select(func.count()).select_from(EnterpriseMessage).where(
        EnterpriseMessage.company_id == visitor.company_id, EnterpriseMessage.status == "answered",
        col(EnterpriseMessage.seen_at).is_(None),
    )  # fmt: skip
    return session.exec(query).one()


def evaluations_for(session: Session, visitor: Visitor, patent_id: int) -> tuple[EvaluationView, ...]:
    """Return the company's own evaluations of a patent, the newest first."""
    return list_evaluations(session, visitor.org_id, patent_id=patent_id, company_id=visitor.company_id)[0]
