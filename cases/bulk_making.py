"""The work of a bulk run: held by one process, done case by case, each result kept before the next is asked for.

Nothing is made twice: the document's row is written together with the item that asks for it, and making a document
that is ready changes nothing. Nothing is missed: an item waits until its result is written. What would come out the
same, because the newest document was made from the same input and its file is there, is not made again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from cases.bulk_tables import BulkItem, BulkRun
from cases.case_view import case_view
from cases.db import Database
from cases.loading import load
from cases.papers import FINAL, Renders, is_signed, render_document
from cases.processes import is_gone
from cases.settings import Settings
from cases.tables import Document
from cases.writing import is_draft, queue_document
from contracts.documents import content_hash

LEASE = timedelta(seconds=60)

DUE = "SELECT id, holder, held_until <= ? FROM bulk_run WHERE status = 'running' ORDER BY id"
HOLD = (
    "UPDATE bulk_run SET holder = ?, held_until = ?, flow_run_id = ?, started_at = COALESCE(started_at, ?) "
    "WHERE id = ? AND status = 'running' AND (held_until <= ? OR holder = ? OR holder = ?)"
)
EXTEND = "UPDATE bulk_run SET held_until = ? WHERE id = ? AND status = 'running' AND holder = ?"
LET_GO = "UPDATE bulk_run SET held_until = ?, holder = '' WHERE id = ? AND holder = ?"
FINISH = (
    "UPDATE bulk_run SET status = 'done', finished_at = ?, holder = '' WHERE id = ? AND status = 'running' AND NOT EXISTS "
    "(SELECT 1 FROM bulk_item WHERE run_id = bulk_run.id AND bulk_item.status = 'waiting')"
)
ITEM = "SELECT i.document_id, i.status, r.status FROM bulk_item i JOIN bulk_run r ON r.id = i.run_id WHERE i.id = ?"
LINK = "UPDATE bulk_item SET document_id = ? WHERE id = ?"
NOTE = (
    "UPDATE bulk_item SET status = ?, reason = ?, finished_at = ?, document_id = COALESCE(?, document_id) "
    "WHERE id = ? AND status = 'waiting'"
)
NEWEST = "SELECT id, status, input_hash, sha256 FROM document WHERE case_id = ? AND kind = ? ORDER BY version DESC LIMIT 1"


def due_runs(db: Database, now: datetime) -> tuple[int, ...]:
    """Return the runs that nobody works on: new ones, and those whose process has ended."""
    with db.cursor() as cur:
        rows = cur.all(DUE, cur.moment(now))
    return tuple(int(id_) for id_, holder, expired in rows if expired or is_gone(holder))


def hold(db: Database, run_id: int, holder: str, now: datetime, flow_run_id: str = "") -> bool:
    """Take a run in hand for a while; False if another process has it or it has ended."""
    with db.cursor() as cur:
        moment, until = cur.moment(now), cur.moment(now + LEASE)
        (before,) = cur.one("SELECT holder FROM bulk_run WHERE id = ?", run_id) or ("",)
        gone = before if before and is_gone(before) else holder
        cur.run(HOLD, holder, until, flow_run_id, moment, run_id, moment, holder, gone)
        return bool(cur.raw.rowcount)


def extend(db: Database, run_id: int, holder: str, now: datetime) -> bool:
    """Hold a run for longer; False if it was stopped or another process has it."""
    with db.cursor() as cur:
        cur.run(EXTEND, cur.moment(now + LEASE), run_id, holder)
        return bool(cur.raw.rowcount)


def let_go(db: Database, run_id: int, holder: str, now: datetime) -> None:
    """Give a run back: it is done if no case waits, otherwise the next process goes on with it."""
    with db.cursor() as cur:
        cur.run(LET_GO, cur.moment(now), run_id, holder)
        cur.run(FINISH, cur.moment(now), run_id)


def waiting_items(db: Database, run_id: int, after: int, limit: int) -> tuple[int, ...]:
    """Return the next cases of a run that wait, behind an item."""
    query = select(BulkItem.id).where(BulkItem.run_id == run_id, BulkItem.status == "waiting")
    with db.read() as session:
        found = session.exec(query.where(col(BulkItem.id) > after).order_by(col(BulkItem.id)).limit(limit))
        return tuple(int(id_ or 0) for id_ in found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An item as it is worked on."""

    id: int
    org_id: int
    case_id: int
    kind: str


def make_item(
    db: Database,
    settings: Settings,
    renderer: Renders,
    item_id: int,
    now: datetime,
    flow_run_id: str = "",
    is_ending: Callable[[], bool] = lambda: False,
) -> str:
    """Make the document of one case of a run, unless it would come out the same; return the item's status.

    While the process `is_ending`, a document that was not made says nothing of its case, which waits on.

    Raises: whatever is no fault of the case; the item then waits on.
    Effects: writes document, file store and bulk_item.
    """
    with db.read() as session:
        item = session.get(BulkItem, item_id)
        run = session.get(BulkRun, item.run_id) if item else None
        if item is None or run is None or item.status != "waiting" or run.status != "running":
            return item.status if item else "cancelled"
        asked = _Asked(item_id, item.org_id, item.case_id, run.kind)
    try:
        document_id = item.document_id
        if document_id is None:
            if _is_unchanged(db, settings, asked, now):
                return "unchanged"
            document_id = _queued(db, asked, now)
        if document_id is None:
            return "cancelled"
        render_document(db, settings, renderer, document_id, now, flow_run_id)
    except FINAL as error:
        return _note(db, asked, "failed", str(error), now)
    with db.read() as session:
        document = session.get(Document, document_id)
        ready = document is not None and document.status == "ready"
        reason = "" if ready or document is None else document.error
    if not ready and is_ending():
        return "waiting"
    return _note(db, asked, "made" if ready else "failed", reason, now)


def _is_unchanged(db: Database, settings: Settings, asked: _Asked, now: datetime) -> bool:
    """Say whether the newest document would come out the same, and keep it as the item's if so."""
    with db.cursor() as cur:
        newest = cur.one(NEWEST, asked.case_id, asked.kind)
        signed = is_signed(load(cur, asked.case_id, asked.org_id))
    draft = is_draft(asked.kind, signed=signed)
    with db.read() as session:
        view = case_view(db, session, asked.org_id, asked.case_id, draft=draft)
    if newest is None or newest[1] != "ready" or newest[2] != content_hash(asked.kind, view):
        return False
    if not settings.files.has(newest[3]):
        return False
    _note(db, asked, "unchanged", "", now, int(newest[0]))
    return True


def _queued(db: Database, asked: _Asked, now: datetime) -> int | None:
    """Write the document's row and tie it to the item, once; None if the run was stopped."""
    with db.cursor() as cur:
        case = load(cur, asked.case_id, asked.org_id, lock=True)
        document_id, status, run_status = cur.one(ITEM, asked.id)
        if document_id is None and status == "waiting" and run_status == "running":
            document_id = queue_document(
                cur, case, asked.kind, signed=is_signed(case), seq=case.trail_seq, now=cur.moment(now),
                outbox=False,
            )  # fmt: skip
            cur.run(LINK, document_id, asked.id)
    return None if document_id is None else int(document_id)


def note_failure(db: Database, item_id: int, reason: str, now: datetime) -> None:
    """Say why a case of a run could not be done, whatever it was."""
    with db.cursor() as cur:
        cur.run(NOTE, "failed", reason[:500], cur.moment(now), None, item_id)


def _note(
    db: Database, asked: _Asked, status: str, reason: str, now: datetime, document_id: int | None = None
) -> str:
    with db.cursor() as cur:
        cur.run(NOTE, status, reason[:500], cur.moment(now), document_id, asked.id)
    return status
