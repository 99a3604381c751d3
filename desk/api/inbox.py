"""The inbox 待办: what waits for the token's owner, what they wait for, what is overdue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from cases.errors import Invalid
from cases.inbox import inbox
from desk.api.asking import MAX_ID, Reading
from desk.api.routes import ApiRoute
from desk.awaiting import InboxListShape
from states.catalog import MODES

router = APIRouter(prefix="/inbox", tags=["inbox 待办"], route_class=ApiRoute)


@router.get("", summary="List what waits for me 待办列表")
def index(
    ask: Reading,
    which: Annotated[
        Literal["needs", "waiting", "overdue"],
        Query(alias="list", description="等我办理、等他人办理、已逾期"),
    ] = "needs",
    mode: Annotated[str, Query(description="转化方式")] = "",
    officer_id: Annotated[
        int | None,
        Query(ge=0, le=MAX_ID, description="承办人; 0 for everybody's, left out for what concerns me"),
    ] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 20,
) -> InboxListShape:
    if mode and mode not in MODES:
        reason = f"可选：{'、'.join(MODES)}"
        raise Invalid(f"查询条件mode有误，{reason}", {"mode": reason}, f"mode: one of {', '.join(MODES)}")
    with ask.db.read() as session:
        found = inbox(ask.db, session, ask.person, ask.today, mode=mode, officer_id=officer_id)
    return InboxListShape.of(found, which, page, size)
