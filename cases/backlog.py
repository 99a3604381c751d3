"""What stands in the outbox: per topic how much waits, how old it is and how fast it goes, and what died and why."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from cases.errors import NotFound
from cases.tables import Case, Organization, Outbox

NAMED = re.compile(r"[A-Za-z_.]+: ?(.*)", re.S)
CHINESE = re.compile("[\u4e00-\u9fff]")
RATE_OVER = timedelta(seconds=60)
UNFINISHED = ("pending", "running", "dead")
# In the very words of the partial indexes: a value bound to a place would not let the planner use them.
IN_STATUS = {
    "pending": text("outbox.status IN ('pending', 'running') AND outbox.status = 'pending'"),
    "running": text("outbox.status IN ('pending', 'running') AND outbox.status = 'running'"),
    "dead": text("outbox.status = 'dead'"),
    "done": text("outbox.status = 'done'"),
}


@dataclass(frozen=True, slots=True)
class TopicBacklog:
    """How one topic stands. `oldest` is when its oldest unfinished row was written; `per_minute` what was done lately."""

    topic: str
    pending: int
    running: int
    dead: int
    oldest: datetime | None
    per_minute: int

    def age(self, now: datetime) -> timedelta:
        """Return for how long the oldest row has waited; nothing waits for no time."""
        return max(now - self.oldest, timedelta()) if self.oldest else timedelta()


def backlog(session: Session, org_id: int | None = None) -> dict[str, int]:
    """Return how many rows stand in each status, without those that are done."""
    found: dict[str, int] = {}
    for status in UNFINISHED:
        query = select(func.count()).select_from(Outbox).where(IN_STATUS[status])
        if org_id is not None:
            query = query.where(Outbox.org_id == org_id)
        if count := session.exec(query).one():
            found[status] = count
    return found


def backlog_by_topic(session: Session, now: datetime, org_id: int | None = None) -> tuple[TopicBacklog, ...]:
    """Return every topic that has unfinished rows or had rows done in the last minute, by name.

    Its cost is that of unfinished and just finished rows, not of what is stored.
    """
    counts: dict[str, dict[str, int]] = {}
    oldest: dict[str, datetime] = {}
    for status in UNFINISHED:
        query = (
            select(Outbox.topic, func.count(), func.min(Outbox.created_at))
            .where(IN_STATUS[status])
            .group_by(Outbox.topic)
        )
        if org_id is not None:
            query = query.where(Outbox.org_id == org_id)
        for topic, count, since in session.exec(query):
            counts.setdefault(topic, {})[status] = count
            if status != "dead":
                oldest[topic] = min(since, oldest.get(topic, since))
    rates = _rates(session, now, org_id)
    found = []
    for topic in sorted({*counts, *rates}):
        pending, running, dead = (counts.get(topic, {}).get(status, 0) for status in UNFINISHED)
        found.append(TopicBacklog(topic, pending, running, dead, oldest.get(topic), rates.get(topic, 0)))
    return tuple(found)


def _rates(session: Session, now: datetime, org_id: int | None) -> dict[str, int]:
    query = (
        select(Outbox.topic, func.count())
        .where(IN_STATUS["done"], col(Outbox.finished_at) > now - RATE_OVER)
        .group_by(Outbox.topic)
    )
    if org_id is not None:
        query = query.where(Outbox.org_id == org_id)
    return dict(session.exec(query).all())


@dataclass(frozen=True, slots=True)
class OutboxView:
    """A row as people see it. `next_try` is when a row that waits is tried next, or that runs is given up as lost."""

    id: int
    org_id: int
    organization: str
    case_id: int | None
    case_no: str
    topic: str
    status: str
    attempts: int
    error: str
    flow_run_id: str
    created_at: datetime
    next_try: datetime | None
    finished_at: datetime | None


def of_case(session: Session, org_id: int, case_id: int, limit: int = 50) -> tuple[OutboxView, ...]:
    """Return a case's rows, the newest first."""
    return rows(session, org_id=org_id, case_id=case_id, limit=limit)


def rows(
    session: Session, *, org_id: int | None = None, case_id: int | None = None, status: str = "", topic: str = "",
    limit: int = 50, offset: int = 0,
) -> tuple[OutboxView, ...]:  # fmt: skip
    """Return rows, the newest first; those of the whole installation unless an organization is named."""
    query = _rows()
    if org_id is not None:
        query = query.where(Outbox.org_id == org_id)
    if case_id is not None:
        query = query.where(Outbox.case_id == case_id)
    if status in IN_STATUS:
        query = query.where(IN_STATUS[status])
    if topic:
        query = query.where(Outbox.topic == topic)
    query = query.order_by(col(Outbox.id).desc()).limit(limit).offset(offset)
    return tuple(_view(row, number, name) for row, number, name in session.exec(query))


def row(session: Session, outbox_id: int, org_id: int | None = None) -> OutboxView:
    """Return one row, of an organization if one is named.

    Raises: NotFound.
    """
    query = _rows().where(Outbox.id == outbox_id)
    if org_id is not None:
        query = query.where(Outbox.org_id == org_id)
    found = session.exec(query).first()
    if found is None:
        raise NotFound(
            "没有找到这项后台任务，可能已完成并清理", "no such job; it may be done and cleared away"
        )
    return _view(*found)


def _plain(error: str) -> str:
    """Return a reason without the name of an exception, which rows of earlier releases begin with."""
    named = NAMED.match(error)
    if named is None:
        return error
    return named[1] if CHINESE.search(named[1]) else "处理时出现未预料的情况"


def _rows() -> Select[Outbox, str, str]:
    return (
        select(Outbox, Case.number, Organization.name)
        .join(Organization, col(Organization.id) == Outbox.org_id)
        .join(Case, col(Case.id) == Outbox.case_id, isouter=True)
    )


def _view(row: Outbox, number: str | None, organization: str) -> OutboxView:
    return OutboxView(
        id=int(row.id or 0), org_id=row.org_id, organization=organization, case_id=row.case_id,
        case_no=number or "", topic=row.topic, status=row.status, attempts=row.attempts, error=_plain(row.error),
        flow_run_id=row.flow_run_id, created_at=row.created_at,
        next_try=row.available_at if row.status in ("pending", "running") else None, finished_at=row.finished_at,
    )  # fmt: skip
