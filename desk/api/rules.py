"""Questions to the rulebook 规则与计算, answered as on the command line, value by value.

Each question can be asked with GET, its fields in the address, or with POST, its fields in a JSON object. Nothing
is written.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import Invalid
from cases.fee_forecast import forecast_of
from desk.answers import dates, fees, gate, gate_facts, net_income, numbers, shares
from desk.answers.parsing import Faults
from desk.api.asking import Asking, Reading
from desk.api.routes import MAX_TEXT, ApiRoute

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


class SharesQuestion(Question):
    """Net income to divide 待分配的净收入."""

    mode: Raw = Field(default=None, description="conversion mode 转化方式, transfer … own_use")
    net: Raw = Field(default=None, description=f"net income 净收入; {AMOUNT}")
    contract: Raw = Field(
        default=None, description=f"contract amount, for the house's tiers 合同金额; {AMOUNT}"
    )
    place: Raw = Field(default=None, description="province 省份, 浙江 or zhejiang")
    pack: Raw = Field(default=None, description="house pack 单位规则包")
    on: Raw = Field(default=None, description="day of the receipt, today if left out 到账日")
    unit: Raw = Field(default=None, description="state or other 单位性质")
    leader: Raw = Field(default=None, description="none, head or other 完成人中的领导人员")


class NetIncomeQuestion(Question):
    """A receipt and its costs 到账与成本."""

    receipt: Raw = Field(default=None, description=f"receipt 到账金额; {AMOUNT}")
    cost: list[str] = Field(
        default_factory=list, description="costs, each KIND=AMOUNT, each kind once 各项成本, tax=1.2万元"
    )
    unproved: list[str] = Field(
        default_factory=list, description="kinds of cost without proof 没有凭证的成本"
    )
    place: Raw = Field(default=None, description="province 省份")
    pack: Raw = Field(default=None, description="house pack 单位规则包")
    on: Raw = Field(default=None, description="day of the receipt, today if left out 到账日")


class GateQuestion(Question):
    """Mode, stage and day of a deal 转化方式、环节和日期; they may stand in the facts instead."""

    mode: Raw = Field(default=None, description="conversion mode 转化方式")
    stage: Raw = Field(default=None, description="open, sign or file; sign if left out 环节")
    on: Raw = Field(default=None, description="the day, today if left out 日期")


class GateTextQuestion(GateQuestion):
    """The same with the facts as the text of a JSON object 事实的JSON文本."""

    facts: str = Field(default="{}", max_length=MAX_TEXT, description="the facts, a JSON object as text 事实")


class GateFactsQuestion(GateQuestion):
    """The same with the facts of the patents, see docs/gate-facts.md 专利与交易的事实."""

    facts: dict[str, Any] = Field(
        default_factory=dict, description="institution, patents, license, other_cases … 事实"
    )


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


@router.get("/shares", summary="Divide net income 收益分配计算")
def share(ask: Reading, question: Annotated[SharesQuestion, Query()]) -> Answer:
    return _shares(ask, question)


@router.post("/shares", summary="Divide net income 收益分配计算")
def share_posted(ask: Reading, question: SharesQuestion) -> Answer:
    return _shares(ask, question)


def _shares(ask: Asking, asked: SharesQuestion) -> Answer:
    return shares.shares(
        asked.mode, asked.net, asked.contract, place=asked.place, pack=asked.pack, on=asked.on, unit=asked.unit,
        leader=asked.leader, layers=asked.layers, today=ask.today,
    )  # fmt: skip


@router.get("/net-income", summary="Compute the net income of a receipt 净收入计算")
def net(ask: Reading, question: Annotated[NetIncomeQuestion, Query()]) -> Answer:
    return _net_income(ask, question)


@router.post("/net-income", summary="Compute the net income of a receipt 净收入计算")
def net_posted(ask: Reading, question: NetIncomeQuestion) -> Answer:
    return _net_income(ask, question)


def _net_income(ask: Asking, asked: NetIncomeQuestion) -> Answer:
    costs: dict[str, Raw] = {}
    for number, text in enumerate(asked.cost, 1):
        kind, sign, amount = (part.strip() for part in text.partition("="))
        if not sign or not kind or kind in costs:
            reason = f"“{text[:40]}”写法不对：写成 项目=金额，每个项目一次，例如 tax=1万"
            raise Invalid(reason, {f"cost[{number}]": reason}, "write KIND=AMOUNT, each kind once")
        costs[kind] = amount
    return net_income.net(
        asked.receipt, costs, unproved=frozenset(asked.unproved), place=asked.place, pack=asked.pack, on=asked.on,
        layers=asked.layers, today=ask.today,
    )  # fmt: skip


@router.get("/gate", summary="Ask whether a deal can be made 转化可行性")
def feasible(ask: Reading, question: Annotated[GateTextQuestion, Query()]) -> Answer:
    return _gate(ask, question, gate_facts.read_json(question.facts))


@router.post("/gate", summary="Ask whether a deal can be made 转化可行性")
def feasible_posted(ask: Reading, question: GateFactsQuestion) -> Answer:
    return _gate(ask, question, question.facts)


def _gate(ask: Asking, asked: GateQuestion, facts: Mapping[str, Any]) -> Answer:
    return gate.check(
        facts, mode=asked.mode, stage=asked.stage, on=asked.on, layers=asked.layers, today=ask.today
    )
