"""The checks of a night: steps that know nothing of each other, each written down with what it found.

A step is a plain function that gets the record, the moment and the day, and returns a report. One that fails does not
stop the others: its error stands on the desk, and it is tried again in the next night. Running a night again is
harmless, and two processes at once do each step once.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.db import Database
from cases.nightly_table import NightlyStep
from cases.processes import is_gone, this_process

LOG = logging.getLogger("panhuo.nightly")
LONGEST = timedelta(hours=6)
MOST_LINES = 200
KEPT = timedelta(days=400)
HELD = 'SELECT state, host, started_at < ? FROM nightly_step WHERE "on" = ? AND step = ?'
TAKE = (
    'INSERT INTO nightly_step ("on", step, state, report, error, detail, host, started_at, finished_at) '
    "VALUES (?, ?, 'running', '{}', '', '', ?, ?, NULL) "
    "ON CONFLICT (\"on\", step) DO UPDATE SET state = 'running', error = '', detail = '', host = excluded.host, "
    "started_at = excluded.started_at, finished_at = NULL"
)
END = (
    "UPDATE nightly_step SET state = ?, report = ?, error = ?, detail = ?, finished_at = ? "
    'WHERE "on" = ? AND step = ? AND host = ?'
)
FORGET = 'DELETE FROM nightly_step WHERE "on" < ?'
ELSEWHERE = "另一个进程正在做这一步"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a step found: in words, where on the desk it is, and whose it is (None: everybody's)."""

    zh: str
    en: str
    path: str = ""
    org_id: int | None = None


@dataclass(frozen=True, slots=True)
class StepReport:
    """What a step found.

    `zh` and `en` are one sentence with the numbers. `is_fine` is False if somebody has to look. `lines` are the single
    findings, the first `MOST_LINES` of them; `counts` are for machines.
    """

    zh: str
    en: str
    is_fine: bool = True
    lines: tuple[Line, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the night: its name, and what it does, in two languages."""

    slug: str
    zh: str
    en: str
    run: Callable[[Database, datetime, date], StepReport]


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step went. `state` is done, failed or running (by another process)."""

    on: date
    step: str
    state: str
    report: StepReport | None
    error: str
    detail: str
    started_at: datetime
    finished_at: datetime | None

    @property
    def is_fine(self) -> bool:
        """Whether the step ended and nobody has to look."""
        return self.state == "done" and self.report is not None and self.report.is_fine

    def lines_for(self, org_id: int | None) -> tuple[Line, ...]:
        """Return the findings that people of an organization may see; all of them for None."""
        lines = self.report.lines if self.report else ()
        return tuple(line for line in lines if org_id is None or line.org_id in (None, org_id))

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        told = asdict(self.report) if self.report else {}
        return {
            "on": self.on.isoformat(), "step": self.step, "state": self.state, "fine": self.is_fine, "error": self.error,
            **{name: told.get(name, "") for name in ("zh", "en")}, "counts": dict(told.get("counts", ())),
            "lines": list(told.get("lines", ())),
        }  # fmt: skip


def run_step(db: Database, step: Step, now: Callable[[], datetime], on: date) -> StepResult:
    """Do one step of a night and write down how it went; never raises what the step raises.

    Effects: writes nightly_step, and what the step writes.
    """
    started = now()
    if not _take(db, step.slug, on, started):
        return StepResult(on, step.slug, "running", None, ELSEWHERE, "", started, None)
    report, error, detail = None, "", ""
    try:
        report = step.run(db, started, on)
    except Exception as problem:
        LOG.exception("nightly step %s failed", step.slug)
        error, detail = _told(problem), traceback.format_exc(limit=-4)
    result = StepResult(on, step.slug, "done" if report else "failed", report, error, detail, started, now())
    _write(db, result)
    return result


def run_night(
    db: Database, steps: Sequence[Step], now: Callable[[], datetime], on: date
) -> tuple[StepResult, ...]:
    """Do the steps of a night, one after the other, and forget nights of long ago.

    Effects: those of `run_step` for each.
    """
    results = tuple(run_step(db, step, now, on) for step in steps)
    forget_old(db, on)
    return results


def forget_old(db: Database, on: date) -> None:
    """Forget nights of more than a year before a day.

    Effects: deletes from nightly_step.
    """
    with db.cursor() as cur:
        cur.run(FORGET, cur.day(on - KEPT))


def nights(session: Session, limit: int = 14) -> tuple[tuple[date, tuple[StepResult, ...]], ...]:
    """Return the last nights, the newest first, each with its steps in the order in which they ran."""
    days = session.exec(
        select(col(NightlyStep.on)).distinct().order_by(col(NightlyStep.on).desc()).limit(limit)
    ).all()
    rows = session.exec(
        select(NightlyStep)
        .where(col(NightlyStep.on).in_(days))
        .order_by(col(NightlyStep.started_at), col(NightlyStep.id))
    ).all()
    return tuple((day, tuple(_result(row) for row in rows if row.on == day)) for day in days)


def last_report(db: Database, step: str, before: date) -> StepReport | None:
    """Return the report of the last night before a day in which a step ended."""
    with db.read() as session:
        query = select(NightlyStep).where(
            NightlyStep.step == step, NightlyStep.state == "done", NightlyStep.on < before
        )
        row = session.exec(query.order_by(col(NightlyStep.on).desc()).limit(1)).first()
    return _report(row.report) if row else None


def _take(db: Database, step: str, on: date, now: datetime) -> bool:
    """Take a step in hand, unless another process that is still there is at it."""
    with db.cursor() as cur:
        if cur.postgres:
            cur.run("LOCK TABLE nightly_step IN SHARE ROW EXCLUSIVE MODE")
        row = cur.one(HELD, cur.moment(now - LONGEST), cur.day(on), step)
        if row is not None and row[0] == "running" and not row[2] and not is_gone(row[1]):
            return False
        cur.run(TAKE, cur.day(on), step, this_process(), cur.moment(now))
    return True


def _write(db: Database, result: StepResult) -> None:
    text = orjson.dumps(asdict(result.report)).decode() if result.report else "{}"
    with db.cursor() as cur:
        ended = cur.moment(result.finished_at or result.started_at)
        cur.run(
            END, result.state, text, result.error, result.detail[:4000], ended, cur.day(result.on), result.step,
            this_process(),
        )  # fmt: skip


def _told(problem: Exception) -> str:
    """Return why a step failed, for people: our own errors in their words, others by their kind."""
    message = str(getattr(problem, "message", "") or "")
    return (
        message
        or f"这一步没有完成（{type(problem).__name__}），下一夜会重做；仍然出错的，请把详情告诉技术人员"
    )


def _result(row: NightlyStep) -> StepResult:
    report = _report(row.report) if row.state == "done" else None
    return StepResult(
        row.on, row.step, row.state, report, row.error, row.detail, row.started_at, row.finished_at
    )


def _report(text: str) -> StepReport:
    told = orjson.loads(text)
    told["lines"] = tuple(Line(**line) for line in told["lines"])
    told["counts"] = tuple((name, count) for name, count in told["counts"])
    return StepReport(**told)
