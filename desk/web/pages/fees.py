"""The annual fees of the institution's patents in the coming months: by month, by patent, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.errors import Invalid, NotFound
from cases.fee_forecast import forecast_of
from desk.answers.fees import span
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download
from desk.web.i18n import Words
from desk.web.paging import Pages, page_number
from exchange.fee_list import write_csv, write_workbook
from rules.fee_forecast import NOTES, PAYERS, REASONS, Forecast, MonthSum, sums_of

router = APIRouter(prefix="/fees")
SPANS = ("12", "24", "36", "60")
KINDS = ("csv", "xlsx")
VIEWS = ("month", "patent", "left_out")
UNSAID = "unsaid"  # the payer that is not named, in the address
SIZE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows. `payer` empty is every payer."""

    begin: str
    months: str
    payer: str
    kind: str
    view: str

    @property
    def filters(self) -> dict[str, str]:
        """The same as an address has it."""
        return {
            "from": self.begin,
            "months": self.months,
            "payer": self.payer,
            "kind": self.kind,
            "view": self.view,
        }


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its sums by payer and how wide its bar is, in tenths of a percent of the widest."""

    month: str
    sums: tuple[MonthSum, ...]
    width: int

    @property
    def total_fen(self) -> int:
        """What the month needs."""
        return sum(one.total_fen for one in self.sums)

    @property
    def count(self) -> int:
        """How many fees."""
        return sum(one.count for one in self.sums)


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, page: str = "1") -> Response:
    """Show the forecast."""
    asked = _asked(request.query_params)
    found, failed = _found(desk, visit, asked)
    rows = _listed(found, asked.view) if found else ()
    number = page_number(page)
    pages = Pages(number, SIZE, len(rows), "/fees", asked.filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "fees.html", visit.words, status=422 if failed else 200, visit=visit, asked=asked, failed=failed,
        found=found, months=_months(found) if found else (), rows=rows[(number - 1) * SIZE : number * SIZE],
        pages=pages, payers=_payers(found, visit.words), spans=SPANS,
        notes=_notes(found, visit.words) if found else (),
        reasons={key: visit.words.pick(*text) for key, text in REASONS.items()},
        overdue=sum(row.overdue for row in found.rows) if found else 0,
    )  # fmt: skip


@router.get("/forecast.{kind}")
def table(request: Request, desk: DeskArg, visit: VisitArg, kind: str) -> Response:
    """Return the forecast as csv or as a workbook."""
    if kind not in KINDS:
        raise NotFound("只能下载 csv 或 xlsx", "csv or xlsx only")
    asked = _asked(request.query_params)
    found, failed = _found(desk, visit, asked)
    if found is None:
        raise Invalid(failed, {}, "the span is wrong")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{kind}"
        if kind == "xlsx":
            write_workbook(path, found)
        else:
            write_csv(path, found, by="month" if asked.view == "month" else "patent")
        content = path.read_bytes()
    return download(f"年费预测 {found.first:%Y-%m} 至 {found.last:%Y-%m}", kind, content)


def _asked(query: Mapping[str, str]) -> Asked:
    view, kind = query.get("view", ""), query.get("kind", "")
    payer = query.get("payer", "")
    return Asked(
        query.get("from", "")[:60], query.get("months", "")[:5] or "24",
        payer if payer == UNSAID or payer in PAYERS else "",
        kind if kind in ("invention", "utility", "design") else "", view if view in VIEWS else "month",
    )  # fmt: skip


def _found(desk: Desk, visit: Visit, asked: Asked) -> tuple[Forecast | None, str]:
    """Return the forecast, or why there is none."""
    try:
        first, last = span(asked.begin, asked.months, visit.today)
        with desk.db.read() as session:
            found = forecast_of(session, visit.person.org_id, first, last, today=visit.today)
    except Invalid as invalid:
        return None, "；".join(invalid.fields.values()) or visit.words.pick(
            invalid.message, invalid.message_en
        )
    payer = "" if asked.payer == UNSAID else asked.payer
    rows = tuple(
        row for row in found.rows
        if (not asked.payer or row.payer == payer) and (not asked.kind or row.kind == asked.kind)
    )  # fmt: skip
    return replace(found, rows=rows, sums=tuple(sums_of(rows))), ""


def _listed(found: Forecast, view: str) -> Sequence[object]:
    if view == "patent":
        return found.rows
    return found.left_out if view == "left_out" else ()


def _months(found: Forecast) -> tuple[Month, ...]:
    """Return every month of the span, also those without a fee."""
    by_month: dict[str, list[MonthSum]] = {}
    for one in found.sums:
        by_month.setdefault(one.month, []).append(one)
    totals = {month: sum(one.total_fen for one in sums) for month, sums in by_month.items()}
    widest = max(totals.values(), default=0) or 1
    return tuple(
        Month(name, tuple(by_month.get(name, ())), totals.get(name, 0) * 1000 // widest)
        for name in _names(found.first, found.last)
    )


def _names(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    numbers = (first.year * 12 + first.month - 1 + step for step in range(count))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]


def _payers(found: Forecast | None, words: Words) -> list[tuple[str, str]]:
    named = {row.payer: words.pick(row.payer_zh, row.payer_en) for row in found.rows} if found else {}
    known = {key: words.pick(*label) for key, label in PAYERS.items()} | named
    return [(key or UNSAID, label) for key, label in known.items()]


def _notes(found: Forecast, words: Words) -> list[tuple[str, int]]:
    counts = {code: sum(code in row.notes for row in found.rows) for code in NOTES}
    return [(words.pick(*NOTES[code]), count) for code, count in counts.items() if count]
