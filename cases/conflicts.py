"""What other cases grant on the patents of a case: read in one statement, decided by `rules.grants`.

At the signature the patents are locked, so that of two cases that sign at the same moment the second sees the first.
When a case is opened, cases that are still being prepared count too; they only warn.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson

from cases.db import Cursor
from rules.gates import Finding
from rules.grants import Grant, check_grants
from states.catalog import MODES
from states.facts import TermsFacts

# A license that has ended binds until its filing is out of the way; other duties that it leaves exclude nobody.
_OVER = "other.state LIKE '% duties_due %'"
_SIGNED = f"((other.stage = 'performance' AND NOT {_OVER}) OR other.state LIKE '% signed %')"
_SHARING = (
    "other.id IN (SELECT theirs.case_id FROM case_patent mine "
    "JOIN case_patent theirs ON theirs.patent_id = mine.patent_id AND theirs.case_id <> mine.case_id "
    "WHERE mine.case_id = ?)"
)
# What the signed cases grant whose license has not ended; a terminated license counts until its filing is cancelled.
LOAD_GRANTS = (
    "SELECT other.mode, other.terms_facts, other.number, other.title, 1, other.state FROM conversion_case other "  # noqa: S608
    f"WHERE {_SHARING} AND {_SIGNED} ORDER BY other.number"
)
GRANTS_OF_MANY = (
    "SELECT DISTINCT mine.case_id, other.mode, other.terms_facts, other.number, other.title, 1, other.state "  # noqa: S608
    "FROM case_patent mine "
    "JOIN case_patent theirs ON theirs.patent_id = mine.patent_id AND theirs.case_id <> mine.case_id "
    f"JOIN conversion_case other ON other.id = theirs.case_id WHERE mine.case_id IN :ids AND {_SIGNED} "
    "ORDER BY other.number"
)
LOAD_RIVALS = (
    "SELECT other.mode, other.terms_facts, other.number, other.title, "  # noqa: S608
    f"CASE WHEN {_SIGNED} THEN 1 ELSE 0 END, other.state FROM conversion_case other "
    f"WHERE {_SHARING} AND other.stage <> 'end' AND NOT {_OVER} ORDER BY other.number"
)


def grants_of(rows: Iterable[Any]) -> tuple[Grant, ...]:
    """Return the rows of `LOAD_GRANTS` or `LOAD_RIVALS` as grants."""
    return tuple(grant for row in rows if (grant := _grant(*row)) is not None)


def opening_warnings(cur: Cursor, case_id: int, mode: str, today: date) -> tuple[Finding, ...]:
    """Return what stands against a case that is being opened: other cases on the same patents, signed or not."""
    others = grants_of(cur.all(LOAD_RIVALS, case_id))
    return check_grants(Grant(mode), others, today=today, stage="open")


def told(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Return warnings as the trail keeps them, a sentence each: the other case, what it grants, what to do."""
    found = tuple(findings)
    if not found:
        return {}
    return {
        "warnings": [f"{one.subject_zh}，{one.found_zh}：{one.what_zh}。{one.remedy_zh}。" for one in found],
        "warnings_en": [
            f"{one.subject_en}, {one.found_en}: {one.what_en}; {one.remedy_en}." for one in found
        ],
    }


def counted_as(mode: str, state: str) -> str | None:
    """Return the act that a case counts as beside others where it stands; None if it grants nothing there."""
    leaves = MODES[mode].counts_as if mode in MODES else {}
    found = [leaves[leaf] for leaf in state.split() if leaf in leaves]
    return found[0] if found else mode


def _grant(mode: str, terms: str, number: str, title: str, signed: int, state: str) -> Grant | None:
    act = counted_as(mode, state)
    if act is None:
        return None
    known = TermsFacts.from_json(orjson.loads(terms))
    return Grant(act, known.start, known.end, known.territory, number, title, bool(signed))
