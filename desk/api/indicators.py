"""Indicators 指标: the figures of a year with their definitions, what stands beside them, and the rows behind each."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import Invalid
from cases.indicators.choices import choices, choose_definition
from cases.indicators.counting import Counted, behind
from cases.indicators.dashboard import Dashboard, dashboard
from cases.indicators.facts import catch_up
from cases.indicators.opened import opened
from cases.indicators.scope import Scope, scope_of
from desk.api.asking import Asking, Reading, Writing
from desk.api.routes import ApiRoute
from states.catalog import MODES

router = APIRouter(prefix="/indicators", tags=["indicators 指标"], route_class=ApiRoute)
Year = Annotated[str, Query(max_length=10, description="年度, the running one by default")]
College = Annotated[str, Query(max_length=100, description="院系")]
Mode = Annotated[str, Query(max_length=40, description="转化方式")]


class IndicatorShape(BaseModel):
    """An indicator 指标. `value` is a count, fen, days, or basis points, as `unit` says; null if nothing was recorded."""

    id: str
    section: str
    name: str
    name_en: str
    unit: str
    value: int | None
    part: int | None = Field(description="分子")
    over: int | None = Field(description="分母；同比增长的为上年数")
    definition_id: str
    definition: str
    definition_en: str
    sources: list[str] = Field(description="政策文件条目")
    confidence: str
    ignores: list[str] = Field(description="filters that its rows do not know")
    unknown: bool

    @classmethod
    def of(cls, one: Counted) -> "IndicatorShape":
        """Return the shape of an indicator."""
        told, using = one.indicator, one.definition
        return cls(
            id=told.id, section=told.section, name=told.zh, name_en=told.en, unit=told.unit, value=one.value, part=one.part,
            over=one.over, definition_id=using.id, definition=using.zh, definition_en=using.en, sources=list(told.sources),
            confidence=told.confidence, ignores=list(one.ignores), unknown=one.is_unknown,
        )  # fmt: skip


class DealsShape(BaseModel):
    """Contract value and income in fen 合同额与到账."""

    name: str
    value: int
    income: int


class LegShape(BaseModel):
    """How long a stage took 阶段用时; an empty college is all of them."""

    stage: str
    college: str
    count: int
    median: int
    p90: int


class GroupShape(BaseModel):
    """How many valid patents carry a word 存量构成."""

    word: str
    count: int


class DashboardShape(BaseModel):
    """The indicators of a year 年度指标. A group is null where nothing was recorded."""

    year: int
    first: date
    last: date
    college: str
    mode: str
    indicators: list[IndicatorShape]
    years: list[DealsShape]
    months: list[DealsShape]
    colleges: list[DealsShape]
    modes: list[DealsShape]
    legs: list[LegShape]
    groups: dict[str, list[GroupShape] | None]
    districts: list[GroupShape] = Field(description="各区县活动场次")

    @classmethod
    def of(cls, found: Dashboard) -> "DashboardShape":
        """Return the shape of the page."""

        def deals(name: str) -> list[DealsShape]:
            return [
                DealsShape(name=one.name, value=one.value, income=one.income) for one in getattr(found, name)
            ]

        scope = found.scope
        return cls(
            year=scope.year, first=scope.first, last=scope.last, college=scope.college, mode=scope.mode,
            indicators=[IndicatorShape.of(one) for one in found.figures], years=deals("years"), months=deals("months"),
            colleges=deals("colleges"), modes=deals("modes"),
            legs=[
                LegShape(stage=one.stage, college=one.college, count=one.count, median=one.median, p90=one.p90)
                for one in found.legs
            ],
            groups={
                key: None if words is None else [GroupShape(word=one.word, count=one.count) for one in words]
                for key, words in found.groups.items()
            },
            districts=[GroupShape(word=one.word, count=one.count) for one in found.districts],
        )  # fmt: skip


class BehindShape(BaseModel):
    """A page of the rows behind a figure 明细. `amount` is the sum that the figure shows; `ids` are what rows open."""

    id: str
    name: str
    total: int
    amount: int
    opens: str
    columns: list[str]
    rows: list[list[Any]]
    ids: list[int | None]


class Choice(BaseModel):
    """The definition to show an indicator by 口径."""

    model_config = ConfigDict(extra="forbid")

    definition: str = Field(max_length=50)


def _scope(ask: Asking, year: str, college: str, mode: str) -> Scope:
    if mode and mode not in MODES:
        reason = f"可选：{'、'.join(MODES)}"
        raise Invalid(f"查询条件mode有误，{reason}", {"mode": reason}, f"mode: one of {', '.join(MODES)}")
    return scope_of(ask.person.org_id, year, ask.today, college=college, mode=mode)


@router.get("", summary="Indicators of a year 年度指标")
def index(ask: Reading, year: Year = "", college: College = "", mode: Mode = "") -> DashboardShape:
    return DashboardShape.of(dashboard(ask.db, _scope(ask, year, college, mode), ask.now))


@router.get("/{id}/rows", summary="Rows behind a figure 指标明细")
def rows(
    ask: Reading,
    id_: Annotated[str, Path(alias="id", max_length=80)],
    year: Year = "",
    college: College = "",
    mode: Mode = "",
    part: Annotated[str, Query(pattern="^(part|over)?$")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=500)] = 50,
) -> BehindShape:
    scope = _scope(ask, year, college, mode)
    catch_up(ask.db, ask.person.org_id, ask.now)
    with ask.db.looking() as cur:
        what = opened(id_, part, choices(cur, ask.person.org_id))
        found = behind(cur, scope, what.part, page, size, what.narrowed, *what.values)
    return BehindShape(
        id=what.id, name=what.zh, total=found.total, amount=found.amount, opens=found.rows.opens,
        columns=[column.zh for column in found.rows.columns], rows=[list(line.cells) for line in found.lines],
        ids=[line.link for line in found.lines],
    )  # fmt: skip


@router.put("/{id}/definition", response_model=IndicatorShape, summary="Choose a definition 选定口径")
def define(ask: Writing, id_: Annotated[str, Path(alias="id", max_length=80)], body: Choice) -> Response:
    def act() -> IndicatorShape:
        choose_definition(ask.db, ask.person, id_, body.definition, ask.now)
        found = dashboard(ask.db, scope_of(ask.person.org_id, "", ask.today), ask.now)
        return IndicatorShape.of(found.figure(id_))

    return ask.once(act, asked=body, resumable=True)
