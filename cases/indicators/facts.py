"""Keeps the facts of cases in step with the cases: only those that have changed since are counted anew.

In: the stored cases and their trail. Out: rows of `case_fact`. Reads what `cases.deals` tells of a case, decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.db import Cursor, Database, cursor_of
from cases.deals import CASH, CaseTold, cases_told
from cases.replay import batched
from cases.tables import TrailEntry
from cases.trail import hold_org

PAGE = 200
COLUMNS = (
    "org_id", "case_id", "kind", "seq", "name", "mode", "college", "happened_on", "began_on", "days", "amount_fen",
    "base_fen", "heads",
)  # fmt: skip
INSERT = f"INSERT INTO case_fact ({', '.join(COLUMNS)}) VALUES ({', '.join('?' for _ in COLUMNS)})"  # noqa: S608
# A case is behind if it took a step since, or if one of its patents has changed (its college may be another).
BEHIND = (
    "SELECT c.id FROM conversion_case c LEFT JOIN counted_case k ON k.case_id = c.id "
    "WHERE c.org_id = ? AND (k.version IS NULL OR k.version <> c.version) ORDER BY c.id"
)
MOVED = (
    "SELECT DISTINCT k.case_id FROM counted_case k JOIN case_patent h ON h.case_id = k.case_id "
    "JOIN patent p ON p.id = h.patent_id WHERE k.org_id = ? AND p.updated_at > k.counted_at ORDER BY k.case_id"
)
FORGET = "DELETE FROM case_fact WHERE case_id IN :ids RETURNING id"
VERSIONS = "SELECT id, version FROM conversion_case WHERE id IN :ids"
COUNTED = (
    "INSERT INTO counted_case (case_id, org_id, version, counted_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, counted_at = excluded.counted_at"
)


def catch_up(db: Database, org_id: int, now: datetime, *, thoroughly: bool = False) -> int:
    """Count the cases that have changed since they were last counted; return how many.

    Cheap when nothing has changed: one look at an index. With `thoroughly`, also cases whose patents have changed.
    Effects: rewrites the facts of those cases; harmless to repeat, and for two processes at once.
    """
    with db.looking() as cur:
        behind = {int(row[0]) for row in cur.all(BEHIND, org_id)}
        if thoroughly:
            behind |= {int(row[0]) for row in cur.all(MOVED, org_id)}
    for page in batched(sorted(behind), PAGE):
        _count(db, org_id, page, now)
    return len(behind)


def _count(db: Database, org_id: int, ids: Sequence[int], now: datetime) -> None:
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, org_id)
        versions = {int(row[0]): int(row[1]) for row in cur.of_many(VERSIONS, ids)}
        stages = _stages(session, org_id, ids)
        told = cases_told(session, org_id, case_ids=ids)
        rows = [
            _stored(cur, org_id, fact) for case in told for fact in facts_of(case, stages.get(case.id, ()))
        ]
        cur.of_many(FORGET, ids)
        cur.many(INSERT, rows)
        cur.many(COUNTED, [(id_, org_id, version, cur.moment(now)) for id_, version in versions.items()])


def _stored(cur: Cursor, org_id: int, fact: Mapping[str, Any]) -> tuple[object, ...]:
    values = {
        "org_id": org_id,
        "name": "",
        "began_on": None,
        "days": None,
        "amount_fen": 0,
        "base_fen": 0,
        "heads": 0,
    }
    whole: dict[str, Any] = {**values, **fact}
    return tuple(
        cur.day(whole[name]) if name in ("happened_on", "began_on") else whole[name] for name in COLUMNS
    )


Stage = tuple[str, date]


def _stages(session: Session, org_id: int, ids: Sequence[int]) -> dict[int, list[Stage]]:
    """Return by case the stages that it went through, with the day on which each began."""
    query = (
        select(TrailEntry.case_id, TrailEntry.body)
        .where(TrailEntry.org_id == org_id, col(TrailEntry.chain).in_([f"case:{id_}" for id_ in ids]))
        .order_by(col(TrailEntry.chain), col(TrailEntry.seq))
    )
    stages: dict[int, list[Stage]] = {}
    for case_id, body in session.exec(query):
        told = orjson.loads(body)
        stage, day = told.get("stage"), told.get("today")
        passed = stages.setdefault(int(case_id or 0), [])
        if stage and day and (not passed or passed[-1][0] != stage):
            passed.append((stage, date.fromisoformat(day)))
    return stages


def facts_of(case: CaseTold, stages: Sequence[Stage]) -> Iterator[dict[str, Any]]:
    """Yield what a case has come to, each on the day on which it happened."""
    head = {
        "case_id": case.id, "mode": case.mode, "college": case.patents[0].college if case.patents else "",
    }  # fmt: skip
    for seq, fact in enumerate((*_deals(case), *_legs(case, stages), *_labels(case)), 1):
        yield {**head, "seq": seq, **fact}


def _deals(case: CaseTold) -> Iterator[dict[str, Any]]:
    yield {"kind": "opened", "happened_on": case.opened_on}
    for one in case.contracts:
        yield {
            "kind": "contract", "name": one.name, "happened_on": one.signed_on, "amount_fen": one.amount_fen,
            "began_on": case.opened_on, "days": (one.signed_on - case.opened_on).days,
        }  # fmt: skip
    for receipt in case.receipts:
        yield {
            "kind": "receipt", "name": receipt.reference, "happened_on": receipt.received_on,
            "amount_fen": receipt.amount_fen,
        }  # fmt: skip
    for reward in case.rewards:
        yield {
            "kind": "cash" if reward.form == CASH else "shares", "name": reward.reference, "happened_on": reward.paid_on,
            "amount_fen": reward.reward_fen, "base_fen": reward.net_fen, "heads": reward.heads,
        }  # fmt: skip


def _legs(case: CaseTold, stages: Sequence[Stage]) -> Iterator[dict[str, Any]]:
    """Yield the stages that ended; one that was gone back to is measured each time."""
    ends: Iterable[date | None] = [*(day for _, day in stages[1:]), case.closed_on]
    for (stage, began), ended in zip(stages, ends, strict=False):
        if ended is not None and ended >= began:
            yield {
                "kind": "leg", "name": stage, "happened_on": ended, "began_on": began, "days": (ended - began).days,
            }  # fmt: skip


def _labels(case: CaseTold) -> Iterator[dict[str, Any]]:
    for one in case.labels:
        lag = (one.reported_on - one.on).days if one.reported_on else None
        yield {
            "kind": "label",
            "name": one.label,
            "happened_on": one.on,
            "began_on": one.reported_on,
            "days": lag,
        }
