"""How long a publicity must run before it may be closed.

The day of posting is not counted, every one of the following days counts in full, and the publicity may be
closed on the day after the last of them. While an objection is being handled the days stand still: neither
the day it came in, nor the day it was resolved, nor any day between counts.

Source: 促进科技成果转化法 art 18; 国发〔2016〕16号 (length from memory); unit and length are house policy
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rules.calendar import DAY, WorkCalendar, official
from rules.dates import chinese_date
from rules.derivation import Derivation, step

Pause = tuple[date, date | None]
Lines = tuple[tuple[str, ...], tuple[str, ...]]


class PublicityPolicy(Protocol):
    """What the house has laid down: a number of calendar days (d) or working days (wd)."""

    @property
    def publicity_days(self) -> int:
        """The number of days."""

    @property
    def publicity_unit(self) -> str:
        """`d` or `wd`."""


@dataclass(frozen=True)
class PublicityEnd:
    """When a publicity ends. While an objection is open `paused` is true and both dates are `date.max`."""

    base: date
    last_day: date
    may_close_from: date
    paused: bool
    provisional: bool
    explanation_zh: tuple[str, ...]
    explanation_en: tuple[str, ...]

    @property
    def derivation(self) -> Derivation:
        """How the day came about: one step per sentence, the day on which it may be closed on top."""
        told = [
            step("told", zh.rstrip("。"), en.rstrip("."))
            for zh, en in zip(self.explanation_zh, self.explanation_en, strict=True)
        ]
        if self.paused:
            return step(
                "due",
                "异议处理期间公示暂停，届满日待定",
                "Paused by an objection; no end yet",
                None,
                "",
                *told,
            )
        zh, en = (
            f"{chinese_date(self.may_close_from)}起可确认期满",
            f"May be closed from {self.may_close_from.isoformat()}",
        )
        return step("due", zh, en, self.may_close_from, "date", *told[:-1], _last(self, told[-1]))


def _last(end: PublicityEnd, told: Derivation) -> Derivation:
    return step("last_day", told.zh, told.en, end.last_day, "date")


def publicity_ends(
    posted_on: date,
    policy: PublicityPolicy,
    paused: Sequence[Pause] = (),
    *,
    calendar: WorkCalendar | None = None,
) -> PublicityEnd:
    """Return the last day of a publicity and the first day on which it may be closed.

    `paused` holds one pair per objection: the day it came in, and the day it was resolved or None. Pauses may
    overlap; days before the posting have no effect.
    """
    used = calendar or official()
    zh, en = _opening(posted_on, policy)
    for start, end in paused:
        handled = f"{chinese_date(end)}处理完毕" if end else "尚未处理完毕"
        zh += (f"{chinese_date(start)}收到异议，{handled}，期间不计入。",)
        en += (f"Objection {start.isoformat()} to {end.isoformat() if end else 'open'}: not counted.",)
    last = posted_on
    left = policy.publicity_days
    while left:
        last += DAY
        pause = _pause_over(last, paused)
        if pause is None:
            left -= policy.publicity_unit == "d" or used.is_workday(last)
        elif pause[1] is None:
            return PublicityEnd(posted_on, date.max, date.max, True, False, zh, en)
        else:
            last = pause[1]
    closing = last + DAY
    provisional = policy.publicity_unit == "wd" and used.is_provisional(last)
    zh += (f"公示期至{chinese_date(last)}届满，{chinese_date(closing)}起可确认期满。",)
    en += (f"The publicity ends on {last.isoformat()} and may be closed from {closing.isoformat()}.",)
    return PublicityEnd(posted_on, last, closing, False, provisional, zh, en)


def _opening(posted_on: date, policy: PublicityPolicy) -> Lines:
    unit_zh, unit_en = (
        ("个工作日", "working days") if policy.publicity_unit == "wd" else ("日", "calendar days")
    )
    return (f"公示首日{chinese_date(posted_on)}当日不计入，须公示满{policy.publicity_days}{unit_zh}。",), (
        f"Posted on {posted_on.isoformat()}, not counted; {policy.publicity_days} full {unit_en}.",
    )


def _pause_over(day: date, paused: Sequence[Pause]) -> Pause | None:
    """Return a pause that covers the day, an open one first."""
    covering = [pause for pause in paused if pause[0] <= day and (pause[1] is None or day <= pause[1])]
    return next((pause for pause in covering if pause[1] is None), covering[0] if covering else None)
