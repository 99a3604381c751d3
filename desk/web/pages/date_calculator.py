"""The deadline calculator: a timer by its name, its base date, and what its form needs; and plain roll-over of days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid, NotFound
from desk.answers import dates as answers
from desk.web import labels
from desk.web.books import Entry, Narrowing, book_of_visit, entries, layers_of_visit, narrowed
from desk.web.calculators import Question, asked, given, in_yuan
from desk.web.derivations import why
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import Field
from desk.web.i18n import Words
from rules.deadline_rule import DeadlineRule

router = APIRouter(prefix="/tools")
NAMES = ("rule", "base", "service", "received", "year", "second", "amount", "met_on")
MOST_DATES = 60
GENERAL = "timer"  # the subject of timers that belong to no other


@router.get("/deadlines")
def show(request: Request, desk: DeskArg, visit: VisitArg, rule: str = "", q: str = "") -> Response:
    """Show the timers to choose from; with a timer, its form and, once filled in, the date."""
    if not rule.strip():
        return _choose(request, desk, visit, q[:100])
    words, layers = visit.words, layers_of_visit(desk, visit)
    try:
        timer = answers.timer(book_of_visit(desk, visit), rule, visit.today)
    except NotFound:
        return _choose(request, desk, visit, rule[:100], failed=words("没有这个期限规则，请从下面选择"))

    def run(typed: Mapping[str, str]) -> dict[str, Any]:
        return answers.due(
            timer.id, given(typed["base"]), service=given(typed["service"]), received=given(typed["received"]),
            year=given(typed["year"]), second=given(typed["second"]), amount=in_yuan(typed["amount"]),
            met_on=given(typed["met_on"]), on=visit.today.isoformat(), layers=layers,
        )  # fmt: skip

    question = asked(request, words, NAMES, NAMES[1:], run)
    answer = question.answer
    return desk.screens.page(
        request, "calc_deadline.html", words, status=question.status, visit=visit, question=question, timer=timer,
        fields=_fields(question, timer, words), answer=answer,
        why=why(answer["derivation"]["tree"], words) if answer else None,
        days=_days(answer, visit.today) if answer else [],
    )  # fmt: skip


@router.get("/roll")
def roll(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show where limits that end on given days really end."""
    words, layers = visit.words, layers_of_visit(desk, visit)

    def run(typed: Mapping[str, str]) -> list[dict[str, Any]]:
        lines = [line.strip() for line in typed["dates"].replace("、", "\n").splitlines() if line.strip()]
        if len(lines) > MOST_DATES:
            fields = {"dates": "一次最多计算60个日期，请分批填写"}
            raise Invalid(fields["dates"], fields, "at most 60 dates at once")
        try:
            return answers.roll(lines, layers=layers)
        except Invalid as invalid:
            raise Invalid(invalid.message, _beside(invalid, lines), invalid.message_en) from invalid

    question = asked(request, words, ("dates",), ("dates",), run)
    rows = [{**row, "why": why(row["derivation"]["tree"], words)} for row in question.answer or ()]
    return desk.screens.page(
        request, "calc_roll.html", words, status=question.status, visit=visit, question=question, rows=rows,
        field=question.text("dates", words("期限届满日"), widget="textarea",
                            help=words("每行一个日期，例如 2026-10-01 或 2026年10月1日，一次最多60个")),
    )  # fmt: skip


def _beside(invalid: Invalid, lines: list[str]) -> dict[str, str]:
    """Return every wrong date's reason under the one field of the form."""
    reasons = [reason for name, reason in invalid.fields.items() if name.startswith("dates")]
    others = {name: reason for name, reason in invalid.fields.items() if not name.startswith("dates")}
    return {**({"dates": " ".join(reasons)} if reasons else {}), **others}


def _choose(request: Request, desk: Desk, visit: Visit, q: str, failed: str = "") -> Response:
    timers = [one for one in entries(book_of_visit(desk, visit), visit.today) if one.is_timer]
    found = narrowed(timers, Narrowing(q=q))
    return desk.screens.page(
        request, "calc_deadlines.html", visit.words, status=404 if failed else 200, visit=visit, q=q,
        failed=failed, groups=_groups(found if found or not failed else timers, visit.words), total=len(found),
    )  # fmt: skip


def _groups(found: list[Entry] | tuple[Entry, ...], words: Words) -> list[tuple[str, list[DeadlineRule]]]:
    """Return the timers by subject, in the order of the subjects; those of no other subject by the kind of date."""
    groups: dict[str, list[DeadlineRule]] = {}
    kinds: dict[str, list[DeadlineRule]] = {key: [] for key in labels.DEADLINE_KIND}
    for one in found:
        if isinstance(one.rule, DeadlineRule) and one.subject.key == GENERAL:
            kinds[one.rule.kind].append(one.rule)
        elif isinstance(one.rule, DeadlineRule):
            groups.setdefault(words.pick(one.subject.zh, one.subject.en), []).append(one.rule)
    by_kind = {words.pick(*labels.DEADLINE_KIND[key]): timers for key, timers in kinds.items() if timers}
    return [*by_kind.items(), *groups.items()]


def _fields(question: Question, timer: DeadlineRule, words: Words) -> list[Field]:
    """Return what this timer needs, and nothing it does not take."""
    fields = [question.date("base", words.pick(f"{timer.event_zh}的日期", f"Date: {timer.event_en}"))]
    if timer.form == "two_events":
        label = words.pick(
            f"{timer.second_zh or '第二个事件'}的日期", f"Date: {timer.second_en or 'second event'}"
        )
        fields.append(question.date("second", label))
    if timer.form == "per_year":
        fields.append(
            question.text("year", words("第几年度"), help=words("专利年度自申请日起算，与公历年份无关"))
        )
    if timer.form == "by_amount":
        fields.append(question.text("amount", words("金额"), unit=words("元")))
    if _is_notice(timer) or question.typed["service"] or question.typed["received"]:
        fields += _service_fields(question, words)
    done = question.date(
        "met_on", words("实际办理日"), required=False, help=words("已经办理的填写，可看是否按期")
    )
    return [*fields, done]


def _is_notice(timer: DeadlineRule) -> bool:
    """Say whether the time runs from a notice that somebody received."""
    return "收到" in timer.event_zh or "通知" in timer.event_zh


def _service_fields(question: Question, words: Words) -> list[Field]:
    channels = [("", words("起算日就是该事件发生日")), ("electronic", words("电子送达的官方通知")),
                ("post", words("邮寄的官方通知")), ("publication", words("公告送达的官方通知"))]  # fmt: skip
    return [
        question.choice("service", words("送达方式"), channels,
                        help=words("起算日填的是官方通知的发文日时选择，按推定送达日起算")),
        question.date("received", words("实际收到日"), required=False, help=words("有证据证明的才填，须同时选送达方式")),
    ]  # fmt: skip


def _days(answer: Mapping[str, Any], today: date) -> list[tuple[str, str, int]]:
    """Return the reminders and other days in their order: day, what it is, days from today."""
    marks = [(day, "warn") for day in answer["warn_on"] if day != answer["due"]]
    for name in ("opens", "internal", "due", "free_from"):
        if answer[name]:
            marks.append((answer[name], name))
    return [(day, what, (date.fromisoformat(day) - today).days) for day, what in sorted(marks)]
