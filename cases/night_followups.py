"""The night's reminders of leads and of a bureau's tasks: each rung once, to the owner or to the supervisors."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.db import Cursor, Database, as_date
from cases.delivering import tell
from cases.nightly import StepReport
from cases.settings import Settings
from cases.trail import hold_org

# From how many days ahead somebody is told; the last is once the day is over.
LEAD_RUNGS = (-1, 0, 7)
TASK_RUNGS = (-1, 0, 7, 30)
LEADS = (
    "SELECT l.id, l.org_id, l.company_name, l.next_step, l.due_on, l.owner_id FROM promotion_lead l "
    "JOIN app_user u ON u.id = l.owner_id AND u.active = ? "
    "WHERE l.org_id = ? AND l.status IN ('contact', 'negotiating') AND l.due_on <= ? ORDER BY l.due_on, l.id"
)
TASKS = (
    "SELECT t.id, t.org_id, t.area, t.unit, t.due_on, u.id FROM bureau_task t "
    "JOIN app_user u ON u.org_id = t.org_id AND u.role = 'supervisor' AND u.active = ? "
    "WHERE t.org_id = ? AND t.status IN ('open', 'running') AND t.due_on <= ? ORDER BY t.due_on, t.id, u.id"
)
ORGANIZATIONS = "SELECT id FROM organization ORDER BY id"


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is followed up, as its query tells it, and where it stands on the desk."""

    name: str
    query: str
    rungs: tuple[int, ...]
    zh: str
    path: str


MATTERS = (
    _Matter("lead", LEADS, LEAD_RUNGS, "意向线索", "/promotion/leads"),
    _Matter("task", TASKS, TASK_RUNGS, "重点任务", "/supervision/tasks"),
)


def follow_up(db: Database, now: datetime, on: date) -> StepReport:
    """Tell owners of leads and supervisors what falls due or is over.

    Effects: writes messages and their deliveries.
    """
    told = 0
    with db.looking() as cur:
        organizations = [int(row[0]) for row in cur.all(ORGANIZATIONS)]
    for org_id in organizations:
        with db.looking() as cur:
            found = [one for matter in MATTERS for one in _due(cur, matter, org_id, on)]
        if found:
            with db.cursor() as cur:
                hold_org(cur, org_id)
                told += sum(_tell(cur, org_id, one, now) for one in found)
    return StepReport(f"发出{told}条跟进提醒", f"{told} reminders to follow up", counts=(("told", told),))


@dataclass(frozen=True, slots=True)
class _Due:
    kind: str
    subject: str
    line: dict[str, Any]
    reader: int


def _due(cur: Cursor, matter: _Matter, org_id: int, on: date) -> Iterator[_Due]:
    last = on + timedelta(days=matter.rungs[-1])
    for id_, _, name, detail, due, reader in cur.all(matter.query, True, org_id, cur.day(last)):
        day = as_date(due)
        if day is not None:
            yield _one(matter, int(id_), str(name), str(detail), day, int(reader), on)


def _one(matter: _Matter, id_: int, name: str, detail: str, day: date, reader: int, on: date) -> _Due:
    days = (day - on).days
    rung = next(rung for rung in matter.rungs if days <= rung)
    when = f"已逾期{-days}天" if days < 0 else "今天到期" if days == 0 else f"还有{days}天到期"
    subject = f"{matter.zh}{when}：{name[:40]}"
    line = {"title": subject, "note": detail[:200], "path": f"{matter.path}/{id_}"}
    return _Due(f"followup:{matter.name}:{id_}:{day.isoformat()}:{rung}", subject, line, reader)


def _tell(cur: Cursor, org_id: int, one: _Due, now: datetime) -> int:
    mail = bool(Settings.from_environment().smtp_host)
    return tell(cur, org_id, [one.reader], one.kind, one.subject, [one.line], now, mail=mail)
