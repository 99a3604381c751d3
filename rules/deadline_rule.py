"""Rules that give a date: how it is counted from its base event, and when whom is reminded.

In: a row of a pack. Out: a frozen, checked model that a lawyer can read; `rules.deadlines` interprets it.
"""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from rules.counting import Period
from rules.rule import Rule

DeadlineKind = Literal["statutory", "internal", "expected", "contract", "warning"]


class DeadlineRule(Rule):
    """A rule that gives a date: the length after a base event, and when to remind whom.

    `period` is for instance `3m`; it is empty if only the contract or a notice can name the date. `rungs` are
    days before the due date, `overdue_rungs` days after it. `who` is a role.
    """

    base_event: str = Field(min_length=1)
    period: str = ""
    roll: bool
    statutory: bool
    kind: DeadlineKind
    rungs: tuple[int, ...]
    overdue_rungs: tuple[int, ...]
    who: Literal["officer", "approver", "finance", "administrator"]

    @field_validator("period")
    @classmethod
    def _check_period(cls, value: str) -> str:
        if value:
            Period.parse(value)
        return value

    @model_validator(mode="after")
    def _check_rungs(self) -> "DeadlineRule":
        if list(self.rungs) != sorted(set(self.rungs), reverse=True) or min(self.rungs, default=0) < 0:
            raise ValueError("rungs must be days before the due date, falling")
        if (
            list(self.overdue_rungs) != sorted(set(self.overdue_rungs))
            or min(self.overdue_rungs, default=1) < 1
        ):
            raise ValueError("overdue_rungs must be days after the due date, rising")
        if self.statutory != (self.kind == "statutory"):
            raise ValueError("statutory and kind disagree")
        return self
