"""The items of a campaign: list and review queue, a step for many, one item with its steps, scores and history."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import stocktake_progress
from cases.db import cursor_of
from cases.errors import ActionError, Invalid
from cases.profile_fields import IMPLEMENTATIONS, MATURITIES, PROSPECTS, WILLINGNESS
from cases.stocktake_answers import CHOICES, blanks, read_answers
from cases.stocktake_progress import COVERAGES, PAGE_SIZE, Wish
from cases.stocktake_steps import look_at, take_step, take_steps
from desk.web import labels
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import as_plain_date
from desk.web.paging import Pages, page_number
from desk.web.reasons import reason
from desk.web.security import ChangingArg, Posted, as_id
from rules.dates import DateError, parse_date
from states.stocktake_steps import STEPS, offered
from states.stocktaking import DISPOSALS, PAPERS, STATES, Asked

router = APIRouter(prefix="/stocktakes")
# Steps that ask for nothing but perhaps a reason, and so can be taken for many items at once.
FOR_MANY = ("pass_college", "accept", "send_back", "return_to_college", "enter_pool", "leave_out")
TYPED = ("step", "why", "choice", "score", "comment", "review_on", "notified_on")
WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    **CHOICES, "willingness": WILLINGNESS, "maturity": MATURITIES, "prospect": PROSPECTS, "implementation": IMPLEMENTATIONS,
}  # fmt: skip


@router.get("/{stocktake_id}/items")
def items(
    request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int, state: str = "", covered: str = "", kind: str = "",
    q: str = "", unassigned: str = "", page: str = "1",
) -> Response:  # fmt: skip
    """List the items of a campaign, by whatever filters."""
    college = request.query_params.get("college")
    wish = Wish(
        state if state in STATES else "", college[:100] if college is not None else None,
        covered if covered in COVERAGES else "", bool(unassigned), kind if kind in labels.PATENT_KIND else "", q[:100],
    )  # fmt: skip
    return _items(request, desk, visit, stocktake_id, wish, page_number(page))


@router.post("/{stocktake_id}/items")
def step_for_many(
    request: Request, desk: DeskArg, visit: VisitArg, stocktake_id: int, posted: ChangingArg
) -> Response:
    """Take one step for the chosen items, each by itself; say what stood against the others."""
    step = posted.text("step")
    chosen = [_chosen(text) for text in posted.texts("item")]
    wish = Wish(state=posted.text("state") if posted.text("state") in STATES else "")
    if step not in FOR_MANY or not chosen:
        told = visit.words("请选择事项和步骤。")
        return _items(request, desk, visit, stocktake_id, wish, 1, failed=told)
    asked = Asked(step, visit.person.role, why=posted.text("why"))
    done = take_steps(desk.db, visit.person, [one for one in chosen if one[0]], asked, visit.now)
    refused = [(one.item_id, visit.words.pick(one.reason, one.reason_en)) for one in done if one.reason]
    return _items(request, desk, visit, stocktake_id, wish, 1, done=len(done) - len(refused), refused=refused)


def _chosen(text: str) -> tuple[int, int | None]:
    """Return an item and the version in which it was seen."""
    id_, _, version = text.partition(":")
    return as_id(id_) or 0, as_id(version)


def _items(
    request: Request, desk: Desk, visit: Visit, stocktake_id: int, wish: Wish, page: int, *, failed: str = "", done: int = 0,
    refused: list[tuple[int, str]] | None = None,
) -> Response:  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        campaign = stocktake_progress.progress_of(session, org, stocktake_id)
        rows, total = stocktake_progress.items_of(session, org, stocktake_id, wish, page)
    filters = {
        "state": wish.state, "covered": wish.covered, "kind": wish.kind, "q": wish.q,
        "unassigned": "1" if wish.unassigned else "",
    }  # fmt: skip
    if wish.college is not None:
        filters["college"] = wish.college
    pages = Pages(page, PAGE_SIZE, total, f"/stocktakes/{stocktake_id}/items", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    steps = (
        [step for step in offered(wish.state, visit.person.role) if step.name in FOR_MANY]
        if wish.state
        else []
    )
    return desk.screens.page(
        request, "stocktake_items.html", visit.words, status=422 if failed else 200, visit=visit, campaign=campaign,
        tab="items", rows=rows, pages=pages, filters=filters, wish=wish, states=STATES, coverages=COVERAGES,
        words_of=WORDS, steps=steps, failed=failed, done=done, refused=refused or [], disposals=DISPOSALS,
        kinds=[(slug, visit.words.pick(*label)) for slug, label in labels.PATENT_KIND.items()],
    )  # fmt: skip


@router.get("/items/{item_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, item_id: int) -> Response:
    """Show an item: its rating, scores, history, and the steps that the visitor may take."""
    return _item(request, desk, visit, item_id)


@router.post("/items/{item_id}")
def step(request: Request, desk: DeskArg, visit: VisitArg, item_id: int, posted: ChangingArg) -> Response:
    """Take a step; what was typed stays when it is refused."""
    typed: dict[str, Any] = {**posted.values(), "willingness": posted.texts("willingness")}
    try:
        asked = _asked(posted, visit)
        rating = read_answers(typed) if asked.step == "rate" else None
        score = posted.number("score") if asked.step == "score" else None
        take_step(
            desk.db, visit.person, item_id, asked, now=visit.now, expected_version=posted.number("version"), rating=rating,
            score=score, comment=posted.text("comment"),
        )  # fmt: skip
    except ActionError as error:
        if error.kind == "missing":
            raise
        return _item(request, desk, visit, item_id, typed=typed, failed=error)
    return RedirectResponse(f"/stocktakes/items/{item_id}?done", 303)


def _asked(posted: Posted, visit: Visit) -> Asked:
    name = posted.text("step")
    if name not in STEPS:
        raise Invalid("没有这个步骤", {"step": "没有这个步骤"}, "no such step")
    papers = {kind: text for kind in PAPERS if (text := posted.text(f"paper.{kind}").strip()[:200])}
    days = {key: _day(posted, key) for key in ("notified_on", "review_on")}
    return Asked(
        name, visit.person.role, visit.person.id, posted.text("why"), posted.text("choice"), papers,
        days["notified_on"], days["review_on"],
    )  # fmt: skip


def _day(posted: Posted, name: str) -> Any:
    text = posted.text(name).strip()
    try:
        return parse_date(text) if text else None
    except DateError as error:
        raise Invalid("日期有误", {name: error.reason}, "not a date") from error


def _item(
    request: Request, desk: Desk, visit: Visit, item_id: int, *, typed: Mapping[str, Any] | None = None,
    failed: ActionError | None = None,
) -> Response:  # fmt: skip
    with desk.db.read() as session:
        page = stocktake_progress.item_page(session, visit.person.org_id, item_id)
        cur = cursor_of(session, desk.db.postgres)
        _, verdicts = look_at(cur, visit.person, item_id, visit.today)
        campaign = stocktake_progress.progress_of(session, visit.person.org_id, page.stocktake_id)
    fields = failed.fields if isinstance(failed, Invalid) else {}
    status = {"conflict": 409, "forbidden": 403, "refused": 409}.get(failed.kind, 422) if failed else 200
    shown = {**page.line.answers, **(typed or {})}
    blank = blanks(dict.fromkeys((*TYPED, *(f"paper.{kind}" for kind in PAPERS)), ""))
    dates = {name: as_plain_date(str(shown.get(name, ""))) for name in ("notified_on", "review_on")}
    return desk.screens.page(
        request, "stocktake_item.html", visit.words, status=status, visit=visit, item=page, campaign=campaign, tab="items",
        states=STATES, verdicts=[(STEPS[name], verdict) for name, verdict in verdicts], steps=STEPS,
        disposals=DISPOSALS, papers=PAPERS, words_of=WORDS, choices=CHOICES, willingness=WILLINGNESS,
        typed={**blank, **shown, **dates}, answers=blanks(page.line.answers),
        errors={**blank, **{name: reason(visit.words, text) for name, text in fields.items()}},
        failed=visit.words.pick(failed.message, failed.message_en) if failed else "",
        unmet=getattr(failed, "unmet", ()), done="done" in request.query_params,
        mine=next((one for one in page.scores if one.rater_id == visit.person.id), None),
    )  # fmt: skip
