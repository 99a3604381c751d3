"""Questions to the rulebook 规则与计算: dates, fees, numbers. The answers are those of the command line, value by value.

Each question can be asked with GET, its fields in the address, or with POST, its fields in a JSON object. Nothing
is written.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from cases.fee_forecast import forecast_of
from desk.answers import dates, fees, numbers
from desk.answers.parsing import Faults
from desk.api.asking import Asking, Reading
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/rules", tags=["rules 规则与计算"], route_class=ApiRoute)
Raw = str | int | None
Answer = dict[str, Any]
Rows = list[dict[str, Any]]
LAYERS = "rule packs, the general ones first, comma-separated; national,house if left out 规则包"
AMOUNT = "a whole number is fen, with a unit it is what it says (120万, 1200000元) 整数为分，或带单位"


class Question(BaseModel):
    """A question; every value may come as text, read as the command line reads it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    layers: Raw = Field(default=None, description=LAYERS)


class RollQuestion(Question):
    """Days on which a limit ends 期限届满日."""

    date: list[str] = Field(default_factory=list, description="days, one or several 一个或多个日期")


class DueQuestion(Question):
    """A timer and its base date 期限与起算日."""

    rule: Raw = Field(default=None, description="id of a timer 期限规则编号, T-01")
    base: Raw = Field(default=None, description="base date 起算日")
    service: Raw = Field(
        default=None,
        description="post, electronic or publication: the base date is the dispatch of a notice 送达方式",
    )
    received: Raw = Field(default=None, description="proven day of receipt 实际收到日")
    year: Raw = Field(default=None, description="patent year, for timers that need it 专利年度")
    second: Raw = Field(default=None, description="second date, for timers with two events 第二个日期")
    amount: Raw = Field(default=None, description=AMOUNT)
    met_on: Raw = Field(default=None, description="day on which it was done 实际办理日")
    on: Raw = Field(
        default=None, description="day for which the status is told, today if left out 判断状态的日期"
    )


class FeeQuestion(Question):
    """One patent year's fee 某年度年费."""

    kind: Raw = Field(default=None, description="invention, utility or design 专利类型")
    filed: Raw = Field(default=None, description="filing date 申请日")
    year: Raw = Field(default=None, description="patent year 专利年度")
    paid_on: Raw = Field(default=None, description="day of payment 缴费日")
    reduction: Raw = Field(default=None, description="none, 70 or 85 费用减缴")
    granted: Raw = Field(default=None, description="day of grant 授权公告日")
    open_license: bool = Field(default=False, description="an open license is worked 开放许可实施期间")
    payment: list[str] = Field(
        default_factory=list, description="earlier payments, each DATE=AMOUNT 此前的缴费, 2026-05-20=925元"
    )


class OtherFeesQuestion(Question):
    """Official fees beside the annual fee 年费以外的官费."""

    kind: Raw = Field(default=None, description="invention, utility or design; all if left out 专利类型")
    on: Raw = Field(default=None, description="the day, today if left out 日期")


class ForecastQuestion(BaseModel):
    """A portfolio's coming fees 年费预测. The rule packs are those of the institution."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: Raw = Field(
        default=None, alias="from", description="first month, this one if left out 起始月, 2026-11"
    )
    months: Raw = Field(default="24", description="how many months 月数")
    by: Raw = Field(default="month", description="month or patent 按月或按件")
    on: Raw = Field(
        default=None, description="day on which overdue fees are paid, today if left out 推算缴费日"
    )


class NumberQuestion(BaseModel):
    """Numbers to check 待核对的号码."""

    model_config = ConfigDict(extra="forbid")

    no: list[str] = Field(default_factory=list, description="numbers, one or several 一个或多个号码")


@router.get("/roll", summary="Roll days over to working days 顺延计算")
def roll(ask: Reading, question: Annotated[RollQuestion, Query()]) -> Rows:
    return dates.roll(question.date, layers=question.layers)


@router.post("/roll", summary="Roll days over to working days 顺延计算")
def roll_posted(ask: Reading, question: RollQuestion) -> Rows:
    return dates.roll(question.date, layers=question.layers)


@router.get("/due", summary="Compute a due date 期限计算")
def due(ask: Reading, question: Annotated[DueQuestion, Query()]) -> Answer:
    return _due(ask, question)


@router.post("/due", summary="Compute a due date 期限计算")
def due_posted(ask: Reading, question: DueQuestion) -> Answer:
    return _due(ask, question)


def _due(ask: Asking, asked: DueQuestion) -> Answer:
    return dates.due(
        asked.rule, asked.base, service=asked.service, received=asked.received, year=asked.year,
        second=asked.second, amount=asked.amount, met_on=asked.met_on, on=asked.on or ask.today.isoformat(),
        layers=asked.layers,
    )  # fmt: skip


@router.get("/fees/due", summary="Compute an annual fee 年费计算")
def fee(ask: Reading, question: Annotated[FeeQuestion, Query()]) -> Answer:
    return _fee(question)


@router.post("/fees/due", summary="Compute an annual fee 年费计算")
def fee_posted(ask: Reading, question: FeeQuestion) -> Answer:
    return _fee(question)


def _fee(asked: FeeQuestion) -> Answer:
    return fees.due(
        asked.kind, asked.filed, asked.year, asked.paid_on, reduction=asked.reduction, granted=asked.granted,
        open_license=asked.open_license, payments=asked.payment, layers=asked.layers,
    )  # fmt: skip


@router.get("/fees/other", summary="List other official fees 其他官费")
def other_fees(ask: Reading, question: Annotated[OtherFeesQuestion, Query()]) -> Rows:
    return fees.other(question.kind, on=question.on or ask.today.isoformat(), layers=question.layers)


@router.get("/fees/forecast", summary="Forecast the institution's annual fees 年费预测")
def forecast(ask: Reading, question: Annotated[ForecastQuestion, Query()]) -> Answer:
    faults = Faults()
    day = faults.optional_day(question.on, "on") or ask.today
    by = faults.choice(question.by, "by", ("month", "patent"), default="month")
    faults.check()
    first, last = fees.span(question.from_, question.months, day)
    with ask.db.read() as session:
        found = forecast_of(session, ask.person.org_id, first, last, today=day)
    return fees.forecast_json(found, by=by)


@router.get("/number/check", summary="Check numbers 号码校验")
def number(ask: Reading, question: Annotated[NumberQuestion, Query()]) -> Rows:
    return numbers.check(question.no)


@router.post("/number/check", summary="Check numbers 号码校验")
def number_posted(ask: Reading, question: NumberQuestion) -> Rows:
    return numbers.check(question.no)
