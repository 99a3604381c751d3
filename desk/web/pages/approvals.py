"""Who sits for which body of an approval, and who deputizes for whom: seen by everyone, kept by administrators."""

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.errors import Conflict, Invalid
from cases.people import people_of
from cases.seating import ROLE, assign_seat, end_deputy, name_deputy, remove_seat, seating
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of
from desk.web.security import AdministratorArg, ChangingArg
from rules.dates import DateError, parse_date

router = APIRouter(prefix="/admin/approvals")
SEAT, DEPUTY = ("body", "login"), ("login", "deputy", "first_day", "last_day", "reason")


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the bodies with their seats, and the deputies."""
    return _page(request, desk, visit)


@router.post("/seats")
def assign(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Let an approver sit for a body."""
    typed = {name: posted.text(name) for name in SEAT}

    def act() -> object:
        return assign_seat(
            desk.db, visit.person, typed["body"], typed["login"], today=visit.today, now=visit.now
        )

    return _done(request, desk, visit, act, "seat", typed)


@router.post("/seats/{seat_id}/remove")
def unseat(desk: DeskArg, visit: AdministratorArg, seat_id: int, posted: ChangingArg) -> Response:
    """Take a seat away."""
    remove_seat(desk.db, visit.person, seat_id, visit.now)
    return RedirectResponse("/admin/approvals?saved", 303)


@router.post("/deputies")
def name(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Name a deputy from day to day."""
    typed = {name: posted.text(name) for name in DEPUTY}

    def act() -> object:
        first, last = _days(typed)
        return name_deputy(
            desk.db, visit.person, typed["login"], typed["deputy"], first, last, typed["reason"], today=visit.today,
            now=visit.now,
        )  # fmt: skip

    return _done(request, desk, visit, act, "deputy", typed)


@router.post("/deputies/{deputy_id}/end")
def end(desk: DeskArg, visit: AdministratorArg, deputy_id: int, posted: ChangingArg) -> Response:
    """End a deputy's authority."""
    end_deputy(desk.db, visit.person, deputy_id, visit.now)
    return RedirectResponse("/admin/approvals?saved", 303)


def _days(typed: Mapping[str, str]) -> tuple[date, date]:
    """Read both days.

    Raises: Invalid naming those that cannot be read.
    """
    days: dict[str, date] = {}
    fields: dict[str, str] = {}
    for field in ("first_day", "last_day"):
        try:
            days[field] = parse_date(typed[field])
        except DateError as error:
            fields[field] = error.reason
    if fields:
        raise Invalid("代理有误，请改正后重新提交", fields, "the days cannot be read")
    return days["first_day"], days["last_day"]


def _done(
    request: Request, desk: Desk, visit: Visit, act: Callable[[], object], form: str, typed: Mapping[str, str]
) -> Response:
    try:
        act()
    except Invalid as invalid:
        above, beside = errors_of(invalid, SEAT if form == "seat" else DEPUTY)
        return _page(request, desk, visit, status=422, form=form, typed=typed, failed=above, errors=beside)
    except Conflict as conflict:
        message = visit.words.pick(conflict.message, conflict.message_en)
        return _page(request, desk, visit, status=409, form=form, typed=typed, failed=message)
    return RedirectResponse("/admin/approvals?saved", 303)


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    *,
    status: int = 200,
    form: str = "",
    typed: Mapping[str, str] | None = None,
    failed: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    with desk.db.read() as session:
        found = seating(session, visit.person.org_id, visit.today)
        people = people_of(session, visit.person.org_id)
    return desk.screens.page(
        request, "approvals.html", visit.words, status=status, visit=visit, found=found, form=form,
        typed=typed or {}, failed=failed, errors=errors or {}, saved="saved" in request.query_params,
        approvers=[(one.login, one.name) for one in people if one.role == ROLE],
        bodies=[(one.body.id, visit.words.pick(one.body.zh, one.body.en)) for one in found.offices if one.known],
    )  # fmt: skip
