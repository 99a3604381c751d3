"""What an address of the indicators opens: the rows behind a figure, a stage or a group, with what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.errors import NotFound
from cases.indicators.catalog import GROUPINGS, INDICATORS, Definition, Indicator, Part
from cases.indicators.series import group_part
from cases.indicators.words import group_name
from states.modes import STAGES

PARTS = ("part", "over")
EMPTY_WORD = "none"


@dataclass(frozen=True, slots=True)
class Opened:
    """Rows to list: their part, one more condition with its values, and their name in both languages."""

    id: str
    zh: str
    en: str
    part: Part
    narrowed: str = ""
    values: tuple[object, ...] = ()
    indicator: Indicator | None = None
    definition: Definition | None = None


def opened(id_: str, which: str, chosen: Mapping[str, str]) -> Opened:
    """Return what an id names: an indicator, `leg.<stage>`, or `<grouping>.<word>`.

    Raises: NotFound.
    """
    name, _, word = id_.partition(".")
    if id_ in INDICATORS:
        one = INDICATORS[id_]
        using = one.by(chosen.get(id_, ""))
        part = using.over if which == "over" and using.over else using.part
        return Opened(id_, one.zh, one.en, part, indicator=one, definition=using)
    if name == "leg" and word in STAGES:
        zh, en = STAGES[word]
        return Opened(id_, f"{zh}阶段用时", f"Time of the stage: {en}", Part("legs"), "f.name = ?", (word,))
    if name in GROUPINGS and word:
        part, narrowed = group_part(name)
        stored = "" if word == EMPTY_WORD else word
        zh, en = group_name(name, stored)
        grouping = GROUPINGS[name]
        return Opened(id_, f"{grouping.zh}：{zh}", f"{grouping.en}: {en}", part, narrowed, (stored,))
    raise NotFound("没有这项指标，请从指标页重新打开", "no such indicator")
