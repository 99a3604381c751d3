"""Feedback 盘活系统反馈: labels of the platform, by cases and by hand, and how both sides differ."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.db import cursor_of
from cases.feedback_view import STATES, Told, all_told
from cases.label_records import LABELS, record_label, withdraw_label
from cases.patent_dates import book_in_use
from cases.report_content import Content
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.routes import ApiRoute
from exchange.reports.platform import comparison, quality

router = APIRouter(prefix="/feedback", tags=["feedback 盘活系统反馈"], route_class=ApiRoute)
Text = Annotated[str, Field(max_length=500)]
LabelId = Annotated[int, Path(ge=1, le=MAX_ID)]


class ToldShape(BaseModel):
    """One label of one patent 反馈信息."""

    id: int
    source: Literal["case", "hand"]
    patent_id: int
    patent_no: str
    title: str
    college: str
    label: str
    on: date
    party: str
    evidence: str
    case_no: str
    due: date | None
    reported_on: date | None
    state: str = Field(description="one of: " + ", ".join(STATES))
    state_zh: str
    why: str
    answer: str

    @classmethod
    def of(cls, one: Told) -> "ToldShape":
        """Return the shape of a label."""
        return cls(
            id=one.id, source="hand" if one.by_hand else "case", patent_id=one.patent.id, patent_no=one.patent.shown_no,
            title=one.patent.title, college=one.patent.college, label=one.label, on=one.on, party=one.party,
            evidence=one.evidence, case_no=one.case_no, due=one.due, reported_on=one.reported_on, state=one.state,
            state_zh=STATES[one.state][0], why=one.why, answer=one.answer,
        )  # fmt: skip


class ToldListShape(BaseModel):
    """One page of labels 反馈信息列表. `total` counts all that match."""

    rows: list[ToldShape]
    total: int
    page: int
    size: int


class NewLabel(BaseModel):
    """A label earned outside the cases 系统外成交."""

    model_config = ConfigDict(extra="forbid")

    patent_id: int = Field(ge=1, le=MAX_ID)
    label: Text = Field(description="one of: " + ", ".join(LABELS))
    on: date
    evidence: Text
    party: Text = ""
    party_uscc: Text = ""
    contract_no: Text = ""


class RecordedShape(BaseModel):
    """What came of it 登记结果: added, changed or same."""

    outcome: str


class Withdrawal(BaseModel):
    """Why a label does not hold 撤回原因."""

    model_config = ConfigDict(extra="forbid")

    why: Text


class ContentShape(BaseModel):
    """Figures and the rows behind them 统计与明细."""

    figures: dict[str, int | None]
    columns: dict[str, list[str]]
    rows: dict[str, list[list[str | int | None]]]

    @classmethod
    def of(cls, content: Content) -> "ContentShape":
        """Return the shape of a content."""
        return cls(
            figures={figure.key: figure.value for figure in content.figures},
            columns={sheet.key: [column.key for column in sheet.columns] for sheet in content.sheets},
            rows={sheet.key: [list(row.cells) for row in sheet.rows] for sheet in content.sheets},
        )


@router.get("", summary="List labels 反馈信息")
def labels(
    ask: Reading,
    state: Annotated[str, Query(pattern=f"^({'|'.join(STATES)}|)$", description="状态")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ToldListShape:
    with ask.db.read() as session:
        told = [one for one in all_told(session, ask.person.org_id, ask.today) if state in ("", one.state)]
    rows = [ToldShape.of(one) for one in told[(page - 1) * size : page * size]]
    return ToldListShape(rows=rows, total=len(told), page=page, size=size)


@router.post("", response_model=RecordedShape, summary="Record a label by hand 登记系统外成交")
def record(ask: Writing, body: NewLabel) -> Response:
    def act() -> RecordedShape:
        outcome = record_label(ask.db, ask.person, body.model_dump(), today=ask.today, now=ask.now)
        return RecordedShape(outcome=outcome)

    return ask.once(act, asked=body)


@router.post(
    "/{source}/{label_id}/withdraw", response_model=RecordedShape, summary="Withdraw a label 撤回反馈信息"
)
def withdraw(ask: Writing, source: Literal["case", "hand"], label_id: LabelId, body: Withdrawal) -> Response:
    def act() -> RecordedShape:
        of_case = source == "case"
        withdraw_label(
            ask.db, ask.person, event_id=label_id if of_case else None, record_id=None if of_case else label_id,
            why=body.why, today=ask.today, now=ask.now,
        )  # fmt: skip
        return RecordedShape(outcome="withdrawn")

    return ask.once(act, asked=f"{source} {label_id} {body.why}")


@router.get("/differences", summary="Differences from the platform 与盘活系统的差异")
def differences(ask: Reading) -> ContentShape:
    with ask.db.read() as session:
        book = book_in_use(cursor_of(session, ask.db.postgres), ask.person.org_id)
        return ContentShape.of(comparison(session, ask.person.org_id, ask.today, book))


@router.get("/quality", summary="Quality and lag of the feedback 反馈质量与滞后")
def quality_(ask: Reading) -> ContentShape:
    with ask.db.read() as session:
        book = book_in_use(cursor_of(session, ask.db.postgres), ask.person.org_id)
        return ContentShape.of(quality(session, ask.person.org_id, ask.today, book))
