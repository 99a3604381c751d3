"""The decision: from where a case stands and what is known, a plan or a refusal that explains itself.

Pure: the same function answers "do it", "what can I do next", "why not" and "what if".
Permission (may this person) and policy (may anyone, now) are two functions; both say why.
"""

from dataclasses import dataclass, replace
from datetime import date

from rules.deadlines import Deadline, compute, fixed
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook
from states.cautions import of_patents
from states.chart import NoArc, Position
from states.context import Context
from states.facts import Actor, CaseData, Facts
from states.guards import Guard
from states.modes import Mode
from states.papers import papers_after
from states.payload_fields import Payload
from states.places import brought_along
from states.plan import Effects, Opening, Plan, Refusal, Unmet
from states.signatures import missing
from states.steps import Step

ROLES = {
    "officer": ("转化专员", "officer"),
    "approver": ("审批人", "approver"),
    "finance": ("财务人员", "finance"),
    "administrator": ("管理员", "administrator"),
    "readonly": ("只读用户", "read-only user"),
    "supervisor": ("监管人员", "supervisor"),
    "outside": ("外部单位", "outside party"),
}


Known = dict[Guard, tuple[Unmet, ...]]


@dataclass(frozen=True, slots=True)
class Option:
    """A step as seen from where a case stands: possible, or why not, or somebody else's."""

    step: Step
    here: bool
    permitted: bool
    unmet: tuple[Unmet, ...]

    @property
    def possible(self) -> bool:
        """Say whether this person can take the step now."""
        return self.here and self.permitted and not self.unmet


def decide(
    mode: Mode,
    state: Position,
    event: str,
    facts: Facts,
    today: date,
    *,
    book: RuleBook,
    actor: Actor,
    payload: Payload,
) -> Plan | Refusal:
    """Return what an event would do, or every reason why it cannot happen now."""
    ctx = Context(mode, state, facts, payload, actor, today, book)
    refused = permission(mode, event, actor) + policy(mode, event, ctx)
    if refused:
        return Refusal(event, refused)
    effects = mode.steps[event].effect(ctx)
    position, chart = _move(mode, ctx, event, effects), mode.chart
    if effects.into is not None:
        position, chart = brought_along(chart, effects.into.chart, position), effects.into.chart
    return Plan(
        event=event,
        position=position,
        stage=chart.stage(position),
        final=chart.is_final(position),
        facts=effects.facts,
        deadlines=tuple((opening.key, deadline_of(opening, book)) for opening in effects.opens),
        moves=tuple((opening.key, deadline_of(opening, book)) for opening in effects.moves),
        closes=effects.closes,
        documents=papers_after(event, ctx, effects),
        outbox=effects.outbox,
        label=effects.label,
        raised=effects.raised,
        voids=effects.voids,
        reopens=effects.reopens,
        officer_id=effects.officer_id,
        patents_in=effects.patents_in,
        patents_out=effects.patents_out,
        register=effects.register,
        mode=effects.into.slug if effects.into else None,
        chart_version=effects.into.chart.version if effects.into else None,
        splits_off=effects.splits_off,
        takes_in=effects.takes_in,
    )


def options(
    mode: Mode,
    state: Position,
    facts: Facts,
    today: date,
    *,
    book: RuleBook,
    actor: Actor,
    everywhere: bool = False,
) -> tuple[Option, ...]:
    """Return every step that this position offers, possible or not, with all that is unmet.

    A step that has nothing to do with the case is left out. With `everywhere` also these, and those of other places.
    What several steps ask is asked once.
    """
    ctx = Context(mode, state, facts, None, actor, today, book)
    known: Known = {}
    return tuple(
        Option(step, here, not permission(mode, event, actor), policy(mode, event, ctx, known))
        for event, step in mode.steps.items()
        if (here := mode.chart.offers(state, event) and step.concerns(ctx)) or everywhere
    )


def cautions(
    mode: Mode, state: Position, facts: Facts, today: date, *, book: RuleBook, actor: Actor
) -> tuple[Unmet, ...]:
    """Return what should be known of the patents although it stops no step; nothing once the case has ended."""
    if mode.chart.is_final(state):
        return ()
    ctx = Context(mode, state, facts, None, actor, today, book)
    return (*of_patents(ctx), *missing(ctx), *(found for caution in mode.cautions for found in caution(ctx)))


def why_not(
    mode: Mode, state: Position, event: str, facts: Facts, today: date, *, book: RuleBook, actor: Actor
) -> Option:
    """Return one step with every reason why it is not possible now, wherever the case stands.

    Raises: KeyError if the mode has no such step.
    """
    ctx = Context(mode, state, facts, None, actor, today, book)
    here = mode.chart.offers(state, event) and mode.steps[event].concerns(ctx)
    return Option(mode.steps[event], here, not permission(mode, event, actor), policy(mode, event, ctx))


def permission(mode: Mode, event: str, actor: Actor) -> tuple[Unmet, ...]:
    """Return why this person may not take the step; nothing if they may."""
    step = mode.steps.get(event)
    if step is None or actor.role in step.roles:
        return ()
    names_zh = "、".join(ROLES[role][0] for role in sorted(step.roles))
    names_en = ", ".join(ROLES[role][1] for role in sorted(step.roles))
    return (
        Unmet(
            code="role",
            what_zh=f"“{step.zh}”须由{names_zh}办理，您的角色是{ROLES[actor.role][0]}",
            what_en=f"this step is for: {names_en}; you are {ROLES[actor.role][1]}",
            remedy_zh=f"请{names_zh}办理",
            remedy_en=f"ask: {names_en}",
            who=sorted(step.roles)[0],
        ),
    )


def policy(mode: Mode, event: str, ctx: Context, known: Known | None = None) -> tuple[Unmet, ...]:
    """Return every condition of the step that is not met, whoever asks.

    `known` keeps what guards have said of this very context, for the next step that asks the same.
    """
    step = mode.steps.get(event)
    if step is None:
        what = (f"没有名为“{event}”的步骤", f"there is no step '{event}'")
        return (
            ctx.unmet(
                "unknown_step", "", what, ("从可办理的步骤中选择", "choose a step that exists"), "officer"
            ),
        )
    known = {} if known is None else known
    for guard in step.guards:
        if guard not in known:
            known[guard] = guard(ctx)
    unmet = tuple(found for guard in step.guards for found in known[guard])
    return unmet if mode.chart.offers(ctx.position, event) else (_elsewhere(mode, ctx, step), *unmet)


def _elsewhere(mode: Mode, ctx: Context, step: Step) -> Unmet:
    states = mode.chart.states_offering(step.event)
    names = mode.chart.names
    where = "、".join(f"“{names[state]}”" for state in states)
    where_en = ", ".join(mode.chart.nodes[state].en for state in states)
    now = "、".join(f"“{names[leaf]}”" for leaf in ctx.position)
    if mode.chart.is_final(ctx.position):
        remedy = ("本案已结束；需要继续办理的，请另立新案", "the case has ended: open a new one")
    else:
        remedy = (f"先把案件办理到{where}", f"bring the case to: {where_en}")
    what = (f"“{step.zh}”只能在{where}时办理，本案目前为{now}", f"'{step.en}' starts from: {where_en}")
    return ctx.unmet("not_here", "", what, remedy, "officer")


def _move(mode: Mode, ctx: Context, event: str, effects: Effects) -> Position:
    choices = mode.chart.choices
    position = mode.chart.apply(ctx.position, event, lambda name: choices[name](ctx))
    told = _told(ctx, effects) if effects.raised else ctx
    for raised in effects.raised:
        try:
            position = mode.chart.apply(position, raised, lambda name: choices[name](told))
        except NoArc as error:
            raise ValueError(
                f"{mode.slug}: {event} raised {raised}, which has no arc from {position}"
            ) from error
    return position


def _told(ctx: Context, effects: Effects) -> Context:
    """Return the context with what the step has established."""
    folded = {**ctx.data.sections, **effects.facts}
    known = CaseData({name: values for name, values in folded.items() if values is not None})
    return replace(ctx, facts=replace(ctx.facts, data=known))


def deadline_of(opening: Opening, book: RuleBook) -> Deadline:
    """Compute the deadline that an opening asks for."""
    rule = book.deadline(opening.rule_id, opening.base_date)
    margin = book.house(opening.base_date).margins.get(rule.id, 0)
    calendar = calendar_of(book)
    if opening.due is None:
        counted = compute(
            rule, opening.base_date, title_suffix=opening.suffix, margin=margin, calendar=calendar,
            amount_fen=opening.amount_fen,
        )  # fmt: skip
        return replace(counted, base_event=opening.base_event)
    return fixed(
        rule,
        opening.due,
        base_event=opening.base_event,
        base_date=opening.base_date,
        title_suffix=opening.suffix,
        because_zh=opening.because_zh,
        because_en=opening.because_en,
        provisional=opening.provisional,
        margin=margin,
        calendar=calendar,
    )
