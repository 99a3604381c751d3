"""Conversion modes 转化方式: what they are, and which suits. The answers are those of `panhuo modes`."""

from typing import Annotated

from fastapi import APIRouter, Query

from cases.comparison import MOST_PATENTS, compare
from desk.api.asking import MAX_ID, Reading
from desk.api.routes import ApiRoute
from desk.comparison_shapes import ComparisonShape
from desk.mode_shapes import ModesShape, all_modes

router = APIRouter(prefix="/modes", tags=["modes 转化方式"], route_class=ApiRoute)
Id = Annotated[int, Query(ge=1, le=MAX_ID)]


@router.get("", summary="List the modes with their states and steps 转化方式")
def modes(_ask: Reading) -> ModesShape:
    return all_modes()


@router.get("/compare", summary="Compare the modes for chosen patents 比较转化方式")
def compared(
    ask: Reading,
    patent_id: Annotated[list[Id], Query(max_length=MOST_PATENTS, description="ids of patents 专利")],
    foreign_party: Annotated[bool, Query(description="对方为境外或港澳台主体")] = False,
) -> ComparisonShape:
    with ask.db.read() as session:
        found = compare(ask.db, session, ask.person, patent_id, ask.today, foreign_party=foreign_party)
        return ComparisonShape.of(found)
