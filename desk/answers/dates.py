"""Two questions about dates: where does a limit really end, and when is an act due under a rule.

In: the texts a person typed. Out: plain JSON values, dates ISO, each date with its derivation.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cases.errors import Invalid, NotFound
from desk.answers.parsing import Faults, Raw
from rules.counting import roll_over
from rules.deadline_forms import NeedsMore, NoDate
from rules.deadline_rule import FIRST_YEAR_NUMBER, LAST_YEAR_NUMBER, DeadlineRule
from rules.deadlines import Deadline, compute, status
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook, UnknownRule
from rules.service import CHANNELS, Channel, Served, serve

MOST_DATES = 1000
CHANNEL_WORDS = {
    "邮寄": "post",
    "电子": "electronic",
    "电子送达": "electronic",
    "公告": "publication",
    "公告送达": "publication",
}
STATUS_ZH = {
    "open": "未到期",
    "due_soon": "临近",
    "overdue": "已逾期",
    "met": "已按期办理",
    "met_late": "已逾期办理",
}
_ONLY = {
    "year": ("per_year", "年度", "year number"),
    "second": ("two_events", "第二个日期", "second date"),
    "amount": ("by_amount", "金额", "amount"),
}


def roll(dates: Sequence[Raw], *, layers: Raw = None) -> list[dict[str, Any]]:
    """Return, for each day on which a limit ends, the day on which it really ends.

    Shape: one object per date, in their order: `input` as typed, `day`, `result`, `provisional`, `how` (empty if
    the day stands) and `derivation`.

    Raises: Invalid naming every wrong date (`dates[1]` is the first).
    """
    faults = Faults()
    if not dates:
        faults.add("dates", "未填写日期，请至少填写一个。", "no date was given")
    if len(dates) > MOST_DATES:
        faults.add(
            "dates", f"一次最多{MOST_DATES}个日期，请分批计算。", f"at most {MOST_DATES} dates at a time"
        )
    days = [faults.day(text, f"dates[{place}]") for place, text in enumerate(dates[:MOST_DATES], 1)]
    used = faults.book(layers)
    faults.check()
    calendar = calendar_of(used)
    rows = []
    for text, day in zip(dates, days, strict=True):
        found = roll_over(day, calendar=calendar)
        rows.append(
            {
                "input": str(text).strip(),
                "day": day.isoformat(),
                "result": found.result.isoformat(),
                "provisional": found.provisional,
                "how": found.how,
                "derivation": found.derivation.answer(),
            }
        )
    return rows


def due(
    rule: Raw,
    base: Raw,
    *,
    service: Raw = None,
    received: Raw = None,
    year: Raw = None,
    second: Raw = None,
    amount: Raw = None,
    met_on: Raw = None,
    on: Raw = None,
    layers: Raw = None,
) -> dict[str, Any]:
    """Return when an act is due under a rule.

    With `service` the base date is the day on which a notice was dispatched, `received` the proven day of its
    receipt. `year`, `second` and `amount` are for the rules that need them. `on` is the day for which the status
    is told (the day of `met_on` if only that is given; no status without both).

    Raises: Invalid naming every wrong field, also if only a contract or a notice can name the date; NotFound if
    there is no such timer.
    """
    faults = Faults()
    base_day = faults.day(base, "base")
    proven = faults.optional_day(received, "received")
    second_day = faults.optional_day(second, "second")
    met, today = faults.optional_day(met_on, "met_on"), faults.optional_day(on, "on")
    number = None if _blank(year) else faults.whole(year, "year", FIRST_YEAR_NUMBER, LAST_YEAR_NUMBER)
    fen = faults.optional_amount(amount, "amount")
    channel = None if _blank(service) else faults.choice(service, "service", CHANNELS, aliases=CHANNEL_WORDS)
    used = faults.book(layers)
    if _blank(rule):
        faults.add("rule", "未填写规则编号，例如 T-01。", "no rule was given, for instance T-01")
    if proven is not None and channel is None:
        faults.add("received", "填写实际收到日时，须同时填写送达方式。", "received: needs a service, too")
    elif proven is not None and proven < base_day:
        faults.add("received", "实际收到日早于发文日，请核对。", "received: lies before the dispatch")
    faults.check()
    served = _served(base_day, channel, proven)
    start = served.on if served else base_day
    found = timer(used, str(rule), start)
    _refuse_surplus(found, {"year": number, "second": second_day, "amount": fen})
    deadline = _computed(used, found, start, served, second_day, number, fen)
    return {**_answer(deadline, str(rule).strip(), base_day), **_standing(deadline, today, met)}


def timer(used: RuleBook, rule_id: str, on: date) -> DeadlineRule:
    """Return the timer of this id on a day; ids are read in any case of letters.

    Raises: NotFound saying which timers there are.
    """
    wanted = rule_id.strip().upper()
    try:
        return used.deadline(wanted, on)
    except UnknownRule as error:
        known = sorted({one.id for one in used.all() if isinstance(one, DeadlineRule)})
        held = [one for one in used.all() if wanted in (one.id, *one.also)]
        if not held:
            what, what_en = f"没有规则“{_short(wanted)}”", f"there is no rule '{_short(wanted)}'"
        elif isinstance(held[0], DeadlineRule):
            what, what_en = (
                f"规则{wanted}在{on.isoformat()}没有有效的版本",
                f"no version of {wanted} holds on {on}",
            )
        else:
            what, what_en = f"规则{wanted}（{held[0].title}）不是期限规则", f"rule {wanted} is no timer"
        raise NotFound(
            f"{what}。可用的期限规则：{'、'.join(known)}。", f"{what_en}; timers: {', '.join(known)}"
        ) from error


def _computed(
    used: RuleBook,
    rule: DeadlineRule,
    start: date,
    served: Served | None,
    second: date | None,
    year: int | None,
    amount_fen: int | None,
) -> Deadline:
    margin = used.house(start).margins.get(rule.id, 0) if used.policies else 0
    try:
        return compute(
            rule, start, calendar=calendar_of(used), margin=margin, served=served, second=second, year=year,
            amount_fen=amount_fen,
        )  # fmt: skip
    except NoDate as error:
        raise Invalid(error.zh, {"rule": error.zh}, error.en) from error
    except NeedsMore as error:
        raise Invalid(f"{error.zh}。", {error.field: f"{error.zh}。"}, error.en) from error


def _served(dispatched: date, channel: str | None, proven: date | None) -> Served | None:
    if channel is None:
        return None
    known: dict[str, Channel] = {name: name for name in CHANNELS}
    return serve(dispatched, known[channel], proven=proven)


def _refuse_surplus(rule: DeadlineRule, given: dict[str, object]) -> None:
    faults = Faults()
    for field, (form, zh, en) in _ONLY.items():
        if given[field] is not None and rule.form != form:
            faults.add(field, f"规则{rule.id}不需要{zh}，请删去。", f"rule {rule.id} takes no {en}")
    faults.check()


def _answer(deadline: Deadline, asked: str, base: date) -> dict[str, Any]:
    rule = deadline.rule
    badge = f"，{rule.badge_zh}" if rule.badge_zh else ""
    return {
        "rule": asked.upper(),
        "id": rule.id,
        "title": deadline.title,
        "title_en": deadline.title_en,
        "kind": deadline.kind,
        "base": base.isoformat(),
        "served": deadline.served.on.isoformat() if deadline.served else None,
        "period": deadline.period,
        "nominal": deadline.nominal.isoformat(),
        "due": deadline.due.isoformat(),
        "roll": deadline.roll,
        "provisional": deadline.provisional,
        "opens": _iso(deadline.opens),
        "minimum": deadline.minimum,
        "free_from": _iso(deadline.free_from),
        "internal": _iso(deadline.internal),
        "warn_on": [day.isoformat() for day in deadline.warn_on],
        "source": f"{rule.article}（{rule.version}{badge}）",
        "confidence": rule.confidence,
        "unverified": not rule.is_verified,
        "applied_early": deadline.applied_early,
        "text": rule.text,
        "derivation": deadline.derivation.answer(),
    }


def _standing(deadline: Deadline, today: date | None, met: date | None) -> dict[str, Any]:
    day = today or met
    if day is None:
        return {}
    standing = status(deadline, day, met)
    return {"on": day.isoformat(), "status": standing, "status_zh": STATUS_ZH[standing]}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _blank(text: Raw) -> bool:
    return text is None or not str(text).strip()


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
