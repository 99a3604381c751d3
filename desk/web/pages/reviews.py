"""Review items: what two computations see differently, side by side, until somebody closes it with a note."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import reviews
from cases.errors import Conflict, Invalid
from desk.web.derivations import why
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg

router = APIRouter(prefix="/reviews")
KINDS: Mapping[str, str] = {
    "deadline": "期限",
    "term": "专利权期限",
    "clock": "专利期限",
    "fee": "专利年费",
    "distribution": "收益分配",
    "conflict": "授权冲突",
}
# What stands on the two sides of an item: heads of the table, then of the two cards.
SIDES: Mapping[str, tuple[str, str, str, str]] = {
    "conflict": ("在先案件", "在后案件", "在先案件的授权", "处理建议"),
}
TWO_COMPUTATIONS = ("系统的结果", "复核的结果", "系统如何得出", "复核如何得出")


@router.get("")
def index(
    request: Request, desk: DeskArg, visit: VisitArg, status: str = "open", page: str = "1"
) -> Response:
    """List the items, the newest first."""
    chosen = status if status in (*reviews.STATUSES, "all") else "open"
    number = page_number(page)
    with desk.db.read() as session:
        found = reviews.list_reviews(session, visit.person.org_id, status=chosen, page=number)
    pages = Pages(number, found.size, found.total, "/reviews", {"status": chosen})
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request,
        "reviews.html",
        visit.words,
        visit=visit,
        rows=found.rows,
        pages=pages,
        chosen=chosen,
        kinds=KINDS,
    )


@router.get("/{review_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, review_id: int) -> Response:
    """Show one item with both derivations."""
    return _item(request, desk, visit, review_id)


@router.post("/{review_id}/close")
def close(request: Request, desk: DeskArg, visit: VisitArg, review_id: int, posted: ChangingArg) -> Response:
    """Close an item with a note."""
    note = posted.text("note")
    try:
        reviews.close_review(desk.db, visit.person, review_id, note, now=visit.now)
    except Invalid as invalid:
        return _item(request, desk, visit, review_id, 422, note, invalid.fields["note"])
    except Conflict as conflict:
        return _item(request, desk, visit, review_id, 409, note, conflict.message)
    return RedirectResponse(f"/reviews/{review_id}?closed", 303)


def _item(
    request: Request,
    desk: Desk,
    visit: Visit,
    review_id: int,
    status: int = 200,
    note: str = "",
    failed: str = "",
) -> Response:
    with desk.db.read() as session:
        item = reviews.get_review(session, visit.person.org_id, review_id)
    words = visit.words
    return desk.screens.page(
        request, "review.html", words, status=status, visit=visit, item=item, kinds=KINDS, note=note,
        heads=SIDES.get(item.kind, TWO_COMPUTATIONS),
        failed=words(failed) if failed else "", may_close=visit.may(*reviews.CLOSERS),
        closed="closed" in request.query_params, first=why(item.found["first"].get("tree"), words),
        second=why(item.found["second"].get("tree"), words),
    )  # fmt: skip
