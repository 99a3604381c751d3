"""Supervision 全市情况: figures of the institutions that agreed, for supervisors."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from cases.indicators.counting import Counted
from cases.indicators.words import shown
from cases.supervision import overview
from desk.api.asking import Reading
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/supervision", tags=["supervision 监管"], route_class=ApiRoute)


class FiguresShape(BaseModel):
    """Figures by their id 各项数值: `value` in the unit of the indicator, `shown` as people read it."""

    name: str
    values: dict[str, int | None]
    shown: dict[str, str]


class OverviewShape(BaseModel):
    """A city in a year 全市情况."""

    year: int
    institutions: list[FiguresShape]
    together: FiguresShape
    districts: dict[str, int]


@router.get("", summary="Show the figures of the city 全市情况")
def figures(ask: Reading, year: Annotated[str, Query(max_length=10)] = "") -> OverviewShape:
    found = overview(ask.db, ask.person, year, ask.today, ask.now)
    return OverviewShape(
        year=found.year,
        institutions=[_shape(one.name, one.indicators, one.counts) for one in found.institutions],
        together=_shape("合计", found.indicators, found.counts),
        districts=dict(found.districts),
    )


def _shape(name: str, indicators: tuple[Counted, ...], counts: object) -> FiguresShape:
    held = dict(counts) if isinstance(counts, dict) else {}
    values = {one.indicator.id: one.value for one in indicators} | held
    texts = {one.indicator.id: shown(one)[0] for one in indicators}
    return FiguresShape(
        name=name, values=values, shown=texts | {key: str(value) for key, value in held.items()}
    )
