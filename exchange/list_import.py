"""One list from file to record: the run, the lines, the lines handed back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar

from cases.db import Database
from cases.errors import ActionError
from cases.files import Files
from cases.imports import begin_import, fail_import, finish_import
from cases.scope import Person
from exchange.patent_import import ImportReport, OnProgress, run_import
from exchange.sheet_import import OnPercent, SheetReport, run_sheet
from exchange.sheet_kind import SheetKind
from exchange.tables import Problem
from rules.text import normalize


class Report(Protocol):
    """What came of a list, of whatever kind."""

    @property
    def rows(self) -> int: ...
    @property
    def accepted(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def rejected(self) -> int: ...
    @property
    def errors(self) -> Sequence[Problem]: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def rejects_file(self) -> Path | None: ...


Found = TypeVar("Found", bound=Report)


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import. `rejects_sha256` names the workbook of refused lines in the file store, if any."""

    import_id: int
    report: ImportReport
    rejects_sha256: str


@dataclass(frozen=True, slots=True)
class SheetImported:
    """A finished import of a sheet, in the same form."""

    import_id: int
    report: SheetReport
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
    """Import a patent list as a person and keep the refused lines as a workbook.

    Raises: Forbidden; FileRefused for a list that cannot be read, noted on the run.
    Effects: writes patents, import_run, trail, outbox and, for refused lines, the file store.
    """
    digest, size = _weighed(path)
    run_id = begin_import(
        db, person, filename=_shown(filename), sha256=digest, size=size, now=now, mapping=mapping or {}
    )

    def run(rejects: Path) -> ImportReport:
        return run_import(
            db, path, mapping=mapping, org_id=person.org_id, import_id=run_id, rejects_path=rejects, now=now,
            on_progress=on_progress,
        )  # fmt: skip

    return Imported(run_id, *noted(db, files, person, run_id, run, lambda: now))


def import_sheet(
    db: Database,
    files: Files,
    person: Person,
    kind: SheetKind,
    path: Path,
    *,
    filename: str,
    mapping: Mapping[str, str] | None = None,
    skip_hidden: bool = False,
    now: datetime,
    on_percent: OnPercent | None = None,
) -> SheetImported:
    """Import a sheet of a kind as a person and keep the refused rows as a workbook.

    Raises: Forbidden; FileRefused for a sheet that cannot be read, noted on the run.
    Effects: what the kind writes, import_run, trail and, for refused rows, the file store.
    """
    digest, size = _weighed(path)
    run_id = begin_import(
        db, person, filename=_shown(filename), sha256=digest, size=size, now=now, mapping=mapping or {}, kind=kind.name,
        roles=kind.roles,
    )  # fmt: skip

    def run(rejects: Path) -> SheetReport:
        return run_sheet(
            db, person, kind, path, mapping=mapping, skip_hidden=skip_hidden, source=f"sheet:{run_id}",
            rejects_path=rejects, now=now, on_percent=on_percent,
        )  # fmt: skip

    return SheetImported(run_id, *noted(db, files, person, run_id, run, lambda: now))


def noted(
    db: Database,
    files: Files,
    person: Person,
    import_id: int,
    run: Callable[[Path], Found],
    clock: Callable[[], datetime],
    broken_off: str = "",
) -> tuple[Found, str]:
    """Do the work of a run, given where refused lines go, and keep what came of it.

    Returns the report and the SHA-256 of the workbook of refused lines, blank if there is none.

    Raises: whatever the work raises, after it was noted; `broken_off` is noted for what is nobody's mistake.
    Effects: writes import_run, trail and the file store.
    """
    try:
        with TemporaryDirectory(prefix="panhuo-rejects-") as folder:
            report = run(Path(folder) / "rejects.xlsx")
            rejects = files.store_file(report.rejects_file) if report.rejects_file else ""
    except Exception as error:
        reason = error.message if isinstance(error, ActionError) else broken_off or f"导入中断：{error}"
        fail_import(db, person.org_id, import_id, reason, clock())
        raise
    finish_import(
        db, person, import_id, rows=report.rows, accepted=report.accepted, unchanged=report.unchanged,
        rejected=report.rejected, errors=[error.as_json() for error in report.errors], rejects_file=rejects,
        now=clock(), notes="；".join(report.notes),
    )  # fmt: skip
    return report, rejects


def _weighed(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _shown(filename: str) -> str:
    """Return a file's own name as the record keeps it, without folders and half characters."""
    name = PurePath(filename.replace("\\", "/")).name.encode("utf-8", "replace").decode("utf-8")
    return normalize(name)[:200] or "未命名"


def full_mapping(guessed: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the guess with a person's choices over it; a column chosen for one field leaves the others."""
    taken = {column for column in chosen.values() if column}
    kept = {field: column for field, column in guessed.items() if column not in taken}
    return {**kept, **chosen}
