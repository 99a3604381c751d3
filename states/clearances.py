"""The clearances of a case before its signature: which there are, and the guards that ask for them.

`CLEARANCES` is the whole table; a mode has those whose region stands in its chart. In what order they stand is the
house's own rule (`HousePolicy.order`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.derivation import Derivation, step
from states.context import Context
from states.guards import Guard
from states.plan import Unmet

BEFORE_EFFECT = frozenset({"preparation", "contract"})


@dataclass(frozen=True, slots=True)
class Clearance:
    """One clearance: the leaf where it stands, its names, the rule that asks for it, what would meet it, and who can."""

    done: str
    zh: str
    en: str
    rule_id: str
    remedy: tuple[str, str]
    who: str


# By the id of the region of the chart.
CLEARANCES: Mapping[str, Clearance] = {
    "title": Clearance(
        "title_cleared", "权属与法律状态核查", "title check", "O-01",
        ("完成“权属核查”", "complete the title check"), "officer",
    ),
    "entry": Clearance(
        "entry_admitted", "入池评审", "review of the entry", "PP-02",
        ("由专利池运营机构评审通过并登记", "have the operator admit the patents"), "officer",
    ),
    "price": Clearance(
        "price_agreed", "协议定价", "price by agreement", "PR-02",
        ("完成“确认协议定价”", "agree the price"), "officer",
    ),
    "publicity": Clearance(
        "publicity_closed", "公示期满", "publicity", "PR-03",
        ("完成公示并确认公示期满", "run the publicity to its end"), "officer",
    ),
    "approval": Clearance(
        "approval_granted", "审批", "approval", "PR-01",
        ("由审批人批准", "have the approver approve"), "approver",
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


def _is_missing(ctx: Context, clearance: str) -> bool:
    """Clearances stand or miss before the effect only; a contract in force, or a case at its end, has none."""
    chart = ctx.mode.chart
    return (
        clearance in chart.nodes
        and chart.stage(ctx.position) in BEFORE_EFFECT
        and not ctx.at(CLEARANCES[clearance].done)
    )


def _missing(ctx: Context, clearance: str) -> Unmet:
    known = CLEARANCES[clearance]
    return ctx.unmet(
        f"needs_{clearance}", known.rule_id, (f"尚未完成{known.zh}", f"not done: {known.en}"), known.remedy, known.who,
        because=lambda: (_standing(ctx, known.done),),
    )  # fmt: skip


def _standing(ctx: Context, wanted: str) -> Derivation:
    """Return the step that tells where the case stands, and where it should."""
    here = "、".join(ctx.position)
    return step(
        "position",
        f"案件须已到“{wanted}”，现处于：{here}",
        f"needs '{wanted}', stands at: {here}",
        here,
        "text",
    )
