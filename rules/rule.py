"""Rows of a rule pack: rules, and dated rows of values that a rule stands behind.

In: what a pack says. Out: frozen, checked models. Which rows hold on a day is asked of `rules.packs.RuleBook`.
"""

from datetime import date
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.pack_faults import refused
from rules.places import province_of

FIRST_DAY = date(1985, 4, 1)
_YEARS = (1985, 2100)
Confidence = Literal["V", "V*", "V (draft)", "S", "M", "D"]
Severity = Literal["block", "gate", "timer", "calc", "warn", "info"]
_VERIFIED = frozenset({"V", "V*"})


def _check_year(day: date) -> date:
    first, last = _YEARS
    if not first <= day.year <= last:
        raise refused(f"年份须在{first}至{last}年之间", f"the year must be {first} to {last}")
    return day


LawDay = Annotated[date, AfterValidator(_check_year)]


class Spanned(Protocol):
    """Whatever holds for a time."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day, or None while no end is known."""


S = TypeVar("S", bound=Spanned)


def check_span(spanned: S) -> S:
    """Return what holds for a time, if its last day is not before its first.

    Raises: PydanticCustomError.
    """
    if spanned.valid_to is not None and spanned.valid_to < spanned.valid_from:
        raise refused("失效日早于生效日，请核对", "the last day is before the first", "valid_to")
    return spanned


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
    valid_from: LawDay
    valid_to: LawDay | None = None
    confidence: Confidence
    severity: Severity
    text: str = ""
    also: tuple[str, ...] = ()
    layer: str = ""

    @model_validator(mode="after")
    def _check_span(self) -> "Rule":
        return check_span(self)

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
    valid_from: LawDay
    valid_to: LawDay | None = None
    layer: str = ""
    place: str = ""

    @field_validator("place")
    @classmethod
    def _check_place(cls, place: str) -> str:
        if place:
            try:
                return province_of(place)
            except ValueError as error:
                raise refused(str(error), f"unknown province: {place}") from error
        return place

    @model_validator(mode="after")
    def _check_span(self) -> "Dated":
        return check_span(self)

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """What two rows of one pack must differ in to hold on the same day."""
        return (self.rule,)

    def is_valid(self, on: date) -> bool:
        """Whether the row holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
