"""The ledger of flow runs: what is done in the background, how far it is, and what came of it.

The desk shows runs from here and never asks Prefect, so that it can tell of them while Prefect is away. Whoever runs
something begins it, says now and then that it goes on, and ends it. A run that fell silent, or whose process on this
machine has ended, is lost: it is shown so at once, and written down so by `lose_silent`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from cases.db import Cursor, Database
from cases.processes import is_gone, this_process
from cases.run_table import FlowRun
from cases.tables import Case, Organization

ALIVE = timedelta(seconds=60)
KEPT = timedelta(days=90)
PRUNED_AT_ONCE = 1000
LOST = "中断，将自动重试"

BEGIN = (
    "INSERT INTO flow_run (id, org_id, case_id, outbox_id, flow, subject, state, done, total, attempts, result, error, "
    "detail, host, started_at, alive_until, finished_at) "
    "VALUES (?, ?, ?, ?, ?, ?, 'running', 0, ?, ?, '', '', '', ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE SET "
    "state = 'running', attempts = flow_run.attempts + 1, error = '', detail = '', host = excluded.host, "
    "alive_until = excluded.alive_until, finished_at = NULL"
)
PROGRESS = (
    "UPDATE flow_run SET done = ?, total = CASE WHEN ? > 0 THEN ? ELSE total END, alive_until = ?, state = 'running', "
    "error = '', finished_at = NULL WHERE id = ? AND state IN ('running', 'lost')"
)
ALIVE_STILL = "UPDATE flow_run SET alive_until = ? WHERE id = ? AND state = 'running'"
END = (
    "UPDATE flow_run SET state = ?, result = ?, error = ?, detail = ?, finished_at = ?, "
    "done = CASE WHEN ? = 'done' AND done < total THEN total ELSE done END WHERE id = ? AND state IN ('running', 'lost')"
)
RUNNING = "SELECT id, host, alive_until <= ? FROM flow_run WHERE state = 'running'"
LOSE = "UPDATE flow_run SET state = 'lost', error = ?, finished_at = ? WHERE id = ? AND state = 'running'"
OLD = "SELECT id FROM flow_run WHERE state IN ('done', 'lost') AND started_at < ? ORDER BY started_at LIMIT ?"


@dataclass(frozen=True, slots=True)
class About:
    """What a run is for. `flow` is the flow's Chinese name, `subject` what it works on, for people.

    Runs for the whole installation have no organization. `total` is how many pieces of work are expected, 0 if that is
    not known; `attempt` counts the tries of the same work.
    """

    flow: str
    subject: str = ""
    org_id: int | None = None
    case_id: int | None = None
    outbox_id: int | None = None
    total: int = 0
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as people see it. `state` is that of the moment: a silent run is already shown as lost."""

    id: str
    flow: str
    subject: str
    state: str
    done: int
    total: int
    attempts: int
    result: str
    error: str
    detail: str
    host: str
    started_at: datetime
    finished_at: datetime | None
    case_id: int | None
    case_no: str
    organization: str
    outbox_id: int | None

    @property
    def percent(self) -> int | None:
        """How much is done, of a hundred; None where the whole is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None


def begin_run(db: Database, run_id: str, about: About, now: datetime) -> None:
    """Write down that a run has begun; the same run begun again, as after a retry of its flow, goes on running.

    Effects: writes flow_run.
    """
    with db.cursor() as cur:
        write_begin(cur, run_id, about, now)


def write_begin(cur: Cursor, run_id: str, about: About, now: datetime) -> None:
    """Do the same in the caller's transaction."""
    cur.run(
        BEGIN, run_id, about.org_id, about.case_id, about.outbox_id, about.flow, about.subject, about.total,
        about.attempt, this_process(), cur.moment(now), cur.moment(now + ALIVE),
    )  # fmt: skip


def progress(db: Database, run_id: str, done: int, now: datetime, total: int = 0) -> None:
    """Say how far a run is, and by that that it is alive; `total` replaces the expected number if it is given."""
    with db.cursor() as cur:
        cur.run(PROGRESS, done, total, total, cur.moment(now + ALIVE), run_id)


def keep_alive(db: Database, run_ids: Iterable[str], now: datetime) -> None:
    """Say that runs are still going on."""
    with db.cursor() as cur:
        until = cur.moment(now + ALIVE)
        cur.many(ALIVE_STILL, [(until, run_id) for run_id in run_ids])


def end_run(
    db: Database, run_id: str, now: datetime, *, result: str = "", error: str = "", detail: str = ""
) -> None:
    """Write down how a run ended: it failed if there is an error, in Chinese; `detail` is the raw text behind it.

    Effects: writes flow_run. A run that has ended already stays as it ended.
    """
    with db.cursor() as cur:
        write_end(cur, run_id, now, result=result, error=error, detail=detail)


def write_end(
    cur: Cursor, run_id: str, now: datetime, *, result: str = "", error: str = "", detail: str = ""
) -> None:
    """Do the same in the caller's transaction."""
    state = "failed" if error else "done"
    cur.run(END, state, result[:2000], error[:2000], detail[:4000], cur.moment(now), state, run_id)


def lose_silent(db: Database, now: datetime) -> tuple[str, ...]:
    """Write down as lost what fell silent or whose process is gone, and return those runs.

    Effects: writes flow_run.
    """
    with db.cursor() as cur:
        silent = [id_ for id_, host, late in cur.all(RUNNING, cur.moment(now)) if late or is_gone(host)]
        cur.many(LOSE, [(LOST, cur.moment(now), id_) for id_ in silent])
    return tuple(silent)


def prune_runs(db: Database, now: datetime, *, most: int = 100_000) -> int:
    """Forget finished runs of long ago, at most so many at a time, and return how many; failed ones stay.

    Effects: deletes from flow_run, in short transactions.
    """
    pruned = 0
    while pruned < most:
        with db.cursor() as cur:
            size = min(PRUNED_AT_ONCE, most - pruned)
            ids = [row[0] for row in cur.all(OLD, cur.moment(now - KEPT), size)]
            cur.many("DELETE FROM flow_run WHERE id = ?", [(id_,) for id_ in ids])
        pruned += len(ids)
        if len(ids) < size:
            break
    return pruned


def runs_of_case(
    session: Session, org_id: int, case_id: int, now: datetime, limit: int = 50
) -> tuple[RunLine, ...]:
    """Return the runs of a case of the organization, the newest first."""
    return runs(session, now, org_id=org_id, case_id=case_id, limit=limit)


def runs_of_job(session: Session, org_id: int, outbox_id: int, now: datetime) -> tuple[RunLine, ...]:
    """Return the tries of one outbox row of the organization, the newest first."""
    return runs(session, now, org_id=org_id, outbox_id=outbox_id)


def runs_of_organization(
    session: Session, org_id: int, now: datetime, *, limit: int = 50, offset: int = 0
) -> tuple[RunLine, ...]:
    """Return the runs of an organization, the newest first."""
    return runs(session, now, org_id=org_id, limit=limit, offset=offset)


def runs(
    session: Session, now: datetime, *, org_id: int | None = None, case_id: int | None = None,
    outbox_id: int | None = None, flow: str = "",
    state: str = "", limit: int = 50, offset: int = 0,
) -> tuple[RunLine, ...]:  # fmt: skip
    """Return runs, the newest first; those of the whole installation unless an organization is named.

    Args:
        flow: only runs of the flow with this Chinese name.
        state: only runs in this state of the moment.
    """
    query = (
        select(FlowRun, Case.number, Organization.name)
        .join(Case, col(Case.id) == FlowRun.case_id, isouter=True)
        .join(Organization, col(Organization.id) == FlowRun.org_id, isouter=True)
    )
    if org_id is not None:
        query = query.where(FlowRun.org_id == org_id)
    if case_id is not None:
        query = query.where(FlowRun.case_id == case_id)
    if outbox_id is not None:
        query = query.where(FlowRun.outbox_id == outbox_id)
    if flow:
        query = query.where(FlowRun.flow == flow)
    if state == "running":
        query = query.where(FlowRun.state == "running", FlowRun.alive_until > now)
    elif state == "lost":
        silent = (col(FlowRun.state) == "running") & (col(FlowRun.alive_until) <= now)
        query = query.where((col(FlowRun.state) == "lost") | silent)
    elif state:
        query = query.where(FlowRun.state == state)
    query = (
        query.order_by(col(FlowRun.started_at).desc(), col(FlowRun.attempts).desc(), col(FlowRun.id))
        .limit(limit)
        .offset(offset)
    )
    return tuple(_line(run, number, name, now) for run, number, name in session.exec(query))


def _line(run: FlowRun, number: str | None, organization: str | None, now: datetime) -> RunLine:
    lost = run.state == "running" and (run.alive_until <= now or is_gone(run.host))
    return RunLine(
        id=run.id, flow=run.flow, subject=run.subject, state="lost" if lost else run.state, done=run.done,
        total=run.total, attempts=run.attempts, result=run.result, error=LOST if lost else run.error,
        detail=run.detail, host=run.host, started_at=run.started_at, finished_at=run.finished_at,
        case_id=run.case_id, case_no=number or "", organization=organization or "", outbox_id=run.outbox_id,
    )  # fmt: skip
