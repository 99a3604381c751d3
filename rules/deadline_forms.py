"""The forms in which a rule gives a date: each one computed, and explained when asked.

In: a `DeadlineRule`, a base date, and what the form needs besides (a second date, a year number, an amount). Out: an
`Ending`. `rules.deadlines` makes the deadline of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial

from rules.calendar import WorkCalendar
from rules.counting import (
    COUNTING_RULE,
    Counted,
    Period,
    Roll,
    add_months,
    count,
    named_en,
    named_zh,
    roll_over,
)
from rules.dates import chinese_date
from rules.deadline_rule import FIRST_YEAR_NUMBER, LAST_YEAR_NUMBER, DeadlineRule, Form, lengths
from rules.derivation import Derivation, step
from rules.money import format_yuan

Steps = tuple[Derivation, ...]


class NoDate(ValueError):
    """The rule has no period: only a contract or a notice names the date."""

    def __init__(self, rule: DeadlineRule) -> None:
        super().__init__(f"{rule.id} has not a period; only a contract or a notice names its date")
        self.zh = f"规则{rule.id}（{rule.title}）没有固定期限，只能由合同或通知书载明日期。{rule.text}"
        self.en = f"rule {rule.id} has no period: only a contract or a notice names the date"


class NeedsMore(ValueError):
    """The form needs a value that was not given, or cannot take the one that was; `field` names it."""

    def __init__(self, field_name: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field = field_name
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Besides:
    """What some forms need besides the base date; the amount is in fen."""

    second: date | None = None
    year: int | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a rule ends: `nominal` before, `due` after the roll-over; `told` makes the steps that led there."""

    nominal: date
    due: date
    roll: Roll
    provisional: bool
    period: str
    told: Callable[[], Steps] = field(repr=False, compare=False)


def ending(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    """Return where the rule ends for this base date.

    Raises: NoDate, NeedsMore.
    """
    return _FORMS[rule.form](rule, base, besides, calendar)


def _counted(period: Period, base: date, roll: bool, calendar: WorkCalendar) -> Ending:
    counted = count(base, period, roll=roll, calendar=calendar)
    return _of(counted)


def _of(counted: Counted, *before: Derivation) -> Ending:
    told = partial(_after_steps, before, counted) if before else counted.steps
    return Ending(counted.nominal, counted.due, counted.roll, counted.provisional, str(counted.period), told)


def _after_steps(before: Steps, counted: Counted) -> Steps:
    return (*before, *counted.steps())


def _after(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    if not rule.period:
        raise NoDate(rule)
    return _counted(_single(rule.period), base, rule.roll, calendar)


def _before(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    """Take the lengths off one after another; a day found backwards is never moved."""
    day = base
    for length in lengths(rule.period):
        day = _back(day, length, calendar)
    return Ending(day, day, "", False, rule.period, partial(_told_before, rule, base, day))


def _told_before(rule: DeadlineRule, base: date, day: date) -> Steps:
    labels_zh = "零".join(length.label_zh for length in lengths(rule.period))
    labels_en = " and ".join(length.label_en for length in lengths(rule.period))
    return (
        step(
            "base", f"{rule.event_zh}：{named_zh(base)}", f"{rule.event_en}: {named_en(base)}", base, "date"
        ),
        step(
            "nominal",
            f"须至少提前{labels_zh}，倒推至{named_zh(day)}，不因休息日后移",
            f"At least {labels_en} before, back to {named_en(day)}; not moved later for rest days",
            day,
            "date",
        ),
    )


def _until(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    return _on(rule, base, calendar, partial(_told_until, rule, base), rule.window)


def _told_until(rule: DeadlineRule, base: date) -> Steps:
    zh, en = (
        f"{rule.event_zh}：{named_zh(base)}，应在该日届满前办理",
        f"{rule.event_en}: {named_en(base)}; to be done by then",
    )
    return (step("base", zh, en, base, "date"),)


def _next_month(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    day = add_months(base.replace(day=1), 1).replace(day=rule.day_of_month)
    zh = f"应在次月{rule.day_of_month}日前办理，即{named_zh(day)}"
    en = f"To be done by day {rule.day_of_month} of the next month, {named_en(day)}"
    return _on(rule, day, calendar, partial(_told_base_and, rule, base, day, zh, en), "")


def _yearly(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    day = next_month_day(base, rule.month_day)
    zh = f"每年{_month_day_zh(rule.month_day)}前办理，其后最近的一次为{named_zh(day)}"
    en = f"Every year by {rule.month_day}; the next one is {named_en(day)}"
    return _on(rule, day, calendar, partial(_told_base_and, rule, base, day, zh, en), "")


def _year_end(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    year_end = date(base.year, 12, 31)
    counted = count(year_end, _single(rule.period), roll=rule.roll, calendar=calendar)
    if base == year_end:
        return _of(counted)
    zh = f"{rule.event_zh}：{named_zh(base)}，自{base.year}年终了起算"
    return _of(
        counted,
        step(
            "event",
            zh,
            f"{rule.event_en}: {named_en(base)}; counted from the end of {base.year}",
            base,
            "date",
        ),
    )


def _fixed(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    if rule.fixed_on is None:
        raise NoDate(rule)
    return Ending(rule.fixed_on, rule.fixed_on, "", False, "", partial(_told_fixed, rule.fixed_on))


def _told_fixed(day: date) -> Steps:
    zh, en = (
        f"规定载明的日期为{named_zh(day)}，与起算日无关",
        f"The rule names {named_en(day)}, whatever the base date",
    )
    return (step("nominal", zh, en, day, "date"),)


def _two_events(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    """Take the earlier or later of two nominal ends, then roll it over."""
    if besides.second is None:
        raise NeedsMore(
            "second",
            f"规则{rule.id}须同时给出第二个日期（{rule.second_zh or rule.second_event}）",
            f"rule {rule.id} needs a second date: {rule.second_en or rule.second_event}",
        )
    first = count(base, _single(rule.period), roll=rule.roll, calendar=calendar)
    second = count(besides.second, _single(rule.second_period), roll=rule.roll, calendar=calendar)
    is_first = (first.nominal <= second.nominal) == (
        rule.pick == "earlier"
    ) or first.nominal == second.nominal
    chosen = first if is_first else second
    period = f"{rule.period} {rule.pick} {rule.second_period}"
    return Ending(
        chosen.nominal, chosen.due, chosen.roll, chosen.provisional, period,
        partial(_told_two, rule, first, second, chosen),
    )  # fmt: skip


def _told_two(rule: DeadlineRule, first: Counted, second: Counted, chosen: Counted) -> Steps:
    named = (
        _one_event("first", rule.event_zh, rule.event_en, first),
        _one_event(
            "second", rule.second_zh or rule.second_event, rule.second_en or rule.second_event, second
        ),
    )
    pick_zh, pick_en = ("较早者", "earlier") if rule.pick == "earlier" else ("较晚者", "later")
    day = chosen.nominal
    picked = step(
        "nominal", f"取{pick_zh}{named_zh(day)}", f"The {pick_en} of the two, {named_en(day)}", day, "date"
    )
    return (*named, picked, *chosen.steps()[2:])


def _one_event(name: str, zh: str, en: str, counted: Counted) -> Derivation:
    base, nominal = counted.base, counted.nominal
    return step(
        name,
        f"{zh}（{chinese_date(base)}，当日不计入）起{counted.period.label_zh}，至{named_zh(nominal)}",
        f"{en} ({base.isoformat()}, not counted) and {counted.period.label_en}: {named_en(nominal)}",
        nominal,
        "date",
        rule=COUNTING_RULE,
    )


def _per_year(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    year = besides.year
    if year is None or not FIRST_YEAR_NUMBER <= year <= LAST_YEAR_NUMBER:
        raise NeedsMore(
            "year",
            f"规则{rule.id}须给出年度（{FIRST_YEAR_NUMBER} 至 {LAST_YEAR_NUMBER} 的整数）",
            f"rule {rule.id} needs a year number, {FIRST_YEAR_NUMBER} to {LAST_YEAR_NUMBER}",
        )
    counted = count(base, Period(year - 1, "y"), roll=rule.roll, calendar=calendar)
    zh = f"第{year}年度自{rule.event_zh}起满{year - 1}年开始，应在上一年度届满前办理"
    en = f"Year {year} begins {year - 1} years after: {rule.event_en}; to be done before the year before it ends"
    return _of(counted, step("year", zh, en, year))


def _by_amount(rule: DeadlineRule, base: date, besides: Besides, calendar: WorkCalendar) -> Ending:
    amount = besides.amount_fen
    band = next(
        band for band in rule.bands if band.below_fen is None or amount is None or amount < band.below_fen
    )
    counted = count(base, _single(band.period), roll=rule.roll, calendar=calendar)
    limits = "、".join(f"{format_yuan(b.below_fen)}元" for b in rule.bands if b.below_fen is not None)
    if amount is None:
        zh = f"未给出金额，按{limits}以下的一档{counted.period.label_zh}推算"
        return _of(
            counted, step("band", zh, "No amount given: the period of the lowest band", band.period, "text")
        )
    zh = f"金额{format_yuan(amount)}元（分档界限{limits}），适用{counted.period.label_zh}"
    return _of(
        counted,
        step(
            "band",
            zh,
            f"The amount of {format_yuan(amount)} yuan calls for {counted.period.label_en}",
            amount,
            "fen",
        ),
    )


def next_month_day(after: date, month_day: str) -> date:
    """Return the first day after `after` that has this month and day (`03-30`)."""
    month, day = map(int, month_day.split("-"))
    this_year = date(after.year, month, day)
    return this_year if this_year > after else this_year.replace(year=after.year + 1)


def opening(rule: DeadlineRule, nominal: date, calendar: WorkCalendar) -> date | None:
    """Return the first day on which the act may be done, or None if the rule has no window."""
    if rule.window:
        return _back(nominal, _single(rule.window), calendar)
    if rule.opens:
        month, day = map(int, rule.opens.split("-"))
        same_year = date(nominal.year, month, day)
        return same_year if same_year <= nominal else same_year.replace(year=nominal.year - 1)
    return None


def _on(
    rule: DeadlineRule, day: date, calendar: WorkCalendar, told: Callable[[], Steps], period: str
) -> Ending:
    if not rule.roll:
        return Ending(day, day, "", False, period, told)
    rolled = roll_over(day, calendar=calendar)
    return Ending(
        day, rolled.result, rolled.how, rolled.provisional, period, lambda: (*told(), *rolled.steps())
    )


def _told_base_and(rule: DeadlineRule, base: date, day: date, zh: str, en: str) -> Steps:
    first = step(
        "base", f"{rule.event_zh}：{named_zh(base)}", f"{rule.event_en}: {named_en(base)}", base, "date"
    )
    return first, step("nominal", zh, en, day, "date")


def _back(day: date, length: Period, calendar: WorkCalendar) -> date:
    if length.unit == "d":
        return day - timedelta(days=length.n)
    if length.unit == "wd":
        return calendar.subtract_workdays(day, length.n)
    return add_months(day, -length.n * (12 if length.unit == "y" else 1))


@lru_cache(maxsize=512)
def _single(text: str) -> Period:
    return Period.parse(text)


def _month_day_zh(text: str) -> str:
    month, day = map(int, text.split("-"))
    return f"{month}月{day}日"


_FORMS: dict[Form, Callable[[DeadlineRule, date, Besides, WorkCalendar], Ending]] = {
    "after": _after, "before": _before, "until": _until, "next_month": _next_month, "yearly": _yearly,
    "year_end": _year_end, "fixed": _fixed, "two_events": _two_events, "per_year": _per_year,
    "by_amount": _by_amount,
}  # fmt: skip
