"""Conversion modes 转化方式: what they are, with their states and steps. The answers are those of `panhuo modes`."""

from fastapi import APIRouter

from desk.api.asking import Reading
from desk.api.routes import ApiRoute
from desk.mode_shapes import ModesShape, all_modes

router = APIRouter(prefix="/modes", tags=["modes 转化方式"], route_class=ApiRoute)


@router.get("", summary="List the modes with their states and steps 转化方式")
def modes(_ask: Reading) -> ModesShape:
    return all_modes()
