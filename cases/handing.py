"""What the record keeps while an outbox row is worked on: the row and its flow run, always written together.

A worker takes a row up, works on it, and completes it or gives it back. The run of a try that lost its row, because it
was too slow, changes nothing any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.db import Cursor, Database
from cases.errors import NotFound
from cases.outbox import (
    LEASE,
    LINK,
    RELEASE,
    Failure,
    Work,
    claim,
    extend,
    write_failure,
    write_finish,
)
from cases.runs import PROGRESS, About, keep_alive, write_begin, write_end

# Topic to the Chinese name of its flow, and what finds the subject of a run by an id of the payload.
FLOWS = {
    "render": "文书生成",
    "file_contract": "备案材料",
    "notify_approvers": "审批通知",
    "mail": "邮件发送",
    "deliver": "消息发送",
    "enterprise_letter": "企业邮件",
    "register": "登记入库",
    "rating_link": "盘点填报链接",
    "stocktake": "盘点纳入专利",
}
SUBJECTS = {
    "render": ("document_id", "SELECT title FROM document WHERE id = ?"),
    "mail": ("message_id", "SELECT subject FROM message WHERE id = ?"),
    "deliver": (
        "delivery_id",
        "SELECT m.subject FROM delivery d JOIN message m ON m.id = d.message_id WHERE d.id = ?",
    ),
    "enterprise_letter": ("letter_id", "SELECT subject FROM enterprise_letter WHERE id = ?"),
    "register": ("import_id", "SELECT filename FROM import_run WHERE id = ?"),
    "stocktake": ("stocktake_id", "SELECT title FROM stocktake WHERE id = ?"),
    "rating_link": (
        "link_id",
        "SELECT s.title FROM rating_link l JOIN stocktake s ON s.id = l.stocktake_id WHERE l.id = ?",
    ),
}
OF_CASE = ("case_id", "SELECT title FROM conversion_case WHERE id = ?")
NOUNS = {
    "document_id": "文书",
    "message_id": "消息",
    "delivery_id": "消息",
    "letter_id": "邮件",
    "import_id": "导入记录",
    "link_id": "填报链接",
    "stocktake_id": "盘点",
    "case_id": "案件",
}
BATCH = "出件（批量）"
RELEASED = "处理程序已停止，将立即重新执行"


def flow_of(topic: str) -> str:
    """Return the name of a topic's flow; an unknown topic is shown as it is."""
    return FLOWS.get(topic, topic)


def take_up(db: Database, work: Work, run_id: str, now: datetime) -> bool:
    """Write down that a run works on a claimed row; False if the row is somebody else's by now.

    Effects: writes flow_run and the row's `flow_run_id`; holds the row for a lease from now.
    """
    with db.cursor() as cur:
        cur.run(LINK, run_id, cur.moment(now + LEASE), work.id, work.attempts)
        if not cur.raw.rowcount:
            return False
        about = About(
            flow_of(work.topic),
            _subject(cur, work) or "",
            work.org_id,
            work.case_id,
            work.id,
            attempt=work.attempts,
        )
        write_begin(cur, run_id, about, now)
    return True


def _subject(cur: Cursor, work: Work) -> str | None:
    """Return what a row is about; None if there is no such thing."""
    key, sql = SUBJECTS.get(work.topic, OF_CASE)
    id_ = work.payload.get(key)
    found = cur.one(sql, id_) if isinstance(id_, int) else None
    return None if found is None else str(found[0])


def check_known(db: Database, work: Work) -> None:
    """Check that there is what a row is about.

    Raises: NotFound, which no later try would see otherwise.
    """
    with db.looking() as cur:
        if _subject(cur, work) is None:
            raise _unknown(work)


def check_all_known(db: Database, works: Sequence[Work]) -> dict[int, NotFound]:
    """Return, by row, of which there is nothing that it is about; one look at the database for all."""
    found: dict[int, NotFound] = {}
    with db.looking() as cur:
        for work in works:
            if _subject(cur, work) is None:
                found[work.id] = _unknown(work)
    return found


def _unknown(work: Work) -> NotFound:
    key, _ = SUBJECTS.get(work.topic, OF_CASE)
    return NotFound(
        f"没有找到要处理的{NOUNS[key]}（编号{work.payload.get(key, '缺失')}），任务已停止，无需重试",
        f"no {key} {work.payload.get(key)}",
    )


def complete(db: Database, work: Work, run_id: str, result: str, now: datetime) -> None:
    """Mark a row and its run as done."""
    with db.cursor() as cur:
        write_finish(cur, [work], now)
        write_end(cur, run_id, now, result=result)


def give_back(db: Database, work: Work, run_id: str, failure: Failure, now: datetime) -> None:
    """Mark a run as failed; its row is tried again later, or is dead."""
    with db.cursor() as cur:
        write_failure(cur, work, failure, now)
        write_end(cur, run_id, now, error=failure.reason, detail=failure.detail)


def leave(db: Database, work: Work, run_id: str, now: datetime) -> None:
    """Give a row back unfinished, because the worker is stopped; the try does not count."""
    with db.cursor() as cur:
        cur.run(RELEASE, cur.moment(now), work.id, work.attempts)
        write_end(cur, run_id, now, error=RELEASED)


def hold_on(db: Database, works: Sequence[Work], run_ids: Sequence[str], now: datetime) -> None:
    """Say that rows are still worked on, and their runs alive."""
    extend(db, works, now)
    keep_alive(db, run_ids, now)


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one row of a batch; no failure means done."""

    work: Work
    failure: Failure | None = None


def claim_batch(db: Database, topic: str, run_id: str, limit: int, now: datetime) -> tuple[Work, ...]:
    """Take many rows of one topic at once, the oldest of each organization, for a run that has begun."""
    return claim(db, now, limit, topics=(topic,), run_id=run_id, oldest_first=True)


def settle_batch(db: Database, run_id: str, settled: Sequence[Settled], done: int, now: datetime) -> None:
    """Write down what came of many rows, and how far their run is, in one transaction."""
    with db.cursor() as cur:
        write_finish(cur, [one.work for one in settled if one.failure is None], now)
        for one in settled:
            if one.failure is not None:
                write_failure(cur, one.work, one.failure, now)
        cur.run(PROGRESS, done, 0, 0, cur.moment(now + LEASE), run_id)
