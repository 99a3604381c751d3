"""Use first, pay later (先使用后付费): one model for every deal that begins with free use.

The other side uses the patents free of charge for a time, decides by a day whether to pay, to go on or to give back,
and pays when it converts or when the trigger happens. Amounts are fen; first and last days are included.

Source: 民法典 art 846 on forms of payment; the clause list is derived from local measures that were not read in full
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from contracts.deal import PaymentLine, Row
from contracts.fields import (
    YES_NO,
    Day,
    Fen,
    Flag,
    Note,
    Option,
    OptionalLine,
    PositiveFen,
    Terms,
    Whole,
    one_of,
    shown,
)
from contracts.phrases import joined, label, money, money_or_none
from rules.dates import chinese_date
from rules.money import format_yuan

TRIGGERS = (
    Option("date", "约定日期到来", "a date"),
    Option("event", "约定事件发生", "an event"),
    Option("threshold", "累计销售额达到约定数额", "sales reach a sum"),
)
SILENCE = (
    Option("return", "视为退还", "counts as giving back"),
    Option("convert", "视为转为付费", "counts as converting"),
)
CONVERSION = "conversion"  # the `ref` of the payment that conversion makes due
LONGEST_DAYS = 3 * 366


class Trial(Terms):
    """The free-use period, what may be done in it, what makes the payment due, and the choice at its end."""

    start: Day = shown(
        "免费使用期开始日", "Free use from", "trial", "date", "不采用先使用后付费的，本组各项均不填"
    )
    end: Day = shown("免费使用期届满日", "Free use until", "trial", "date", "届满当日仍在免费使用期内")
    purpose: Note = shown(
        "试用目的和范围",
        "Purpose and limits",
        "trial",
        "textarea",
        "例如：仅限样品试制、小批量验证和工艺放大试验",
    )
    sales_allowed: Flag = shown(
        "试用期内可以对外销售", "May sell during free use", "trial", "select",
        "不允许的，未经书面同意不得销售试用所得产品", options=YES_NO, default=False,
    )  # fmt: skip
    decide_by: Day = shown(
        "决定期限",
        "Decide by",
        "trial",
        "date",
        "最迟在这一天书面选择转为付费、继续试用或者退还；不晚于免费使用期届满日",
    )
    extend_until: Day | None = shown(
        "可继续试用至",
        "May go on until",
        "trial",
        "date",
        "允许延长一次的填写延长后的届满日；不允许的不填",
        default=None,
    )
    silence: Annotated[Literal["return", "convert"], one_of(SILENCE)] = shown(
        "逾期未作选择", "If nothing is said", "trial", "select", options=SILENCE, default="return"
    )
    trigger: Annotated[Literal["date", "event", "threshold"], one_of(TRIGGERS)] = shown(
        "付款触发",
        "Payment is triggered by",
        "trial",
        "select",
        "触发即转为付费，不必等到决定期限",
        options=TRIGGERS,
    )
    trigger_on: Day | None = shown(
        "触发日期", "Trigger date", "trial", "date", "以日期触发的填写", default=None
    )
    trigger_event: OptionalLine = shown(
        "触发事件",
        "Trigger event",
        "trial",
        help_zh="以事件触发的填写，例如：首批产品通过客户认证",
        default="",
    )
    threshold_fen: PositiveFen | None = shown(
        "触发销售额",
        "Trigger sum",
        "trial",
        "money",
        "以累计销售额触发的填写，不含税",
        unit="元",
        default=None,
    )
    trigger_evidence: OptionalLine = shown(
        "触发证明材料",
        "Evidence",
        "trial",
        help_zh="以事件或者销售额触发的填写，例如：认证证书、财务报表",
        default="",
    )
    fee_fen: Fen = shown(
        "转为付费时应付款", "Due on conversion", "trial", "money",
        "转为付费后一次支付的金额；只以入门费、提成费等后续款项付费的填 0", unit="元", default=0,
    )  # fmt: skip
    pay_days: Annotated[Whole, Field(ge=1, le=180)] = shown(
        "付款期限", "Pay within", "trial", "int", "转为付费之日起若干日内", unit="日", default=15
    )
    return_days: Annotated[Whole, Field(ge=1, le=180)] = shown(
        "返还期限", "Return within", "trial", "int", "选择退还后若干日内返还资料、样品", unit="日", default=30
    )
    guarantor: OptionalLine = shown(
        "担保人或者保险人", "Guarantor or insurer", "trial", help_zh="没有的不填；填写机构全称", default=""
    )
    guarantee: OptionalLine = shown(
        "担保或者保险方式",
        "Kind of guarantee",
        "trial",
        help_zh="例如：连带责任保证、知识产权转化保险",
        default="",
    )

    @property
    def paid_from(self) -> date:
        """The first day after the free-use period as first agreed."""
        return self.end + timedelta(days=1)

    @property
    def latest_end(self) -> date:
        """The last day on which the use can still be free."""
        return self.extend_until or self.end

    def due_after(self, converted_on: date) -> date:
        """Return the day by which a conversion has to be paid."""
        return converted_on + timedelta(days=self.pay_days)

    def due_at_latest(self) -> date:
        """Return the day of the payment if nothing converts it earlier and it is not put off."""
        return self.due_after(self.trigger_on or self.decide_by)

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between the fields."""
        yield from self._day_problems()
        yield from self._trigger_problems()
        if bool(self.guarantor) != bool(self.guarantee):
            yield (
                "guarantee" if self.guarantor else "guarantor",
                "担保人（保险人）和担保（保险）方式应同时填写，或者同时清空。",
            )

    def _day_problems(self) -> Iterable[tuple[str, str]]:
        if self.end <= self.start:
            yield "end", "免费使用期届满日应晚于开始日。"
            return
        if (self.latest_end - self.start).days > LONGEST_DAYS:
            yield (
                "end" if self.extend_until is None else "extend_until",
                "免费使用期连同延长不得超过三年。请核对日期。",
            )
        if not self.start < self.decide_by <= self.end:
            yield (
                "decide_by",
                f"决定期限应在免费使用期内（{self.start.isoformat()} 之后，不晚于 {self.end.isoformat()}）。",
            )
        if self.extend_until is not None and self.extend_until <= self.end:
            yield "extend_until", "继续试用的届满日应晚于免费使用期届满日。"

    def _trigger_problems(self) -> Iterable[tuple[str, str]]:
        asked = {"date": "trigger_on", "event": "trigger_event", "threshold": "threshold_fen"}
        names = {"trigger_on": "触发日期", "trigger_event": "触发事件", "threshold_fen": "触发销售额"}
        for trigger, field in asked.items():
            if (trigger == self.trigger) != bool(getattr(self, field)):
                word = "请填写" if trigger == self.trigger else "请清空"
                yield field, f"付款触发为“{label(TRIGGERS, self.trigger)}”，{word}{names[field]}。"
        if (self.trigger == "date") == bool(self.trigger_evidence):
            word = (
                "以日期触发的不需要证明材料，请清空。"
                if self.trigger == "date"
                else "请写明以什么材料证明已经触发。"
            )
            yield "trigger_evidence", word
        if self.trigger_on is not None and not self.start < self.trigger_on <= self.latest_end:
            yield "trigger_on", "触发日期应在免费使用期内。"
        if self.trigger_on is not None and self.extend_until is not None:
            yield "extend_until", "约定了触发日期的，到期即转为付费，不能再约定继续试用。请清空其中一项。"


@dataclass(frozen=True, slots=True)
class TrialNames:
    """What a deal calls the parties, what is used, and what is paid."""

    ours: str
    theirs: str
    subject: str
    fee: str


def trial_words(trial: Trial, names: TrialNames, *, more: bool, royalty: bool = False) -> dict[str, Any]:
    """Return the words of the clause on free use (`t.trial`).

    `more` says whether anything is paid beside the sum on conversion, `royalty` whether that includes a royalty.
    """
    return {
        "more": more,
        "royalty": royalty,
        "subject": names.subject,
        "fee_name": names.fee,
        "start": chinese_date(trial.start),
        "end": chinese_date(trial.end),
        "paid_from": chinese_date(trial.paid_from),
        "purpose": joined(trial.purpose),
        "sales_allowed": trial.sales_allowed,
        "decide_by": chinese_date(trial.decide_by),
        "extend_until": chinese_date(trial.extend_until) if trial.extend_until else "",
        "silence": trial.silence,
        "trigger": trial.trigger,
        "trigger_on": chinese_date(trial.trigger_on) if trial.trigger_on else "",
        "event": trial.trigger_event.rstrip("。"),
        "threshold": money(trial.threshold_fen) if trial.threshold_fen else "",
        "evidence": trial.trigger_evidence.rstrip("。"),
        "fee": money_or_none(trial.fee_fen),
        "pay_days": trial.pay_days,
        "return_days": trial.return_days,
        "guarantor": trial.guarantor,
        "guarantee": trial.guarantee,
    }


def trial_summary(trial: Trial) -> str:
    """Return the free use in one line, as notices and forms state it."""
    fee = f"，转为付费后{trial.pay_days}日内支付 {format_yuan(trial.fee_fen)} 元" if trial.fee_fen else ""
    return (
        f"先使用后付费：{chinese_date(trial.start)}至{chinese_date(trial.end)}免费使用，"
        f"{trigger_summary(trial)}即转为付费，{chinese_date(trial.decide_by)}前决定{fee}"
    )


def trigger_summary(trial: Trial) -> str:
    """Return what makes the payment due, in a few words."""
    if trial.trigger_on is not None:
        return f"{chinese_date(trial.trigger_on)}到来"
    if trial.threshold_fen is not None:
        return f"累计销售额达到 {format_yuan(trial.threshold_fen)} 元"
    return trial.trigger_event.rstrip("。")


def trial_rows(trial: Trial | None) -> tuple[Row, ...]:
    """Return what notice and approval form show of the free use; nothing if there is none."""
    if trial is None:
        return ()
    decided = f"{chinese_date(trial.decide_by)}前决定，逾期{label(SILENCE, trial.silence)}"
    choice = f"可继续试用至{chinese_date(trial.extend_until)}" if trial.extend_until else "不延长"
    return (
        ("免费使用期", f"{chinese_date(trial.start)}至{chinese_date(trial.end)}，{choice}；用途：{joined(trial.purpose)}"),
        ("付款触发和决定期限", f"{trigger_summary(trial)}；{decided}"),
    )  # fmt: skip


def trial_texts(trial: Trial | None) -> tuple[Row, ...]:
    """Return what was typed freely and goes into the contract, for the lint."""
    if trial is None:
        return ()
    return (
        ("试用目的和范围", trial.purpose),
        ("触发事件", trial.trigger_event),
        ("触发证明材料", trial.trigger_evidence),
    )


def trial_lines(trial: Trial | None) -> Iterable[PaymentLine]:
    """Yield the payment that conversion makes due, if one is agreed, on its latest day."""
    if trial is None or not trial.fee_fen:
        return
    base = "触发日期" if trial.trigger_on else "决定期限"
    basis = f"转为付费之日起{trial.pay_days}日内；所列日期自{base}起算，提前触发的提前，退还的不付"
    yield PaymentLine(
        "转为付费款项", CONVERSION, trial.fee_fen, trial.due_at_latest(), basis, fixed=False, ref=CONVERSION
    )


def trial_facts(trial: Trial | None) -> Mapping[str, Any]:
    """Return what the chart asks of the free use, as JSON values; nothing if there is none."""
    return {"trial": trial.model_dump(mode="json")} if trial is not None else {}
