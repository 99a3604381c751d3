"""Demands 需求: the register, matching with reasons, decisions, and the way into a case."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.demands import get_demand, list_demands, move_demand, save_demand
from cases.match_decisions import decide, open_from_demand
from cases.matching import Match, demands_of_patent, matches_of_demand
from cases.teams import list_teams
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.routes import ApiRoute

router = APIRouter(tags=["demands 需求"], route_class=ApiRoute)
DemandId = Annotated[int, Path(ge=1, le=MAX_ID)]
PatentId = Annotated[int, Path(ge=1, le=MAX_ID)]
Text = Annotated[str, Field(max_length=5000)]


class NewDemand(BaseModel):
    """A demand to register or change 登记需求."""

    model_config = ConfigDict(extra="forbid")

    company_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    title: Text
    text: Text = ""
    industries: list[str] = Field(default=[], description="codes of industries 产业领域")
    region: Text = ""
    budget_fen: Annotated[int, Field(ge=0, le=10**16)] | None = Field(
        default=None, description="预算, in fen"
    )
    cooperation: Text = ""
    modes: list[str] = Field(default=[], description="conversion modes that would suit 意向转化方式")
    received_on: date | None = None
    due_on: date | None = Field(default=None, description="to be answered by 答复期限; ten days if left out")
    owner_id: Annotated[int, Field(ge=1, le=MAX_ID)] | None = Field(
        default=None, description="yourself if left out"
    )
    source: Text = ""


class DemandShape(BaseModel):
    """A demand 需求."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    number: str
    company_id: int
    company: str
    title: str
    text: str
    industries: list[str]
    region: str
    budget_fen: int | None
    cooperation: str
    modes: list[str]
    received_on: date
    due_on: date
    owner_id: int
    owner: str
    status: str
    source: str


class DemandListShape(BaseModel):
    """One page of demands, those to be answered first 需求列表."""

    rows: list[DemandShape]
    total: int
    page: int


class ReasonShape(BaseModel):
    """A reason in both languages 理由."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    zh: str
    en: str


class MatchShape(BaseModel):
    """A patent for a demand 匹配; `score` of 100, `blocked` if nothing can be done with it now."""

    patent_id: int
    application_no: str
    title: str
    status: str
    college: str
    inventors: list[str]
    score: float
    level: str
    blocked: bool
    decision: str
    reasons: list[ReasonShape]
    against: list[ReasonShape]

    @classmethod
    def of(cls, match: Match) -> "MatchShape":
        """Return the shape of a match."""
        return cls(
            patent_id=match.patent_id, application_no=match.application_no, title=match.title, status=match.status,
            college=match.college, inventors=list(match.inventors), score=match.score, level=match.level,
            blocked=match.is_blocked, decision=match.decision,
            reasons=[ReasonShape.model_validate(one) for one in match.reasons],
            against=[ReasonShape.model_validate(one) for one in match.against],
        )  # fmt: skip


class MatchListShape(BaseModel):
    """Patents for a demand, the best first 匹配列表."""

    rows: list[MatchShape]


class PatentDemandShape(BaseModel):
    """A demand that a patent fits 适合的需求."""

    demand: DemandShape
    match: MatchShape


class PatentDemandListShape(BaseModel):
    """Open demands that a patent fits, the best first."""

    rows: list[PatentDemandShape]


class Moving(BaseModel):
    """Where a demand stands now 需求状态."""

    model_config = ConfigDict(extra="forbid")

    status: str = Field(max_length=20, description="new, answered, matched or closed")
    reason: Text


class Deciding(BaseModel):
    """A decision on a match 采纳或不采纳."""

    model_config = ConfigDict(extra="forbid")

    decision: str = Field(max_length=20, description="accepted or rejected")
    reason: Text


class Opening(BaseModel):
    """Matches to make a case of 转为案件."""

    model_config = ConfigDict(extra="forbid")

    patent_ids: list[Annotated[int, Field(ge=1, le=MAX_ID)]] = Field(max_length=500)
    mode: str = Field(default="", max_length=40, description="the proposed mode if left out")


class OpenedShape(BaseModel):
    """The case that was opened 案件."""

    case_id: int


class TeamShape(BaseModel):
    """A research team 科研团队: a first inventor within a college."""

    model_config = ConfigDict(from_attributes=True)

    lead: str
    college: str
    patents: int
    in_force: int


class TeamListShape(BaseModel):
    """One page of teams, those with the most patents first."""

    rows: list[TeamShape]
    total: int
    page: int


@router.get("/demands", summary="List demands 需求列表")
def demands(
    ask: Reading,
    q: Annotated[str, Query(max_length=100)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    overdue: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> DemandListShape:
    with ask.db.read() as session:
        found = list_demands(
            session,
            ask.person.org_id,
            q=q,
            status=status,
            overdue_on=ask.today if overdue else None,
            page=page,
        )
        rows = [DemandShape.model_validate(row) for row in found.rows]
        return DemandListShape(rows=rows, total=found.total, page=found.page)


@router.post("/demands", status_code=201, response_model=DemandShape, summary="Register a demand 登记需求")
def create(ask: Writing, body: NewDemand) -> Response:
    def act() -> DemandShape:
        return _shape(ask, save_demand(ask.db, ask.person, body.model_dump(), today=ask.today, now=ask.now))

    return ask.once(act, asked=body, status=201, recall=lambda id_: _shape(ask, id_))


def _shape(ask: Writing, demand_id: int) -> DemandShape:
    with ask.db.read() as session:
        return DemandShape.model_validate(get_demand(session, ask.person.org_id, demand_id))


@router.get("/demands/{demand_id}", summary="Show a demand 需求详情")
def demand(ask: Reading, demand_id: DemandId) -> DemandShape:
    return _shape(ask, demand_id)


@router.put("/demands/{demand_id}", response_model=DemandShape, summary="Change a demand 修改需求")
def change(ask: Writing, demand_id: DemandId, body: NewDemand) -> Response:
    def act() -> DemandShape:
        values = body.model_dump()
        save_demand(ask.db, ask.person, values, demand_id=demand_id, today=ask.today, now=ask.now)
        return _shape(ask, demand_id)

    return ask.once(act, asked=body, resumable=True)


@router.post("/demands/{demand_id}/status", response_model=DemandShape, summary="Answer or close 答复或关闭")
def move(ask: Writing, demand_id: DemandId, body: Moving) -> Response:
    def act() -> DemandShape:
        move_demand(ask.db, ask.person, demand_id, body.status, body.reason, now=ask.now)
        return _shape(ask, demand_id)

    return ask.once(act, asked=body, recall=lambda _: _shape(ask, demand_id))


@router.get("/demands/{demand_id}/matches", summary="Patents that fit, with reasons 匹配专利")
def matches(
    ask: Reading, demand_id: DemandId, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> MatchListShape:
    with ask.db.read() as session:
        view = get_demand(session, ask.person.org_id, demand_id)
        found = matches_of_demand(ask.db, session, ask.person.org_id, view, ask.today, limit=limit)
        return MatchListShape(rows=[MatchShape.of(one) for one in found])


@router.post(
    "/demands/{demand_id}/matches/{patent_id}", response_model=DemandShape, summary="Take or reject a patent 采纳或不采纳"
)  # fmt: skip
def decide_on(ask: Writing, demand_id: DemandId, patent_id: PatentId, body: Deciding) -> Response:
    def act() -> DemandShape:
        decide(
            ask.db, ask.person, demand_id, patent_id, body.decision, body.reason, today=ask.today, now=ask.now
        )
        return _shape(ask, demand_id)

    return ask.once(act, asked=body, resumable=True)


@router.post(
    "/demands/{demand_id}/case", status_code=201, response_model=OpenedShape, summary="Open a case 转为案件"
)
def to_case(ask: Writing, demand_id: DemandId, body: Opening) -> Response:
    def act() -> OpenedShape:
        case_id = open_from_demand(
            ask.db, ask.person, demand_id, body.patent_ids, mode=body.mode, today=ask.today, now=ask.now
        )
        return OpenedShape(case_id=case_id)

    return ask.once(act, asked=body, status=201, recall=lambda id_: OpenedShape(case_id=id_))


@router.get("/patents/{patent_id}/demands", summary="Demands that a patent fits 适合的需求")
def of_patent(ask: Reading, patent_id: PatentId) -> PatentDemandListShape:
    with ask.db.read() as session:
        found = demands_of_patent(ask.db, session, ask.person.org_id, patent_id, ask.today)
        return PatentDemandListShape(
            rows=[
                PatentDemandShape(
                    demand=DemandShape.model_validate(one.demand), match=MatchShape.of(one.match)
                )
                for one in found
            ]
        )


@router.get("/teams", summary="Research teams 科研团队")
def teams(
    ask: Reading,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> TeamListShape:
    with ask.db.read() as session:
        found = list_teams(ask.db, session, ask.person.org_id, q=q, page=page)
        rows = [TeamShape.model_validate(row) for row in found.rows]
        return TeamListShape(rows=rows, total=found.total, page=found.page)
