"""Further questions to the rulebook 税收与其他官费: taxes, caps of open licenses, restoration, refunds, reductions."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from desk.answers import caps, fee_matters, taxes
from desk.api.asking import Reading
from desk.api.routes import ApiRoute
from desk.api.rules import AMOUNT, Answer, Question, Raw

router = APIRouter(prefix="/rules", tags=["rules 规则与计算"], route_class=ApiRoute)
MODE = "conversion mode 转化方式"
MET = "ids of the conditions that are met 已符合的条件, TX-09"
DAY = "the day, today if left out 日期"


class StampQuestion(Question):
    """Stamp duty of a deal 印花税."""

    mode: Raw = Field(default=None, description=MODE)
    price: Raw = Field(default=None, description=f"price of the contract 合同价款; {AMOUNT}")
    on: Raw = Field(default=None, description=DAY)


class VatQuestion(Question):
    """Exemption from VAT 增值税免征."""

    mode: Raw = Field(default=None, description=MODE)
    met: list[str] = Field(default_factory=list, description=MET)
    on: Raw = Field(default=None, description=DAY)


class CitQuestion(Question):
    """The yearly counter of technology income 企业所得税年度额度."""

    year: Raw = Field(default=None, description="tax year 纳税年度")
    income: list[str] = Field(
        default_factory=list, description="each MODE=AMOUNT or MODE=AMOUNT:YEARS 技术转让所得"
    )


class IitQuestion(Question):
    """Tax on a cash reward 现金奖励个人所得税."""

    mode: Raw = Field(default=None, description=MODE)
    paid_on: Raw = Field(default=None, description="day of payment 发放日")
    receipt: list[str] = Field(default_factory=list, description="each DATE=AMOUNT 到账日=奖励金额")
    met: list[str] = Field(default_factory=list, description=MET)


class DeferralQuestion(Question):
    """Deferral for technology brought in for shares 技术入股递延纳税."""

    obtained_on: Raw = Field(default=None, description="day on which the shares were obtained 取得股权日")
    shares_paid_on: Raw = Field(default=None, description="day on which the shares were paid 支付股权日")
    all_shares: bool = Field(default=True, description="the consideration is shares only 对价全部为股权")
    resident: bool = Field(default=True, description="the company is a resident 境内居民企业")
    filed_on: Raw = Field(default=None, description="day of the filing 备案日")


class CapsQuestion(Question):
    """The fee of an open license 开放许可使用费."""

    fixed: Raw = Field(default=None, description=f"fixed fee 固定费用; {AMOUNT}")
    sales: Raw = Field(default=None, description="share of net sales 净销售额提成, 20%")
    profit: Raw = Field(default=None, description="share of profit 利润提成, 40%")
    basis_chars: Raw = Field(default=None, description="length of the brief, characters 依据说明字数")
    on: Raw = Field(default=None, description=DAY)


class RestoreQuestion(Question):
    """Restoration after a lapse 恢复权利."""

    kind: Raw = Field(default=None, description="invention, utility or design 专利类型")
    filed: Raw = Field(default=None, description="filing date 申请日")
    year: Raw = Field(default=None, description="patent year 专利年度")
    received: Raw = Field(default=None, description="day on which the notice was received 收到终止通知书日")
    reduction: Raw = Field(default=None, description="none, 70 or 85 费用减缴")
    granted: Raw = Field(default=None, description="day of grant 授权公告日")
    payment: list[str] = Field(
        default_factory=list, description="earlier payments, each DATE=AMOUNT 此前的缴费"
    )
    obstacle_ended: Raw = Field(default=None, description="end of the obstacle, for force majeure 障碍消除日")


class CompensationQuestion(Question):
    """The fee of a compensated term 补偿期年费."""

    filed: Raw = Field(default=None, description="filing date 申请日")
    until: Raw = Field(default=None, description="last day of the compensated term 补偿期届满日")
    on: Raw = Field(default=None, description=DAY)


class RefundQuestion(Question):
    """What can be asked back 请求退款."""

    owed: Raw = Field(default=None, description=f"what was owed 应缴金额; {AMOUNT}")
    payment: list[str] = Field(default_factory=list, description="payments, each DATE=AMOUNT 缴费")
    on: Raw = Field(default=None, description=DAY)


class ReductionQuestion(Question):
    """Which reduction the owners may ask for 费用减缴资格."""

    owner: list[str] = Field(default_factory=list, description="each NAME=KIND or NAME=KIND=AMOUNT 权利人")
    before: list[str] = Field(default_factory=list, description="former owners 变更前的权利人")
    requested: bool = Field(default=False, description="a reduction has been asked for 已请求减缴")
    kind: Raw = Field(default=None, description="invention, utility or design 专利类型")
    filed: Raw = Field(default=None, description="filing date 申请日")
    on: Raw = Field(default=None, description=DAY)


@router.get("/taxes/stamp", summary="Compute stamp duty 印花税")
def stamp(ask: Reading, question: Annotated[StampQuestion, Query()]) -> Answer:
    return taxes.stamp(question.mode, question.price, on=question.on, layers=question.layers, today=ask.today)


@router.get("/taxes/vat", summary="Ask for exemption from VAT 增值税免征")
def vat(ask: Reading, question: Annotated[VatQuestion, Query()]) -> Answer:
    return taxes.vat(question.mode, met=question.met, on=question.on, layers=question.layers, today=ask.today)


@router.get("/taxes/cit", summary="Count a year's technology income 企业所得税额度")
def cit(ask: Reading, question: Annotated[CitQuestion, Query()]) -> Answer:
    return taxes.cit(question.year, question.income, layers=question.layers)


@router.get("/taxes/iit", summary="Tax a cash reward 现金奖励个人所得税")
def iit(ask: Reading, question: Annotated[IitQuestion, Query()]) -> Answer:
    return taxes.iit(
        question.mode, question.paid_on, question.receipt, met=question.met, layers=question.layers
    )


@router.get("/taxes/deferral", summary="Defer tax on shares 技术入股递延")
def deferral(ask: Reading, question: Annotated[DeferralQuestion, Query()]) -> Answer:
    return taxes.deferral(
        question.obtained_on, question.shares_paid_on, all_shares=question.all_shares,
        resident=question.resident, filed_on=question.filed_on, layers=question.layers,
    )  # fmt: skip


@router.get("/caps", summary="Check the fee of an open license 开放许可使用费上限")
def license_caps(ask: Reading, question: Annotated[CapsQuestion, Query()]) -> Answer:
    return caps.caps(
        fixed=question.fixed, sales=question.sales, profit=question.profit, basis_chars=question.basis_chars,
        on=question.on, layers=question.layers, today=ask.today,
    )  # fmt: skip


@router.get("/fees/restore", summary="Restore a lapsed right 恢复权利")
def restore(ask: Reading, question: Annotated[RestoreQuestion, Query()]) -> Answer:
    return fee_matters.restore(
        question.kind, question.filed, question.year, question.received, reduction=question.reduction,
        granted=question.granted, payments=question.payment, obstacle_ended=question.obstacle_ended,
        layers=question.layers,
    )  # fmt: skip


@router.get("/fees/compensation", summary="Fee of a compensated term 补偿期年费")
def compensation(ask: Reading, question: Annotated[CompensationQuestion, Query()]) -> Answer:
    return fee_matters.compensation(
        question.filed, question.until, on=question.on or ask.today.isoformat(), layers=question.layers
    )


@router.get("/fees/refund", summary="Ask back what was paid too much 请求退款")
def refund(ask: Reading, question: Annotated[RefundQuestion, Query()]) -> Answer:
    return fee_matters.refund(
        question.owed, question.payment, on=question.on or ask.today.isoformat(), layers=question.layers
    )


@router.get("/fees/reduction", summary="Ask for a reduction 费用减缴资格")
def reduction(ask: Reading, question: Annotated[ReductionQuestion, Query()]) -> Answer:
    return fee_matters.reduction(
        question.owner, on=question.on or ask.today.isoformat(), before=question.before,
        requested=question.requested, kind=question.kind, filed=question.filed, layers=question.layers,
    )  # fmt: skip
