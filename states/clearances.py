"""The clearances of a case before its signature: which there are, and the guards that ask for them.

`CLEARANCES` is the whole table; a mode has those whose region stands in its chart. In what order they stand is the
house's own rule (`HousePolicy.order`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rules.derivation import Derivation, step
from states import guards as g
from states.context import Context
from states.guards import Guard
from states.plan import Unmet

BEFORE_EFFECT = frozenset({"preparation", "contract"})


Words = tuple[str, str]


def _always(_ctx: Context) -> bool:
    return True


def is_export(ctx: Context) -> bool:
    """Say whether the deal brings technology abroad: a foreign other side, and more than designs.

    Parties of Hong Kong, Macao and Taiwan count as foreign.
    Source: 专利审查指南 (2023) part 1 ch 1 §6.7.2.2(3)
    """
    return ctx.facts.foreign_party and any(patent.kind != "design" for patent in g.living(ctx))


@dataclass(frozen=True, slots=True)
class Clearance:
    """One clearance: the leaves where it stands, its names, the rule that asks for it, what would meet it, and who can.

    `needed` says whether a case needs it at all; `stuck` tells, per leaf from which the usual remedy does not help,
    what stands against it and what to do.
    """

    done: tuple[str, ...]
    zh: str
    en: str
    rule_id: str
    remedy: Words
    who: str
    needed: Callable[[Context], bool] = _always
    stuck: Mapping[str, tuple[Words, Words]] = field(default_factory=dict)


# By the id of the region of the chart.
CLEARANCES: Mapping[str, Clearance] = {
    "title": Clearance(
        ("title_cleared",), "权属与法律状态核查", "title check", "O-01",
        ("完成“权属核查”", "complete the title check"), "officer",
    ),
    "entry": Clearance(
        ("entry_admitted",), "入池评审", "review of the entry", "PP-02",
        ("由专利池运营机构评审通过并登记", "have the operator admit the patents"), "officer",
    ),
    "price": Clearance(
        ("price_agreed",), "定价", "price", "PR-02",
        ("按商务条款约定的方式完成定价", "settle the price by the route that the terms name"), "officer",
    ),
    "publicity": Clearance(
        ("publicity_closed",), "公示期满", "publicity", "PR-03",
        ("完成公示并确认公示期满", "run the publicity to its end"), "officer",
    ),
    "approval": Clearance(
        ("approval_granted",), "审批", "approval", "PR-01",
        ("由审批人批准", "have the approver approve"), "approver",
    ),
    "first_refusal": Clearance(
        ("first_refusal_cleared",), "成果完成人优先受让", "first refusal of the inventors", "O-08",
        ("书面通知全体成果完成人，登记其答复，或待答复期限届满", "notify all inventors and record their answers"), "officer",
        stuck={
            "refusal_exercised": (
                ("成果完成人已主张优先受让，不能按同等条件转让给他人", "an inventor has taken up the first refusal"),
                (
                    "按同等条件与该成果完成人订约：撤回本案，以其为受让人另行立案；本案受让人就是该成果完成人，或其书面放弃的，"
                    "登记“优先受让处理结论”",
                    "deal with the inventor on the same terms in a case of their own, or record what came of it",
                ),
            ),
        },
    ),
    "export": Clearance(
        ("export_free", "export_intent", "export_licensing", "export_licensed"), "技术出口判定和许可", "export control", "T-24",
        ("完成“技术出口判定”；属限制出口的，取得许可意向书", "classify it; if restricted, obtain the letter of intent"),
        "officer", needed=is_export,
        stuck={
            "export_forbidden": (
                ("经判定属于禁止出口的技术，不得向境外转让、许可", "the technology must not be exported"),
                ("撤回本案；判定有误的，重新判定；部分专利不属于的，移出其余专利", "withdraw the case, or classify anew"),
            ),
            "export_refused": (
                ("商务主管部门不予许可出口", "the export was refused"),
                ("撤回本案；情况变化的，重新提出出口申请", "withdraw the case, or apply again"),
            ),
        },
    ),
    "valuation": Clearance(
        ("valuation_cleared",), "资产评估及备案", "valuation", "EQ-02",
        ("登记评估报告并办理备案；决定不评估的，登记理由", "record the valuation and its filing, or why there is none"),
        "officer",
    ),
    "award_agreement": Clearance(
        ("award_agreed",), "股权奖励与持股约定", "agreement on the award", "RW-02",
        ("与成果完成人签订股权奖励与持股约定并登记", "agree on the award with the inventors, and record it"), "officer",
    ),
}  # fmt: skip


def order_of(clearance: str) -> Guard:
    """Return the guard that holds a clearance to the house's order."""

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        before = ctx.policy.order.get(clearance, ())
        return tuple(_missing(ctx, needed) for needed in before if _is_missing(ctx, needed))

    return guard


def are_clearances_done(ctx: Context) -> tuple[Unmet, ...]:
    """Every clearance of the mode stands."""
    return tuple(_missing(ctx, name) for name in CLEARANCES if _is_missing(ctx, name))


# Routes to a price that are public by themselves: the publicity of an agreed price falls away.
PUBLIC_ROUTES = frozenset({"listing", "auction"})


def _is_needless(ctx: Context, clearance: str) -> bool:
    """Say whether a clearance falls away in this case.

    Source: 促进科技成果转化法 art 18 (only an agreed price is made public inside the institution)
    """
    return clearance == "publicity" and ctx.terms.price_method in PUBLIC_ROUTES


def _is_missing(ctx: Context, clearance: str) -> bool:
    """Clearances stand or miss before the effect only; a contract in force, or a case at its end, has none."""
    chart = ctx.mode.chart
    return (
        clearance in chart.nodes
        and not _is_needless(ctx, clearance)
        and chart.stage(ctx.position) in BEFORE_EFFECT
        and CLEARANCES[clearance].needed(ctx)
        and not any(ctx.at(leaf) for leaf in CLEARANCES[clearance].done)
    )


def _missing(ctx: Context, clearance: str) -> Unmet:
    known = CLEARANCES[clearance]
    code, rule_id = f"needs_{clearance}", known.rule_id
    for leaf, (what, remedy) in known.stuck.items():
        if ctx.at(leaf):
            return ctx.unmet(code, rule_id, what, remedy, known.who)
    return ctx.unmet(
        code, rule_id, (f"尚未完成{known.zh}", f"not done: {known.en}"), known.remedy, known.who,
        because=lambda: (_standing(ctx, known.done),),
    )  # fmt: skip


def _standing(ctx: Context, wanted: tuple[str, ...]) -> Derivation:
    """Return the step that tells where the case stands, and where it should."""
    here = "、".join(ctx.position)
    return step(
        "position",
        f"案件须已到“{'”或“'.join(wanted)}”，现处于：{here}",
        f"needs '{' or '.join(wanted)}', stands at: {here}",
        here,
        "text",
    )
