"""Documents for many cases in one run: asked for, looked at, stopped, tried again.

A run is a row, and each of its cases is one: what was done stands in the record, so that a run goes on where it was
after whatever happened to the process that worked on it. `cases.bulk_making` does the work.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from cases.bulk_tables import BulkItem, BulkRun
from cases.db import Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.papers import WRITERS
from cases.scope import Person
from cases.tables import Case, Document, User
from cases.views import case_ids
from contracts.modes import MODES
from contracts.shared_forms import SHARED

MOST = 20_000
MOST_LISTED = 200

INSERT_RUN = (
    "INSERT INTO bulk_run (org_id, kind, chosen, status, total, asked_by, asked_at, holder, held_until, flow_run_id) "
    "VALUES (?, ?, ?, 'running', ?, ?, ?, '', ?, '') RETURNING id"
)
INSERT_ITEM = (
    "INSERT INTO bulk_item (run_id, org_id, case_id, status, reason) VALUES (?, ?, ?, 'waiting', '')"
)
CANCEL_RUN = "UPDATE bulk_run SET status = 'cancelled', finished_at = ? WHERE id = ? AND org_id = ? AND status = 'running'"
CANCEL_ITEMS = "UPDATE bulk_item SET status = 'cancelled' WHERE run_id = ? AND status = 'waiting'"
RETRY_ITEMS = (
    "UPDATE bulk_item SET status = 'waiting', reason = '', finished_at = NULL "
    "WHERE run_id = ? AND status IN ('failed', 'cancelled')"
)
RESUME_RUN = (
    "UPDATE bulk_run SET status = 'running', finished_at = NULL, held_until = ?, holder = '' "
    "WHERE id = ? AND org_id = ? AND status <> 'running'"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cases of the list a run is for: the filters of the case list, all cases if none is set."""

    q: str = ""
    stage: str = ""
    mode: str = ""
    officer_id: int | None = None
    overdue_on: date | None = None


def told(choice: Choice) -> str:
    """Say in Chinese how cases were chosen."""
    stages = {"preparation": "准备", "contract": "合同", "performance": "履行", "end": "结束"}
    parts = [
        f"含“{choice.q}”" if choice.q else "",
        f"{stages.get(choice.stage, choice.stage)}阶段" if choice.stage else "",
        MODES[choice.mode].title_zh if choice.mode in MODES else choice.mode,
        "本人承办" if choice.officer_id else "",
        "有逾期期限" if choice.overdue_on else "",
    ]
    return "、".join(part for part in parts if part) or "全部案件"


@dataclass(frozen=True, slots=True)
class Failure:
    """A case of a run whose document was not made."""

    case_id: int
    number: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run and how far it is. `counts` are its cases by status; `per_minute` is None before anything was made."""

    id: int
    kind: str
    title: tuple[str, str]
    chosen: str
    status: str
    total: int
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int]
    per_minute: float | None
    reasons: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def done(self) -> int:
        """How many cases are through, whatever came of them."""
        return self.total - self.counts["waiting"]


def kinds() -> dict[str, tuple[str, str]]:
    """Return the titles (zh, en) of the kinds that can be made for many cases at once."""
    own = {doc.kind: doc for mode in MODES.values() for doc in mode.own_documents if not doc.each}
    found = {**SHARED, **own}.items()
    return {kind: (doc.title_zh or "合同", doc.title_en or "Contract") for kind, doc in found}


def chosen_cases(session: Session, org_id: int, choice: Choice, kind: str = "") -> tuple[int, ...]:
    """Return the cases of a choice, the oldest first; with a kind, those whose mode has it."""
    modes = [slug for slug, mode in MODES.items() if not kind or kind in mode.documents]
    return case_ids(
        session, org_id, q=choice.q, stage=choice.stage, mode=choice.mode, officer_id=choice.officer_id,
        overdue_on=choice.overdue_on, modes=modes,
    )  # fmt: skip


def start_run(
    db: Database, person: Person, kind: str, choice: Choice | Sequence[int], now: datetime, chosen: str = ""
) -> int:
    """Ask for one kind of document for many cases and return the run's id.

    Raises: Forbidden, Invalid for an unknown kind or if no case is chosen.
    Effects: writes bulk_run and bulk_item.
    """
    if person.role not in WRITERS:
        raise Forbidden("文书须由转化专员生成", "only officers make documents")
    if kind not in kinds():
        raise Invalid(f"没有可以批量生成的文书“{kind}”", {"kind": "请从列表中选择"}, f"no document '{kind}'")
    with db.read() as session:
        ids = chosen_cases(session, person.org_id, choice if isinstance(choice, Choice) else Choice(), kind)
    if not isinstance(choice, Choice):
        ids = tuple(sorted(set(ids) & set(choice)))
    if not ids:
        raise Invalid(
            "所选范围内没有可以生成该文书的案件", {"cases": "没有案件"}, "no case has this document"
        )
    if len(ids) > MOST:
        raise Invalid(
            f"一次最多{MOST}件，请缩小范围", {"cases": f"共{len(ids)}件"}, f"more than {MOST} cases"
        )
    with db.cursor() as cur:
        moment = cur.moment(now)
        (run_id,) = cur.one(
            INSERT_RUN, person.org_id, kind, chosen or "全部案件", len(ids), person.id, moment, moment
        )
        cur.many(INSERT_ITEM, [(run_id, person.org_id, case_id) for case_id in ids])
        return note_made(int(run_id))


def cancel_run(db: Database, person: Person, run_id: int, now: datetime) -> None:
    """Stop a run; what is being made is finished, the rest is not begun.

    Raises: Forbidden, NotFound, Conflict if it has ended already.
    """
    _check_right(db, person, run_id)
    with db.cursor() as cur:
        cur.run(CANCEL_RUN, cur.moment(now), run_id, person.org_id)
        if cur.raw.rowcount == 0:
            raise Conflict("该批量任务已经结束，无需停止", "the run has ended")
        cur.run(CANCEL_ITEMS, run_id)


def retry_run(db: Database, person: Person, run_id: int, now: datetime) -> None:
    """Try again what failed or was stopped, and nothing else.

    Raises: Forbidden, NotFound, Conflict while it runs or if nothing is left to try.
    """
    _check_right(db, person, run_id)
    with db.cursor() as cur:
        cur.run(RESUME_RUN, cur.moment(now), run_id, person.org_id)
        if cur.raw.rowcount == 0:
            raise Conflict("该批量任务正在进行，请等它结束", "the run is still going on")
        cur.run(RETRY_ITEMS, run_id)
        if cur.raw.rowcount == 0:
            raise Conflict("没有失败或停止的案件，无需重试", "nothing failed")


def _check_right(db: Database, person: Person, run_id: int) -> None:
    if person.role not in WRITERS:
        raise Forbidden("文书须由转化专员生成", "only officers make documents")
    with db.read() as session:
        _run(session, person.org_id, run_id)


def _run(session: Session, org_id: int, run_id: int) -> BulkRun:
    run = session.get(BulkRun, run_id)
    if run is None or run.org_id != org_id:
        raise NotFound("没有找到该批量任务", "no such run")
    return run


def run_view(session: Session, org_id: int, run_id: int) -> RunView:
    """Return a run with what failed, by reason and one by one.

    Raises: NotFound.
    """
    run = _run(session, org_id, run_id)
    reasons = session.exec(
        select(BulkItem.reason, func.count())
        .where(BulkItem.run_id == run_id, BulkItem.status == "failed")
        .group_by(BulkItem.reason)
        .order_by(func.count().desc())
        .limit(MOST_LISTED)
    ).all()
    failed = session.exec(
        select(BulkItem, Case)
        .join(Case, col(Case.id) == col(BulkItem.case_id))
        .where(BulkItem.run_id == run_id, BulkItem.status == "failed")
        .order_by(col(BulkItem.id))
        .limit(MOST_LISTED)
    )
    failures = tuple(
        Failure(int(case.id or 0), case.number, case.title, item.reason) for item, case in failed
    )
    (view,) = _views(session, [run])
    return _with(view, tuple((reason, int(count)) for reason, count in reasons), failures)


def runs(session: Session, org_id: int, limit: int = 30) -> tuple[RunView, ...]:
    """Return the organization's runs, the newest first."""
    query = select(BulkRun).where(BulkRun.org_id == org_id).order_by(col(BulkRun.id).desc()).limit(limit)
    return tuple(_views(session, session.exec(query)))


def _with(view: RunView, reasons: tuple[tuple[str, int], ...], failures: tuple[Failure, ...]) -> RunView:
    named = {name: getattr(view, name) for name in RunView.__slots__}
    return RunView(**{**named, "reasons": reasons, "failures": failures})


def _views(session: Session, found: Iterable[BulkRun]) -> list[RunView]:
    rows = list(found)
    ids = [int(run.id or 0) for run in rows]
    counts: dict[int, dict[str, int]] = {id_: dict.fromkeys(STATUSES, 0) for id_ in ids}
    by_status = select(BulkItem.run_id, BulkItem.status, func.count(), func.max(BulkItem.finished_at))
    grouped = by_status.where(col(BulkItem.run_id).in_(ids)).group_by(
        col(BulkItem.run_id), col(BulkItem.status)
    )
    last: dict[int, datetime] = {}
    for run_id, status, count, at in session.exec(grouped):
        counts[run_id][status] = int(count)
        if at is not None:
            last[run_id] = max(at, last.get(run_id, at))
    users = select(User.id, User.name).where(col(User.id).in_([run.asked_by for run in rows]))
    names = dict(session.exec(users).all())
    titles = kinds()
    return [
        RunView(
            id=int(run.id or 0), kind=run.kind, title=titles.get(run.kind, (run.kind, run.kind)), chosen=run.chosen,
            status=run.status, total=run.total, asked_by=names.get(run.asked_by, ""), asked_at=run.asked_at,
            finished_at=run.finished_at, counts=counts[int(run.id or 0)],
            per_minute=_rate(run, counts[int(run.id or 0)], last.get(int(run.id or 0))),
        )
        for run in rows
    ]  # fmt: skip


STATUSES = ("waiting", "made", "unchanged", "failed", "cancelled")


def _rate(run: BulkRun, counts: Mapping[str, int], last: datetime | None) -> float | None:
    done = counts["made"] + counts["unchanged"] + counts["failed"]
    if run.started_at is None or last is None or not done:
        return None
    seconds = (last - run.started_at).total_seconds()
    return done * 60 / seconds if seconds > 0 else None


def files_of(session: Session, org_id: int, run_id: int) -> tuple[tuple[str, str], ...]:
    """Return file name and SHA-256 of each document of a run that is ready.

    Raises: NotFound.
    """
    _run(session, org_id, run_id)
    query = (
        select(Document.filename, Document.sha256)
        .join(BulkItem, col(BulkItem.document_id) == col(Document.id))
        .where(BulkItem.run_id == run_id, Document.status == "ready")
        .order_by(col(BulkItem.id))
    )
    return tuple((name, digest) for name, digest in session.exec(query))
