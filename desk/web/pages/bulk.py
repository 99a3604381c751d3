"""One harmless step for several chosen cases: looked at first, then taken, with a result for every row."""

from secrets import token_urlsafe

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from cases import bulk, desk_queries
from cases.bulk import Row
from cases.errors import Forbidden, Invalid
from cases.payloads import check_payload
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of, payload_fields, payload_values
from desk.web.security import ChangingArg, Posted, as_id, safe_path
from states.steps import Step

router = APIRouter(prefix="/cases/bulk")


@router.post("")
def act(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Show what the step would do to each chosen case, or take it: as the pressed button says."""
    back = safe_path(posted.text("back"), "/cases")
    event, chosen = posted.text("event"), _chosen(posted)
    step = bulk.steps_for(visit.person.role).get(event)
    if step is None and event:
        raise Forbidden("该步骤不能批量办理，请在案件页面逐件办理", "this step is taken one case at a time")
    if step is None or not chosen:
        return RedirectResponse(back, 303)
    with desk.db.read() as session:
        rows = _looked_at(desk, session, visit, event, chosen)
    if posted.text("do") != "take":
        return _page(request, desk, visit, posted, step, rows, back)
    return _take(request, desk, visit, posted, step, rows, back)


def _chosen(posted: Posted) -> dict[int, int | None]:
    """Return the chosen cases with the versions that the person has looked at, as far as the form tells."""
    ids = [id_ for text in posted.texts("cases") if (id_ := as_id(text)) is not None]
    return {id_: posted.number(f"version.{id_}") for id_ in dict.fromkeys(ids[: bulk.MOST])}


def _looked_at(
    desk: Desk, session: Session, visit: Visit, event: str, chosen: dict[int, int | None]
) -> tuple[Row, ...]:
    titles = desk_queries.case_titles(session, visit.person.org_id, list(chosen))
    named = {id_: titles.get(id_, "") for id_ in chosen}
    rows = bulk.look(desk.db, session, visit.person, event, named, visit.today)
    return tuple(row.seen_at(chosen[row.case_id]) for row in rows)


def _take(
    request: Request, desk: Desk, visit: Visit, posted: Posted, step: Step, rows: tuple[Row, ...], back: str
) -> Response:
    payload = payload_values(step.payload, posted.values())
    try:
        check_payload(step.payload, payload)
    except Invalid as invalid:
        above, beside = errors_of(invalid, list(step.payload.model_fields))
        return _page(request, desk, visit, posted, step, rows, back, failed=above, errors=beside)
    key = posted.text("action_key")
    done = bulk.take(
        desk.db, visit.person, step.event, rows, payload, today=visit.today, now=visit.now,
        key=key[:60] if key.isascii() and key else token_urlsafe(16),
    )  # fmt: skip
    counts = {
        outcome: sum(row.outcome == outcome for row in done) for outcome in ("done", "refused", "failed")
    }
    return desk.screens.page(
        request,
        "cases_bulk_done.html",
        visit.words,
        visit=visit,
        step=step,
        rows=done,
        counts=counts,
        back=back,
    )


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    posted: Posted,
    step: Step,
    rows: tuple[Row, ...],
    back: str,
    *,
    failed: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    words = visit.words
    asked = payload_fields(step.payload, words, posted.values(), errors or {})
    return desk.screens.page(
        request, "cases_bulk.html", words, status=422 if failed else 200, visit=visit, step=step, rows=rows,
        fields=[field for field in asked if field.name in bulk.shared_fields(step)],
        failed=words(failed), back=back,
        possible=[row for row in rows if row.outcome == "possible"],
        others=[row for row in rows if row.outcome != "possible"],
        action_key=posted.text("action_key") or token_urlsafe(16), too_many=len(posted.texts("cases")) > bulk.MOST,
        most=bulk.MOST,
    )  # fmt: skip
