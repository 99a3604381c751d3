"""Deadlines: a rule applied to a base date, with everything needed to explain and remind.

In: a `DeadlineRule` and a date. Out: a frozen `Deadline`. A due date in the past is returned like any other.
"""

from dataclasses import dataclass
from datetime import date

from rules.counting import Period, count
from rules.dates import chinese_date
from rules.deadline_rule import DeadlineRule


@dataclass(frozen=True)
class Deadline:
    """A date by which something must be done, and how it came about.

    `period` is empty and `nominal` equals `due` if the contract or a notice named the date. `rungs` are days
    before, `overdue_rungs` days after the due date on which `who` is reminded.
    """

    rule_id: str
    rule_version: str
    title: str
    title_en: str
    article: str
    confidence: str
    kind: str
    base_event: str
    base_date: date
    period: str
    nominal: date
    due: date
    roll: str
    provisional: bool
    explanation_zh: tuple[str, ...]
    explanation_en: tuple[str, ...]
    rungs: tuple[int, ...]
    overdue_rungs: tuple[int, ...]
    who: str


def compute(rule: DeadlineRule, base_date: date, *, title_suffix: str = "") -> Deadline:
    """Count the rule's period from the base date.

    Raises: ValueError if the rule has no period, because only a contract or a notice can name its date.
    """
    counted = count(base_date, Period.parse(rule.period), roll=rule.roll)
    return _deadline(
        rule,
        base_date,
        counted.nominal,
        counted.due,
        title_suffix,
        (_cite_zh(rule), *counted.explanation_zh),
        (_cite_en(rule), *counted.explanation_en),
        period=rule.period,
        roll=counted.roll,
        provisional=counted.provisional,
    )


def fixed(
    rule: DeadlineRule,
    due: date,
    *,
    base_event: str = "",
    base_date: date | None = None,
    title_suffix: str = "",
    because_zh: tuple[str, ...] = (),
    because_en: tuple[str, ...] = (),
) -> Deadline:
    """Take over a date that a contract, a notice or another computation has named; it never moves.

    `because_zh` and `because_en` replace the standing sentence on where the date comes from. Without a
    `base_event` or a `base_date`, the rule's event and the due date itself stand for them.
    """
    zh = because_zh or (_FIXED_ZH[rule.kind == "contract"].format(chinese_date(due)),)
    en = because_en or (_FIXED_EN[rule.kind == "contract"].format(due.isoformat()),)
    return _deadline(
        rule,
        base_date or due,
        due,
        due,
        title_suffix,
        (_cite_zh(rule), *zh),
        (_cite_en(rule), *en),
        base_event=base_event,
    )


_FIXED_ZH = {True: "合同约定的日期为{}，不顺延。", False: "日期{}已直接载明，未经推算，不顺延。"}
_FIXED_EN = {True: "The contract names {}; it does not move.", False: "{} was given, not counted."}


def _deadline(
    rule: DeadlineRule,
    base_date: date,
    nominal: date,
    due: date,
    title_suffix: str,
    explanation_zh: tuple[str, ...],
    explanation_en: tuple[str, ...],
    *,
    base_event: str = "",
    period: str = "",
    roll: str = "",
    provisional: bool = False,
) -> Deadline:
    return Deadline(
        rule_id=rule.id,
        rule_version=rule.version,
        title=f"{rule.title}：{title_suffix}" if title_suffix else rule.title,
        title_en=f"{rule.title_en}: {title_suffix}" if title_suffix else rule.title_en,
        article=rule.article,
        confidence=rule.confidence,
        kind=rule.kind,
        base_event=base_event or rule.base_event,
        base_date=base_date,
        period=period,
        nominal=nominal,
        due=due,
        roll=roll,
        provisional=provisional,
        explanation_zh=explanation_zh,
        explanation_en=explanation_en,
        rungs=rule.rungs,
        overdue_rungs=rule.overdue_rungs,
        who=rule.who,
    )


def _cite_zh(rule: DeadlineRule) -> str:
    badge = f"，{rule.badge_zh}" if rule.badge_zh else ""
    return f"依据{rule.article}（规则{rule.id}，版本{rule.version}{badge}）。"


def _cite_en(rule: DeadlineRule) -> str:
    badge = "" if rule.is_verified else ", not verified"
    return f"Rule {rule.id}, version {rule.version}{badge}: {rule.article}."
