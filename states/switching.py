"""Another conversion mode in mid-case, before the signature: what stays valid stays, the rest becomes void.

The title check stays, and so do papers on record, consents that hold whatever the terms, and those terms that both
modes name alike. Publicity, price, approval, contract text and consents to this very deal become void: they were given
for the other mode. The patents must be fit for the
new mode, by the same matrix that a new case is held to.
"""

from dataclasses import replace

from rules.gates import check_patent
from states import guards as g
from states.change_payloads import SwitchMode
from states.consents import voided_with_the_deal
from states.context import Context
from states.facts import Switch
from states.plan import Effects, Unmet
from states.preparation import voided
from states.stepping_back import standing
from states.steps import OFFICER, Step, kept

EVENT = "switch_mode"
STAYS = frozenset({"title"})


def is_target_known(ctx: Context) -> tuple[Unmet, ...]:
    """The mode is another one, and this release can run it."""
    if ctx.payload is None:
        return ()
    if ctx.payload.mode == ctx.facts.mode:
        what = (f"本案的转化方式已经是“{ctx.mode.zh}”", f"the case is already a case of '{ctx.mode.en}'")
        remedy = ("选择另一种转化方式", "choose another mode")
    elif ctx.facts.switch is None:
        what = ("系统尚不能办理这种转化方式", "this release does not run that mode")
        remedy = ("选择已支持的转化方式", "choose a mode that is supported")
    else:
        return ()
    return (ctx.unmet("no_other_mode", "", what, remedy, "officer"),)


def are_patents_fit(ctx: Context) -> tuple[Unmet, ...]:
    """Nothing of the state × act matrix stands against opening a case of the new mode on these patents."""
    switch = ctx.facts.switch
    if switch is None:
        return ()
    return tuple(
        g.from_finding(ctx, finding)
        for patent in ctx.facts.patents
        for finding in check_patent(
            patent, switch.mode.slug, stage="open", institution=ctx.facts.institution,
            foreign_party=ctx.facts.foreign_party, today=ctx.today, warnings=False,
        )
    )  # fmt: skip


def _switch(ctx: Context) -> Effects:
    switch = _asked(ctx)
    void = voided_with_the_deal(ctx, voided([name for name in standing(ctx) if name not in STAYS]))
    told = {
        **kept(ctx), "before": ctx.facts.mode, "lost": list(switch.lost), "by_name": ctx.actor.name,
        "on": ctx.today.isoformat(),
    }  # fmt: skip
    history = [*ctx.data.items("switched", "list"), told]
    facts = {**void.facts, "switched": {"list": history, "terms": dict(switch.draft)}}
    return replace(void, facts=facts, into=switch.mode)


def _asked(ctx: Context) -> Switch:
    if ctx.facts.switch is None:
        raise ValueError("a switch to no mode")
    return ctx.facts.switch


STEPS: tuple[Step, ...] = (
    Step(
        EVENT, "变更转化方式", "Switch the mode", "变更了转化方式", "switched the conversion mode",
        OFFICER, SwitchMode, (g.is_unsigned, is_target_known, are_patents_fit), _switch, "warning",
    ),
)  # fmt: skip
