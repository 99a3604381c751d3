"""Rules that give a date: how it is counted from its base event, and when whom is reminded.

In: a row of a pack. Out: a frozen, checked model that a lawyer can read; `rules.deadline_forms` interprets it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.counting import Period
from rules.money import MoneyError, parse_yuan
from rules.pack_faults import refused
from rules.rule import Rule

DeadlineKind = Literal["statutory", "internal", "expected", "contract", "warning"]
Form = Literal[
    "after",
    "before",
    "until",
    "next_month",
    "yearly",
    "year_end",
    "fixed",
    "two_events",
    "per_year",
    "by_amount",
]
DutyOf = Literal["institution", "office", "ministry", "company", "licensee", "party"]
FIRST_YEAR_NUMBER, LAST_YEAR_NUMBER = 2, 25

_PART = r"[1-9]\d{0,3}(?:wd|d|m|y)"
_LENGTHS = re.compile(rf"^(?:{_PART})+$", re.ASCII)
_MONTH_DAY = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", re.ASCII)


class Band(BaseModel):
    """A period for amounts below a limit, in fen; the last band has no limit. Written in packs as `500万`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    below_fen: int | None = Field(default=None, alias="below")
    period: str

    @field_validator("below_fen", mode="before")
    @classmethod
    def _read_amount(cls, value: Any) -> Any:
        try:
            return parse_yuan(value) if isinstance(value, str) else value
        except MoneyError as error:
            raise refused(error.reason, f"not an amount: {value!r}") from error

    @field_validator("period")
    @classmethod
    def _check_period(cls, value: str) -> str:
        Period.parse(value)
        return value


class DeadlineRule(Rule):
    """A rule that gives a date: the length after a base event, and when to remind whom.

    `form` says how the date follows from the base date:
      `after`       base + `period`; without a period only the contract or a notice names the date
      `before`      base − `period` (several lengths may be joined: `2m15d`, taken off one after another)
      `until`       the base date itself; with `window` it opens so long before
      `next_month`  day `day_of_month` of the month after the base date's
      `yearly`      the next `month_day` after the base date
      `year_end`    `period` after 31 December of the base date's year
      `fixed`       `fixed_on`, whatever the base date
      `two_events`  base + `period` and a second date + `second_period`: the earlier or later, as `pick` says
      `per_year`    base + N−1 years, for the year number N
      `by_amount`   base + the period of the band that the amount falls into

    `roll`: whether a rest day at the end moves on. `window` (a period) or `opens` (month and day) say when the act
    may first be done. `minimum`: the period must run at least so long, the act may be done only after the date.
    `rungs` are days before the due date, `overdue_rungs` days after it, on which `who`, a role, is reminded.
    `duty_of` says whose act it is; `statutory` and kind `statutory` mean the institution's own duty by law.
    `judged_on`: the version of the rule goes by the base date, or by the day on which the period ends.
    `repeats`: the duty comes again so long after. `counted_by`: the rule on counting that the steps cite; empty
    where another law counts (tax, company law). `base_zh` and `base_en` name the base event for people.
    """

    base_event: str = Field(min_length=1)
    base_zh: str = ""
    base_en: str = ""
    form: Form = "after"
    period: str = ""
    roll: bool
    statutory: bool
    kind: DeadlineKind
    duty_of: DutyOf = "institution"
    day_of_month: int = Field(default=0, ge=0, le=28)
    month_day: str = ""
    fixed_on: date | None = None
    second_event: str = ""
    second_zh: str = ""
    second_en: str = ""
    second_period: str = ""
    pick: Literal["", "earlier", "later"] = ""
    bands: tuple[Band, ...] = ()
    window: str = ""
    opens: str = ""
    minimum: bool = False
    judged_on: Literal["base", "end"] = "base"
    repeats: str = ""
    counted_by: Literal["T-00", ""] = "T-00"
    rungs: tuple[int, ...]
    overdue_rungs: tuple[int, ...]
    who: Literal["officer", "approver", "finance", "administrator"]

    @property
    def names_date(self) -> bool:
        """Whether the date can be computed; otherwise only a contract or a notice names it."""
        return self.form != "after" or bool(self.period)

    @property
    def event_zh(self) -> str:
        """The base event in Chinese."""
        return self.base_zh or "起算事件发生"

    @property
    def event_en(self) -> str:
        """The base event in English."""
        return self.base_en or self.base_event.replace("_", " ")

    @field_validator("period", "second_period", "window", "repeats")
    @classmethod
    def _check_period(cls, value: str) -> str:
        if value and not _LENGTHS.match(value):
            raise refused(
                f"“{value}”不是期限，请写成 3m、30d、7wd、5y",
                f"not a period: {value!r}; write for instance 3m",
            )
        return value

    @field_validator("month_day", "opens")
    @classmethod
    def _check_month_day(cls, value: str) -> str:
        if value and not (_MONTH_DAY.match(value) and _exists(value)):
            raise refused(f"“{value}”不是月日，请写成 03-30", f"not a month and day: {value!r}; write 03-30")
        return value

    @model_validator(mode="after")
    def _check_form(self) -> "DeadlineRule":
        for name, (zh, en, holds) in _NEEDS[self.form].items():
            if not holds(self):
                raise refused(zh, en, name)
        if self.form != "before" and self.period and len(lengths(self.period)) > 1:
            raise refused("只有倒推的期限可以写成 2m15d 这样的组合", "only `before` joins lengths", "period")
        return self

    @model_validator(mode="after")
    def _check_rungs(self) -> "DeadlineRule":
        if list(self.rungs) != sorted(set(self.rungs), reverse=True) or min(self.rungs, default=0) < 0:
            raise refused(
                "提醒档须为到期前的天数，由大到小", "rungs must be days before the due date, falling", "rungs"
            )
        if (
            list(self.overdue_rungs) != sorted(set(self.overdue_rungs))
            or min(self.overdue_rungs, default=1) < 1
        ):
            raise refused(
                "逾期提醒档须为到期后的天数，由小到大",
                "overdue_rungs must be days after the due date, rising",
                "overdue_rungs",
            )
        if self.statutory != (self.kind == "statutory"):
            raise refused("statutory 与 kind 不一致", "statutory and kind disagree", "kind")
        return self


def lengths(text: str) -> tuple[Period, ...]:
    """Read one or several joined lengths: `3m`, `2m15d`."""
    return tuple(Period.parse(part) for part in re.findall(_PART, text))


def _exists(month_day: str) -> bool:
    try:
        date.fromisoformat(f"2001-{month_day}")
    except ValueError:
        return False
    return True


def _rising(rule: DeadlineRule) -> bool:
    limits = [band.below_fen for band in rule.bands]
    closed = [limit for limit in limits[:-1] if limit is not None]
    return (
        bool(limits)
        and limits[-1] is None
        and len(closed) == len(limits) - 1
        and closed == sorted(set(closed))
    )


_Need = tuple[str, str, Callable[[DeadlineRule], bool]]
_PERIOD: Mapping[str, _Need] = {
    "period": ("请填写期限", "a period is needed", lambda rule: bool(rule.period))
}
_NEEDS: Mapping[Form, Mapping[str, _Need]] = {
    "after": {},
    "before": _PERIOD,
    "until": {},
    "next_month": {
        "day_of_month": ("请填写次月的日，1 至 28", "day 1 to 28 is needed", lambda rule: rule.day_of_month > 0)
    },
    "yearly": {"month_day": ("请填写月日，例如 03-30", "month_day is needed", lambda rule: bool(rule.month_day))},
    "year_end": _PERIOD,
    "fixed": {
        "fixed_on": ("请填写固定日期", "fixed_on is needed", lambda rule: rule.fixed_on is not None)
    },
    "two_events": {
        **_PERIOD,
        "second_event": ("请填写第二个起算事件", "second_event is needed", lambda rule: bool(rule.second_event)),
        "second_period": ("请填写第二个期限", "second_period is needed", lambda rule: bool(rule.second_period)),
        "pick": ("请填写 earlier（较早）或 later（较晚）", "earlier or later is needed", lambda rule: bool(rule.pick)),
    },
    "per_year": {},
    "by_amount": {
        "bands": ("各档金额须由小到大，最后一档不设上限", "bands must rise, and only the last is open", _rising)
    },
}  # fmt: skip
