"""The step: an event of a chart with its labels, roles, payload, guards and effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from states.context import Context
from states.guards import Guard
from states.payload_fields import Payload
from states.plan import Effects

EffectOf = Callable[[Context], Effects]

OFFICER = frozenset({"officer", "administrator"})
APPROVER = frozenset({"approver"})
FINANCE = frozenset({"finance"})


def nothing(_ctx: Context) -> Effects:
    """A step that only moves."""
    return Effects()


def always(_ctx: Context) -> bool:
    """Every case has to do with the step."""
    return True


@dataclass(frozen=True)
class Step:
    """One step of a mode. `done_*` is how the timeline tells it; `guards` must all return nothing.

    `from_outside` marks a step that records what somebody outside has done, such as an office's answer: it may be
    possible all the time, and yet nobody here can hurry it. `concerns` says whether the step has anything to do with a
    case: one that has not is not offered, and still says why not when it is asked for.
    """

    event: str
    zh: str
    en: str
    done_zh: str
    done_en: str
    roles: frozenset[str]
    payload: type[Payload]
    guards: tuple[Guard, ...] = ()
    effect: EffectOf = nothing
    tone: str = "primary"
    from_outside: bool = False
    concerns: Callable[[Context], bool] = always


def noted(section: str, *extra: str) -> EffectOf:
    """Return the effect that keeps the payload (and, named in `extra`, who and when) under a section."""

    def effect(ctx: Context) -> Effects:
        return Effects(facts={section: {**kept(ctx), **_extra(ctx, extra)}})

    return effect


def kept(ctx: Context) -> dict[str, Any]:
    """Return the payload as JSON values."""
    return dict(ctx.payload.model_dump(mode="json"))


def section(ctx: Context, name: str, **changes: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return one section of the case's data with changes."""
    return {name: {**ctx.data.sections.get(name, {}), **changes}}


def required_day(ctx: Context, name: str) -> date:
    """Return a date that the payload must carry.

    Raises: ValueError if the step has no payload; effects run only with one.
    """
    value = ctx.day(name)
    if value is None:
        raise ValueError(f"effect without a payload date {name}")
    return value


def _extra(ctx: Context, names: tuple[str, ...]) -> dict[str, Any]:
    known = {"by": ctx.actor.id, "by_name": ctx.actor.name, "on": ctx.today.isoformat()}
    return {name: known[name] for name in names}
