"""The record of imports: a list handed in, its progress, and what came of it. Reading lists is `exchange`'s work.

A run is `uploaded` (looked at, nothing stored), `running`, then `done` or `failed`. Running the same list
again is harmless, so a run that broke off may simply be started again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from sqlmodel import Session, col, select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Forbidden, NotFound
from cases.files import Damaged, Files
from cases.heartbeats import SILENT
from cases.outbox import put
from cases.process_table import Process
from cases.processes import is_gone, is_here, this_process
from cases.scope import Person
from cases.settings import Settings
from cases.tables import ImportRun
from cases.trail import append_org

LONGEST = timedelta(days=1)
BROKEN_OFF = "导入没有完成：处理程序中断。已入库的专利保留，请重新导入同一份清单，不会重复"
PATENTS = "patents"  # the kind of run that imports the base library; others are kinds of sheets
MOST_NOTES = 1_000
IMPORTERS = frozenset({"officer", "administrator"})


def uploads_of(settings: Settings) -> Files:
    """Return where lists wait that were handed in and are not imported yet: every desk finds them."""
    return settings.files.within("uploads")


def drop_upload(db: Database, settings: Settings, sha256: str) -> None:
    """Throw a list away, unless another run still waits for the same bytes.

    Effects: writes the file store.
    """
    waiting = col(ImportRun.status).in_(("uploaded", "running"))
    with db.read() as session:
        if session.exec(select(ImportRun.id).where(ImportRun.sha256 == sha256, waiting)).first() is None:
            uploads_of(settings).drop(sha256)


def is_lost(db: Database, import_id: int, now: datetime) -> bool:
    """Say whether a running import has nobody who works on it, on whatever machine."""
    with db.read() as session:
        run = session.get(ImportRun, import_id)
        return run is not None and run.status == "running" and _is_lost(session, run, now)


def check_may_import(person: Person, roles: frozenset[str] = IMPORTERS) -> None:
    """Refuse people who do not keep what is imported: the base library, where `roles` says nothing else.

    Raises: Forbidden.
    """
    if person.role in roles:
        return
    if roles == IMPORTERS:
        raise Forbidden("清单须由转化专员或管理员导入", "only officers import lists")
    raise Forbidden("您的角色不能导入这类表格，请交由负责的同事导入", "your role may not import this sheet")


def begin_import(
    db: Database,
    person: Person,
    *,
    filename: str,
    sha256: str,
    size: int,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    kind: str = PATENTS,
    roles: frozenset[str] = IMPORTERS,
) -> int:
    """Note an uploaded list and return the id of its run; with a mapping it runs at once.

    Raises: Forbidden.
    """
    check_may_import(person, roles)
    with db.write() as session:
        run = ImportRun(
            org_id=person.org_id,
            user_id=person.id,
            filename=filename[:200],
            sha256=sha256,
            size=size,
            kind=kind,
            created_at=now,
        )
        if mapping is not None:
            _run_here(run, mapping)
        session.add(run)
        session.flush()
        return int(run.id or 0)


def start_import(
    db: Database,
    person: Person,
    import_id: int,
    mapping: Mapping[str, str],
    roles: frozenset[str] = IMPORTERS,
) -> None:
    """Mark a run as running, with the mapping that was chosen.

    Raises: Forbidden, NotFound; Conflict if it is done already.
    """
    check_may_import(person, roles)
    with db.write() as session:
        run = _run(session, person.org_id, import_id)
        if run.status == "done":
            raise Conflict("这份清单已经导入完毕，如需再次导入请重新上传", "this list has been imported")
        _run_here(run, mapping)


def _run_here(run: ImportRun, mapping: Mapping[str, str]) -> None:
    run.status, run.mapping, run.message = "running", orjson.dumps(dict(mapping)).decode(), "0"
    run.holder = this_process()


def end_lost_imports(db: Database, now: datetime) -> int:
    """Say of imports whose process has ended that they broke off; return how many there were."""
    with db.write() as session:
        running = session.exec(select(ImportRun).where(ImportRun.status == "running")).all()
        lost = [run for run in running if _is_lost(session, run, now)]
        for run in lost:
            run.status, run.message, run.finished_at = "failed", BROKEN_OFF, now
        return len(lost)


def _is_lost(session: Session, run: ImportRun, now: datetime) -> bool:
    """Say whether nobody works on a run: on another machine, whoever did has fallen silent, or never spoke for a day."""
    if is_here(run.holder):
        return is_gone(run.holder)
    seen_at = session.exec(select(Process.seen_at).where(Process.name == run.holder)).first()
    return seen_at < now - SILENT if seen_at else run.created_at < now - LONGEST


def note_progress(db: Database, org_id: int, import_id: int, percent: int) -> None:
    """Keep how far a run is, in percent; a run that has ended is left alone."""
    with db.write() as session:
        run = _run(session, org_id, import_id)
        if run.status == "running":
            run.message = str(percent)


def finish_import(
    db: Database,
    person: Person,
    import_id: int,
    *,
    rows: int,
    accepted: int,
    unchanged: int,
    rejected: int,
    errors: Sequence[Mapping[str, object]],
    rejects_file: str,
    now: datetime,
    notes: str = "",
) -> None:
    """Keep what came of a run; `rejects_file` is the SHA-256 of the workbook of refused lines, or empty.

    Effects: writes the run, an entry of the organization's trail, and for patents their check.
    """
    with db.write() as session:
        run = _run(session, person.org_id, import_id)
        run.status, run.message, run.finished_at = "done", notes[:MOST_NOTES], now
        run.rows, run.accepted, run.unchanged, run.rejected = rows, accepted, unchanged, rejected
        run.errors, run.rejects_file = orjson.dumps([dict(error) for error in errors]).decode(), rejects_file
        body = {
            "accepted": accepted, "filename": run.filename, "import_id": import_id, "rejected": rejected, "rows": rows,
            "sha256": run.sha256, "unchanged": unchanged,
        }  # fmt: skip
        cur = cursor_of(session, db.postgres)
        if run.kind != PATENTS:
            append_org(cur, person.org_id, person.author, "sheet_imported", {**body, "kind": run.kind}, now)
            return
        append_org(cur, person.org_id, person.author, "patents_imported", body, now)
        put(cur, person.org_id, "register", f"register:{import_id}", {"import_id": import_id}, now)


def fail_import(db: Database, org_id: int, import_id: int, reason: str, now: datetime) -> None:
    """Keep why a run came to nothing."""
    with db.write() as session:
        run = _run(session, org_id, import_id)
        run.status, run.message, run.finished_at = "failed", reason[:1000], now


def rejected_lines(settings: Settings, digest: str) -> Path:
    """Return where the workbook of refused lines of a run can be read.

    Raises: NotFound if the run refused none, or the file is gone or damaged; StoreDown.
    """
    if not digest:
        raise NotFound("这次导入没有被退回的行", "no line of this import was refused")
    try:
        return settings.files.local(digest)
    except (FileNotFoundError, Damaged) as error:
        raise NotFound(
            "退回行的文件缺失或已损坏，请重新导入原清单", "the file is missing; import the list again"
        ) from error


def _run(session: Session, org_id: int, import_id: int) -> ImportRun:
    run = session.get(ImportRun, import_id)
    if run is None or run.org_id != org_id:
        raise NotFound("没有找到这次导入，请从导入记录重新打开", "no such import")
    return run
