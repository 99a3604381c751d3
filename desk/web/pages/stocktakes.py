"""Stocktaking 盘点: the campaigns, a new one with its preview, progress, links of inventors, samples, the contact list."""

from collections.abc import Callable
from pathlib import Path
from secrets import randbelow
from tempfile import TemporaryDirectory
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import inventors, stocktake_progress, stocktake_samples
from cases.errors import ActionError, Conflict, Invalid
from cases.patents import colleges
from cases.rating_links import links_of, make_links
from cases.stocktake_answers import CHOICES
from cases.stocktakes import (
    FIELDS,
    OPENERS,
    Preview,
    checked_stocktake,
    close_stocktake,
    fill_stocktake,
    open_stocktake,
    preview_stocktake,
)
from desk.web import labels
from desk.web.desk_state import Clock, Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of, plain_fields
from desk.web.paging import Pages, page_number
from desk.web.reasons import reason
from desk.web.security import ChangingArg, Posted
from exchange.kinds.stocktake import write_rating_sheet
from states.stocktaking import STATES

router = APIRouter(prefix="/stocktakes")
PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = (
    ("title", "盘点名称", "text", True),
    ("due_on", "完成期限", "date", True),
    ("granted_from", "授权公告日自", "date", False),
    ("granted_to", "授权公告日至", "date", False),
    ("not_rated_since", "自该日起未自评过", "date", False),
    ("scores_wanted", "集中评价人数", "number", False),
    ("key_ipc", "重点产业分类号", "text", False),
    ("strong_colleges", "优势学科所在院系", "text", False),
    ("rolling", "滚动纳入新授权的专利", "checkbox", False),
)
LISTS = ("colleges", "kinds", "statuses")
CONTACT = (
    ("name", "姓名", "text", True),
    ("college", "院系", "text", False),
    ("staff_no", "工号", "text", False),
    ("email", "电子邮箱", "text", False),
    ("login", "登录名", "text", False),
)


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """List the campaigns."""
    with desk.db.read() as session:
        rows = stocktake_progress.campaigns(session, visit.person.org_id)
    return desk.screens.page(request, "stocktakes.html", visit.words, visit=visit, rows=rows)


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the form of a new campaign."""
    typed = {"title": f"{visit.today.year}年存量专利盘点", "statuses": "in_force,in_grace"}
    return _form(request, desk, visit, typed)


@router.post("/new")
def begin(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Show how many patents a scope takes in, or open the campaign and take them in behind the page."""
    typed = _typed(posted)
    try:
        wanted = checked_stocktake(typed, visit.today)
        if posted.text("do") != "open":
            with desk.db.read() as session:
                preview = preview_stocktake(session, visit.person.org_id, wanted.scope)
            return _form(request, desk, visit, typed, preview=preview)
        opened = open_stocktake(desk.db, visit.person, wanted, visit.now)
    except Invalid as invalid:
        above, beside = errors_of(invalid, FIELDS)
        return _form(request, desk, visit, typed, status=422, failed=above, errors=beside)
    except Conflict as conflict:
        beside = {"title": conflict.message}
        return _form(request, desk, visit, typed, status=409, failed=conflict.message, errors=beside)
    _fill(desk, visit.person.org_id, opened, request.app.state.clock)
    return RedirectResponse(f"/stocktakes/{opened}", 303)


def _typed(posted: Posted) -> dict[str, str]:
    return {**posted.values(), **{name: ",".join(posted.texts(name)) for name in LISTS}}


def _fill(desk: Desk, org_id: int, stocktake_id: int, clock: Clock) -> None:
    desk.jobs.put(f"stocktake:{stocktake_id}", _job(desk, org_id, stocktake_id, clock))


def _job(desk: Desk, org_id: int, stocktake_id: int, clock: Clock) -> Callable[[], None]:
    def work() -> None:
        fill_stocktake(desk.db, org_id, stocktake_id, clock())

    return work


@router.get("/inventors")
def contact_list(request: Request, desk: DeskArg, visit: VisitArg, q: str = "", page: str = "1") -> Response:
    """Show the contact list of inventors, and who looks at the patents of a college."""
    return _contacts(request, desk, visit, q[:100], page_number(page))


@router.post("/inventors")
def keep_contact(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Keep one contact; an existing one of the same name, college and number is changed."""
    typed = dict(posted.values())
    try:
        inventors.save_contacts(desk.db, visit.person, [inventors.checked_contact(typed)], visit.now)
    except Invalid as invalid:
        return _contacts(request, desk, visit, "", 1, typed=typed, failed=invalid)
    return RedirectResponse("/stocktakes/inventors?saved", 303)


@router.post("/reviewers")
def name_reviewers(desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Name who looks at the patents of a college."""
    ids = [int(text) for text in posted.texts("users") if text.isascii() and text.isdigit()]
    inventors.set_reviewers(desk.db, visit.person, posted.text("college"), ids, visit.now)
    return RedirectResponse("/stocktakes/inventors?saved", 303)


@router.get("/{stocktake_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int) -> Response:
    """Show how a campaign stands, by college; one that nobody fills any more is gone on with."""
    with desk.db.read() as session:
        progress = stocktake_progress.progress_of(session, visit.person.org_id, stocktake_id)
    if progress.status == "filling" and not desk.jobs.knows(f"stocktake:{stocktake_id}"):
        _fill(desk, visit.person.org_id, stocktake_id, request.app.state.clock)
    return desk.screens.page(
        request, "stocktake.html", visit.words, visit=visit, progress=progress, campaign=progress, tab="progress",
        states=STATES, coverages=stocktake_progress.COVERAGES,
    )  # fmt: skip


@router.post("/{stocktake_id}/status")
def close(desk: DeskArg, visit: VisitArg, stocktake_id: int, posted: ChangingArg) -> Response:
    """Close a campaign, or open it again."""
    closed = posted.text("do") != "reopen"
    close_stocktake(desk.db, visit.person, stocktake_id, visit.now, closed=closed)
    return RedirectResponse(f"/stocktakes/{stocktake_id}", 303)


@router.get("/{stocktake_id}/links")
def links(request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int, page: str = "1") -> Response:
    """Show the links of a campaign; their addresses only to those who hand them out."""
    number = page_number(page)
    rows, total = links_of(
        desk.db, visit.person, stocktake_id, visit.now, secrets=visit.may(*OPENERS), page=number, size=PAGE
    )
    with desk.db.read() as session:
        campaign = stocktake_progress.progress_of(session, visit.person.org_id, stocktake_id)
    return desk.screens.page(
        request, "stocktake_links.html", visit.words, visit=visit, campaign=campaign, tab="links", rows=rows,
        pages=Pages(number, PAGE, total, f"/stocktakes/{stocktake_id}/links", {}), base=desk.settings.base_url,
        has_mail=bool(desk.settings.smtp_host), made=request.query_params.get("made", ""),
        queued=request.query_params.get("queued", ""),
    )  # fmt: skip


@router.post("/{stocktake_id}/links")
def hand_out(desk: DeskArg, visit: VisitArg, stocktake_id: int, posted: ChangingArg) -> Response:
    """Make links for whoever has patents to rate, and send them if asked to."""
    do = posted.text("do")
    inventors.assign(desk.db, visit.person, visit.now)
    if do == "match":
        return RedirectResponse(f"/stocktakes/{stocktake_id}", 303)
    made, queued = make_links(
        desk.db, visit.person, stocktake_id, visit.now, mail=do == "mail", renew=do == "renew"
    )
    return RedirectResponse(f"/stocktakes/{stocktake_id}/links?made={made}&queued={queued}", 303)


@router.get("/{stocktake_id}/sheet")
def sheet(desk: DeskArg, visit: VisitArg, stocktake_id: int, college: str | None = None) -> Response:
    """Return the patents left to rate as a workbook to fill in and import."""
    with TemporaryDirectory(prefix="panhuo-sheet-") as folder:
        path = Path(folder) / "sheet.xlsx"
        title = write_rating_sheet(desk.db, visit.person.org_id, stocktake_id, path, college)
        data = path.read_bytes()
    name = quote(f"{title}-自评表.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(data, media_type=XLSX, headers=headers)


@router.get("/{stocktake_id}/samples")
def samples(request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int) -> Response:
    """Show the samples of a campaign."""
    return _samples(request, desk, visit, stocktake_id)


@router.post("/{stocktake_id}/samples")
def draw(
    request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int, posted: ChangingArg
) -> Response:
    """Draw a sample; without a seed one is chosen and kept."""
    seed, size = posted.number("seed"), posted.number("size") or 0
    chosen = randbelow(10**8) if seed is None else seed
    try:
        stocktake_samples.draw_sample(desk.db, visit.person, stocktake_id, size, chosen, visit.now)
    except Invalid as invalid:
        return _samples(request, desk, visit, stocktake_id, failed=invalid.message)
    return RedirectResponse(f"/stocktakes/{stocktake_id}/samples", 303)


@router.post("/{stocktake_id}/samples/{sampled_id}")
def rate_again(
    request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int, sampled_id: int, posted: ChangingArg
) -> Response:
    """Keep a second rating."""
    try:
        stocktake_samples.rate_again(desk.db, visit.person, sampled_id, posted.values(), visit.now)
    except (Invalid, Conflict) as error:
        return _samples(request, desk, visit, stocktake_id, failed=error.message)
    return RedirectResponse(f"/stocktakes/{stocktake_id}/samples#s{sampled_id}", 303)


def _samples(request: Request, desk: Desk, visit: Visit, stocktake_id: int, *, failed: str = "") -> Response:
    with desk.db.read() as session:
        campaign = stocktake_progress.progress_of(session, visit.person.org_id, stocktake_id)
        rows = stocktake_samples.samples_of(session, visit.person.org_id, stocktake_id)
    return desk.screens.page(
        request, "stocktake_samples.html", visit.words, status=422 if failed else 200, visit=visit, campaign=campaign,
        tab="samples", rows=rows, failed=reason(visit.words, failed) if failed else "", choices=CHOICES,
        compared=stocktake_samples.COMPARED,
    )  # fmt: skip


def _contacts(
    request: Request, desk: Desk, visit: Visit, q: str, page: int, *, typed: dict[str, str] | None = None,
    failed: ActionError | None = None,
) -> Response:  # fmt: skip
    with desk.db.read() as session:
        rows, total = inventors.contacts(session, visit.person.org_id, q, page, PAGE)
        named = inventors.reviewers(session, visit.person.org_id)
        people = inventors.may_review(session, visit.person.org_id)
        every = colleges(session, visit.person.org_id)
    beside = failed.fields if isinstance(failed, Invalid) else {}
    return desk.screens.page(
        request, "stocktake_inventors.html", visit.words, status=422 if failed else 200, visit=visit,
        rows=rows, q=q, pages=Pages(page, PAGE, total, "/stocktakes/inventors", {"q": q}), named=named, people=people,
        colleges=every, f={f.name: f for f in plain_fields(CONTACT, visit.words, typed or {}, beside)},
        failed=visit.words.pick(failed.message, failed.message_en) if failed else "",
        saved="saved" in request.query_params,
    )  # fmt: skip


def _form(
    request: Request, desk: Desk, visit: Visit, typed: dict[str, str], *, status: int = 200, failed: str = "",
    errors: dict[str, str] | None = None, preview: Preview | None = None,
) -> Response:  # fmt: skip
    with desk.db.read() as session:
        every = colleges(session, visit.person.org_id)
    fields = {f.name: f for f in plain_fields(FORM, visit.words, typed, errors or {})}
    chosen = {name: tuple(filter(None, typed.get(name, "").split(","))) for name in LISTS}
    return desk.screens.page(
        request, "stocktake_new.html", visit.words, status=status, visit=visit, f=fields, chosen=chosen,
        colleges=[(one, one) for one in every],
        preview=preview, failed=reason(visit.words, failed) if failed else "",
        kinds=[(slug, visit.words.pick(*label)) for slug, label in labels.PATENT_KIND.items()],
        statuses=[(slug, visit.words.pick(*labels.PATENT_STATUS[slug])) for slug in ("in_force", "in_grace")],
    )  # fmt: skip
