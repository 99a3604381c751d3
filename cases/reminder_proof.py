"""Which reminders of a deadline went out: when, to whom, by which channel, with what proof. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from cases.db import Cursor, as_date

PROOF = (
    'SELECT r.deadline_id, r."on", r.rung, r.covered_by, u.name, v.channel, v.status, v.recipient, v.proof, v.error '
    "FROM reminder r JOIN app_user u ON u.id = r.user_id LEFT JOIN delivery v ON v.message_id = r.message_id "
    "WHERE r.deadline_id IN :ids AND r.org_id = ? ORDER BY r.deadline_id, r.id, v.id"
)


@dataclass(frozen=True, slots=True)
class Went:
    """One way that a reminder went: the channel, what became of it, to which address, and the proof or the error."""

    channel: str
    status: str
    to: str
    proof: str


@dataclass(frozen=True, slots=True)
class ToldOnce:
    """That a person was told a rung of a deadline; `covered_by` is the tighter rung that stood in the message."""

    on: date
    rung: int
    covered_by: int | None
    name: str
    ways: tuple[Went, ...]


def proofs(cur: Cursor, org_id: int, deadline_ids: Sequence[int]) -> dict[int, tuple[ToldOnce, ...]]:
    """Return the reminders of deadlines of an organization, the oldest first, by deadline."""
    rows = cur.of_many(PROOF, list(deadline_ids), org_id) if deadline_ids else []
    found: dict[int, tuple[ToldOnce, ...]] = {}
    for (id_, on, rung, covered, name), held in groupby(rows, key=lambda row: tuple(row[:5])):
        ways = tuple(_way(row) for row in held if row[5])
        found[id_] = (*found.get(id_, ()), ToldOnce(as_date(on) or date.min, rung, covered, name, ways))
    return found


def _way(row: Any) -> Went:
    *_, channel, status, to, proof, error = row
    return Went(channel.split(":")[0], status, to, proof or error)
