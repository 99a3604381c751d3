"""The royalty account of a case 提成费: what is due, and what a statement would make due. Nothing is written."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from desk.answers.royalty import royalty
from desk.api.asking import Asking, Reading
from desk.api.cases import CaseName
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/cases/{case}/royalty", tags=["royalty 提成费"], route_class=ApiRoute)


class SupposedStatement(BaseModel):
    """A statement to suppose 试算的报表."""

    model_config = ConfigDict(extra="forbid")

    products: str = Field(
        min_length=1, max_length=20_000, description="one product a line 每行：产品 销售额 退货 金额"
    )
    period: int | None = Field(default=None, ge=1, le=400, description="the next one if left out 期次")
    on: date | None = Field(default=None, description="interest as of this day; today if left out 截至日期")


@router.get("", summary="Show the royalty account 提成费账目")
def show(ask: Reading, case: CaseName, on: Annotated[date | None, Query()] = None) -> dict[str, Any]:
    return _answer(ask, case, on or ask.today)


@router.post("", summary="Suppose a statement 试算提成费")
def suppose(ask: Reading, case: CaseName, body: SupposedStatement) -> dict[str, Any]:
    return _answer(ask, case, body.on or ask.today, body.products, body.period)


def _answer(
    ask: Asking, case: str, on: date, products: str = "", period: int | None = None
) -> dict[str, Any]:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        return royalty(ask.db, session, ask.person, case_id, on=on, products=products, period=period)
