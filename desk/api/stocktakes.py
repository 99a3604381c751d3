"""Stocktaking 盘点: campaigns, their progress, items, steps and links.

Opening a campaign answers at once, with the status `filling`; its patents are taken in by the background.
"""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases import stocktake_progress as standing
from cases.inventors import assign
from cases.rating_links import make_links
from cases.stocktake_answers import read_answers
from cases.stocktake_steps import take_step
from cases.stocktakes import checked_stocktake, close_stocktake, open_stocktake, preview_stocktake
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute
from states.stocktaking import Asked

router = APIRouter(prefix="/stocktakes", tags=["stocktakes 盘点"], route_class=ApiRoute)
StocktakeId = Annotated[int, Path(ge=1, le=MAX_ID)]
ItemId = Annotated[int, Path(ge=1, le=MAX_ID)]
Text = Annotated[str, Field(max_length=1000)]
Words = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=500)]


class NewStocktake(BaseModel):
    """A campaign to open 发起盘点; empty fields of the scope limit nothing."""

    model_config = ConfigDict(extra="forbid")

    title: Text = Field(description="盘点名称")
    due_on: date = Field(description="完成期限")
    granted_from: date | None = None
    granted_to: date | None = None
    not_rated_since: date | None = None
    colleges: Words = []
    kinds: Words = []
    statuses: Words = []
    key_ipc: Words = Field(default=[], description="重点产业分类号: beginnings of IPC symbols")
    strong_colleges: Words = Field(default=[], description="优势学科所在院系")
    scores_wanted: int = Field(default=0, ge=0, le=15, description="集中评价人数")
    rolling: bool = Field(default=False, description="滚动纳入新授权的专利")


class PreviewShape(BaseModel):
    """How many patents a scope takes in 件数."""

    total: int
    kinds: dict[str, int]
    colleges: dict[str, int]


class StocktakeShape(BaseModel):
    """How a campaign stands 盘点进度; `covered` counts 评价, 筛选, 登记, 匹配."""

    id: int
    title: str
    status: str
    due_on: date
    total: int
    unassigned: int
    counts: dict[str, int]
    covered: dict[str, int]
    colleges: list[dict[str, Any]]


class CampaignShape(BaseModel):
    """A campaign in the list 盘点."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    status: str
    due_on: date
    rolling: bool
    total: int
    evaluated: int
    screened: int


class StocktakesShape(BaseModel):
    """The campaigns 盘点列表, open ones first; the last 100."""

    rows: list[CampaignShape]


class ItemShape(BaseModel):
    """One patent of a campaign 盘点事项."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    patent_id: int
    application_no: str
    title: str
    kind: str
    college: str
    inventor: str
    assigned: bool
    state: str
    version: int
    answers: dict[str, Any]
    central_score: int | None
    disposal: str
    updated_at: datetime


class ItemsShape(BaseModel):
    """One page of items, the most important first."""

    rows: list[ItemShape]
    total: int
    page: int
    size: int


class StepBody(BaseModel):
    """A step to take 办理步骤. `answers` go with `rate`, `score` with `score`, the rest with `dispose`."""

    model_config = ConfigDict(extra="forbid")

    step: Text
    expected_version: int | None = Field(default=None, ge=1)
    why: Text = ""
    choice: Text = Field(default="", description="处置方式")
    papers: dict[str, Text] = Field(
        default={}, description="依据文件: co_owner, pledgee, project_body, wide_use"
    )
    notified_on: date | None = None
    review_on: date | None = None
    score: int | None = Field(default=None, ge=0, le=100)
    comment: Text = ""
    answers: dict[str, Any] | None = None


class LinksBody(BaseModel):
    """Links to make 发放填报链接."""

    model_config = ConfigDict(extra="forbid")

    mail: bool = False
    renew: bool = False


class LinksMadeShape(BaseModel):
    """What came of it; the addresses are on the desk, for those who hand them out."""

    made: int
    queued: int


class StatusBody(BaseModel):
    """Close a campaign, or open it again 结束或重新开启."""

    model_config = ConfigDict(extra="forbid")

    closed: bool


@router.get("", summary="List stocktakes 盘点列表")
def stocktakes(ask: Reading) -> StocktakesShape:
    with ask.db.read() as session:
        rows = standing.campaigns(session, ask.person.org_id)
    return StocktakesShape(rows=[CampaignShape.model_validate(row) for row in rows])


@router.post("/preview", summary="Count what a scope takes in 预览件数")
def preview(ask: Reading, body: NewStocktake) -> PreviewShape:
    wanted = checked_stocktake(body.model_dump(), ask.today)
    with ask.db.read() as session:
        found = preview_stocktake(session, ask.person.org_id, wanted.scope)
    return PreviewShape(total=found.total, kinds=dict(found.kinds), colleges=dict(found.colleges))


@router.post("", status_code=201, response_model=StocktakeShape, summary="Open a stocktake 发起盘点")
def create(ask: Writing, body: NewStocktake) -> Response:
    def act() -> StocktakeShape:
        id_ = open_stocktake(ask.db, ask.person, checked_stocktake(body.model_dump(), ask.today), ask.now)
        return _progress(ask, id_)

    return ask.once(act, asked=body, status=201, recall=lambda id_: _progress(ask, id_))


@router.get("/{stocktake_id}", summary="How a stocktake stands 盘点进度")
def progress(ask: Reading, stocktake_id: StocktakeId) -> StocktakeShape:
    return _progress(ask, stocktake_id)


@router.post(
    "/{stocktake_id}/status", response_model=StocktakeShape, summary="Close or reopen 结束或重新开启"
)
def status(ask: Writing, stocktake_id: StocktakeId, body: StatusBody) -> Response:
    def act() -> StocktakeShape:
        close_stocktake(ask.db, ask.person, stocktake_id, ask.now, closed=body.closed)
        return _progress(ask, stocktake_id)

    return ask.once(act, asked=body)


@router.get("/{stocktake_id}/items", summary="Items of a stocktake 盘点事项")
def items(
    ask: Reading, stocktake_id: StocktakeId,
    state: Annotated[str, Query(max_length=20)] = "", college: Annotated[str | None, Query(max_length=200)] = None,
    covered: Annotated[str, Query(max_length=20)] = "", unassigned: bool = False,
    q: Annotated[str, Query(max_length=100)] = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=500)] = 50,
) -> ItemsShape:  # fmt: skip
    wish = standing.Wish(state, college, covered if covered in standing.COVERAGES else "", unassigned, "", q)
    with ask.db.read() as session:
        rows, total = standing.items_of(session, ask.person.org_id, stocktake_id, wish, page, size)
    return ItemsShape(rows=[ItemShape.model_validate(row) for row in rows], total=total, page=page, size=size)


@router.post(
    "/{stocktake_id}/links", response_model=LinksMadeShape, summary="Make personal links 发放填报链接"
)
def links(ask: Writing, stocktake_id: StocktakeId, body: LinksBody) -> Response:
    def act() -> LinksMadeShape:
        assign(ask.db, ask.person, ask.now)
        made, queued = make_links(ask.db, ask.person, stocktake_id, ask.now, mail=body.mail, renew=body.renew)
        return LinksMadeShape(made=made, queued=queued)

    return ask.once(act, asked=body)


@router.get("/items/{item_id}", summary="Show an item 盘点事项详情")
def item(ask: Reading, item_id: ItemId) -> ItemShape:
    return _item(ask, item_id)


@router.post("/items/{item_id}/steps", response_model=ItemShape, summary="Take a step 办理步骤")
def step(ask: Writing, item_id: ItemId, body: StepBody) -> Response:
    def act() -> ItemShape:
        asked = Asked(
            body.step,
            ask.person.role,
            ask.person.id,
            body.why,
            body.choice,
            body.papers,
            body.notified_on,
            body.review_on,
        )
        rating = read_answers(body.answers) if body.answers is not None else None
        take_step(
            ask.db, ask.person, item_id, asked, now=ask.now, expected_version=body.expected_version, rating=rating,
            score=body.score, comment=body.comment,
        )  # fmt: skip
        return _item(ask, item_id)

    return ask.once(act, asked=body)


def _item(ask: Asking, item_id: int) -> ItemShape:
    with ask.db.read() as session:
        return ItemShape.model_validate(standing.item_page(session, ask.person.org_id, item_id).line)


def _progress(ask: Asking, stocktake_id: int) -> StocktakeShape:
    with ask.db.read() as session:
        found = standing.progress_of(session, ask.person.org_id, stocktake_id)
    return StocktakeShape(
        id=found.id, title=found.title, status=found.status, due_on=found.due_on, total=found.total,
        unassigned=found.unassigned, counts=dict(found.counts), covered=dict(found.covered),
        colleges=[{"college": line.college, "total": line.total, **line.covered} for line in found.lines],
    )  # fmt: skip
