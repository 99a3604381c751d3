"""Reads who may decide on the approval of a case: seats, deputies, and the inventors who must recuse themselves.

Only for the steps of an approval and for whoever shows a case that waits for one; other steps ask nothing here.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from cases.db import Cursor, as_date
from rules.text import normalize
from states.approvers import Approvers, Deputy, Seat
from states.payload_fields import Payload
from states.payloads import Approve, Decline

if TYPE_CHECKING:
    from cases.loading import Loaded

SUBMITTED = "approval_submitted"
SEATS = (
    "SELECT s.body, u.id, u.name, u.active FROM approval_seat s JOIN app_user u ON u.id = s.user_id "
    "WHERE s.org_id = ? ORDER BY s.body, s.id"
)
DEPUTIES = (
    "SELECT d.user_id, p.name, d.deputy_id, u.name, d.first_day, d.last_day, d.reason, u.active "
    "FROM approval_deputy d JOIN app_user p ON p.id = d.user_id JOIN app_user u ON u.id = d.deputy_id "
    "WHERE d.org_id = ? ORDER BY d.first_day, d.id"
)
INVENTORS = "SELECT cp.case_id, p.inventors FROM case_patent cp JOIN patent p ON p.id = cp.patent_id WHERE cp.case_id IN :ids"


def offices_of(cur: Cursor, org_id: int) -> Approvers:
    """Return the seats and deputies of the organization, whatever the case."""
    seats = tuple(Seat(body, id_, name, bool(active)) for body, id_, name, active in cur.all(SEATS, org_id))
    return Approvers(seats, tuple(_deputy(row) for row in cur.all(DEPUTIES, org_id)) if seats else ())


def _deputy(row: tuple[object, ...]) -> Deputy:
    for_id, for_name, id_, name, first, last, reason, active = row
    first_day, last_day = as_date(first), as_date(last)
    if first_day is None or last_day is None:
        raise ValueError("a deputy without days")
    return Deputy(
        int(str(for_id)),
        str(for_name),
        int(str(id_)),
        str(name),
        first_day,
        last_day,
        str(reason),
        bool(active),
    )


def with_approvers(cur: Cursor, case: "Loaded") -> "Loaded":
    """Return the case with who may decide on it."""
    return with_approvers_of_many(cur, case.org_id, {case.id: case})[case.id]


def with_approvers_of_many(cur: Cursor, org_id: int, cases: Mapping[int, "Loaded"]) -> dict[int, "Loaded"]:
    """Return cases of one organization with who may decide on each."""
    if not cases:
        return {}
    inventors: dict[int, set[str]] = {id_: set() for id_ in cases}
    for case_id, names in cur.of_many(INVENTORS, list(cases)):
        inventors[case_id] |= {normalize(name) for name in orjson.loads(names)}
    offices = offices_of(cur, org_id)
    return {
        id_: replace(
            case, facts=replace(case.facts, approvers=replace(offices, inventors=frozenset(inventors[id_])))
        )
        for id_, case in cases.items()
    }


def is_deciding(payload: Payload) -> bool:
    """Say whether a step decides on an approval."""
    return isinstance(payload, Approve | Decline)
