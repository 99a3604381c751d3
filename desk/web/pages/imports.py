"""Importing a patent list: upload, look at the columns and the first rows, import behind the page, result."""

from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries, imports
from cases.desk_queries import ImportView
from desk.web.desk_state import Clock, Desk, DeskArg, Visit, VisitArg
from desk.web.security import UPLOAD_LIMIT, ChangingArg, Posted
from desk.web.uploads import Place, job_of, keep_upload, percent_of, rejects_of, uploaded
from exchange.patent_fields import FIELDS, REQUIRED
from exchange.patent_import import ImportReport, preview, run_import
from exchange.tables import FileRefused

router = APIRouter(prefix="/patents/imports")
HOME = "/patents/imports"
SHOWN_ERRORS = 50
SHOWN_COLUMNS = 14


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
    try:
        upload = keep_upload(desk, file, lambda path: preview(path, today=visit.today))
    except FileRefused as refused:
        message = visit.words.pick(refused.message, refused.message_en)
        return _index(request, desk, visit, status=422, failed=message)
    import_id = imports.begin_import(
        desk.db, visit.person, filename=upload.filename, sha256=upload.digest, size=upload.size, now=visit.now
    )
    return RedirectResponse(f"/patents/imports/{import_id}", 303)


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
    path = uploaded(desk, run)
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
        request,
        "parts/import_progress.html",
        visit.words,
        visit=visit,
        run=run,
        place=_place(visit),
        percent=percent_of(run),
    )
    if run.status != "running":
        response.headers["HX-Refresh"] = "true"
    return response


@router.get("/{import_id}/rejects")
def rejects(desk: DeskArg, visit: VisitArg, import_id: int) -> Response:
    """Return the refused lines as a workbook."""
    run = _run(desk, visit, import_id)
    return rejects_of(desk, run)


def _job(
    desk: Desk, visit: Visit, run: ImportView, mapping: Mapping[str, str], clock: Clock
) -> Callable[[], None]:
    """Return the work of an import, to be run behind the page."""

    def work(rejects: Path, note: Callable[[int], None]) -> ImportReport:
        return run_import(
            desk.db, uploaded(desk, run), mapping=mapping, org_id=visit.person.org_id, import_id=run.id,
            rejects_path=rejects, now=clock(), on_progress=lambda found: note(found.percent),
        )  # fmt: skip

    return job_of(desk, visit, run, work, clock)


def _run(desk: Desk, visit: Visit, import_id: int) -> ImportView:
    with desk.db.read() as session:
        return desk_queries.import_of(session, visit.person.org_id, import_id)


def _mapping(posted: Posted) -> dict[str, str]:
    return {name: header for name in FIELDS if (header := posted.text(f"map.{name}"))}


def _job_name(import_id: int) -> str:
    return f"import:{import_id}"


def _place(visit: Visit) -> Place:
    crumbs = (("/patents", visit.words("专利库")), (HOME, visit.words("导入专利清单")))
    return Place(HOME, crumbs, of_patents=True)


def _index(request: Request, desk: Desk, visit: Visit, *, status: int = 200, failed: str = "") -> Response:
    with desk.db.read() as session:
        runs = desk_queries.imports_of(session, visit.person.org_id)
    return desk.screens.page(
        request, "imports.html", visit.words, status=status, visit=visit, place=_place(visit), runs=runs, failed=failed,
        limit=UPLOAD_LIMIT, may=visit.person.role in imports.IMPORTERS,
    )  # fmt: skip


def _look(
    request: Request, desk: Desk, visit: Visit, run: ImportView, mapping: Mapping[str, str] | None
) -> Response:
    path, failed = uploaded(desk, run), ""
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
        request, "import_preview.html", visit.words, status=422 if failed else 200, visit=visit, run=run, place=_place(visit),
        looked=looked, fields=fields, failed=failed, columns=SHOWN_COLUMNS,
    )  # fmt: skip


def _result(request: Request, desk: Desk, visit: Visit, run: ImportView) -> Response:
    lost = imports.is_lost(desk.db, run.id, visit.now)
    again = (lost or run.status == "failed") and imports.uploads_of(desk.settings).has(run.sha256)
    return desk.screens.page(
        request, "import_result.html", visit.words, visit=visit, run=run, place=_place(visit), percent=percent_of(run),
        errors=run.errors[:SHOWN_ERRORS], with_sheets=False, lost=lost, again=again,
    )  # fmt: skip
