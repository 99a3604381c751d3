"""Documents of a case: their state while they are made, asking for a new version, and the download."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from cases import desk_queries
from cases.errors import Conflict
from cases.official import gaps_of
from cases.papers import document_file, request_document
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.pages.case_page import document_rows, frame, load_case
from desk.web.security import ChangingArg

router = APIRouter(prefix="/cases/{case_id}/documents")
TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


@router.get("")
def rows(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Return the list of documents alone, for polling while some are being made."""
    case = load_case(desk, visit, case_id)
    with desk.db.read() as session:
        gaps = gaps_of(desk.db, session, visit.person.org_id, case_id)
    return desk.screens.page(
        request,
        "parts/documents.html",
        visit.words,
        visit=visit,
        **frame(case, visit),
        **document_rows(case, visit),
        gaps=gaps,
    )


@router.post("")
def ask(desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Ask for a new version of a document."""
    request_document(desk.db, visit.person, case_id, posted.text("kind"), now=visit.now)
    return RedirectResponse(f"/cases/{case_id}?tab=documents", 303)


@router.get("/{document_id}")
def download(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, document_id: int) -> Response:
    """Return the file of a document."""
    with desk.db.read() as session:
        document = desk_queries.document_of(session, visit.person.org_id, case_id, document_id)
    if document.status != "ready":
        raise Conflict("文书还没有生成完毕，请稍后再下载", "the document is not ready yet")
    path = document_file(desk.settings, document)
    suffix = "." + document.filename.rsplit(".", 1)[-1].lower()
    how = "inline" if suffix == ".pdf" and "view" in request.query_params else "attachment"
    disposition = f"{how}; filename*=UTF-8''{quote(document.filename)}"
    return FileResponse(
        path,
        media_type=TYPES.get(suffix, "application/octet-stream"),
        headers={"Content-Disposition": disposition},
    )
