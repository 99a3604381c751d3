"""What a contribution to a company needs before its signature beside the shared clearances.

A valuation, filed where the rules ask for it, and the agreement of the persons who made the result on the award and
on who holds the shares. Source: 公司法 art 48; 促进科技成果转化法 arts 44-45; 资产评估法 art 28
"""

import re
from datetime import date
from typing import Any

from rules.money import format_yuan
from rules.reward_checks import PlanLine, check_plan
from states import equity_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.plan import Effects, Unmet
from states.preparation import voided
from states.steps import OFFICER, Step, kept, section

VALUATION = Node(
    "valuation", "资产评估", "Valuation",
    children=(
        Node("valuation_open", "待评估", "not valued", (
            Arc("record_valuation", "valuation_reported"), Arc("waive_valuation", "valuation_cleared"),
        )),
        Node("valuation_reported", "已评估待备案", "valued, not filed", (
            Arc("record_valuation"),
            Arc("file_valuation", "valuation_cleared"),
            Arc("void_valuation", "valuation_open"),
        )),
        Node("valuation_cleared", "评估已落实", "settled", (
            Arc("record_valuation", "valuation_reported"),
            Arc("void_valuation", "valuation_open"),
        )),
    ),
)  # fmt: skip
AWARD_AGREEMENT = Node(
    "award_agreement", "股权奖励约定", "Agreement on the award",
    children=(
        Node("award_not_agreed", "待约定", "not agreed", (Arc("agree_award", "award_agreed"),)),
        Node("award_agreed", "已约定", "agreed", (
            Arc("agree_award"), Arc("void_award_agreement", "award_not_agreed"),
        )),
    ),
)  # fmt: skip
FEWEST_VALUERS = 2


def are_valuers_enough(ctx: Context) -> tuple[Unmet, ...]:
    """At least two valuers have signed the report.

    Source: 资产评估法 art 28
    """
    if ctx.payload is None or len(set(_names(ctx.payload.valuers))) >= FEWEST_VALUERS:
        return ()
    return (
        ctx.unmet(
            "one_valuer", "EQ-11", ("签字的评估专业人员不足2名", "fewer than two valuers have signed"),
            ("核对评估报告签字页后补填；确实不足的，退回评估机构", "name all who signed, or send the report back"),
            "officer",
        ),
    )  # fmt: skip


def _names(typed: str) -> list[str]:
    return [name for name in re.split(r"[\s,，、;；和]+", typed) if name]


def is_report_in_order(ctx: Context) -> tuple[Unmet, ...]:
    """The report is dated after the day of the value, and still valid."""
    if ctx.payload is None:
        return ()
    as_of, dated, until = ctx.payload.value_on, ctx.payload.reported_on, ctx.payload.valid_until
    early = () if as_of <= dated else (
        ctx.unmet(
            "value_after_report", "EQ-01",
            (f"评估基准日{as_of.isoformat()}晚于评估报告日{dated.isoformat()}", "valued as of a day after the report"),
            ("核对两个日期", "check both days"), "officer",
        ),
    )  # fmt: skip
    return (*early, *_still_valid(ctx, until))


def is_valuation_valid(ctx: Context) -> tuple[Unmet, ...]:
    """The valuation, if there is one, has not run out."""
    return _still_valid(ctx, ctx.data.day("valuation", "valid_until"))


def _still_valid(ctx: Context, until: date | None) -> tuple[Unmet, ...]:
    if until is None or ctx.today <= until:
        return ()
    return (
        ctx.unmet(
            "valuation_expired", "EQ-01",
            (f"评估结论有效期至{until.isoformat()}，已过期", f"the valuation was valid until {until.isoformat()}"),
            ("重新评估并登记新的报告", "have the patents valued anew"), "officer",
        ),
    )  # fmt: skip


def is_valuation_settled(ctx: Context) -> tuple[Unmet, ...]:
    """The value has been appraised, and filed where asked, before it is agreed."""
    if not ctx.at("valuation_open") and not ctx.at("valuation_reported"):
        return ()
    what = ("尚未完成资产评估或评估备案", "the valuation, or its filing, is not done")
    remedy = (
        "登记评估报告并办理备案；决定不评估的，登记理由和依据",
        "record the report and its filing, or why there is none",
    )
    return (ctx.unmet("no_valuation", "EQ-02", what, remedy, "officer"),)


def is_difference_explained(ctx: Context) -> tuple[Unmet, ...]:
    """A value agreed that is not the appraised one comes with an explanation.

    Source: 公司法 art 48: neither over nor under the value
    """
    appraised = ctx.data.get("valuation", "value_fen")
    if ctx.payload is None or appraised in (None, ctx.terms.amount_fen) or ctx.payload.difference:
        return ()
    shown = f"{format_yuan(ctx.terms.amount_fen)}元", f"{format_yuan(appraised)}元"
    return (
        ctx.unmet(
            "difference_unexplained", "EQ-01",
            (f"作价{shown[0]}与评估价值{shown[1]}不一致，未作说明", "the value agreed is not the appraised one"),
            ("填写不一致的理由和决定机构；或把作价改为评估价值", "explain it, or agree on the appraised value"),
            "officer",
        ),
    )  # fmt: skip


def is_award_lawful(ctx: Context) -> tuple[Unmet, ...]:
    """The award of the terms keeps the least shares, and gives no shares to the head of the institution.

    Source: 促进科技成果转化法 art 45; 国发〔2016〕16号 (八)
    """
    if not ctx.terms.complete or ctx.terms.own.get("title_shared"):
        return ()
    return (*_below_floor(ctx), *_to_the_head(ctx))


def awarded(ctx: Context) -> tuple[tuple[str, str, int, bool], ...]:
    """Return the award of the terms: name, party, capital in fen, whether the head of the institution."""
    return tuple((name, party, fen, head) for name, party, fen, head in ctx.terms.own.get("award", ()))


def _below_floor(ctx: Context) -> tuple[Unmet, ...]:
    capital = int(ctx.terms.own.get("capital_fen", 0))
    lines = [PlanLine(party, fen) for _, party, fen, _ in awarded(ctx)]
    rest = capital - sum(line.amount_fen for line in lines)
    if rest < 0:
        return ()  # the terms refuse such an award themselves
    found = check_plan(
        "equity", capital, [*lines, PlanLine("institution", rest)], book=ctx.book, on=ctx.today
    )
    return tuple(
        ctx.unmet(
            "award_below_floor", broken.rule_id, (f"股权奖励：{broken.reason_zh}", f"award: {broken.reason_en}"),
            (broken.remedy_zh.removeprefix("请"), broken.remedy_en), "officer",
        )
        for broken in found
    )  # fmt: skip


def _to_the_head(ctx: Context) -> tuple[Unmet, ...]:
    return tuple(
        ctx.unmet(
            "award_to_head", "RW-16",
            (f"{name}为单位正职领导，原则上不得获取股权奖励", f"{name} heads the institution: no shares in principle"),
            ("改为现金奖励，或由其书面放弃后调整奖励人员", "award cash instead, or leave them out"), "officer",
        )
        for name, _, _, head in awarded(ctx)
        if head
    )  # fmt: skip


def has_everybody_signed(ctx: Context) -> tuple[Unmet, ...]:
    """Everybody who is to get shares has signed the agreement."""
    if ctx.payload is None:
        return ()
    signed = set(_names(ctx.payload.signed_by))
    absent = [name for name, *_ in awarded(ctx) if name not in signed]
    if not absent:
        return ()
    return (
        ctx.unmet(
            "not_signed", "RW-02",
            (f"股权奖励人员{'、'.join(absent)}尚未签字", f"not signed by {', '.join(absent)}"),
            ("补签后登记；人员有变的，先修改商务条款", "have them sign, or change the terms"), "officer",
        ),
    )  # fmt: skip


def _record_valuation(ctx: Context) -> Effects:
    """Keep the report; a price that rested on an earlier one is open again."""
    earlier: list[Any] = [*ctx.data.items("valuation", "earlier")]
    if ctx.data.get("valuation", "report_no"):
        earlier.append({k: v for k, v in ctx.data.sections["valuation"].items() if k != "earlier"})
    told = {**kept(ctx), "by_name": ctx.actor.name, **({"earlier": earlier} if earlier else {})}
    void = voided(["price"] if ctx.at("price_agreed") else [])
    return Effects(facts={**void.facts, "valuation": told}, raised=void.raised, voids=void.voids)


def _file_valuation(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "valuation", filing=kept(ctx)))


def _waive_valuation(ctx: Context) -> Effects:
    return Effects(facts={"valuation": {"waived": kept(ctx), "by_name": ctx.actor.name}})


def _agree_award(ctx: Context) -> Effects:
    return Effects(facts={"award_agreement": {**kept(ctx), "hash": ctx.terms.hashes.get("award")}})


_REPORTED = ("valuation", "reported_on", "评估报告日")

STEPS: tuple[Step, ...] = (
    Step(
        "record_valuation", "登记评估报告", "Record the valuation", "登记了评估报告", "recorded the valuation",
        OFFICER, p.RecordValuation,
        (g.is_unsigned, are_valuers_enough, is_report_in_order, g.day_between("reported_on", "评估报告日")),
        _record_valuation,
    ),
    Step(
        "file_valuation", "登记评估备案", "Record the filing of the valuation", "登记了评估备案", "filed the valuation",
        OFFICER, p.FileValuation, (g.day_between("filed_on", "备案日期", _REPORTED), is_valuation_valid),
        _file_valuation,
    ),
    Step(
        "waive_valuation", "登记不评估的决定", "Contribute without a valuation", "决定不作评估", "decided on no valuation",
        OFFICER, p.WaiveValuation, (g.day_between("decided_on", "决定日期"),), _waive_valuation, "warning",
    ),
    Step(
        "agree_award", "登记股权奖励约定", "Record the agreement on the award", "登记了股权奖励与持股约定",
        "recorded the agreement on the award", OFFICER, p.RecordAwardAgreement,
        (g.are_terms_complete, is_award_lawful, has_everybody_signed, g.day_between("agreed_on", "约定日期")),
        _agree_award,
    ),
)  # fmt: skip
