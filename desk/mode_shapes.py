"""The JSON shapes of the conversion modes themselves, shared by the REST API and `panhuo modes --json`."""

from typing import Self

from pydantic import Field

from desk.shapes import FieldShape, Shape, fields_of
from states.catalog import MODES
from states.decide import ROLES
from states.modes import STAGES, Mode


class RegionShape(Shape):
    """A state that holds other states 上级状态: regions of a parallel one run side by side."""

    id: str
    zh: str
    en: str
    parent: str | None
    parallel: bool


class StateShape(Shape):
    """A state that a case stands in 状态. `parent` is the region it belongs to."""

    id: str
    zh: str
    en: str
    stage: str = Field(description="preparation, contract, performance or end 阶段")
    stage_zh: str
    parent: str | None
    final: bool


class EventShape(Shape):
    """An event of a mode 步骤; an automatic one follows from steps and is taken by nobody."""

    event: str
    zh: str
    en: str
    roles: list[str]
    roles_zh: list[str]
    from_: list[str] = Field(serialization_alias="from", description="states on which it starts 起始状态")
    automatic: bool
    fields: list[FieldShape] = Field(description="what the step asks for 办理时填写")


class ModeShape(Shape):
    """A conversion mode 转化方式 with its states and events."""

    slug: str
    zh: str
    en: str
    platform_label: str = Field(
        description="what the national platform calls the patent once it is done 平台标签"
    )
    version: int = Field(description="version of the state chart 状态图版本")
    regions: list[RegionShape]
    states: list[StateShape]
    events: list[EventShape]

    @classmethod
    def of(cls, mode: Mode) -> Self:
        """Return the shape of a mode."""
        chart = mode.chart
        automatic = sorted(set(chart.events) - set(mode.steps))
        return cls(
            slug=mode.slug, zh=mode.zh, en=mode.en, platform_label=mode.label, version=chart.version,
            regions=[
                RegionShape(
                    id=node.id, zh=node.zh, en=node.en, parent=chart.parents[node.id], parallel=node.parallel
                )
                for node in chart.nodes.values()
                if node.children
            ],
            states=[_state(mode, node.id) for node in chart.nodes.values() if not node.children],
            events=[_event(mode, event) for event in (*mode.steps, *automatic)],
        )  # fmt: skip


class ModesShape(Shape):
    """All conversion modes that this release drives 全部转化方式."""

    modes: list[ModeShape]


def all_modes() -> ModesShape:
    """Return the shapes of all modes, in the order of the catalog."""
    return ModesShape(modes=[ModeShape.of(mode) for mode in MODES.values()])


def _state(mode: Mode, leaf: str) -> StateShape:
    node, stage = mode.chart.nodes[leaf], mode.chart.stage_of(leaf)
    return StateShape(
        id=leaf, zh=node.zh, en=node.en, stage=stage, stage_zh=STAGES[stage][0] if stage else "",
        parent=mode.chart.parents[leaf], final=node.final,
    )  # fmt: skip


def _event(mode: Mode, event: str) -> EventShape:
    step = mode.steps.get(event)
    roles = sorted(step.roles) if step else []
    return EventShape(
        event=event, zh=step.zh if step else "", en=step.en if step else "", roles=roles,
        roles_zh=[ROLES[role][0] for role in roles], from_=list(mode.chart.states_offering(event)),
        automatic=step is None, fields=fields_of(step.payload) if step else [],
    )  # fmt: skip
