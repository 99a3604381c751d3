"""Loads many cases in a few statements, however many they are: for lists, the board and the inbox.

What comes out is what `cases.loading.load` puts together one by one; nothing is locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from cases.approvers import with_approvers_of_many
from cases.conflicts import GRANTS_OF_MANY
from cases.db import Cursor
from cases.loading import CASE_ROWS, PATENT_COLUMNS, Loaded, is_waiting_for_approval, loaded

CASES_OF_MANY = f"{CASE_ROWS}WHERE c.id IN :ids AND c.org_id = ?"
PATENTS_OF_MANY = (
    f"SELECT cp.case_id, {PATENT_COLUMNS} FROM case_patent cp JOIN patent p ON p.id = cp.patent_id "  # noqa: S608
    "WHERE cp.case_id IN :ids ORDER BY p.id"
)


def load_many(cur: Cursor, case_ids: Sequence[int], org_id: int) -> dict[int, Loaded]:
    """Return those of these cases that the organization has, by id."""
    if not case_ids:
        return {}
    rows = cur.of_many(CASES_OF_MANY, case_ids, org_id)
    patents = _by_case(cur.of_many(PATENTS_OF_MANY, case_ids))
    grants = _by_case(cur.of_many(GRANTS_OF_MANY, case_ids))
    found = {row[-1]: loaded(org_id, row, patents[row[-1]], grants[row[-1]]) for row in rows}
    asked = {id_: case for id_, case in found.items() if is_waiting_for_approval(case)}
    return {**found, **with_approvers_of_many(cur, org_id, asked)}


def _by_case(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for case_id, *row in rows:
        found[case_id].append(row)
    return found
