"""How the installation does, in numbers: for the doctor, the metrics and the readiness of a desk. Reads only.

Nothing here tells of a person, a case or a patent: topics, kinds, states and counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from os import W_OK, access
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cases.db import Cursor, Database, as_date
from cases.files import Files, FolderFiles, StoreDown
from cases.schema import current, newest
from cases.settings import SHANGHAI, Settings

# In the words of the partial indexes, so that done rows cost nothing.
BY_STATUS = (
    "SELECT topic, status, COUNT(*), MIN(created_at) FROM outbox WHERE status IN ('pending', 'running') "
    "GROUP BY topic, status UNION ALL "
    "SELECT topic, status, COUNT(*), MIN(created_at) FROM outbox WHERE status = 'dead' GROUP BY topic, status"
)
RUNS = "SELECT flow, state, COUNT(*), MAX(finished_at) FROM flow_run GROUP BY flow, state"
OPEN_DEADLINES = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN due < ? THEN 1 ELSE 0 END), 0) FROM deadline WHERE status = 'open'"
DELIVERIES = (
    "SELECT CASE WHEN channel LIKE 'robot:%' THEN 'robot' ELSE channel END, status, COUNT(*) FROM delivery "
    "GROUP BY 1, 2"
)
DOCUMENTS = "SELECT status, COUNT(*) FROM document GROUP BY status"
PROCESSES = "SELECT kind, state, COUNT(*), MAX(seen_at) FROM process GROUP BY kind, state"
NIGHTS = "SELECT step, MAX(finished_at) FROM nightly_step WHERE state = 'done' GROUP BY step"
SWEPT = "SELECT s.last_on, o.created_at FROM organization o LEFT JOIN reminder_sweep s ON s.org_id = o.id ORDER BY o.id"
SPENT = {
    False: "SELECT flow, SUM((julianday(finished_at) - julianday(started_at)) * 86400) FROM flow_run "
    "WHERE finished_at IS NOT NULL GROUP BY flow",
    True: "SELECT flow, SUM(EXTRACT(EPOCH FROM finished_at - started_at)) FROM flow_run "
    "WHERE finished_at IS NOT NULL GROUP BY flow",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Outbox rows of one topic that are not done: how many in each status, and since when the oldest waits."""

    statuses: Mapping[str, int]
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Operation:
    """The numbers of one moment.

    `swept` is the day up to which reminders were swept for every institution, whoever swept, Prefect or cron; one that
    never was swept counts from the day on which it was entered. `founded` is when the first was entered.
    """

    outbox: Mapping[str, Waiting]
    runs: Mapping[tuple[str, str], int]
    last_runs: Mapping[str, datetime]
    nights: Mapping[str, datetime]
    spent: Mapping[str, float]
    deadlines_open: int
    deadlines_overdue: int
    deliveries: Mapping[tuple[str, str], int]
    documents: Mapping[str, int]
    processes: Mapping[tuple[str, str], int]
    last_seen: Mapping[str, datetime]
    swept: date | None
    founded: datetime | None

    @property
    def waiting(self) -> int:
        """Outbox rows that are still to be done."""
        return sum(
            count
            for topic in self.outbox.values()
            for status, count in topic.statuses.items()
            if status != "dead"
        )

    @property
    def dead(self) -> int:
        """Outbox rows that were given up."""
        return sum(topic.statuses.get("dead", 0) for topic in self.outbox.values())

    def oldest(self) -> datetime | None:
        """Return since when the oldest row waits."""
        return min((topic.oldest for topic in self.outbox.values() if topic.oldest), default=None)


def operation(cur: Cursor, today: date) -> Operation:
    """Read the numbers."""
    runs = cur.all(RUNS)
    processes = cur.all(PROCESSES)
    opened, overdue = cur.one(OPEN_DEADLINES, cur.day(today))
    entered = [(as_date(day), moment_of(at)) for day, at in cur.all(SWEPT)]
    swept = (day or at.astimezone(SHANGHAI).date() for day, at in entered if at)
    return Operation(
        outbox=_outbox(cur),
        runs={(flow, state): count for flow, state, count, _ in runs},
        last_runs=_newest((flow, at) for flow, state, _, at in runs if state == "done"),
        nights=_newest(cur.all(NIGHTS)),
        spent={flow: float(seconds or 0) for flow, seconds in cur.all(SPENT[cur.postgres])},
        deadlines_open=opened,
        deadlines_overdue=overdue,
        deliveries={(channel, status): count for channel, status, count in cur.all(DELIVERIES)},
        documents=dict(cur.all(DOCUMENTS)),
        processes={(kind, state): count for kind, state, count, _ in processes},
        last_seen=_newest((kind, at) for kind, _, _, at in processes),
        swept=min(swept, default=None),
        founded=min((at for _, at in entered if at), default=None),
    )


def _outbox(cur: Cursor) -> dict[str, Waiting]:
    counts: dict[str, dict[str, int]] = {}
    oldest: dict[str, datetime] = {}
    for topic, status, count, since in cur.all(BY_STATUS):
        counts.setdefault(topic, {})[status] = count
        found = moment_of(since)
        if status != "dead" and found is not None:
            oldest[topic] = min(found, oldest.get(topic, found))
    return {topic: Waiting(found, oldest.get(topic)) for topic, found in counts.items()}


def _newest(pairs: Any) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for name, at in pairs:
        moment = moment_of(at)
        if moment is not None:
            found[name] = max(moment, found.get(name, moment))
    return found


def moment_of(value: object) -> datetime | None:
    """Return a stored moment as an aware one, whichever database it comes from."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def schema_gap(db: Database) -> str:
    """Return the revision that a record stands at if it is not the newest; nothing if it is."""
    with db.read() as session:
        found = current(session.connection())
    return "" if found == newest() else str(found)


def wal_bytes(db: Database) -> int:
    """Return the size of SQLite's write-ahead log; 0 on PostgreSQL."""
    if db.postgres:
        return 0
    path = Path(f"{db.url.database}-wal")
    return path.stat().st_size if path.exists() else 0


def last_backup(settings: Settings) -> datetime | None:
    """Return when the newest finished backup of the settings' folder was made."""
    names = sorted(path.parent.name for path in settings.backups.glob("[0-9]*/backup.json"))
    try:
        return datetime.strptime(names[-1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if names else None
    except ValueError:
        return None


def clock_skew(db: Database, now: datetime) -> float:
    """Return by how many seconds this machine's clock is ahead of the database server's.

    SQLite has no other clock: there, it is how far the newest entry of the trail lies in the future (negative).
    """
    if db.postgres:
        with db.cursor() as cur:
            (there,) = cur.one("SELECT clock_timestamp()")
        return float((now - there).total_seconds())
    with db.cursor() as cur:
        (newest_entry,) = cur.one("SELECT at FROM trail ORDER BY id DESC LIMIT 1") or (None,)
    found = moment_of(newest_entry)
    return min(0.0, (now - found).total_seconds()) if found else 0.0


def files_fault(files: Files) -> str:
    """Return why the file store takes nothing; nothing if it does. Writes nothing."""
    try:
        files.has("0" * 64)
    except StoreDown as error:
        return error.message
    if isinstance(files, FolderFiles):
        folder = files.folder
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        if not (folder.is_dir() and access(folder, W_OK)):
            return f"文件目录{files.folder}不可写"
    return ""


def failing_parts(db: Database, files: Files) -> tuple[str, ...]:
    """Return which parts keep the desk from working: database, schema, files; nothing if it is ready."""
    failing = []
    try:
        failing += ["schema"] if schema_gap(db) else []
    except (SQLAlchemyError, OSError):
        failing.append("database")
    return (*failing, "files") if files_fault(files) else tuple(failing)
