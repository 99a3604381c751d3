"""Research teams 科研团队: who stands behind the patents, found from the patents themselves.

A team is the first inventor of patents within a college, with everybody who stands beside that name. It is no table:
it changes with the patents.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import Session

from cases.db import Database, cursor_of
from cases.errors import NotFound
from cases.industries import proposed
from cases.matching import Match
from rules.text import normalize

PAGE_SIZE = 20
MEMBERS = 12
_LEAD = {
    False: "json_extract(p.inventors, '$[0]')",
    True: "(p.inventors::json ->> 0)",
}
_LISTED = (
    "SELECT {lead} AS lead, p.college, count(*) AS patents, "
    "sum(CASE WHEN p.status IN ('in_force', 'in_grace') THEN 1 ELSE 0 END) FROM patent p "
    "WHERE p.org_id = ? AND p.inventors <> '[]' AND ({lead} LIKE ? OR p.college LIKE ?) "
    "GROUP BY {lead}, p.college ORDER BY patents DESC, lead, p.college LIMIT ? OFFSET ?"
)
_COUNTED = (
    "SELECT count(*) FROM (SELECT 1 FROM patent p WHERE p.org_id = ? AND p.inventors <> '[]' "
    "AND ({lead} LIKE ? OR p.college LIKE ?) GROUP BY {lead}, p.college) team"
)
_OF_TEAM = (
    "SELECT p.id, p.application_no, p.title, p.status, p.ipc, p.inventors, coalesce(q.industry, '[]') FROM patent p "
    "LEFT JOIN patent_profile q ON q.patent_id = p.id WHERE p.org_id = ? AND {lead} = ? AND p.college = ? "
    "ORDER BY p.filing_date DESC, p.id DESC"
)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team of the list; `in_force` of its patents are alive."""

    lead: str
    college: str
    patents: int
    in_force: int


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One page of teams."""

    rows: tuple[TeamRow, ...]
    total: int
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class TeamPatent:
    """A patent of a team."""

    id: int
    application_no: str
    title: str
    status: str
    ipc: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its patents; members and industries with how many of the patents name them."""

    lead: str
    college: str
    members: tuple[tuple[str, int], ...]
    industries: tuple[tuple[str, int], ...]
    patents: tuple[TeamPatent, ...]


@dataclass(frozen=True, slots=True)
class TeamMatch:
    """A team that a demand leads to, by its patents; `score` is that of the best of them."""

    lead: str
    college: str
    score: float
    matches: tuple[Match, ...]


def list_teams(
    db: Database, session: Session, org_id: int, *, q: str = "", page: int = 1, size: int = PAGE_SIZE
) -> TeamPage:
    """Return one page of teams, those with the most patents first. `q` is part of a name or college."""
    cur, lead = cursor_of(session, db.postgres), _LEAD[db.postgres]
    like = f"%{normalize(q).replace('%', '').replace('_', '')}%"
    (total,) = cur.one(_COUNTED.format(lead=lead), org_id, like, like)
    rows = cur.all(_LISTED.format(lead=lead), org_id, like, like, size, (page - 1) * size)
    return TeamPage(tuple(TeamRow(*row) for row in rows), total, page, size)


def get_team(db: Database, session: Session, org_id: int, lead: str, college: str) -> Team:
    """Return a team with all its patents.

    Raises: NotFound if the organization has no patent of that first inventor and college.
    """
    cur = cursor_of(session, db.postgres)
    rows = cur.all(_OF_TEAM.format(lead=_LEAD[db.postgres]), org_id, lead, college)
    if not rows:
        raise NotFound("没有找到该科研团队，请从团队列表重新打开", "no such team")
    members = Counter(name for row in rows for name in orjson.loads(row[5]))
    industries = Counter(code for row in rows for code in _industries(row))
    return Team(
        lead, college, _most(members)[:MEMBERS], _most(industries),
        tuple(TeamPatent(*row[:5]) for row in rows),
    )  # fmt: skip


def _most(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _industries(row: Any) -> Iterable[str]:
    return orjson.loads(row[6]) or filter(None, (proposed(row[4]),))


def teams_of_matches(matches: Iterable[Match]) -> tuple[TeamMatch, ...]:
    """Return the teams behind the patents that fit a demand, by the best patent of each."""
    found: dict[tuple[str, str], list[Match]] = {}
    for match in matches:
        if match.inventors:
            found.setdefault((match.inventors[0], match.college), []).append(match)
    teams = [TeamMatch(lead, college, own[0].score, tuple(own)) for (lead, college), own in found.items()]
    return tuple(sorted(teams, key=lambda team: (-team.score, team.lead)))
