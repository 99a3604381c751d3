"""The number check: many numbers at once, each with its one form or why it is wrong."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid
from desk.answers import numbers as answers
from desk.web import labels
from desk.web.calculators import asked
from desk.web.derivations import why
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.downloads import download
from desk.web.i18n import Words
from exchange.sheets import csv_file

router = APIRouter(prefix="/tools")
LONGEST = 20_000
MOST = 500


@router.get("/numbers")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the form, and one row per number."""
    words = visit.words
    question = asked(request, words, ("numbers",), ("numbers",), _run, longest=LONGEST + 1)
    rows = [_row(row, words) for row in question.answer or ()]
    return desk.screens.page(
        request, "calc_numbers.html", words, status=question.status, visit=visit, question=question, rows=rows,
        field=question.text("numbers", words("号码"), widget="textarea",
                            help=words("每行一个，一次最多500个。支持各时期的申请号、专利号、公开号，统一社会信用代码，身份证号")),
        wrong=sum(not row["valid"] for row in rows),
        plain="\n".join(row["normalized"] or row["input"] for row in rows),
    )  # fmt: skip


@router.get("/numbers/table.csv")
def table(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Return the same rows as csv."""
    words = visit.words
    question = asked(request, words, ("numbers",), ("numbers",), _run, longest=LONGEST + 1)
    if question.answer is None:
        return desk.screens.page(
            request, "calc_numbers.html", words, status=422, visit=visit, question=question, rows=[], wrong=0,
            plain="", field=question.text("numbers", words("号码"), widget="textarea"),
        )  # fmt: skip
    header = [words("填写的号码"), words("规范形式"), words("种类"), words("是否有效"), words("说明")]
    rows = [_row(row, words) for row in question.answer]
    lines = (
        [
            row["input"],
            row["normalized"],
            row["what"],
            words("是") if row["valid"] else words("否"),
            row["reason"],
        ]
        for row in rows
    )
    return download(words("号码校验结果"), "csv", csv_file(header, lines))


def _run(typed: Mapping[str, str]) -> Any:
    text = typed["numbers"]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST or len(text) > LONGEST:
        fields = {"numbers": "一次最多校验500个号码，请分批填写"}
        raise Invalid(fields["numbers"], fields, "at most 500 numbers at once")
    return answers.check(lines)


def _row(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return a row in the reader's language."""
    kind = (
        words.pick(*labels.of(labels.PATENT_KIND, row["kind"])) if row["kind"] in labels.PATENT_KIND else ""
    )
    told = why(row["derivation"]["tree"], words)
    parts = (words.pick(*labels.of(labels.NUMBER_TYPE, row["type"])), kind,
             words.pick(row["generation_zh"], row["generation"] or ""))  # fmt: skip
    return {
        **row,
        "what": words.pick("，", ", ").join(filter(None, parts)),
        "reason": row["reason"] and words.pick(row["reason"], told.lines[0].text if told else row["reason"]),
        "why": told,
    }
