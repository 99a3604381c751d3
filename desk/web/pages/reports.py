"""Reports 报告: made on demand, opened figure by figure down to the rows, downloaded, and confirmed as submitted."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.errors import ActionError, Conflict, Invalid
from cases.periods import KINDS, period_of
from cases.report_content import Content, Figure, Row, Sheet, headed, shown, shown_cell
from cases.report_english import definition_en
from cases.reports import ReportView, confirm_submitted, report_content, report_view, reports
from contracts.jobs import RenderFailure
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download, paper
from desk.web.security import ChangingArg
from exchange.reports.making import ask_report, drift
from exchange.reports.printing import paper_of
from flows.work import render_pool

router = APIRouter(prefix="/reports")
WRITERS = ("officer", "administrator")
MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """What of a report lies open: a sheet, all of it or the rows behind a figure."""

    sheet: Sheet
    rows: tuple[Row, ...]
    figure: Figure | None

    @property
    def heads(self) -> tuple[tuple[str, str, str], ...]:
        """The columns: both names, and how well what asks for them is known."""
        return tuple((*headed(one), one.confidence) for one in self.sheet.columns)

    @property
    def lines(self) -> tuple[tuple[int | None, tuple[str, ...]], ...]:
        """The rows as people read them, with the case behind each."""
        shapes = [column.shape for column in self.sheet.columns]
        return tuple(
            (row.case_id, tuple(map(shown_cell, row.cells, shapes))) for row in self.rows[:MOST_ROWS]
        )


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, kind: str = "") -> Response:
    """List the reports and offer to make one."""
    return _index(request, desk, visit, kind)


@router.post("")
def make(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Make a report now."""
    kind, period = posted.text("kind"), posted.text("period")[:50]
    try:
        made = ask_report(desk.db, desk.settings, visit.person, kind, period, visit.now)
    except (Invalid, Conflict) as refused:
        message = visit.words.pick(refused.message, refused.message_en)
        typed = {"kind": kind, "period": period}
        status = 422 if isinstance(refused, Invalid) else 409
        return _index(request, desk, visit, "", failed=message, typed=typed, status=status)
    if made.report_id is None:
        told = ("没有待反馈的标签，未生成批次", "nothing is owed to the platform; no batch was made")
        return _index(request, desk, visit, "", told=visit.words.pick(*told))
    return RedirectResponse(f"/reports/{made.report_id}?made={made.outcome}", 303)


@router.get("/{report_id}")
def show(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    report_id: int,
    figure: str = "",
    sheet: str = "",
    made: str = "",
    compare: str = "",
) -> Response:
    """Show a report: figures, and the rows behind one of them; on demand, what the record says otherwise by now."""
    return _show(
        request, desk, visit, report_id, figure=figure, sheet=sheet, made=made, compare=bool(compare)
    )


@router.get("/{report_id}/file")
def file(desk: DeskArg, visit: VisitArg, report_id: int) -> Response:
    """Hand out the workbook."""
    with desk.db.read() as session:
        view = report_view(session, visit.person.org_id, report_id)
    return download(view.filename, "xlsx", desk.settings.files.fetch(view.sha256))


@router.get("/{report_id}/paper.pdf")
def printed(request: Request, desk: DeskArg, visit: VisitArg, report_id: int) -> Response:
    """Hand out the report on paper."""
    with desk.db.read() as session:
        view = report_view(session, visit.person.org_id, report_id)
        content = report_content(session, visit.person.org_id, report_id)
    with render_pool(desk.settings) as pool:
        (made,) = pool.render([paper_of(view, content, visit.organization)])
    if isinstance(made, RenderFailure):
        return _show(
            request, desk, visit, report_id, refused=Invalid(made.reason, {}, "the paper cannot be set")
        )
    return paper(view.filename, made.data)


@router.post("/{report_id}/submitted")
def submitted(
    request: Request, desk: DeskArg, visit: VisitArg, report_id: int, posted: ChangingArg
) -> Response:
    """Confirm a batch as submitted to the platform."""
    on, reference = posted.text("reported_on"), posted.text("reference")
    try:
        view = confirm_submitted(desk.db, visit.person, report_id, on, reference, visit.now)
    except (Invalid, Conflict) as refused:
        typed = {"reported_on": on, "reference": reference}
        return _show(request, desk, visit, report_id, refused=refused, typed=typed)
    return RedirectResponse(f"/reports/{view.id}", 303)


def _index(
    request: Request, desk: Desk, visit: Visit, kind: str, *, failed: str = "", told: str = "", status: int = 200,
    typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    with desk.db.read() as session:
        found = reports(session, visit.person.org_id, kind)
    latest = {one: period_of(one, "", visit.today).key for one in KINDS}
    return desk.screens.page(
        request, "reports.html", visit.words, status=status, visit=visit, reports=found, kinds=KINDS, kind=kind,
        failed=failed, told=told, typed=typed or {"kind": "", "period": ""}, latest=latest, may=visit.may(*WRITERS),
    )  # fmt: skip


def _show(
    request: Request, desk: Desk, visit: Visit, report_id: int, *, figure: str = "", sheet: str = "", made: str = "",
    refused: ActionError | None = None, typed: dict[str, str] | None = None, compare: bool = False,
) -> Response:  # fmt: skip
    with desk.db.read() as session:
        view = report_view(session, visit.person.org_id, report_id)
        content = report_content(session, visit.person.org_id, report_id)
    comparable = view.kind != "feedback"
    drifted = (
        drift(desk.db, desk.settings, view, visit.person.org_id, visit.now)
        if compare and comparable
        else None
    )
    values: dict[str, Any] = {
        "failed": visit.words.pick(refused.message, refused.message_en) if refused else "",
        "fields": getattr(refused, "fields", {}), "made": made,
        "typed": typed or {"reported_on": visit.today.isoformat(), "reference": ""},
        "open": visit.may(*WRITERS) and view.kind == "feedback" and view.status == "current",
    }  # fmt: skip
    status = 200 if refused is None else 422 if isinstance(refused, Invalid) else 409
    return desk.screens.page(
        request, "report.html", visit.words, status=status, visit=visit, report=view, content=content,
        figures=[(one, shown(one)) for one in content.figures], opened=_opened(view, content, figure, sheet),
        most=MOST_ROWS, comparable=comparable, drifted=drifted,
        definition=lambda one: visit.words.pick(one.note, definition_en(view.kind, one)), **values,
    )  # fmt: skip


def _opened(view: ReportView, content: Content, figure: str, sheet: str) -> Opened:
    """Return the rows behind the figure asked for, or a whole sheet: the one asked for, or the first."""
    for one in content.figures:
        if one.key == figure:
            return Opened(content.sheet(one.sheet), content.behind(one), one)
    chosen = next((one for one in content.sheets if one.key == sheet), content.sheets[0])
    return Opened(chosen, chosen.rows, None)
