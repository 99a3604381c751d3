"""Files of a case: the list, adding one, and the download, which a browser never shows as a page."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from cases.case_files import CaseFileView, check_case, file_of, file_path, files_of, keep_file
from cases.errors import Invalid
from cases.file_kinds import KINDS, MEGABYTE
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.pages.case_page import frame, load_case
from desk.web.security import ChangingArg

router = APIRouter(prefix="/cases/{case_id}/files")
LARGEST = max(kind.limit for kind in KINDS.values())


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show the files of a case."""
    return _page(request, desk, visit, case_id)


@router.post("")
def add(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Add a file; one that is not accepted is told with its reason, and nothing of it is kept."""
    with desk.db.read() as session:
        check_case(session, visit.person.org_id, case_id)
    file = posted.file("file")
    if file is None or not file.filename:
        return _page(request, desk, visit, case_id, failed=visit.words("请选择一个文件。"))
    try:
        kept = keep_file(
            desk.db, desk.settings, visit.person, case_id, kind=posted.text("kind"), filename=file.filename,
            data=file.file.read(LARGEST + 1), note=posted.text("note"), now=visit.now,
        )  # fmt: skip
    except Invalid as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _page(request, desk, visit, case_id, failed=failed)
    done = "again" if kept.again else "kept"
    return RedirectResponse(f"/cases/{case_id}/files?done={done}", 303)


@router.get("/{file_id}")
def download(desk: DeskArg, visit: VisitArg, case_id: int, file_id: int) -> Response:
    """Return the bytes of a file."""
    with desk.db.read() as session:
        file = file_of(session, visit.person.org_id, case_id, file_id)
    return sent(desk, file)


def sent(desk: Desk, file: CaseFileView) -> FileResponse:
    """Return a file to take along: never shown in place, never guessed at."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.filename)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(file_path(desk.settings, file), media_type=file.media_type, headers=headers)


def _page(request: Request, desk: Desk, visit: Visit, case_id: int, *, failed: str = "") -> Response:
    case = load_case(desk, visit, case_id)
    with desk.db.read() as session:
        files = files_of(session, visit.person.org_id, case_id)
    kinds = [
        (slug, kind.zh, kind.en, kind.limit // MEGABYTE)
        for slug, kind in KINDS.items()
        if visit.person.role in kind.roles
    ]
    return desk.screens.page(
        request, "case_files.html", visit.words, status=422 if failed else 200, visit=visit, tab="files",
        files=files, kinds=kinds, failed=failed, done=request.query_params.get("done", ""), limit=LARGEST,
        **frame(case, visit),
    )  # fmt: skip
