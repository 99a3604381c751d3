"""One patent list from file to record: the run, the lines, the lines handed back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from cases.db import Database
from cases.errors import ActionError
from cases.files import Files
from cases.imports import begin_import, fail_import, finish_import
from cases.scope import Person
from exchange.patent_import import ImportReport, OnProgress, run_import
from rules.text import normalize


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import. `rejects_sha256` names the workbook of refused lines in the file store, if any."""

    import_id: int
    report: ImportReport
    rejects_sha256: str


def import_list(
    db: Database,
    files: Files,
    person: Person,
    path: Path,
    *,
    filename: str,
    mapping: Mapping[str, str] | None = None,
    now: datetime,
    on_progress: OnProgress | None = None,
) -> Imported:
    """Import a list as a person and keep the refused lines as a workbook.

    Raises: Forbidden; FileRefused for a list that cannot be read, noted on the run.
    Effects: writes patents, import_run, trail, outbox and, for refused lines, the file store.
    """
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    run_id = begin_import(
        db, person, filename=_shown(filename), sha256=digest, size=size, now=now, mapping=mapping or {}
    )
    try:
        with TemporaryDirectory(prefix="panhuo-rejects-") as folder:
            report = run_import(
                db, path, mapping=mapping, org_id=person.org_id, import_id=run_id,
                rejects_path=Path(folder) / "rejects.xlsx", now=now, on_progress=on_progress,
            )  # fmt: skip
            rejects = files.store_file(report.rejects_file) if report.rejects_file else ""
    except Exception as error:
        reason = error.message if isinstance(error, ActionError) else f"导入中断：{error}"
        fail_import(db, person.org_id, run_id, reason, now)
        raise
    finish_import(
        db, person, run_id, rows=report.rows, accepted=report.accepted, unchanged=report.unchanged,
        rejected=report.rejected, errors=[error.as_json() for error in report.errors], rejects_file=rejects, now=now,
    )  # fmt: skip
    return Imported(run_id, report, rejects)


def _shown(filename: str) -> str:
    """Return a file's own name as the record keeps it, without folders and half characters."""
    name = PurePath(filename.replace("\\", "/")).name.encode("utf-8", "replace").decode("utf-8")
    return normalize(name)[:200] or "未命名"


def full_mapping(guessed: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the guess with a person's choices over it; a column chosen for one field leaves the others."""
    taken = {column for column in chosen.values() if column}
    kept = {field: column for field, column in guessed.items() if column not in taken}
    return {**kept, **chosen}
