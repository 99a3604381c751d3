"""Rows of a rule pack: rules, and dated rows of values that a rule stands behind.

In: what a pack says. Out: frozen, checked models. Which rows hold on a day is asked of `rules.packs.RuleBook`.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Confidence = Literal["V", "V*", "V (draft)", "S", "M", "D"]
Severity = Literal["block", "gate", "timer", "calc", "warn", "info"]
_VERIFIED = frozenset({"V", "V*"})


class Rule(BaseModel):
    """One rule: what it says, where it stands, when it holds, and how well its source is known.

    `confidence`: V the text was read, V* read on an unofficial or cut copy, V (draft) only the draft was
    read, S secondary source, M from memory, D derived from read rules. `valid_to` is the last day. `also`
    holds further ids under which the same rule is known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    article: str = Field(min_length=1)
    version: str = Field(min_length=1)
    valid_from: date
    valid_to: date | None = None
    confidence: Confidence
    severity: Severity
    text: str = ""
    also: tuple[str, ...] = ()
    layer: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether the wording of the rule itself was read."""
        return self.confidence in _VERIFIED

    @property
    def badge_zh(self) -> str:
        """The mark that the screen shows beside the rule: 待核实, or nothing."""
        return "" if self.is_verified else "待核实"

    def is_valid(self, on: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Dated(BaseModel):
    """A row of values that holds for a time: a fee, a share, a cap. `rule` is the rule it rests on.

    `layer` is the name of the pack it stands in, `place` the province of that pack (empty for the nation and for
    houses); both are filled in when the pack is loaded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    valid_from: date
    valid_to: date | None = None
    layer: str = ""
    place: str = ""

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """What two rows of one pack must differ in to hold on the same day."""
        return (self.rule,)

    def is_valid(self, on: date) -> bool:
        """Whether the row holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
