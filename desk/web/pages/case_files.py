"""Files of a case: the list with its signatures, adding one, signing the contract, and the download, never shown as a page."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from cases.case_files import CaseFileView, check_case, file_of, file_path, files_of, keep_file
from cases.errors import Conflict, Invalid, NotFound
from cases.file_kinds import KINDS, MEGABYTE
from cases.signing import readiness, sign_contract, signatures_by_file
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.pages.case_page import frame, load_case
from desk.web.security import ChangingArg
from flows.work import render_pool

router = APIRouter(prefix="/cases/{case_id}/files")
OURS = "ours"
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


@router.post("/signature")
def sign(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Sign the final contract with the institution's certificate; the signed file becomes a file of the case."""
    with desk.db.read() as session:
        check_case(session, visit.person.org_id, case_id)
    try:
        with render_pool(desk.settings) as pool:
            sign_contract(desk.db, desk.settings, pool, visit.person, case_id, OURS, now=visit.now)
    except (Invalid, Conflict, NotFound) as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _page(request, desk, visit, case_id, failed=failed)
    return RedirectResponse(f"/cases/{case_id}/files?done=signed", 303)


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
    ready = readiness(desk.db, desk.settings, visit.person, case_id)
    kinds = [
        (slug, kind.zh, kind.en, kind.limit // MEGABYTE)
        for slug, kind in KINDS.items()
        if visit.person.role in kind.roles
    ]
    why = (
        visit.words("本单位已电子签名。")
        if ready.sides and OURS not in ready.sides
        else visit.words.pick(*ready.why)
    )
    return desk.screens.page(
        request, "case_files.html", visit.words, status=422 if failed else 200, visit=visit, tab="files",
        files=files, kinds=kinds, failed=failed, done=request.query_params.get("done", ""), limit=LARGEST,
        may_sign=OURS in ready.sides, why_not_signed=why, signatures=signatures_by_file(desk.settings, files),
        **frame(case, visit),
    )  # fmt: skip
