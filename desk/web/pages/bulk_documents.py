"""批量生成: one kind of document for many cases; progress, failures by reason, all files in one zip."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import bulk_runs
from cases.bulk_files import write_zip
from cases.bulk_runs import Choice, RunView
from cases.errors import Conflict, Invalid
from desk.handing_out import hand_out
from desk.web import labels
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.security import ChangingArg, as_id
from states.catalog import MODES

router = APIRouter(prefix="/documents/bulk")
ACTS = {"stop": bulk_runs.cancel_run, "retry": bulk_runs.retry_run}
WRITERS = ("officer", "administrator")


@router.get("")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    q: str = "",
    stage: str = "",
    mode: str = "",
    officer: str = "",
    overdue: str = "",
) -> Response:
    """Show the earlier runs, and for the filters of the case list what a new one would be for."""
    typed = {"q": q, "stage": stage, "mode": mode, "officer": officer, "overdue": overdue, "kind": ""}
    return _index(request, desk, visit, typed)


@router.post("")
def start(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Ask for one kind of document for the chosen cases."""
    typed = {name: posted.text(name) for name in ("q", "stage", "mode", "officer", "overdue", "kind")}
    choice = _choice(visit, typed)
    try:
        run_id = bulk_runs.start_run(
            desk.db, visit.person, typed["kind"], choice, visit.now, bulk_runs.told(choice)
        )
    except Invalid as invalid:
        message = visit.words.pick(invalid.message, invalid.message_en)
        return _index(request, desk, visit, typed, failed=message, status=422)
    return RedirectResponse(f"/documents/bulk/{run_id}", 303)


@router.get("/{run_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, run_id: int) -> Response:
    """Show a run: how far it is, what failed and why."""
    return _show(request, desk, visit, run_id)


@router.post("/{run_id}")
def act(request: Request, desk: DeskArg, visit: VisitArg, run_id: int, posted: ChangingArg) -> Response:
    """Stop a run, or try again what failed."""
    chosen = ACTS.get(posted.text("do"))
    try:
        if chosen is None:
            raise Invalid("请选择停止或者重试", {}, "choose stop or retry")
        chosen(desk.db, visit.person, run_id, visit.now)
    except (Conflict, Invalid) as refused:
        message = visit.words.pick(refused.message, refused.message_en)
        return _show(request, desk, visit, run_id, failed=message, status=409)
    return RedirectResponse(f"/documents/bulk/{run_id}", 303)


@router.get("/{run_id}/progress")
def progress(request: Request, desk: DeskArg, visit: VisitArg, run_id: int) -> Response:
    """Return the progress, for polling; the page is loaded anew at the end."""
    run = _run(desk, visit, run_id)
    response = desk.screens.page(
        request, "parts/bulk_progress.html", visit.words, visit=visit, run=run, percent=_percent(run)
    )
    if run.status != "running":
        response.headers["HX-Refresh"] = "true"
    return response


@router.get("/{run_id}/files")
def files(desk: DeskArg, visit: VisitArg, run_id: int) -> Response:
    """Hand out all files of a run as one zip."""
    run = _run(desk, visit, run_id)
    with desk.db.read() as session:
        return hand_out(
            f"{run.title[0]}-批量{run.id}",
            lambda target: write_zip(session, desk.settings, visit.person.org_id, run_id, target),
        )


def _choice(visit: Visit, typed: dict[str, str]) -> Choice:
    stage, mode = typed["stage"], typed["mode"]
    return Choice(
        typed["q"][:100],
        stage if stage in labels.STAGE else "",
        mode if mode in MODES else "",
        as_id(typed["officer"]),
        visit.today if typed["overdue"] else None,
    )


def _run(desk: Desk, visit: Visit, run_id: int) -> RunView:
    with desk.db.read() as session:
        return bulk_runs.run_view(session, visit.person.org_id, run_id)


def _percent(run: RunView) -> int:
    return 100 * run.done // run.total


def _index(
    request: Request, desk: Desk, visit: Visit, typed: dict[str, str], *, failed: str = "", status: int = 200
) -> Response:
    choice = _choice(visit, typed)
    with desk.db.read() as session:
        found = bulk_runs.runs(session, visit.person.org_id)
        count = len(bulk_runs.chosen_cases(session, visit.person.org_id, choice))
    return desk.screens.page(
        request, "bulk_documents.html", visit.words, status=status, visit=visit, runs=found, typed=typed,
        count=count, chosen=bulk_runs.told(choice), kinds=bulk_runs.kinds(), failed=failed,
        may=visit.may(*WRITERS),
    )  # fmt: skip


def _show(
    request: Request, desk: Desk, visit: Visit, run_id: int, *, failed: str = "", status: int = 200
) -> Response:
    run = _run(desk, visit, run_id)
    return desk.screens.page(
        request, "bulk_document_run.html", visit.words, status=status, visit=visit, run=run,
        percent=_percent(run), failed=failed, may=visit.may(*WRITERS),
    )  # fmt: skip
