"""The annual fee calculator: one patent year, the day of payment, and every window in which another amount holds."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.answers import fees as answers
from desk.web import labels
from desk.web.books import layers_of_visit
from desk.web.calculators import Question, asked, given, in_yuan
from desk.web.derivations import why
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.forms import Field
from desk.web.i18n import Words

router = APIRouter(prefix="/tools")
NAMES = ("kind", "filed", "year", "paid_on", "reduction", "granted", "open_license", "payments")
MOST_WINDOWS = 9
DAY = timedelta(days=1)


@router.get("/fees")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the form and, once it is filled in, the fee with its windows."""
    words, layers = visit.words, layers_of_visit(desk, visit)

    def run(typed: Mapping[str, str]) -> dict[str, Any]:
        return _due({**typed, "paid_on": typed["paid_on"] or visit.today.isoformat()}, layers)

    question = asked(request, words, NAMES, ("filed", "year"), run)
    answer = question.answer
    return desk.screens.page(
        request, "calc_fees.html", words, status=question.status, visit=visit, question=question, answer=answer,
        fields=_fields(question, words, visit.today), why=why(answer["derivation"]["tree"], words) if answer else None,
        windows=_windows(question.typed, answer, layers) if answer else [],
        notes=[words.pick(note["zh"], note["en"]) for note in answer["notes"]] if answer else [],
    )  # fmt: skip


def _due(typed: Mapping[str, str], layers: str, paid_on: date | None = None) -> dict[str, Any]:
    return answers.due(
        given(typed["kind"]), given(typed["filed"]), given(typed["year"]),
        paid_on.isoformat() if paid_on else given(typed["paid_on"]), reduction=given(typed["reduction"]),
        granted=given(typed["granted"]), open_license=typed["open_license"] == "yes",
        payments=() if paid_on else _payments(typed["payments"]), layers=layers,
    )  # fmt: skip


def _payments(text: str) -> list[str]:
    """Return earlier payments, one per line as DATE=AMOUNT; a bare amount is in yuan."""
    found = []
    for line in filter(None, (line.strip() for line in text.replace("＝", "=").splitlines())):
        day, sign, amount = line.partition("=")
        found.append(f"{day}={in_yuan(amount) or ''}" if sign else line)
    return found


def _windows(typed: Mapping[str, str], answer: Mapping[str, Any], layers: str) -> list[dict[str, Any]]:
    """Return every window from the year of payment to the lapse, each with its amounts, none for the grant year."""
    if answer["status"] == "registration":
        return []
    found: list[dict[str, Any]] = []
    day: date | None = date.fromisoformat(answer["due"])
    while day is not None and len(found) < MOST_WINDOWS:
        row = _due(typed, layers, day)
        last = row["window"]["to"]
        now = answer["judged_on"] >= row["window"]["from"] and (last is None or answer["judged_on"] <= last)
        found.append({**row, "now": now})
        day = date.fromisoformat(last) + DAY if last else None
    return found


def _fields(question: Question, words: Words, today: date) -> dict[str, Field]:
    def pairs(table: Mapping[str, labels.Label]) -> list[tuple[str, str]]:
        return [(key, words.pick(*label)) for key, label in table.items()]

    filled = Question({**question.typed, "paid_on": question.typed["paid_on"] or today.isoformat()},
                      errors=question.errors)  # fmt: skip
    return {
        "kind": question.choice("kind", words("专利类型"), pairs(labels.PATENT_KIND), required=True),
        "filed": question.date("filed", words("申请日")),
        "year": question.text("year", words("第几年度"), help=words("专利年度自申请日起算，与公历年份无关")),
        "paid_on": filled.date("paid_on", words("缴费日"), help=words("按银行或平台的缴费日计，默认今天")),
        "reduction": question.choice("reduction", words("费用减缴"), pairs(labels.REDUCTION)),
        "granted": question.date("granted", words("授权公告日"), required=False,
                                 help=words("减缴自授权当年起算十年；不填视为在减缴期内")),
        "open_license": question.tick("open_license", words("开放许可实施期间")),
        "payments": question.text("payments", words("此前已缴"), widget="textarea", required=False,
                                  help=words("同一年度此前缴过的，每行一笔：日期=金额（元），例如 2026-05-20=925")),
    }  # fmt: skip
