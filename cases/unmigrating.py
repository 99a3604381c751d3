"""Undoes a migration run: every case of it that has not moved since goes back to where the run found it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson

from cases.db import Cursor, Database
from cases.errors import NotFound
from cases.loading import load
from cases.migrating import RUN, UNDONE, VERB, UndoReport, check_may, plan_at
from cases.process import SECTION
from cases.scope import Person
from cases.trail import append_org
from cases.writing import CLOSE_DEADLINE, COPY_DEADLINE, Stamp, carry_out
from states.versions import SHIPPED, Versions

FIND_RUN = "SELECT body FROM trail WHERE chain = ? AND verb = ? AND body LIKE ?"
LAST = "SELECT verb, body FROM trail WHERE chain = ? AND seq = ?"
NUMBER = "SELECT number, mode FROM conversion_case WHERE id = ?"
MOVED = "SELECT id, key, replaces FROM deadline WHERE case_id = ? AND opened_seq = ? AND status = 'open' ORDER BY id"


def undo_migration(
    db: Database, person: Person, run: str, today: date, now: datetime, *, versions: Versions = SHIPPED
) -> UndoReport:
    """Take back what a migration run did to the cases that stand as it left them.

    Raises: Forbidden for anybody but an administrator; NotFound if there was no such run.
    Effects: per case one transaction: case, deadlines, one entry; one entry in the organization's trail.
    """
    check_may(person)
    back: list[str] = []
    moved: list[str] = []
    for case_id in _cases_of(db, person.org_id, run):
        with db.cursor() as cur:
            number, is_back = _undo(
                cur,
                case_id,
                run,
                Stamp(person.actor, today, now, origin=person.origin),
                person.org_id,
                versions,
            )
        if is_back is not None:
            (back if is_back else moved).append(number)
    if back:
        with db.cursor() as cur:
            told = {"run": run, "back": back, "moved_since": moved}
            append_org(cur, person.org_id, person.author, UNDONE, told, now)
    return UndoReport(run, tuple(back), tuple(moved))


def _cases_of(db: Database, org_id: int, run: str) -> list[int]:
    with db.cursor() as cur:
        rows = cur.all(FIND_RUN, f"org:{org_id}", RUN, f'%"run":"{run}"%')
    bodies = [body for (text,) in rows if (body := orjson.loads(text))["run"] == run]
    if not bodies:
        raise NotFound(f"没有编号为“{run}”的迁移", f"no migration run {run}")
    return list(bodies[0]["cases"])


def _undo(
    cur: Cursor, case_id: int, run: str, stamp: Stamp, org_id: int, versions: Versions
) -> tuple[str, bool | None]:
    """Return the case's number, and whether it is back; None if the run never touched it or was undone before."""
    number, slug = cur.one(NUMBER, case_id)
    case = load(cur, case_id, org_id, lock=True, versions=versions)
    verb, text = cur.one(LAST, f"case:{case_id}", case.trail_seq)
    body = orjson.loads(text)
    if verb != VERB or body["payload"]["run"] != run:
        return number, None if _is_undone(cur, case_id, run) else False
    payload = body["payload"]
    mode = versions.mode_at(slug, payload["from_version"])
    plan = plan_at(UNDONE, mode, tuple(body["from"]), payload["from_version"])
    process = {SECTION: payload["process_before"]} if SECTION in body["facts"] else {}
    seq = carry_out(cur, case, replace(plan, facts=process), stamp, {"run": run, **_told(payload)})
    for id_, key, replaced in cur.all(MOVED, case_id, seq - 1):
        cur.run(CLOSE_DEADLINE, "moved", seq, cur.day(stamp.today), case_id, key)
        today, now = cur.day(stamp.today), cur.moment(stamp.now)
        cur.run(COPY_DEADLINE, case.facts.officer_id, today, id_, seq, now, replaced)
    return number, True


def _told(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"from_version": payload["to_version"], "to_version": payload["from_version"]}


def _is_undone(cur: Cursor, case_id: int, run: str) -> bool:
    """Say whether there is nothing of the run to undo: it skipped the case, or was undone already."""
    verbs = [
        verb
        for (verb,) in cur.all(
            "SELECT verb FROM trail WHERE chain = ? AND verb IN (?, ?) AND body LIKE ? ORDER BY seq",
            f"case:{case_id}", VERB, UNDONE, f'%"run":"{run}"%',
        )
    ]  # fmt: skip
    return not verbs or verbs[-1] == UNDONE
