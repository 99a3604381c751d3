"""The stored cases in the shape in which their entries tell them, for comparing the two.

Reads only, in pages; what is compared and how the entries are folded stands in `cases.audit_checker`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import orjson
from sqlmodel import Session, col, select

from cases.tables import Case, CasePatent

PAGE = 200
T = TypeVar("T")


def batched(found: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most so many, in order."""
    pending = iter(found)
    while page := list(islice(pending, size)):
        yield page


def one_moment(session: Session) -> None:
    """Let everything that a fresh session reads be as of one moment (SQLite reads so anyway)."""
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def stored_cases(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return stored cases by id, each field under the name by which it is compared with the trail."""
    held: dict[int, list[int]] = defaultdict(list)
    links = select(CasePatent.case_id, CasePatent.patent_id).where(col(CasePatent.case_id).in_(ids))
    for case_id, patent_id in session.exec(links):
        held[case_id].append(patent_id)
    rows = session.exec(select(Case).where(col(Case.id).in_(ids)).order_by(col(Case.id)))
    return {int(row.id or 0): _as_told(row, sorted(held[int(row.id or 0)])) for row in rows}


def _as_told(row: Case, patents: list[int]) -> dict[str, Any]:
    return {
        "number": row.number, "mode": row.mode, "chart_version": row.chart_version,
        "title": row.title, "company_id": row.company_id,
        "opened_on": row.opened_on.isoformat(), "officer_id": row.officer_id, "patents": patents,
        "position": row.state.split(), "stage": row.stage,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None, "data": orjson.loads(row.data),
        "terms": orjson.loads(row.terms), "hashes": orjson.loads(row.terms_facts).get("hashes", {}),
        "version": row.version,
    }  # fmt: skip
