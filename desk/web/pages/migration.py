"""Migrating running cases: what a new version would change, case by case; doing it; undoing a run."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import NotFound
from cases.migrating import MigrationReport, UndoReport, migrate, plan_migration
from cases.unmigrating import undo_migration
from desk.web.desk_state import Desk, DeskArg, Visit
from desk.web.security import AdministratorArg, ChangingArg
from states.catalog import MODES

router = APIRouter(prefix="/admin/migration")
MOST_SHOWN = 200


@router.get("")
def show(request: Request, desk: DeskArg, visit: AdministratorArg, mode: str = "") -> Response:
    """Show what the newest versions would change; nothing is written."""
    chosen = mode if mode in MODES else ""
    report = plan_migration(desk.db, visit.person, visit.today, mode=chosen)
    return _page(request, desk, visit, report, mode=chosen)


@router.post("")
def run(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Migrate the cases, and show what was done."""
    chosen = posted.text("mode") if posted.text("mode") in MODES else ""
    report = migrate(desk.db, visit.person, visit.today, visit.now, mode=chosen)
    return _page(request, desk, visit, report, mode=chosen, done=True)


@router.post("/undo")
def undo(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Undo a run for the cases that have not moved since."""
    back, failed = None, ""
    try:
        back = undo_migration(desk.db, visit.person, posted.text("run").strip(), visit.today, visit.now)
    except NotFound as missing:
        failed = visit.words.pick(missing.message, missing.message_en)
    report = plan_migration(desk.db, visit.person, visit.today)
    return _page(request, desk, visit, report, back=back, failed=failed, status=404 if failed else 200)


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    report: MigrationReport,
    *,
    mode: str = "",
    done: bool = False,
    back: UndoReport | None = None,
    failed: str = "",
    status: int = 200,
) -> Response:
    return desk.screens.page(
        request, "migration.html", visit.words, status=status, visit=visit, report=report, done=done, back=back,
        failed=failed, mode=mode, shown=report.cases[:MOST_SHOWN], movable=sum(c.is_possible for c in report.cases),
        modes=[(slug, visit.words.pick(m.zh, m.en)) for slug, m in MODES.items()],
    )  # fmt: skip
