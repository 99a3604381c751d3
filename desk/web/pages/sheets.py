"""Sheets of any kind: upload, look at the columns and the first rows, import behind the page, result, template."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries, imports
from cases.desk_queries import ImportView
from desk.web.desk_state import Clock, Desk, DeskArg, Visit, VisitArg
from desk.web.security import UPLOAD_LIMIT, ChangingArg, Posted
from desk.web.uploads import XLSX, Place, job_of, keep_upload, percent_of, rejects_of, uploaded
from exchange.sheet_import import SheetReport, preview_sheet, run_sheet
from exchange.sheet_kind import SheetKind
from exchange.sheet_kinds import ALL, kind_of
from exchange.sheet_template import write_template
from exchange.tables import FileRefused

router = APIRouter(prefix="/sheets")
SHOWN_ERRORS = 50
SHOWN_COLUMNS = 14
SKIP_HIDDEN = "skip_hidden"


@router.get("")
def kinds(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show every kind of sheet that can be imported."""
    mine = [kind for kind in ALL if visit.person.role in kind.roles]
    return desk.screens.page(request, "sheets.html", visit.words, visit=visit, kinds=mine)


@router.get("/{name}")
def index(request: Request, desk: DeskArg, visit: VisitArg, name: str) -> Response:
    """Show the upload form of a kind and its earlier imports."""
    return _index(request, desk, visit, kind_of(name, desk.settings.own))


@router.get("/{name}/template")
def template(desk: DeskArg, visit: VisitArg, name: str) -> Response:
    """Return an empty workbook of a kind, with drop-downs and explanations."""
    kind = kind_of(name, desk.settings.own)
    with TemporaryDirectory(prefix="panhuo-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, kind)
        content = path.read_bytes()
    headers = {"Content-Disposition": f"attachment; filename={kind.name}-template.xlsx"}
    return Response(content, media_type=XLSX, headers=headers)


@router.post("/{name}")
def upload(request: Request, desk: DeskArg, visit: VisitArg, name: str, posted: ChangingArg) -> Response:
    """Keep an uploaded sheet for a look; nothing is kept of a file that cannot be read."""
    kind = kind_of(name, desk.settings.own)
    imports.check_may_import(visit.person, kind.roles)
    file = posted.file("file")
    if file is None or not file.filename:
        return _index(request, desk, visit, kind, failed=visit.words("请选择一个 xlsx 或 csv 文件。"))
    try:
        kept = keep_upload(
            desk, file, lambda path: preview_sheet(desk.db, visit.person, kind, path, now=visit.now)
        )
    except FileRefused as refused:
        return _index(
            request, desk, visit, kind, failed=visit.words.pick(refused.message, refused.message_en)
        )
    import_id = imports.begin_import(
        desk.db, visit.person, filename=kept.filename, sha256=kept.digest, size=kept.size, now=visit.now, kind=name,
        roles=kind.roles,
    )  # fmt: skip
    return RedirectResponse(f"/sheets/{name}/{import_id}", 303)


@router.get("/{name}/{import_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, name: str, import_id: int) -> Response:
    """Show an import: what was found in it, its progress, or its result."""
    kind = kind_of(name, desk.settings.own)
    run = _run(desk, visit, kind, import_id)
    if run.status == "uploaded":
        return _look(request, desk, visit, kind, run, None)
    return _result(request, desk, visit, kind, run)


@router.post("/{name}/{import_id}")
def decide(
    request: Request, desk: DeskArg, visit: VisitArg, name: str, import_id: int, posted: ChangingArg
) -> Response:
    """Look again with other columns, start the import, or throw the upload away."""
    kind = kind_of(name, desk.settings.own)
    imports.check_may_import(visit.person, kind.roles)
    run = _run(desk, visit, kind, import_id)
    do = posted.text("do")
    if do == "discard" and run.status == "uploaded":
        imports.fail_import(desk.db, visit.person.org_id, import_id, "已放弃导入", visit.now)
        imports.drop_upload(desk.db, desk.settings, run.sha256)
        return RedirectResponse(f"/sheets/{name}", 303)
    chosen, skip = _choice(kind, run, posted)
    if do != "run":
        return _look(request, desk, visit, kind, run, chosen, skip=skip)
    try:
        looked = preview_sheet(desk.db, visit.person, kind, uploaded(desk, run), chosen, now=visit.now)
    except FileRefused:
        return _look(request, desk, visit, kind, run, chosen, skip=skip)
    if looked.missing:
        return _look(request, desk, visit, kind, run, chosen, skip=skip)
    kept = dict(looked.mapping) | ({SKIP_HIDDEN: "1"} if skip else {})
    imports.start_import(desk.db, visit.person, import_id, kept, kind.roles)
    job = _job(desk, visit, kind, run, looked.mapping, skip, request.app.state.clock)
    desk.jobs.put(f"import:{import_id}", job)
    return RedirectResponse(f"/sheets/{name}/{import_id}", 303)


@router.get("/{name}/{import_id}/progress")
def progress(request: Request, desk: DeskArg, visit: VisitArg, name: str, import_id: int) -> Response:
    """Return the progress bar, for polling; the page is loaded anew at the end."""
    kind = kind_of(name, desk.settings.own)
    run = _run(desk, visit, kind, import_id)
    response = desk.screens.page(
        request, "parts/import_progress.html", visit.words, visit=visit, run=run, percent=percent_of(run),
        place=_place(visit, kind),
    )  # fmt: skip
    if run.status != "running":
        response.headers["HX-Refresh"] = "true"
    return response


@router.get("/{name}/{import_id}/rejects")
def rejects(desk: DeskArg, visit: VisitArg, name: str, import_id: int) -> Response:
    """Return the refused rows as a workbook."""
    return rejects_of(desk, _run(desk, visit, kind_of(name, desk.settings.own), import_id))


def _choice(kind: SheetKind, run: ImportView, posted: Posted) -> tuple[Mapping[str, str] | None, bool]:
    """Return the columns that were chosen, None for the guess, and whether hidden rows stay out."""
    if run.status != "uploaded":
        kept = {field: header for field, header in run.mapping.items() if field != SKIP_HIDDEN}
        return kept or None, SKIP_HIDDEN in run.mapping
    chosen = {c.field: header for c in kind.columns if (header := posted.text(f"map.{c.field}"))}
    return chosen or None, posted.text(SKIP_HIDDEN) == "1"


def _job(
    desk: Desk,
    visit: Visit,
    kind: SheetKind,
    run: ImportView,
    mapping: Mapping[str, str],
    skip: bool,
    clock: Clock,
) -> Callable[[], None]:
    """Return the work of an import, to be run behind the page."""

    def work(rejects: Path, note: Callable[[int], None]) -> SheetReport:
        return run_sheet(
            desk.db, visit.person, kind, uploaded(desk, run), mapping=mapping, skip_hidden=skip,
            source=f"sheet:{run.id}", rejects_path=rejects, now=clock(), on_percent=note,
        )  # fmt: skip

    return job_of(desk, visit, run, work, clock)


def _run(desk: Desk, visit: Visit, kind: SheetKind, import_id: int) -> ImportView:
    with desk.db.read() as session:
        return desk_queries.import_of(session, visit.person.org_id, import_id, kind.name)


def _place(visit: Visit, kind: SheetKind) -> Place:
    home = f"/sheets/{kind.name}"
    title = visit.words.pick(kind.zh, kind.en.capitalize())
    return Place(home, (("/sheets", visit.words("批量导入")), (home, title)))


def _index(request: Request, desk: Desk, visit: Visit, kind: SheetKind, *, failed: str = "") -> Response:
    with desk.db.read() as session:
        runs = desk_queries.imports_of(session, visit.person.org_id, kind=kind.name)
    return desk.screens.page(
        request, "sheet.html", visit.words, status=422 if failed else 200, visit=visit, runs=runs, failed=failed,
        limit=UPLOAD_LIMIT, may=visit.person.role in kind.roles, kind=kind, place=_place(visit, kind),
    )  # fmt: skip


def _look(
    request: Request,
    desk: Desk,
    visit: Visit,
    kind: SheetKind,
    run: ImportView,
    mapping: Mapping[str, str] | None,
    *,
    skip: bool = False,
) -> Response:
    path, failed = uploaded(desk, run), ""
    try:
        looked = preview_sheet(desk.db, visit.person, kind, path, mapping, now=visit.now)
    except FileRefused as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        looked = preview_sheet(desk.db, visit.person, kind, path, now=visit.now)
    if looked.missing and not failed:
        named = visit.words.pick("、", ", ").join(kind.column(name).label for name in looked.missing)
        failed = visit.words("请为%(fields)s指定一列。", fields=named)
    fields = [
        (column.field, column.label, column.required, looked.mapping.get(column.field, ""))
        for column in kind.columns
    ]
    return desk.screens.page(
        request, "import_preview.html", visit.words, status=422 if failed else 200, visit=visit, run=run,
        looked=looked, fields=fields, failed=failed, columns=SHOWN_COLUMNS, skip_hidden=skip, place=_place(visit, kind),
    )  # fmt: skip


def _result(request: Request, desk: Desk, visit: Visit, kind: SheetKind, run: ImportView) -> Response:
    lost = imports.is_lost(desk.db, run.id, visit.now)
    again = (lost or run.status == "failed") and imports.uploads_of(desk.settings).has(run.sha256)
    return desk.screens.page(
        request, "import_result.html", visit.words, visit=visit, run=run, percent=percent_of(run),
        errors=run.errors[:SHOWN_ERRORS], with_sheets=any("sheet" in error for error in run.errors), lost=lost,
        again=again, place=_place(visit, kind),
    )  # fmt: skip
