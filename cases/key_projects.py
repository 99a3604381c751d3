"""Key projects 重点项目: patents that the institution and enterprises both think well of, with the resources matched to them.

Source: rule ST-01, 国知发运字〔2025〕16号 (以高校院所自评和企业评价共同认可的可转化高价值专利为重点; 优先匹配资源)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, func, select

from cases.companies import EDITORS
from cases.db import Database, cursor_of
from cases.enterprise_codes import RESOURCES
from cases.enterprise_tables import KeyProject
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.patent_dates import book_in_use
from cases.profile_tables import PatentProfile
from cases.profiles import change_profile
from cases.scope import Person
from cases.tables import Patent
from cases.trail import append_org, hold_org
from rules.house_rows import Evaluating
from rules.patent_numbers import display_number
from rules.text import normalize

PAGE_SIZE = 20
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patent with both scores. `own` is the central score, or without one the inventors' own."""

    patent_id: int
    title: str
    number: str
    college: str
    grade: str
    own: int
    enterprise: int


@dataclass(frozen=True, slots=True)
class KeyProjectView:
    """A key project with its resources: (code, matched, note)."""

    id: int
    patent_id: int
    title: str
    number: str
    reason: str
    chosen_by: str
    chosen_at: datetime
    resources: tuple[tuple[str, bool, str], ...]

    @property
    def matched(self) -> int:
        """How many resources have been matched."""
        return sum(done for _, done, _ in self.resources)


def lines_of(db: Database, session: Session, org_id: int, today: date) -> Evaluating:
    """Return the house's lines for evaluations."""
    return book_in_use(cursor_of(session, db.postgres), org_id).house(today).evaluating


def candidates(
    session: Session, org_id: int, lines: Evaluating, page: int = 1, size: int = PAGE_SIZE
) -> tuple[tuple[Candidate, ...], int]:
    """Return one page of the patents on which both sides agree and that are no key projects yet, and how many."""
    own = func.coalesce(PatentProfile.central_score, PatentProfile.self_score)
    conditions: list[Any] = [
        PatentProfile.org_id == org_id, col(PatentProfile.key_project).is_(False),
        col(PatentProfile.enterprise_score) >= lines.enterprise_score, own >= lines.own_score,
    ]  # fmt: skip
    total = session.exec(select(func.count()).select_from(PatentProfile).where(*conditions)).one()
    query = (
        select(PatentProfile, Patent, own)
        .join(Patent, col(Patent.id) == col(PatentProfile.patent_id))
        .where(*conditions)
        .order_by((own + PatentProfile.enterprise_score).desc(), col(PatentProfile.patent_id))
        .offset((page - 1) * size)
        .limit(size)
    )
    rows = session.exec(query)
    return tuple(
        Candidate(
            profile.patent_id, patent.title, display_number(patent.application_no), patent.college, profile.grade,
            score, int(profile.enterprise_score or 0),
        )
        for profile, patent, score in rows
    ), total  # fmt: skip


def choose_project(db: Database, person: Person, patent_id: int, reason: str, *, now: datetime) -> int:
    """Make a patent a key project, with an empty list of resources, and return its id.

    Raises: Forbidden; NotFound; Invalid; Conflict if it is one already.
    Effects: writes key_project, the profile with its history, and one entry of the trail.
    """
    if person.role not in EDITORS:
        raise Forbidden("重点项目须由转化专员选定", "only officers choose key projects")
    text = normalize(reason)
    if not 2 <= len(text) <= LONGEST:
        told = f"请写明理由，2至{LONGEST}个字"
        raise Invalid(told, {"reason": told}, "say why")
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        patent = session.get(Patent, patent_id)
        if patent is None or patent.org_id != person.org_id:
            raise NotFound("没有找到该专利", "no such patent")
        there = select(KeyProject).where(
            KeyProject.org_id == person.org_id, KeyProject.patent_id == patent_id
        )
        if session.exec(there).first():
            raise Conflict("该专利已是重点项目", "it is a key project already")
        row = KeyProject(
            org_id=person.org_id, patent_id=patent_id, reason=text, chosen_by=person.name, chosen_at=now, updated_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        change_profile(
            cursor_of(session, db.postgres), person.org_id, patent_id, {"key_project": True}, source="officer", why=text,
            actor=person.author, now=now,
        )  # fmt: skip
        body = {"patent_id": patent_id, "reason": text}
        append_org(
            cursor_of(session, db.postgres), person.org_id, person.author, "key_project_chosen", body, now
        )
        return int(row.id or 0)


def note_resources(
    db: Database, person: Person, project_id: int, values: Mapping[str, tuple[bool, str]], *, now: datetime
) -> None:
    """Write which resources have been matched to a key project.

    Raises: Forbidden; NotFound; Invalid.
    Effects: writes key_project and one entry of the trail.
    """
    if person.role not in EDITORS:
        raise Forbidden("资源清单须由转化专员填写", "only officers fill in the list of resources")
    kept = {code: (done, normalize(note)) for code, (done, note) in values.items() if code in RESOURCES}
    if long := [code for code, (_, note) in kept.items() if len(note) > LONGEST]:
        told = f"{RESOURCES[long[0]][0]}的说明不能超过{LONGEST}个字"
        raise Invalid(told, {long[0]: told}, "the note is too long")
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        row = session.get(KeyProject, project_id)
        if row is None or row.org_id != person.org_id:
            raise NotFound("没有找到该重点项目", "no such key project")
        told_json = {code: {"done": done, "note": note} for code, (done, note) in kept.items()}
        row.resources, row.updated_at = orjson.dumps(told_json).decode(), now
        session.add(row)
        body = {"patent_id": row.patent_id, "resources": told_json}
        append_org(
            cursor_of(session, db.postgres), person.org_id, person.author, "key_project_resourced", body, now
        )


def list_projects(
    session: Session, org_id: int, page: int = 1, size: int = PAGE_SIZE
) -> tuple[tuple[KeyProjectView, ...], int]:
    """Return one page of the key projects, the newest first, and how many there are."""
    total = session.exec(
        select(func.count()).select_from(KeyProject).where(KeyProject.org_id == org_id)
    ).one()
    query = (
        select(KeyProject, Patent)
        .join(Patent, col(Patent.id) == col(KeyProject.patent_id))
        .where(KeyProject.org_id == org_id)
        .order_by(col(KeyProject.id).desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return tuple(_view(row, patent) for row, patent in session.exec(query)), total


def _view(row: KeyProject, patent: Patent) -> KeyProjectView:
    stored = orjson.loads(row.resources)
    resources = tuple(
        (code, bool(stored.get(code, {}).get("done")), str(stored.get(code, {}).get("note", "")))
        for code in RESOURCES
    )
    return KeyProjectView(
        int(row.id or 0), row.patent_id, patent.title, display_number(patent.application_no), row.reason, row.chosen_by,
        row.chosen_at, resources,
    )  # fmt: skip
