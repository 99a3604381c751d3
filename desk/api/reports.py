"""Reports 报告: make, list, open with figures and rows, download, confirm a batch as submitted."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import Conflict
from cases.report_content import Content
from cases.reports import ReportView, confirm_submitted, report_content, report_view, reports
from cases.tables import Organization
from contracts.jobs import RenderFailure
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute
from desk.web.downloads import download, paper
from exchange.reports.making import ask_report, drift
from exchange.reports.printing import paper_of
from flows.work import render_pool

router = APIRouter(prefix="/reports", tags=["reports 报告"], route_class=ApiRoute)
ReportId = Annotated[int, Path(ge=1, le=MAX_ID)]
Kind = Literal["feedback", "monthly", "yearly", "indicators"]


class AnswerShape(BaseModel):
    """What came of a case of a submitted batch 反馈登记结果. `outcome`: recorded, already, refused."""

    case_id: int
    case_no: str
    event: str
    outcome: str
    reason: str


class ReportShape(BaseModel):
    """One version of a report 报告. `status`: current, superseded, submitted."""

    id: int
    kind: str
    period: str
    version: int
    status: str
    rows: int
    size: int
    sha256: str
    content_hash: str
    changes: list[str] = Field(description="与上一版的差异 how it differs from the version before")
    made_by: str
    made_at: datetime
    submitted_on: date | None
    reference: str
    submitted_by: str
    answers: list[AnswerShape]

    @classmethod
    def of(cls, view: ReportView) -> "ReportShape":
        """Return the shape of a report."""
        return cls(
            id=view.id, kind=view.kind, period=view.period, version=view.version, status=view.status, rows=view.rows,
            size=view.size, sha256=view.sha256, content_hash=view.content_hash, changes=list(view.changes),
            made_by=view.made_by, made_at=view.made_at, submitted_on=view.submitted_on, reference=view.reference,
            submitted_by=view.submitted_by, answers=[AnswerShape(**answer) for answer in view.answers],
        )  # fmt: skip


class ReportListShape(BaseModel):
    """The latest reports 报告列表."""

    rows: list[ReportShape]


class FigureShape(BaseModel):
    """A figure with its definition 指标. `value` is a count, fen, days, or basis points, as `shape` says."""

    key: str
    name: str
    value: int | None
    shape: str
    definition: str
    article: str
    confidence: str
    sheet: str


class SheetShape(BaseModel):
    """The rows behind figures 明细. Money is fen."""

    key: str
    name: str
    columns: list[str]
    shapes: list[str]
    rows: list[list[Any]]
    case_ids: list[int | None]


class ContentShape(BaseModel):
    """A report with all that it says 报告内容."""

    report: ReportShape
    figures: list[FigureShape]
    sheets: list[SheetShape]
    notes: list[str]


class DriftShape(BaseModel):
    """How the record differs from a frozen report by now 与现在记录的差异; empty if it says the same."""

    differences: list[str]


class NewReport(BaseModel):
    """A report to make 生成报告; without a period the latest that is complete."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    period: str = Field(
        default="", max_length=50, description="2026-10, 2025, or the day a batch reaches up to"
    )


class Submission(BaseModel):
    """That a batch was submitted to the platform 确认提交."""

    model_config = ConfigDict(extra="forbid")

    reported_on: str = Field(max_length=50)
    reference: str = Field(max_length=500)


class MadeShape(BaseModel):
    """What came of asking 生成结果. `outcome`: made, unchanged, nothing (nothing is owed; there is no report)."""

    outcome: str
    report: ReportShape | None


@router.get("", summary="List reports 报告列表")
def list_reports(ask: Reading, kind: Kind | None = None) -> ReportListShape:
    with ask.db.read() as session:
        found = reports(session, ask.person.org_id, kind or "")
    return ReportListShape(rows=[ReportShape.of(view) for view in found])


@router.post("", response_model=MadeShape, summary="Make a report 生成报告")
def make(ask: Writing, body: NewReport) -> Response:
    def act() -> MadeShape:
        made = ask_report(ask.db, ask.settings, ask.person, body.kind, body.period, ask.now)
        report = _shape(ask, made.report_id) if made.report_id else None
        return MadeShape(outcome=made.outcome, report=report)

    return ask.once(act, asked=body, resumable=True)


@router.get("/{report_id}", summary="Show a report 报告内容")
def show(ask: Reading, report_id: ReportId) -> ContentShape:
    with ask.db.read() as session:
        view = report_view(session, ask.person.org_id, report_id)
        content = report_content(session, ask.person.org_id, report_id)
    return ContentShape(
        report=ReportShape.of(view),
        figures=_figures(content),
        sheets=_sheets(content),
        notes=list(content.notes),
    )


@router.get("/{report_id}/file", response_class=Response, summary="Download the workbook 下载工作簿")
def file(ask: Reading, report_id: ReportId) -> Response:
    with ask.db.read() as session:
        view = report_view(session, ask.person.org_id, report_id)
    return download(view.filename, "xlsx", ask.settings.files.fetch(view.sha256))


@router.get("/{report_id}/paper", response_class=Response, summary="The report as a PDF 打印件")
def printed(ask: Reading, report_id: ReportId) -> Response:
    with ask.db.read() as session:
        view = report_view(session, ask.person.org_id, report_id)
        content = report_content(session, ask.person.org_id, report_id)
        institution = session.get_one(Organization, ask.person.org_id).name
    with render_pool(ask.settings) as pool:
        (made,) = pool.render([paper_of(view, content, institution)])
    if isinstance(made, RenderFailure):
        raise Conflict(made.reason, "the paper cannot be set")
    return paper(view.filename, made.data)


@router.get("/{report_id}/drift", summary="What the record says otherwise by now 与现在记录的差异")
def drifted(ask: Reading, report_id: ReportId) -> DriftShape:
    with ask.db.read() as session:
        view = report_view(session, ask.person.org_id, report_id)
    if view.kind == "feedback":
        raise Conflict("反馈批次按截止日期生成，不作比较", "a batch is not compared")
    return DriftShape(differences=list(drift(ask.db, ask.settings, view, ask.person.org_id, ask.now)))


@router.post("/{report_id}/submitted", response_model=ReportShape, summary="Confirm a batch 确认提交")
def submitted(ask: Writing, report_id: ReportId, body: Submission) -> Response:
    def act() -> ReportShape:
        view = confirm_submitted(ask.db, ask.person, report_id, body.reported_on, body.reference, ask.now)
        return ReportShape.of(view)

    return ask.once(act, asked=body, resumable=True)


def _shape(ask: Asking, report_id: int) -> ReportShape:
    with ask.db.read() as session:
        return ReportShape.of(report_view(session, ask.person.org_id, report_id))


def _figures(content: Content) -> list[FigureShape]:
    return [
        FigureShape(
            key=one.key, name=one.zh, value=one.value, shape=one.shape, definition=one.note, article=one.article,
            confidence=one.confidence, sheet=one.sheet,
        )
        for one in content.figures
    ]  # fmt: skip


def _sheets(content: Content) -> list[SheetShape]:
    return [
        SheetShape(
            key=one.key, name=one.zh, columns=[column.zh for column in one.columns],
            shapes=[column.shape for column in one.columns], rows=[list(row.cells) for row in one.rows],
            case_ids=[row.case_id for row in one.rows],
        )
        for one in content.sheets
    ]  # fmt: skip
