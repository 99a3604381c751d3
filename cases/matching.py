"""Which patents of an institution fit a demand, and which demands fit a patent: with reasons, and offline.

The index of an organization's patents is kept in memory (docs/adr): it is filled at the first question and takes in
whatever changed before each further one. The best by their words are then looked at one by one: industry, maturity,
prospect, willingness, what the gates and other cases say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import orjson
from sqlmodel import Session

from cases.db import Cursor, Database, cursor_of
from cases.demands import DemandView, open_demands
from cases.industries import proposed
from cases.loading import PATENT_COLUMNS, patent_facts
from cases.match_index import Entry, MatchIndex, Query, impacts_of, query_of, score
from cases.match_ranking import Ranked, Reason, Standing, Wish, explain, objections, rank
from cases.patent_grants import grants_on
from cases.tables import Organization
from rules.gates import Finding, check_patent
from rules.grants import Grant, check_grants
from states.catalog import MODES
from states.facts import CaseData

CANDIDATES = 200
SHOWN = 20
DEFAULT_MODE = "ordinary_license"
REFILL_SECONDS = 3600.0
# From which score on a match reads so: half of the patents that serve a demand at once reach the first on the labelled
# set, and one in twenty of those that do not serve it the second.
LEVELS = {"high": 28.0, "medium": 18.0, "low": 0.0}
LEVEL_NAMES = {"high": ("高", "High"), "medium": ("中", "Medium"), "low": ("低", "Low")}
_TEXTS = (
    "SELECT p.id, p.title, coalesce(q.scenario, ''), coalesce(q.patent_class, '') FROM patent p "
    "LEFT JOIN patent_profile q ON q.patent_id = p.id WHERE p.org_id = ?"
)
_CHANGED = f"{_TEXTS} AND (p.updated_at >= ? OR q.updated_at >= ?)"  # noqa: S608
_MARK = "SELECT count(*), max(updated_at) FROM {table} WHERE org_id = ?"
_AT_MARK = "SELECT count(*) FROM {table} WHERE org_id = ? AND updated_at >= ?"
_CANDIDATE = (
    f"SELECT {PATENT_COLUMNS}, p.ipc, p.college, coalesce(q.scenario, ''), coalesce(q.patent_class, ''), "  # noqa: S608
    "coalesce(q.industry, '[]'), coalesce(q.maturity, ''), coalesce(q.prospect, ''), coalesce(q.willingness, '[]') "
    "FROM patent p LEFT JOIN patent_profile q ON q.patent_id = p.id WHERE p.id IN :ids AND p.org_id = ?"
)
_DECIDED = "SELECT patent_id, decision FROM demand_match WHERE org_id = ? AND demand_id = ?"
_PATENT_WIDTH = len(PATENT_COLUMNS.split(","))


class Mark(NamedTuple):
    """Where a table stood when the index was filled: rows, the newest moment, how many rows bear it."""

    rows: int
    newest: Any
    at_newest: int


@dataclass
class _Kept:
    index: MatchIndex
    marks: tuple[Mark, ...]
    filled: float


_KEPT: WeakKeyDictionary[Database, dict[int, _Kept]] = WeakKeyDictionary()
_LOCK = Lock()


def index_of(db: Database, session: Session, org_id: int) -> MatchIndex:
    """Return the index of an organization's patents as the record stands now."""
    cur = cursor_of(session, db.postgres)
    with _LOCK:
        kept = _KEPT.setdefault(db, {}).get(org_id)
        marks = tuple(_mark(cur, table, org_id) for table in ("patent", "patent_profile"))
        if kept is None or monotonic() - kept.filled > REFILL_SECONDS:
            return _filled(db, cur, org_id, marks).index
        if kept.marks != marks:
            since = [mark.newest if mark.newest is not None else marks[0].newest for mark in kept.marks]
            for row in cur.all(_CHANGED, org_id, *since):
                kept.index.put(Entry(*row))
            kept.marks = marks
            if len(kept.index) != marks[0].rows:
                return _filled(db, cur, org_id, marks).index
        return kept.index


def _filled(db: Database, cur: Cursor, org_id: int, marks: tuple[Mark, ...]) -> _Kept:
    kept = _Kept(MatchIndex(Entry(*row) for row in cur.all(_TEXTS, org_id)), marks, monotonic())
    _KEPT[db][org_id] = kept
    return kept


def _mark(cur: Cursor, table: str, org_id: int) -> Mark:
    rows, newest = cur.one(_MARK.format(table=table), org_id)
    if newest is None:
        return Mark(0, None, 0)
    return Mark(rows, newest, cur.one(_AT_MARK.format(table=table), org_id, newest)[0])


@dataclass(frozen=True, slots=True)
class Match:
    """One patent for one demand: how well it fits, why, what stands against it, and who stands behind it.

    `decision` is what an officer said of it, if somebody did.
    """

    patent_id: int
    application_no: str
    title: str
    status: str
    ipc: str
    college: str
    inventors: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    is_blocked: bool
    decision: str = ""

    @property
    def level(self) -> str:
        """How the score reads: high, medium or low; always low where no word and no meaning agrees."""
        if any(reason.kind == "characters" for reason in self.reasons):
            return "low"
        return next(name for name, least in LEVELS.items() if self.score >= least)


@dataclass(frozen=True, slots=True)
class DemandMatch:
    """One demand that a patent fits, seen from the patent."""

    demand: DemandView
    match: Match


class _Candidate(NamedTuple):
    facts: Any
    ipc: str
    college: str
    entry: Entry
    standing: Standing


def matches_of_demand(
    db: Database, session: Session, org_id: int, demand: DemandView, today: date, *, limit: int = SHOWN
) -> tuple[Match, ...]:
    """Return the patents that fit a demand, the best first; equal scores by id, so that a list repeats itself."""
    index = index_of(db, session, org_id)
    query = query_of(demand.title, demand.text)
    found = dict(index.find(query, max(CANDIDATES, limit)))
    known = _candidates(db, session, org_id, tuple(found))
    judge = _Judge.of(db, session, org_id, demand, today, tuple(found))
    best, rarities = index.best_possible(query), index.rarities(query)
    scored = sorted(
        ((judge.score(words, best, known[id_]), id_) for id_, words in found.items() if id_ in known),
        key=lambda pair: (-pair[0], pair[1]),
    )[:limit]
    decided = dict(cursor_of(session, db.postgres).all(_DECIDED, org_id, demand.id))
    said = f"{demand.title}。{demand.text}"
    return tuple(
        replace(
            judge.match(points, known[id_], explain(
                query, said, known[id_].entry, rarities, judge.wish, known[id_].standing
            )),
            decision=decided.get(id_, ""),
        )
        for points, id_ in scored
    )  # fmt: skip


def demands_of_patent(
    db: Database, session: Session, org_id: int, patent_id: int, today: date, *, limit: int = SHOWN
) -> tuple[DemandMatch, ...]:
    """Return the open demands that a patent fits, the best first; those that share nothing with it are left out."""
    index = index_of(db, session, org_id)
    known = _candidates(db, session, org_id, (patent_id,)).get(patent_id)
    if known is None:
        return ()
    impacts = impacts_of(known.entry)
    scored: list[tuple[float, DemandView, Query, dict[str, float], _Judge]] = []
    for demand in open_demands(session, org_id):
        query = query_of(demand.title, demand.text)
        rarities = index.rarities(query)
        words = score(query, impacts, rarities)
        if words > 0:
            judge = _Judge.of(db, session, org_id, demand, today, (patent_id,))
            scored.append(
                (judge.score(words, index.best_possible(query), known), demand, query, rarities, judge)
            )
    scored.sort(key=lambda found: (-found[0], found[1].id))
    return tuple(
        DemandMatch(demand, judge.match(points, known, explain(
            query, f"{demand.title}。{demand.text}", known.entry, rarities, judge.wish, known.standing
        )))
        for points, demand, query, rarities, judge in scored[:limit]
    )  # fmt: skip


def match_of(
    db: Database, session: Session, org_id: int, demand: DemandView, patent_id: int, today: date
) -> Match | None:
    """Return how one patent fits a demand, also one that the list does not show; None if there is no such patent."""
    index = index_of(db, session, org_id)
    known = _candidates(db, session, org_id, (patent_id,)).get(patent_id)
    if known is None:
        return None
    query = query_of(demand.title, demand.text)
    rarities = index.rarities(query)
    judge = _Judge.of(db, session, org_id, demand, today, (patent_id,))
    points = judge.score(score(query, impacts_of(known.entry), rarities), index.best_possible(query), known)
    said = f"{demand.title}。{demand.text}"
    return judge.match(points, known, explain(query, said, known.entry, rarities, judge.wish, known.standing))


@dataclass(frozen=True)
class _Judge:
    """What the candidates of one demand are held against."""

    wish: Wish
    acts: tuple[str, ...]
    institution: str
    today: date
    grants: dict[str, list[Grant]]

    @classmethod
    def of(
        cls, db: Database, session: Session, org_id: int, demand: DemandView, today: date, ids: Sequence[int]
    ) -> "_Judge":
        grants: dict[str, list[Grant]] = {}
        for found in grants_on(session, org_id, ids):
            grants.setdefault(found.application_no, []).append(found.grant)
        home = session.get_one(Organization, org_id)
        wish = Wish(frozenset(demand.industries), demand.modes)
        return cls(
            wish,
            tuple(mode for mode in demand.modes if mode in MODES) or (DEFAULT_MODE,),
            home.name,
            today,
            grants,
        )

    def findings(self, known: _Candidate) -> tuple[Finding, ...]:
        """Return what stands against the act that is least in the way of the patent."""
        return min((self._of_act(known, act) for act in self.acts), key=_gravity)

    def _of_act(self, known: _Candidate, act: str) -> tuple[Finding, ...]:
        found = check_patent(
            known.facts,
            act,
            institution=self.institution,
            foreign_party=False,
            today=self.today,
            warnings=False,
        )
        others = self.grants.get(known.facts.application_no, ())
        return (*found, *check_grants(Grant(act), others, today=self.today)) if others else found

    def score(self, words: float, best: float, known: _Candidate) -> float:
        return rank(words, best, self.wish, known.standing, self.findings(known))

    def match(self, points: float, known: _Candidate, reasons: tuple[Reason, ...]) -> Match:
        findings = self.findings(known)
        ranked = Ranked(
            points, reasons, objections(self.wish, known.standing, findings),
            any(one.severity == "block" for one in findings),
        )  # fmt: skip
        facts = known.facts
        return Match(
            facts.id, facts.application_no, facts.title, facts.status, known.ipc, known.college, facts.inventors,
            round(ranked.score, 1), ranked.reasons, ranked.against, ranked.is_blocked,
        )  # fmt: skip


def _gravity(findings: Iterable[Finding]) -> tuple[int, int]:
    severities = [one.severity for one in findings]
    return severities.count("block"), severities.count("consent")


def _candidates(db: Database, session: Session, org_id: int, ids: Sequence[int]) -> dict[int, _Candidate]:
    rows = cursor_of(session, db.postgres).of_many(_CANDIDATE, ids, org_id)
    return {row[0]: _candidate(row) for row in rows}


def _candidate(row: Any) -> _Candidate:
    facts = patent_facts(row[:_PATENT_WIDTH], CaseData())
    ipc, college, scenario, patent_class, industry, maturity, prospect, willingness = row[_PATENT_WIDTH:]
    stated = frozenset(orjson.loads(industry))
    industries = stated or frozenset(filter(None, (proposed(ipc),)))
    standing = Standing(industries, bool(stated), maturity, prospect, frozenset(orjson.loads(willingness)))
    return _Candidate(facts, ipc, college, Entry(facts.id, facts.title, scenario, patent_class), standing)
