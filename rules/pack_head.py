"""What a rule pack says of itself, and of the acts that it draws on.

In: the parts `[pack]` and `[acts]` of a pack. Out: frozen, checked models.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.pack_faults import refused
from rules.places import province_of
from rules.rule import LawDay, check_span


class PackHead(BaseModel):
    """What a pack says of itself. `place` is the province of a provincial pack: 浙江.

    `base` names the layers under which the pack stands when it is checked by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    version: str = Field(min_length=1)
    kind: Literal["national", "province", "house"]
    place: str = ""
    base: tuple[str, ...] = ()

    @field_validator("place")
    @classmethod
    def _check_place(cls, place: str) -> str:
        try:
            return province_of(place) if place else ""
        except ValueError as error:
            raise refused(str(error), f"unknown province: {place}") from error

    @model_validator(mode="after")
    def _check_kind(self) -> "PackHead":
        if (self.kind == "province") != bool(self.place):
            raise refused(
                "省级规则包须写明省份，其他规则包不写省份",
                "only a provincial pack names its province",
                "place",
            )
        return self


class Act(BaseModel):
    """An act or paper that rules are drawn from: the name of the version, and when it is in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1)
    valid_from: LawDay
    valid_to: LawDay | None = None

    @model_validator(mode="after")
    def _check_span(self) -> "Act":
        return check_span(self)
