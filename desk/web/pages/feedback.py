"""Platform feedback 盘活系统反馈: every label and where it stands, labels by hand, differences, quality and lag."""

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from cases.errors import Conflict, Invalid, NotFound
from cases.feedback_view import STATES, all_told
from cases.label_records import FIELDS, LABELS, record_label, withdraw_label
from cases.patent_fees import patent_id_of
from cases.report_content import Content, Sheet, headed, shown, shown_cell
from cases.tables import Organization
from desk.web.books import book_of_visit
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download
from desk.web.forms import errors_of
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg
from exchange.reports.platform import comparison, quality
from exchange.reports.workbook import Heading, workbook
from rules.packs import RuleBook

router = APIRouter(prefix="/feedback")
KEEPERS = ("officer", "administrator")
SIZE = 50
MOST_ROWS = 300
Counted = Callable[[Session, int, date, RuleBook], Content]
CONTENTS: Mapping[str, tuple[str, str, Counted]] = {
    "differences": ("与盘活系统的差异", "Differences from the platform", comparison),
    "quality": ("反馈质量与滞后", "Quality and lag of the feedback", quality),
}


@router.get("")
def index(
    request: Request, desk: DeskArg, visit: VisitArg, state: str = "", page: str = "1", done: str = ""
) -> Response:
    """Show every label of the institution with its feedback."""
    return _index(request, desk, visit, state=state if state in STATES else "", page=page, done=done)


@router.post("")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Record a label by hand."""
    typed = {name: posted.text(name)[:600] for name in ("patent_no", *FIELDS)}
    try:
        with desk.db.read() as session:
            patent_id = patent_id_of(session, visit.person.org_id, typed["patent_no"])
        values = {**typed, "patent_id": patent_id}
        record_label(desk.db, visit.person, values, today=visit.today, now=visit.now)
    except NotFound as missing:
        refused = Invalid(missing.message, {"patent_no": missing.message}, missing.message_en)
        return _index(request, desk, visit, typed=typed, refused=refused)
    except Invalid as refused:
        return _index(request, desk, visit, typed=typed, refused=refused)
    return RedirectResponse("/feedback?done=recorded", 303)


@router.post("/withdraw")
def withdraw(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Withdraw a label, with the reason."""
    try:
        withdraw_label(
            desk.db, visit.person, event_id=posted.number("event_id"), record_id=posted.number("record_id"),
            why=posted.text("why"), today=visit.today, now=visit.now,
        )  # fmt: skip
    except (Invalid, Conflict) as refused:
        return _index(request, desk, visit, refused=refused)
    return RedirectResponse("/feedback?done=withdrawn", 303)


@router.get("/{part}")
def part(
    request: Request, desk: DeskArg, visit: VisitArg, part: str, figure: str = "", sheet: str = ""
) -> Response:
    """Show differences, or quality and lag: figures, and the rows behind one of them."""
    zh, en, content = _content(desk, visit, part)
    chosen = next((one for one in content.figures if one.key == figure), None)
    opened = content.sheet(chosen.sheet) if chosen else _sheet(content, sheet)
    rows = content.behind(chosen) if chosen else opened.rows
    shapes = [column.shape for column in opened.columns]
    return desk.screens.page(
        request, "feedback_part.html", visit.words, visit=visit, part=part, parts=CONTENTS, title=(zh, en),
        content=content, figures=[(one, shown(one)) for one in content.figures], opened=opened, figure=chosen,
        heads=[headed(column) for column in opened.columns], total=len(rows), most=MOST_ROWS,
        lines=[(row.case_id, tuple(map(shown_cell, row.cells, shapes))) for row in rows[:MOST_ROWS]],
    )  # fmt: skip


@router.get("/{part}/file")
def file(desk: DeskArg, visit: VisitArg, part: str) -> Response:
    """Hand out the same as a workbook."""
    zh, _, content = _content(desk, visit, part)
    with desk.db.read() as session:
        org = session.get(Organization, visit.person.org_id)
    day = visit.today.isoformat()
    heading = Heading(org.name if org else "", zh, f"截至{day}", 1)
    return download(f"{zh}-{day}", "xlsx", workbook(heading, content))


def _content(desk: Desk, visit: Visit, part: str) -> tuple[str, str, Content]:
    if part not in CONTENTS:
        raise NotFound("没有这个页面，请从“盘活系统反馈”重新打开", "no such page")
    zh, en, count = CONTENTS[part]
    book = book_of_visit(desk, visit)
    with desk.db.read() as session:
        return zh, en, count(session, visit.person.org_id, visit.today, book)


def _sheet(content: Content, key: str) -> Sheet:
    return next((one for one in content.sheets if one.key == key), content.sheets[0])


def _index(
    request: Request,
    desk: Desk,
    visit: Visit,
    *,
    state: str = "",
    page: str = "1",
    done: str = "",
    typed: Mapping[str, str] | None = None,
    refused: Invalid | Conflict | None = None,
) -> Response:
    with desk.db.read() as session:
        told = all_told(session, visit.person.org_id, visit.today)
    counts = {slug: sum(one.state == slug for one in told) for slug in STATES}
    rows = [one for one in told if not state or one.state == state]
    pages = Pages(page_number(page), SIZE, len(rows), "/feedback", {"state": state})
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    start = (pages.page - 1) * SIZE
    above, beside = errors_of(refused, ("patent_no", *FIELDS)) if isinstance(refused, Invalid) else ("", {})
    failed = visit.words.pick(refused.message, refused.message_en) if refused else ""
    return desk.screens.page(
        request, "feedback.html", visit.words, status=_status(refused), visit=visit, rows=rows[start : start + SIZE], pages=pages,
        state=state, states=STATES, counts=counts, labels=LABELS, typed=typed or {}, failed=above or failed,
        errors=beside, done=done, parts=CONTENTS, may=visit.may(*KEEPERS),
    )  # fmt: skip


def _status(refused: Invalid | Conflict | None) -> int:
    return 200 if refused is None else 422 if isinstance(refused, Invalid) else 409
