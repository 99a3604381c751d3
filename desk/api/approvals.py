"""Approvals 审批席位与代理: who sits for which body, who deputizes for whom."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.seating import assign_seat, end_deputy, name_deputy, remove_seat, seating
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute
from desk.approved import SeatingShape

router = APIRouter(prefix="/approvals", tags=["approvals 审批席位"], route_class=ApiRoute)
Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Text = Annotated[str, Field(max_length=1000)]


class NewSeat(BaseModel):
    """A seat to assign 审批席位: an approver decides for a body."""

    model_config = ConfigDict(extra="forbid")

    body: Text = Field(description="审批机构, by its id or Chinese name")
    login: Text = Field(description="用户名 of an approver")


class NewDeputy(BaseModel):
    """A deputy to name 审批代理, from the first to the last day, both included."""

    model_config = ConfigDict(extra="forbid")

    login: Text = Field(description="用户名 of who is away")
    deputy: Text = Field(description="用户名 of the deputy")
    first_day: date
    last_day: date
    reason: Text = Field(description="代理原因")


@router.get("", summary="Show seats and deputies 审批席位与代理")
def show(ask: Reading) -> SeatingShape:
    return _shown(ask)


@router.post("/seats", status_code=201, response_model=SeatingShape, summary="Assign a seat 指定审批席位")
def assign(ask: Writing, body: NewSeat) -> Response:
    def act() -> SeatingShape:
        assign_seat(ask.db, ask.person, body.body, body.login, today=ask.today, now=ask.now)
        return _shown(ask)

    return ask.once(act, asked=body, status=201, recall=lambda _: _shown(ask))


@router.delete("/seats/{seat_id}", response_model=SeatingShape, summary="Take a seat away 撤销审批席位")
def unseat(ask: Writing, seat_id: Id) -> Response:
    def act() -> SeatingShape:
        remove_seat(ask.db, ask.person, seat_id, ask.now)
        return _shown(ask)

    return ask.once(act, asked=f"seat:{seat_id}", recall=lambda _: _shown(ask))


@router.post("/deputies", status_code=201, response_model=SeatingShape, summary="Name a deputy 登记审批代理")
def name(ask: Writing, body: NewDeputy) -> Response:
    def act() -> SeatingShape:
        name_deputy(
            ask.db, ask.person, body.login, body.deputy, body.first_day, body.last_day, body.reason,
            today=ask.today, now=ask.now,
        )  # fmt: skip
        return _shown(ask)

    return ask.once(act, asked=body, status=201, recall=lambda _: _shown(ask))


@router.delete(
    "/deputies/{deputy_id}", response_model=SeatingShape, summary="End a deputy's authority 终止审批代理"
)
def end(ask: Writing, deputy_id: Id) -> Response:
    def act() -> SeatingShape:
        end_deputy(ask.db, ask.person, deputy_id, ask.now)
        return _shown(ask)

    return ask.once(act, asked=f"deputy:{deputy_id}", recall=lambda _: _shown(ask))


def _shown(ask: Asking) -> SeatingShape:
    with ask.db.read() as session:
        return SeatingShape.of(seating(session, ask.person.org_id, ask.today))
