"""Stepping back to an earlier state: what may be undone, until when, what becomes void with it, and what nobody can undo.

A region of the chart can be stepped back from where it has a voiding event (`void_publicity`). Before the signature
whatever the house asks for after it goes with it. What lies at the patent office is withdrawn there first. `LASTING`
holds what no step takes back, each with the rule and with what takes its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from pydantic import create_model

from states import guards as g
from states.change_payloads import StepBack
from states.chart import Chart
from states.context import Context
from states.payload_fields import Payload, chosen
from states.plan import Closing, Effects, Unmet
from states.preparation import voided
from states.steps import OFFICER, Step, kept

EVENT = "step_back"
CONTRACT, FILING, FEEDBACK = "contract", "filing", "feedback"
AFTER_SIGNATURE = (FILING, FEEDBACK)
Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lasting:
    """Something that nobody undoes: its name, when it has happened, the rule, why, and what takes its place."""

    name: Words
    has_happened: Callable[[Context], bool]
    rule_id: str
    why: Words
    instead: Words


def _has_day(section: str, key: str) -> Callable[[Context], bool]:
    return lambda ctx: ctx.data.day(section, key) is not None


def _is_recorded(ctx: Context, *, is_moved: bool) -> bool:
    """Say whether the office has recorded the contract, or moved the right (`is_moved`)."""
    moves = ctx.mode.filing is not None and ctx.mode.filing.owners is not None
    return ctx.data.day("filing", "recorded_on") is not None and moves == is_moved


LASTING: Mapping[str, Lasting] = {
    "signature": Lasting(
        ("合同签订", "the signature"), _has_day("contract", "signed_on"), "LI-15",
        ("合同签订后对双方有约束力，签订不能撤回", "a signed contract binds both parties: the signature cannot be taken back"),
        ("不再履行的，办理“解除合同”；日期或编号登记有误的，办理更正", "terminate the contract, or correct the date or number"),
    ),
    "effect": Lasting(
        ("合同生效", "the effect"), _has_day("contract", "effective_on"), "LI-15",
        ("合同已经生效，不能退回到生效之前", "the contract is in force and cannot go back to before its effect"),
        ("生效日期登记有误的，办理“更正日期”；不再履行的，办理“解除合同”", "correct the date, or terminate the contract"),
    ),
    "record": Lasting(
        ("专利局登记或备案", "the record at the office"), lambda ctx: _is_recorded(ctx, is_moved=False), "T-04",
        ("专利局已经登记或备案，本单位不能撤回", "the office has recorded it: the house cannot take that back"),
        (
            "合同终止后向专利局办理注销；编号或日期登记有误的，办理更正",
            "have it cancelled there when the contract ends, or correct the entry",
        ),
    ),
    "moved": Lasting(
        ("权利变更登记", "the change of owner"), lambda ctx: _is_recorded(ctx, is_moved=True), "TR-01",
        ("专利权自登记日起已经转移，本单位不能撤回", "the right has moved with its registration"),
        (
            "返还的，由受让人办理变更登记；编号或日期登记有误的，办理更正",
            "the new owner has it moved back, or correct the entry",
        ),
    ),
    "end": Lasting(
        ("合同终止或结案", "the end"), lambda ctx: ctx.data.has("end"), "",
        ("案件已经结束或合同已经终止，不能恢复", "the case or its contract has ended and does not come back"),
        ("需要继续办理的，另立新案", "open a new case"),
    ),
}  # fmt: skip


def undoable_in(chart: Chart) -> dict[str, Words]:
    """Return the regions of a chart that can be stepped back from, by id, with their names."""
    names = (event.removeprefix("void_") for event in chart.events if event.startswith("void_"))
    return {name: (chart.nodes[name].zh, chart.nodes[name].en) for name in names if name in chart.nodes}


def standing(ctx: Context) -> tuple[str, ...]:
    """Return what the case can be stepped back from where it stands; after the signature, clearances no more."""
    chart = ctx.mode.chart
    is_signed = ctx.at("signed") or chart.stage(ctx.position) == "performance"
    return tuple(
        name
        for name in undoable_in(chart)
        if chart.offers(ctx.position, f"void_{name}") and (name in AFTER_SIGNATURE or not is_signed)
    )


def may_be_undone(ctx: Context) -> tuple[Unmet, ...]:
    """What is named has been done, and nothing lasting stands against undoing it."""
    if ctx.payload is None:
        return () if standing(ctx) else _nothing_to_undo(ctx)
    what = ctx.payload.what
    if what in LASTING:
        return (
            _lasts(ctx, LASTING[what])
            if LASTING[what].has_happened(ctx)
            else _not_done(ctx, LASTING[what].name)
        )
    if what in standing(ctx):
        return ()
    name = undoable_in(ctx.mode.chart).get(what, (what, what))
    lasting = _lasting(ctx)
    return _not_done(ctx, name) if lasting is None or what in AFTER_SIGNATURE else _lasts(ctx, lasting)


def _lasting(ctx: Context) -> Lasting | None:
    return next((found for found in reversed(tuple(LASTING.values())) if found.has_happened(ctx)), None)


def _nothing_to_undo(ctx: Context) -> tuple[Unmet, ...]:
    lasting = _lasting(ctx)
    if lasting is not None:
        return _lasts(ctx, lasting)
    what = ("还没有可以退回的手续", "nothing has been done that could be undone")
    return (ctx.unmet("nothing_to_undo", "", what, ("继续办理即可", "go on"), "officer"),)


def _lasts(ctx: Context, lasting: Lasting) -> tuple[Unmet, ...]:
    return (ctx.unmet("cannot_be_undone", lasting.rule_id, lasting.why, lasting.instead, "officer"),)


def _not_done(ctx: Context, name: Words) -> tuple[Unmet, ...]:
    known = undoable_in(ctx.mode.chart)
    now_zh = "、".join(known[one][0] for one in standing(ctx)) or "无"
    now_en = ", ".join(known[one][1] for one in standing(ctx)) or "none"
    what = (f"“{name[0]}”尚未办理，无须退回", f"'{name[1]}' has not been done")
    return (
        ctx.unmet(
            "not_done", "", what, (f"现在可以退回的：{now_zh}", f"can be undone now: {now_en}"), "officer"
        ),
    )


def is_withdrawn_at_the_office(ctx: Context) -> tuple[Unmet, ...]:
    """What lies at the office has been withdrawn there.

    Source: 专利实施许可合同备案办法 art 11 (the office examines what was filed)
    """
    if ctx.payload is None or ctx.payload.what != FILING or FILING not in standing(ctx):
        return ()
    if ctx.payload.withdrawn_on is not None and ctx.payload.reference:
        return ()
    return (
        ctx.unmet(
            "lies_at_the_office", "L-08",
            ("申请正在专利局审查，不能只在本系统退回", "the filing is examined by the office and cannot be undone here alone"),
            ("先向专利局撤回，再填写撤回日期和撤回凭证", "withdraw it at the office, then enter the day and the proof"),
            "officer",
        ),
    )  # fmt: skip


def gone_with(ctx: Context, what: str) -> tuple[str, ...]:
    """Return what becomes void when something is undone: itself, and before the signature all that waits for it."""
    if what in AFTER_SIGNATURE:
        return (what,)
    found = standing(ctx)
    after = {name for name in found if what in ctx.policy.needed_before(name)}
    return tuple(name for name in found if name in (what, CONTRACT) or name in after)


def _step_back(ctx: Context) -> Effects:
    what = ctx.payload.what
    gone = gone_with(ctx, what)
    told = {**kept(ctx), "voids": list(gone), "by_name": ctx.actor.name, "on": ctx.today.isoformat()}
    history = {"stepped_back": {"list": [*ctx.data.items("stepped_back", "list"), told]}}
    void = voided(list(gone))
    closes, reopens = _timers(ctx, what)
    return replace(
        void, facts={**void.facts, **history}, closes=(*void.closes, *closes), reopens=reopens,
    )  # fmt: skip


def _timers(ctx: Context, what: str) -> tuple[tuple[Closing, ...], tuple[str, ...]]:
    """Return the deadlines that a step back from the performance closes, and those that run again."""
    filing = ctx.mode.filing
    if what == FEEDBACK:
        return (), (FEEDBACK,)
    if what != FILING or filing is None:
        return (), ()
    keys = (*((filing.decision[0],) if filing.decision else ()), "correction")
    return tuple(Closing(key, "dropped") for key in keys), (filing.due[0],) if filing.due else ()


def step_of(chart: Chart) -> Step:
    """Return the step back of a mode with this chart; modes that can undo the same share one step."""
    return _step(tuple(undoable_in(chart).items()))


@cache
def _step(undoable: tuple[tuple[str, Words], ...]) -> Step:
    names = {**dict(undoable), **{name: found.name for name, found in LASTING.items()}}
    return Step(
        EVENT, "退回", "Step back", "退回到此前的环节", "stepped back",
        OFFICER, _payload_of(names),
        (may_be_undone, is_withdrawn_at_the_office,
         g.day_between("withdrawn_on", "撤回日期", ("filing", "submitted_on", "提交日期"))),
        _step_back, "warning",
    )  # fmt: skip


def _payload_of(names: Mapping[str, Words]) -> type[Payload]:
    help_zh, help_en = "随之失效的内容在确认前列出", "What becomes void is listed before you confirm"
    shown: Any = chosen("退回哪一项", "What to step back from", names, help_zh, help_en)
    field: Any = (Literal[tuple(names)], shown)
    return create_model("StepBack", __base__=StepBack, __doc__=StepBack.__doc__, what=field)
