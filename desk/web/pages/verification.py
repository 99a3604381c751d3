"""Is this paper genuine? The public page behind a QR code, and the page for the institution's own people."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.known_papers import Vouched, compared, recognized, vouched
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg, WordsArg, address_of, now_of
from desk.web.i18n import Words
from desk.web.pages.signin import GuestForm, guest_page
from desk.web.security import MEGABYTE, Posted, PostedArg
from desk.web.visitors import Visitors

router = APIRouter()
MOST = 20 * MEGABYTE


@router.get("/v/{token}")
def show(request: Request, desk: DeskArg, words: WordsArg, token: str) -> Response:
    """Say whether this installation vouches for a token; nothing of the case is told."""
    return _public(request, desk, words, token)


@router.post("/v/{token}")
def compare(request: Request, desk: DeskArg, words: WordsArg, token: str, form: GuestForm) -> Response:
    """Compare the holder's file with the paper; the file is not kept."""
    file = Posted(form).file("file")
    if file is None or not file.filename:
        return _public(request, desk, words, token, failed=words("请选择一个文件。"))
    return _public(request, desk, words, token, data=file.file.read(MOST + 1))


def _public(
    request: Request, desk: Desk, words: Words, token: str, *, data: bytes | None = None, failed: str = ""
) -> Response:
    visitors: Visitors = request.app.state.visitors
    visitors.count(address_of(request), now_of(request))
    with desk.db.read() as session:
        paper = vouched(session, token)
    told: dict[str, Any] = {"paper": paper, "token": token, "failed": failed, "differences": None}
    if paper is not None and data is not None:
        told |= _differences(paper, data, words)
    status = 404 if paper is None else 422 if told["failed"] else 200
    return guest_page(
        request, desk, words, "verify_public.html", status=status, most=MOST // MEGABYTE, **told
    )


def _differences(paper: Vouched, data: bytes, words: Words) -> dict[str, Any]:
    if len(data) > MOST:
        return {"failed": words("文件超过%(n)s MB，无法核对。", n=MOST // MEGABYTE)}
    return {"differences": [words.pick(*one) for one in compared(paper, data, words=False)]}


@router.get("/verify")
def desk_page(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the page that says which paper a file is."""
    return _own(request, desk, visit)


@router.post("/verify")
def look(request: Request, desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Say which paper a file is, and in what it differs; the file is not kept."""
    file = posted.file("file")
    if file is None or not file.filename:
        return _own(request, desk, visit, failed=visit.words("请选择一个文件。"))
    with desk.db.read() as session:
        found = recognized(session, visit.person.org_id, file.file.read())
    differences = [visit.words.pick(*one) for one in found.differences]
    return _own(request, desk, visit, found=found, filename=file.filename, differences=differences)


def _own(request: Request, desk: Desk, visit: Visit, *, failed: str = "", **told: Any) -> Response:
    status = 422 if failed else 200
    shown = {"found": None, "filename": "", "differences": (), **told}
    return desk.screens.page(
        request, "verify.html", visit.words, status=status, visit=visit, failed=failed, **shown
    )
