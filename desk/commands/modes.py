"""`panhuo modes`: the conversion modes that this release drives, with their states and steps."""

from typing import TYPE_CHECKING, Any

from desk.commands.console import Json, print_value, say

if TYPE_CHECKING:
    from states.modes import Mode


def modes(as_json: Json = False) -> None:
    """转化方式：名称、平台标签、状态、步骤 · the conversion modes with their states and steps."""
    from states.catalog import MODES  # noqa: PLC0415  start-up time

    told = [_told(mode) for mode in MODES.values()]
    if as_json:
        print_value({"modes": told})
        return
    for mode in told:
        states, steps = len(mode["states"]), sum(not event["automatic"] for event in mode["events"])
        say(
            f"{mode['slug']}\t{mode['zh']}\t平台标签：{mode['platform_label']}\t{states}个状态，{steps}个步骤",
            f"{mode['slug']}\t{mode['en']}\tplatform label: {mode['platform_label']}\t{states} states, {steps} steps",
        )


def _told(mode: "Mode") -> dict[str, Any]:
    """Return a mode as JSON; an automatic event follows from steps and is taken by nobody."""
    from states.decide import ROLES  # noqa: PLC0415  start-up time

    nodes, steps = mode.chart.nodes, mode.steps
    return {
        "slug": mode.slug,
        "zh": mode.zh,
        "en": mode.en,
        "platform_label": mode.label,
        "version": mode.chart.version,
        "states": [
            {"id": node.id, "zh": node.zh, "en": node.en, "stage": mode.chart.stages.get(node.id, "")}
            for node in nodes.values()
            if not node.children
        ],
        "events": [
            {
                "event": event,
                "zh": steps[event].zh if event in steps else "",
                "en": steps[event].en if event in steps else "",
                "roles": sorted(steps[event].roles) if event in steps else [],
                "roles_zh": [ROLES[role][0] for role in sorted(steps[event].roles)] if event in steps else [],
                "from": list(mode.chart.states_offering(event)),
                "automatic": event not in steps,
            }
            for event in (*steps, *sorted(set(mode.chart.events) - set(steps)))
        ],
    }
