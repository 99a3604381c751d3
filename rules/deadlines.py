"""Deadlines: a rule applied to a base date, with everything needed to explain and remind.

In: a `DeadlineRule` and a date. Out: a frozen `Deadline`. A due date in the past is returned like any other. The
statutory date, the house's internal date and the dates of the reminders stand apart on it. Explanations are made
when they are asked for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from rules.calendar import DAY, WorkCalendar, official
from rules.counting import Roll, named_en, named_zh
from rules.dates import chinese_date
from rules.deadline_forms import Besides, Steps, ending, opening
from rules.deadline_rule import DeadlineRule
from rules.derivation import Derivation, step
from rules.service import Served

YEAR = re.compile(r"第(\d+)年度")  # of a patent's annual fees
Status = Literal["open", "due_soon", "overdue", "met", "met_late"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date by which something must be done, and how it came about.

    `period` is empty and `nominal` equals `due` if the contract or a notice named the date. `opens` is the first
    day on which the act may be done, if there is one. `margin` is the number of days by which the house wants to
    be earlier. With `rule.minimum`, `due` is the last day of a time that must run in full.
    """

    rule: DeadlineRule = field(compare=False, repr=False)
    rule_id: str
    title: str
    title_en: str
    base_event: str
    base_date: date
    period: str
    nominal: date
    due: date
    roll: Roll
    provisional: bool
    opens: date | None
    margin: int
    served: Served | None
    calendar: WorkCalendar = field(compare=False, repr=False)
    told: Callable[[], Steps] = field(compare=False, repr=False)

    @property
    def rule_version(self) -> str:
        """The version of the rule."""
        return self.rule.version

    @property
    def article(self) -> str:
        """Where the rule stands."""
        return self.rule.article

    @property
    def confidence(self) -> str:
        """How well the rule's source is known."""
        return self.rule.confidence

    @property
    def kind(self) -> str:
        """The kind of date: statutory, internal, expected, contract or warning."""
        return self.rule.kind

    @property
    def minimum(self) -> bool:
        """Whether the time must run in full before the act."""
        return self.rule.minimum

    @property
    def rungs(self) -> tuple[int, ...]:
        """Days before the due date on which `who` is reminded."""
        return self.rule.rungs

    @property
    def overdue_rungs(self) -> tuple[int, ...]:
        """Days after the due date on which `who` is reminded."""
        return self.rule.overdue_rungs

    @property
    def who(self) -> str:
        """The role that is reminded."""
        return self.rule.who

    @property
    def internal(self) -> date | None:
        """The house's own date: the due date less the margin, moved back to a working weekday.

        Never before the base date. None if the house has set no margin, or the time must run in full.
        """
        if not self.margin or self.minimum:
            return None
        early = self.calendar.previous_weekday_workday(self.due - timedelta(days=self.margin))
        return max(early, self.base_date) if self.base_date <= self.due else early

    @property
    def warn_on(self) -> tuple[date, ...]:
        """The days of the reminders before and on the due date, rising; none lies before the base date."""
        days = (self.due - timedelta(days=rung) for rung in self.rungs)
        return tuple(day for day in days if day >= self.base_date or self.base_date > self.due)

    @property
    def free_from(self) -> date | None:
        """The first day on which the act is allowed, if the time must run in full."""
        return self.due + DAY if self.minimum else None

    @property
    def applied_early(self) -> bool:
        """Whether the event lies before the rule took effect, so that the present text stands in for the old."""
        judged = self.base_date if self.rule.judged_on == "base" else self.nominal
        return judged < self.rule.valid_from

    @property
    def derivation(self) -> Derivation:
        """How the date came about: service, base, nominal end, roll-over; the due date by this rule on top."""
        due_zh, due_en = named_zh(self.due), named_en(self.due)
        zh, en = (
            (
                f"须满{due_zh}（含当日），次日起方可办理",
                f"To run up to and including {due_en}; the act from the next day",
            )
            if self.minimum
            else (f"到期日为{due_zh}", f"Due on {due_en}")
        )
        return step("due", zh, en, self.due, "date", *self.steps(), *self._apart(), rule=self.rule)

    @property
    def explanation_zh(self) -> tuple[str, ...]:
        """The rule, then one Chinese sentence per step."""
        return (_cite_zh(self.rule), *(f"{told.zh}。" for told in self._told()))

    @property
    def explanation_en(self) -> tuple[str, ...]:
        """The rule, then one English sentence per step."""
        return (_cite_en(self.rule), *(f"{told.en}." for told in self._told()))

    def steps(self) -> Steps:
        """Return what led to the due date: service, base, nominal end, roll-over, cautions."""
        service = (self.served.derivation,) if self.served else ()
        counted = self.told() if self.rule.counted_by else tuple(map(_uncited, self.told()))
        return (*service, *counted, *self._early())

    def _told(self) -> Steps:
        return tuple(inner for outer in (*self.steps(), *self._opening()) for inner in outer.steps())

    def _early(self) -> Steps:
        if not self.applied_early:
            return ()
        start = self.rule.valid_from
        zh = f"起算事件早于本规则施行日（{chinese_date(start)}），按现行文本推算，待核实"
        en = f"The event lies before the rule took effect ({start.isoformat()}); the present text is applied, not verified"
        return (step("early", zh, en, start, "date"),)

    def _opening(self) -> Steps:
        if self.opens is None:
            return ()
        zh, en = f"自{chinese_date(self.opens)}起可以办理", f"May be done from {self.opens.isoformat()}"
        return (step("opens", zh, en, self.opens, "date"),)

    def _apart(self) -> Steps:
        internal = self.internal
        if internal is None:
            return self._opening()
        zh = f"本单位要求提前{self.margin}日，内部期限为{named_zh(internal)}"
        en = f"The house wants it {self.margin} days earlier, by {named_en(internal)}"
        return (*self._opening(), step("internal", zh, en, internal, "date"))


def compute(
    rule: DeadlineRule,
    base_date: date,
    *,
    title_suffix: str = "",
    calendar: WorkCalendar | None = None,
    margin: int = 0,
    served: Served | None = None,
    second: date | None = None,
    year: int | None = None,
    amount_fen: int | None = None,
) -> Deadline:
    """Apply the rule to a base date.

    `calendar` is that of the rulebook (`rules.holiday_notices.calendar_of`), or the shipped one. `margin` is the
    house's margin in days. `served` explains how the base date follows from the service of a notice; its day must
    be the base date. `second`, `year` and `amount_fen` are for the forms that need them.

    Raises: NoDate if only a contract or a notice can name the date; NeedsMore if the form needs another value.
    """
    used = calendar or official()
    found = ending(rule, base_date, Besides(second, year, amount_fen), used)
    title, title_en = _titled(rule, title_suffix)
    return Deadline(
        rule, rule.id, title, title_en, rule.base_event, base_date, found.period, found.nominal, found.due,
        found.roll, found.provisional, opening(rule, found.nominal, used), margin, served, used, found.told,
    )  # fmt: skip


def fixed(
    rule: DeadlineRule,
    due: date,
    *,
    base_event: str = "",
    base_date: date | None = None,
    title_suffix: str = "",
    because_zh: tuple[str, ...] = (),
    because_en: tuple[str, ...] = (),
    provisional: bool = False,
    calendar: WorkCalendar | None = None,
    margin: int = 0,
) -> Deadline:
    """Take over a date that a contract, a notice or another computation has named; it never moves.

    `because_zh` and `because_en` replace the standing sentence on where the date comes from. Without a
    `base_event` or a `base_date`, the rule's event and the due date itself stand for them.
    """
    contract = rule.kind == "contract"
    zh = because_zh or (_FIXED_ZH[contract].format(chinese_date(due)),)
    en = because_en or (_FIXED_EN[contract].format(due.isoformat()),)
    title, title_en = _titled(rule, title_suffix)
    return Deadline(
        rule, rule.id, title, title_en, base_event or rule.base_event, base_date or due, "", due, due, "", provisional,
        None, margin, None, calendar or official(), lambda: _given_steps(due, zh, en),
    )  # fmt: skip


def status(deadline: Deadline, today: date, met_on: date | None = None) -> Status:
    """Return how a deadline stands on a day.

    `met` if the act was done by the due date, `met_late` if after it. Not done: `overdue` from the day after the
    due date; `due_soon` from the first reminder (or the internal date, if that is earlier); otherwise `open`.
    For a time that must run in full: `met` if the act came after the due date, `overdue` if it came too early,
    so that the time must run again; not done: `due_soon` from the day on which it is allowed, before `open`.
    """
    if deadline.minimum:
        if met_on is not None:
            return "met" if met_on > deadline.due else "overdue"
        return "due_soon" if today > deadline.due else "open"
    if met_on is not None:
        return "met" if met_on <= deadline.due else "met_late"
    if today > deadline.due:
        return "overdue"
    soon = min((*deadline.warn_on, deadline.internal or deadline.due))
    return "due_soon" if today >= soon else "open"


_FIXED_ZH = {True: "合同约定的日期为{}，不顺延。", False: "日期{}已直接载明，未经推算，不顺延。"}
_FIXED_EN = {True: "The contract names {}; it does not move.", False: "{} was given, not counted."}


def _given_steps(due: date, zh: tuple[str, ...], en: tuple[str, ...]) -> Steps:
    """Return one step per given sentence, with the English one beside it; without one the Chinese stands."""
    twins = (*en, *zh[len(en) :])
    return tuple(
        step("given", text.rstrip("。"), twin.rstrip("."), due if last else None, "date" if last else "")
        for text, twin, last in zip(zh, twins, (*(False,) * (len(zh) - 1), True), strict=False)
    )


def _uncited(told: Derivation) -> Derivation:
    return replace(told, rule_id="", article="", confidence="", badge_zh="")


def _titled(rule: DeadlineRule, suffix: str) -> tuple[str, str]:
    english = YEAR.sub(r"year \1", suffix)
    return (
        (f"{rule.title}：{suffix}", f"{rule.title_en}: {english}") if suffix else (rule.title, rule.title_en)
    )


def _cite_zh(rule: DeadlineRule) -> str:
    badge = f"，{rule.badge_zh}" if rule.badge_zh else ""
    return f"依据{rule.article}（规则{rule.id}，版本{rule.version}{badge}）。"


def _cite_en(rule: DeadlineRule) -> str:
    badge = "" if rule.is_verified else ", not verified"
    return f"Rule {rule.id}, version {rule.version}{badge}: {rule.article}."
