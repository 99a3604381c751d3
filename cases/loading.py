"""Reads a case on the bare cursor and puts together the facts that a decision looks at.

Two or three fixed statements, written by hand: this is half of the cost of a transition. A test holds their
columns to the tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from cases.approvers import SUBMITTED, with_approvers
from cases.conflicts import LOAD_GRANTS, grants_of
from cases.db import Cursor, as_date
from cases.errors import NotFound
from cases.process import policy_kept
from cases.rulebooks import book_of
from rules.gates import PatentFacts
from rules.packs import RuleBook
from rules.patent_term import term_of
from states.amendments import is_submitted
from states.chart import Position
from states.facts import CaseData, Facts, TermsFacts
from states.modes import Mode
from states.versions import SHIPPED, Versions

CASE_ROWS = (
    "SELECT c.number, c.mode, c.chart_version, c.state, c.data, c.terms_facts, c.version, c.trail_seq, c.trail_head, "
    "c.officer_id, o.name, o.address, o.rule_layers, k.address, k.is_foreign, k.name, c.id "
    "FROM conversion_case c JOIN organization o ON o.id = c.org_id LEFT JOIN company k ON k.id = c.company_id "
)
LOAD_CASE = f"{CASE_ROWS}WHERE c.id = ? AND c.org_id = ?"
PATENT_COLUMNS = (
    "p.id, p.application_no, p.title, p.kind, p.status, p.flags, p.filing_date, p.grant_date, p.owners, "
    "p.register_checked_on, p.inventors"
)
NO_CASE = ("没有找到该案件，请从案件列表重新打开", "no such case")
LOAD_PATENTS = (
    f"SELECT {PATENT_COLUMNS} FROM case_patent cp JOIN patent p ON p.id = cp.patent_id "  # noqa: S608
    "WHERE cp.case_id = ? ORDER BY p.id"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as it stands, ready for a decision."""

    id: int
    org_id: int
    mode: Mode
    position: Position
    data: dict[str, Any]
    facts: Facts
    book: RuleBook
    version: int
    chart_version: int
    trail_seq: int
    trail_head: str


def load(
    cur: Cursor, case_id: int, org_id: int, *, lock: bool = False, versions: Versions = SHIPPED
) -> Loaded:
    """Load a case of the organization; `lock` holds it and its patents until commit (PostgreSQL).

    The case is decided by the version of its mode's chart that it keeps.

    Raises: NotFound if the organization has no such case.
    """
    locking = lock and cur.postgres
    row = cur.one(LOAD_CASE + (" FOR UPDATE OF c" if locking else ""), case_id, org_id)
    if row is None:
        raise NotFound(*NO_CASE)
    patents = cur.all(LOAD_PATENTS + (" FOR UPDATE OF p" if locking else ""), case_id)
    case = loaded(org_id, row, patents, cur.all(LOAD_GRANTS, case_id), versions)
    # A step that decides on an approval asks for them itself (`cases.asked`); others need none.
    return with_approvers(cur, case) if not lock and is_waiting_for_approval(case) else case


def is_waiting_for_approval(case: Loaded) -> bool:
    """Say whether a case, or a change of its contract, waits for an approval."""
    return SUBMITTED in case.position or is_submitted(case.facts.data)


def loaded(
    org_id: int, row: Any, patents: Iterable[Any], others: Iterable[Any], versions: Versions = SHIPPED
) -> Loaded:
    """Put a case together from its row, those of its patents and what other cases grant on them."""
    (
        number,
        mode,
        chart_version,
        state,
        data,
        terms,
        version,
        seq,
        head,
        officer,
        institution,
        ours,
        layers,
        theirs,
        foreign,
        counterparty,
        id_,
    ) = row
    sections = orjson.loads(data)
    case_data = CaseData(sections)
    return Loaded(
        id=id_,
        org_id=org_id,
        mode=versions.mode_at(mode, chart_version),
        position=tuple(state.split()),
        data=sections,
        facts=Facts(
            mode=mode,
            case_no=number,
            institution=institution,
            officer_id=officer,
            foreign_party=bool(foreign),
            patents=tuple(patent_facts(patent, case_data) for patent in patents),
            terms=TermsFacts.from_json(orjson.loads(terms)),
            data=case_data,
            others=grants_of(others),
            missing=_missing(ours, theirs if versions.newest_of(mode).has_company else None),
            policy=policy_kept(sections),
            counterparty=counterparty or "",
        ),
        book=book_of(layers),
        version=version,
        chart_version=chart_version,
        trail_seq=seq,
        trail_head=head,
    )


def _missing(ours: str, theirs: str | None) -> tuple[str, ...]:
    """Return which addresses are empty; None stands for another side that there is not yet."""
    places = {"licensor_address": ours, "licensee_address": theirs}
    return tuple(name for name, place in places.items() if place == "")


def patent_facts(row: Any, data: CaseData) -> PatentFacts:
    """Return what a decision may know of a patent, from a row of `PATENT_COLUMNS`."""
    id_, number, title, kind, status, flags, filed, granted, owners, checked, inventors = row
    filing_date = as_date(filed)
    return PatentFacts(
        id=id_,
        application_no=number,
        title=title,
        kind=kind,
        status=status,
        flags=frozenset(orjson.loads(flags)),
        filing_date=filing_date,
        grant_date=as_date(granted),
        owners=tuple(orjson.loads(owners)),
        checked_on=data.day("title", "checked_on") or as_date(checked),
        consents=frozenset(given["consent"] for given in data.items("consents", "given")),
        term_end=_last_day(kind, filing_date),
        inventors=tuple(orjson.loads(inventors)),
    )


@lru_cache(maxsize=4096)
def _last_day(kind: str, filing_date: date | None) -> date | None:
    return term_of(kind, filing_date).last_day if filing_date else None


def stored_position(position: Position) -> str:
    """Return a position as the column holds it: leaves between blanks, so that one can be searched."""
    return f" {' '.join(position)} "
