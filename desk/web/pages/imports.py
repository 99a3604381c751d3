"""Importing a patent list: upload, look at the columns and the first rows, import behind the page, result."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from cases import desk_queries, imports
from cases.desk_queries import ImportView
from cases.errors import Invalid, NotFound
from cases.files import Damaged
from desk.web.desk_state import Clock, Desk, DeskArg, Visit, VisitArg
from desk.web.security import UPLOAD_LIMIT, ChangingArg, Posted, TooLarge
from exchange.patent_fields import FIELDS, REQUIRED
from exchange.patent_import import Progress, preview, run_import
from exchange.tables import FileRefused
from rules.text import normalize

router = APIRouter(prefix="/patents/imports")
CHUNK = 1 << 20
SHOWN_ERRORS = 50
SHOWN_COLUMNS = 14
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the upload form and the earlier imports."""
    return _index(request, desk, visit)


@router.post("")
def upload(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Keep an uploaded list for a look; nothing is kept of a file that cannot be read."""
    imports.check_may_import(visit.person)
    file = posted.file("file")
    if file is None or not file.filename:
        return _index(request, desk, visit, status=422, failed=visit.words("请选择一个 xlsx 或 csv 文件。"))
    with TemporaryDirectory(prefix="panhuo-upload-") as folder:
        draft = Path(folder) / "list"
        size = _copied(file.file, draft)
        try:
            preview(draft, today=visit.today)
        except FileRefused as refused:
            message = visit.words.pick(refused.message, refused.message_en)
            return _index(request, desk, visit, status=422, failed=message)
        digest = imports.uploads_of(desk.settings).store_file(draft)
    import_id = imports.begin_import(
        desk.db, visit.person, filename=_own_name(file.filename), sha256=digest, size=size, now=visit.now
    )
    return RedirectResponse(f"/patents/imports/{import_id}", 303)


def _own_name(filename: str) -> str:
    """Return a file's name without the folders of the machine it came from."""
    return normalize(filename.replace("\\", "/").rsplit("/", 1)[-1])[:200] or "未命名"


def _copied(source: BinaryIO, target: Path) -> int:
    """Copy an upload and return its size.

    Raises: TooLarge.
    """
    size = 0
    with target.open("wb") as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > UPLOAD_LIMIT:
                raise TooLarge(UPLOAD_LIMIT)
            file.write(chunk)
    return size


@router.get("/{import_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, import_id: int) -> Response:
    """Show an import: what was found in it, its progress, or its result."""
    run = _run(desk, visit, import_id)
    if run.status == "uploaded":
        return _look(request, desk, visit, run, None)
    return _result(request, desk, visit, run)


@router.post("/{import_id}")
def decide(request: Request, desk: DeskArg, visit: VisitArg, import_id: int, posted: ChangingArg) -> Response:
    """Look again with other columns, start the import, or throw the upload away."""
    imports.check_may_import(visit.person)
    run = _run(desk, visit, import_id)
    do = posted.text("do")
    if do == "discard" and run.status == "uploaded":
        imports.fail_import(desk.db, visit.person.org_id, import_id, "已放弃导入", visit.now)
        imports.drop_upload(desk.db, desk.settings, run.sha256)
        return RedirectResponse("/patents/imports", 303)
    mapping = _mapping(posted) or None if run.status == "uploaded" else run.mapping or None
    if do != "run":
        return _look(request, desk, visit, run, mapping)
    path = _uploaded(desk, run)
    try:
        looked = preview(path, mapping, today=visit.today)
    except FileRefused:
        return _look(request, desk, visit, run, mapping)
    if looked.missing:
        return _look(request, desk, visit, run, mapping)
    imports.start_import(desk.db, visit.person, import_id, looked.mapping)
    job = _job(desk, visit, run, dict(looked.mapping), request.app.state.clock)
    desk.jobs.put(_job_name(import_id), job)
    return RedirectResponse(f"/patents/imports/{import_id}", 303)


@router.get("/{import_id}/progress")
def progress(request: Request, desk: DeskArg, visit: VisitArg, import_id: int) -> Response:
    """Return the progress bar, for polling; the page is loaded anew at the end."""
    run = _run(desk, visit, import_id)
    response = desk.screens.page(
        request, "parts/import_progress.html", visit.words, visit=visit, run=run, percent=_percent(run)
    )
    if run.status != "running":
        response.headers["HX-Refresh"] = "true"
    return response


@router.get("/{import_id}/rejects")
def rejects(desk: DeskArg, visit: VisitArg, import_id: int) -> Response:
    """Return the refused lines as a workbook."""
    run = _run(desk, visit, import_id)
    path = imports.rejected_lines(desk.settings, run.rejects_file)
    name = quote(f"{Path(run.filename).stem}-退回行.xlsx")
    return FileResponse(
        path, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


def _job(
    desk: Desk, visit: Visit, run: ImportView, mapping: Mapping[str, str], clock: Clock
) -> Callable[[], None]:
    """Return the work of an import, to be run behind the page."""
    person, org_id, import_id = visit.person, visit.person.org_id, run.id

    def note(found: Progress) -> None:
        if found.percent != last[0]:
            last[0] = found.percent
            imports.note_progress(desk.db, org_id, import_id, found.percent)

    def work() -> None:
        try:
            path = _uploaded(desk, run)
            with TemporaryDirectory(prefix="panhuo-rejects-") as folder:
                report = run_import(
                    desk.db, path, mapping=mapping, org_id=org_id, import_id=import_id,
                    rejects_path=Path(folder) / "rejects.xlsx", now=clock(), on_progress=note,
                )  # fmt: skip
                digest = desk.settings.files.store_file(report.rejects_file) if report.rejects_file else ""
            errors = [error.as_json() for error in report.errors]
            imports.finish_import(
                desk.db, person, import_id, rows=report.rows, accepted=report.accepted, unchanged=report.unchanged,
                rejected=report.rejected, errors=errors, rejects_file=digest, now=clock(),
            )  # fmt: skip
            imports.drop_upload(desk.db, desk.settings, run.sha256)
        except (Invalid, NotFound) as refused:
            imports.fail_import(desk.db, org_id, import_id, refused.message, clock())
        except Exception:
            reason = "导入没有完成，已入库的专利保留。请重新导入同一份清单，不会重复"
            imports.fail_import(desk.db, org_id, import_id, reason, clock())
            raise

    last = [-1]
    return work


def _run(desk: Desk, visit: Visit, import_id: int) -> ImportView:
    with desk.db.read() as session:
        return desk_queries.import_of(session, visit.person.org_id, import_id)


def _mapping(posted: Posted) -> dict[str, str]:
    return {name: header for name in FIELDS if (header := posted.text(f"map.{name}"))}


def _job_name(import_id: int) -> str:
    return f"import:{import_id}"


def _uploaded(desk: Desk, run: ImportView) -> Path:
    try:
        return imports.uploads_of(desk.settings).local(run.sha256)
    except (FileNotFoundError, Damaged) as error:
        raise NotFound(
            "上传的文件已不在，请重新上传清单", "the upload is gone; upload the list again"
        ) from error


def _percent(run: ImportView) -> int:
    return int(run.message) if run.status == "running" and run.message.isdigit() else 100


def _index(request: Request, desk: Desk, visit: Visit, *, status: int = 200, failed: str = "") -> Response:
    with desk.db.read() as session:
        runs = desk_queries.imports_of(session, visit.person.org_id)
    return desk.screens.page(
        request, "imports.html", visit.words, status=status, visit=visit, runs=runs, failed=failed,
        limit=UPLOAD_LIMIT, may=visit.person.role in imports.IMPORTERS,
    )  # fmt: skip


def _look(
    request: Request, desk: Desk, visit: Visit, run: ImportView, mapping: Mapping[str, str] | None
) -> Response:
    path, failed = _uploaded(desk, run), ""
    try:
        looked = preview(path, mapping, today=visit.today)
    except FileRefused as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        looked = preview(path, today=visit.today)
    if looked.missing and not failed:
        named = visit.words.pick("、", ", ").join(visit.words(FIELDS[name].label) for name in looked.missing)
        failed = visit.words("请为%(fields)s指定一列。", fields=named)
    fields = [
        (name, visit.words(field.label), name in REQUIRED, looked.mapping.get(name, ""))
        for name, field in FIELDS.items()
    ]
    return desk.screens.page(
        request, "import_preview.html", visit.words, status=422 if failed else 200, visit=visit, run=run,
        looked=looked, fields=fields, failed=failed, columns=SHOWN_COLUMNS,
    )  # fmt: skip


def _result(request: Request, desk: Desk, visit: Visit, run: ImportView) -> Response:
    lost = imports.is_lost(desk.db, run.id, visit.now)
    again = (lost or run.status == "failed") and imports.uploads_of(desk.settings).has(run.sha256)
    return desk.screens.page(
        request, "import_result.html", visit.words, visit=visit, run=run, percent=_percent(run),
        errors=run.errors[:SHOWN_ERRORS], lost=lost, again=again,
    )  # fmt: skip
