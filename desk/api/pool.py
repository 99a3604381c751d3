"""The base library and the conversion pool 资源库: search with facets, profiles, grading, pools."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import ActionError
from cases.facet_counts import Count
from cases.grading import MOST_AT_ONCE, check_may_keep, grade, stand
from cases.patent_search import LAST_PAGE
from cases.patents import get_patent
from cases.pool_views import PoolRow, Profile, history_of, profile_of, standings_of
from desk.answers.pool import Answer, answer, asked
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.problems import problem_of
from desk.api.routes import ApiRoute
from desk.shapes import Problem, Shape

router = APIRouter(tags=["pool 资源库"], route_class=ApiRoute)
PatentId = Annotated[int, Path(ge=1, le=MAX_ID)]
Value = Annotated[list[str], Query(max_length=50)]


class ProfileShape(Shape):
    """What the institution thinks of a patent 专利档案."""

    patent_id: int
    grade: str = Field(description="A B C D or empty 等级")
    patent_class: str
    industry: list[str]
    maturity: str
    prospect: str
    scenario: str
    willingness: list[str]
    implementation: str
    self_score: int | None
    central_score: int | None
    enterprise_score: int | None
    in_pool: bool
    key_project: bool
    funded: bool | None
    review_on: date | None
    disposal: str


class StandingShape(Shape):
    """Where a patent stands, or stood, in a pool 入库记录."""

    pool: str
    status: str
    on: date
    reason: str
    current: bool
    user: str


class ChangedShape(Shape):
    """One change of a profile 变更记录."""

    field: str
    before: str
    after: str
    why: str
    source: str
    user: str
    at: datetime


class PoolRowShape(BaseModel):
    """A patent of a library 专利."""

    id: int
    application_no: str
    title: str
    kind: str
    status: str
    college: str
    profile: ProfileShape
    standings: list[StandingShape]

    @classmethod
    def of(cls, row: PoolRow) -> "PoolRowShape":
        """Return the shape of a row."""
        patent = row.patent
        return cls(
            id=patent.id, application_no=patent.application_no, title=patent.title, kind=patent.kind, status=patent.status,
            college=patent.college, profile=ProfileShape.model_validate(row.profile),
            standings=[StandingShape.model_validate(one) for one in row.standings.values()],
        )  # fmt: skip


class CountShape(Shape):
    """How many patents have a value of a facet; `-` stands for those without one."""

    value: str
    count: int


class PoolShape(BaseModel):
    """One page of a library with its facets. `at_least` marks counts that stopped at the limit, `near` similar patents."""

    rows: list[PoolRowShape]
    total: int
    at_least: bool
    near: bool
    page: int
    size: int
    facets: dict[str, list[CountShape]]
    overdue_reviews: int

    @classmethod
    def of(cls, found: Answer) -> "PoolShape":
        """Return the shape of an answer."""
        return cls(
            rows=[PoolRowShape.of(row) for row in found.rows], total=found.found.total, at_least=found.found.at_least,
            near=found.found.near, page=found.found.page, size=found.found.size,
            facets={name: _counts(counts) for name, counts in found.found.facets.items()}, overdue_reviews=found.overdue,
        )  # fmt: skip


def _counts(counts: tuple[Count, ...]) -> list[CountShape]:
    return [CountShape.model_validate(one) for one in counts]


class HistoryShape(BaseModel):
    """A profile with its history 档案及其变更."""

    profile: ProfileShape
    history: list[ChangedShape]
    standings: list[StandingShape]


@router.get("/pool", summary="Search a library 检索资源库或基础库")
def pool(
    ask: Reading,
    view: Annotated[Literal["pool", "base", "review"], Query(description="资源库、基础库、待复核")] = "pool",
    q: Annotated[str, Query(max_length=100, description="全文检索")] = "",
    facet: Annotated[
        list[str] | None, Query(max_length=100, description="grade=A, may be repeated 分面=取值")
    ] = None,
    pool: Annotated[str, Query(max_length=40, description="city, or city:recommended 资源库")] = "",
    sort: Annotated[Literal["filed", "grade", "review"], Query(description="排序")] = "filed",
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 20,
) -> PoolShape:
    given = [(name, value) for one in facet or () for name, _, value in [one.partition("=")]]
    wanted = asked(view, q, given, sort, ask.today, pool)
    with ask.db.read() as session:
        return PoolShape.of(answer(session, ask.person.org_id, wanted, ask.today, page=page, size=size))


@router.get("/patents/{patent_id}/profile", summary="Show a profile 专利档案")
def profile(ask: Reading, patent_id: PatentId) -> HistoryShape:
    return _history(ask, patent_id)


class Values(BaseModel):
    """What is to be changed in a profile 档案; a field left out stays as it is, `why` is always needed."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(max_length=1000, description="理由")
    grade: str | None = Field(default=None, max_length=20)
    patent_class: str | None = Field(default=None, max_length=100)
    industry: list[Annotated[str, Field(max_length=40)]] | None = Field(default=None, max_length=20)
    maturity: str | None = Field(default=None, max_length=20)
    prospect: str | None = Field(default=None, max_length=20)
    scenario: str | None = Field(default=None, max_length=2000)
    willingness: list[Annotated[str, Field(max_length=40)]] | None = Field(default=None, max_length=20)
    implementation: str | None = Field(default=None, max_length=20)
    self_score: int | None = Field(default=None)
    central_score: int | None = Field(default=None)
    enterprise_score: int | None = Field(default=None)
    key_project: bool | None = Field(default=None)
    funded: bool | None = Field(default=None)
    review_on: str | None = Field(default=None, max_length=40)
    disposal: str | None = Field(default=None, max_length=20)


class Grading(Values):
    """The same change of many profiles 批量分级."""

    patent_ids: list[Annotated[int, Field(ge=1, le=MAX_ID)]] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Graded(BaseModel):
    """How many profiles changed."""

    changed: int


@router.put("/patents/{patent_id}/profile", response_model=HistoryShape, summary="Change a profile 修改档案")
def change(ask: Writing, patent_id: PatentId, body: Values) -> Response:
    def act() -> HistoryShape:
        grade(ask.db, ask.person, [patent_id], _said(body), body.why, now=ask.now, today=ask.today)
        return _history(ask, patent_id)

    return ask.once(act, asked=body, recall=lambda _: _history(ask, patent_id))


@router.post("/pool/grades", response_model=Graded, summary="Grade many patents 批量分级")
def grades(ask: Writing, body: Grading) -> Response:
    def act() -> Graded:
        ids = body.patent_ids
        return Graded(
            changed=grade(ask.db, ask.person, ids, _said(body), body.why, now=ask.now, today=ask.today)
        )

    return ask.once(act, asked=body, resumable=True)


class Entering(BaseModel):
    """Patents that enter a pool, are recommended to it, or leave it 入库、推荐、出库."""

    model_config = ConfigDict(extra="forbid")

    patent_ids: list[Annotated[int, Field(ge=1, le=MAX_ID)]] = Field(min_length=1, max_length=MOST_AT_ONCE)
    pool: Literal["institution", "national", "provincial", "city"] = "institution"
    standing: Literal["entered", "recommended", "left"] = "entered"
    on: date | None = Field(default=None, description="today by default 日期")
    reason: str = Field(max_length=1000, description="理由")


class Entered(BaseModel):
    """What became of them; each that was refused with all its unmet conditions."""

    done: int
    refused: dict[int, Problem]


@router.post("/pool/standings", response_model=Entered, summary="Enter or leave a pool 入库与出库")
def standings(ask: Writing, body: Entering) -> Response:
    def act() -> Entered:
        found = stand(
            ask.db, ask.person, body.patent_ids, body.pool, body.standing, on=body.on or ask.today, reason=body.reason,
            now=ask.now,
        )  # fmt: skip
        return Entered(
            done=found.done, refused={one: _problem(error) for one, error in found.refused.items()}
        )

    _check_known(ask, body.patent_ids)
    return ask.once(act, asked=body, resumable=True)


def _check_known(ask: Asking, patent_ids: list[int]) -> None:
    """Refuse the whole request if one patent is not of the institution.

    Raises: Forbidden, NotFound.
    """
    check_may_keep(ask.person)
    with ask.db.read() as session:
        for patent_id in patent_ids:
            get_patent(session, ask.person.org_id, patent_id)


def _problem(error: ActionError) -> Problem:
    return problem_of(error)


def _said(body: Values) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True, exclude={"why", "patent_ids"})


def _history(ask: Asking, patent_id: int) -> HistoryShape:
    org = ask.person.org_id
    with ask.db.read() as session:
        held: Profile = profile_of(session, org, patent_id)
        return HistoryShape(
            profile=ProfileShape.model_validate(held),
            history=[ChangedShape.model_validate(one) for one in history_of(session, org, patent_id)],
            standings=[StandingShape.model_validate(one) for one in standings_of(session, org, patent_id)],
        )
