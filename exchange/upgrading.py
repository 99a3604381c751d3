"""The upgrade of a record: backed up as it is, brought to the newest schema, verified. Safe to repeat.

All migrations of one upgrade are one transaction: whoever is killed on the way leaves the record at its old schema,
with the backup beside it, and runs the same command again.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cases.db import Database
from cases.schema import current, newest, upgrade
from cases.settings import Settings
from cases.trail import verify
from exchange.backup import back_up


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The schema before (None: there was no record yet) and after, the backup made, and what does not verify."""

    before: str | None
    after: str
    backup: Path | None
    entries: int
    broken: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "before": self.before, "after": self.after, "backup": str(self.backup or ""), "entries": self.entries,
            "broken": list(self.broken),
        }  # fmt: skip


def upgrade_record(
    db: Database, settings: Settings, now: datetime, *, backup_to: Path | None = None
) -> Upgraded:
    """Bring a record to the newest schema; one that holds data at an older schema is backed up first.

    Raises: NewerSchema; ArchiveProblem or OSError if the backup fails, and then nothing was upgraded.
    """
    before = _schema_of(db)
    backup = None
    if before not in (None, newest()) and backup_to is not None:
        backup = back_up(db, settings, backup_to, now).path
    upgrade(db)
    with db.read() as session:
        found = verify(session)
    broken = tuple(f"{one.chain}第{one.seq}条：{one.reason_zh}" for one in found.breaks)
    return Upgraded(before, str(newest()), backup, found.entries, broken)


def _schema_of(db: Database) -> str | None:
    with db.read() as session:
        return current(session.connection())
