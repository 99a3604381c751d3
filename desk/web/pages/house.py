"""The institution's own templates: which folder is chosen, what is wrong with each, and how its papers look."""

from dataclasses import dataclass
from difflib import ndiff
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.db import cursor_of
from cases.errors import ActionError, Invalid, NotFound
from cases.houses import HouseChoice, choices, chosen_name, house_folder, houses_folder, save_house
from contracts.jobs import RenderFailure
from contracts.kinds import UnknownDocument, document_of
from contracts.library.shelf import HOME
from contracts.modes import MODES
from desk.answers.house import checked, faults_in, preview_job
from desk.web.desk_state import Desk, DeskArg, Visit
from desk.web.security import AdministratorArg, ChangingArg
from flows.work import render_pool
from rules.pack_faults import Fault

router = APIRouter(prefix="/admin/templates")
CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class TextRow:
    """One clause text of a folder, and what it changes: lines with `+`, `-` or a blank before them."""

    name: str
    is_new: bool
    lines: tuple[tuple[str, str], ...]


@router.get("")
def show(request: Request, desk: DeskArg, visit: AdministratorArg, name: str = "") -> Response:
    """List the folders; with a name, what is wrong with it, and what its texts change."""
    return _page(request, desk, visit, name)


@router.post("")
def choose(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Choose the folder that the institution's papers take their look and texts from, or none."""
    name = posted.text("name").strip()
    try:
        save_house(desk.db, visit.person, name, faults_in, visit.now)
    except (Invalid, NotFound) as refused:
        status = 422 if isinstance(refused, Invalid) else 404
        return _page(request, desk, visit, name, failed=refused.message, status=status)
    return RedirectResponse("/admin/templates?saved", 303)


@router.get("/preview")
def preview(
    request: Request,
    desk: DeskArg,
    visit: AdministratorArg,
    name: str,
    mode: str = "exclusive_license",
    kind: str = CONTRACT,
) -> Response:
    """Return a document of made-up data as a folder would have it."""
    try:
        job = preview_job(house_folder(name), mode, kind, desk.settings.fonts)
    except ActionError as refused:
        return _page(request, desk, visit, name, failed=refused.message, status=422)
    with render_pool(desk.settings) as pool:
        (made,) = pool.render([job])
    if isinstance(made, RenderFailure):
        return _page(request, desk, visit, name, failed=made.reason, status=422)
    disposition = f"inline; filename=\"preview.pdf\"; filename*=UTF-8''{quote(f'{job.title}-预览.pdf')}"
    return Response(made.data, media_type="application/pdf", headers={"Content-Disposition": disposition})


def _page(
    request: Request, desk: Desk, visit: Visit, name: str, *, failed: str = "", status: int = 200
) -> Response:
    known = choices()
    with desk.db.read() as session:
        chosen = chosen_name(cursor_of(session, desk.db.postgres), visit.person.org_id)
    looked = next((choice for choice in known if choice.name == (name or chosen)), None)
    faults, texts = _looked_at(looked)
    modes = [(slug, visit.words.pick(mode.way_zh, mode.title_en)) for slug, mode in MODES.items()]
    return desk.screens.page(
        request, "house.html", visit.words, status=status, visit=visit, known=known, chosen=chosen, looked=looked,
        faults=faults, texts=texts, failed=failed, folder=str(houses_folder()), modes=modes, kinds=_kinds(visit),
        saved="saved" in request.query_params,
    )  # fmt: skip


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    """Return the papers that a preview can show: the contract, and those that bear a letterhead."""
    found = []
    for kind in (CONTRACT, "publicity_notice", "approval_form"):
        try:
            document = document_of(kind, "exclusive_license")
        except UnknownDocument:
            continue
        found.append((kind, visit.words.pick(document.title_zh, document.title_en)))
    return found


def _looked_at(choice: HouseChoice | None) -> tuple[tuple[Fault, ...], tuple[TextRow, ...]]:
    if choice is None:
        return (), ()
    found = checked(house_folder(choice.name))
    texts = found.house.texts if found.house else {}
    return found.faults, tuple(
        _row(path, text) for path, text in sorted(texts.items()) if path.endswith(".txt")
    )


def _row(path: str, text: str) -> TextRow:
    """Tell how a text differs from the product's text of the same name."""
    usual = HOME / path
    if not usual.is_file():
        return TextRow(path, True, tuple(("+", line) for line in text.splitlines()))
    before = usual.read_text(encoding="utf-8").splitlines()
    rows = [(line[0], line[2:]) for line in ndiff(before, text.splitlines()) if line[0] != "?"]
    changed = any(sign != " " for sign, _ in rows)
    return TextRow(path, False, tuple(rows) if changed else ())
