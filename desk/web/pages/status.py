"""Health of the desk, for people who run it; nothing about cases is told here."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import text

from cases.heartbeats import standing
from desk.web.desk_state import Desk, DeskArg, VisitArg

router = APIRouter()


@router.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def readyz(desk: DeskArg) -> Response:
    """Say whether the record can be read."""
    try:
        with desk.db.read() as session:
            session.exec(text("SELECT 1"))  # type: ignore[call-overload]
    except SQLAlchemyError:
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ready"})


@router.get("/status/line")
def status_line(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Return the line about the flow service, for polling."""
    service = flow_service(desk, visit.now)
    return desk.screens.page(request, "parts/service.html", visit.words, visit=visit, service=service)


def flow_service(desk: Desk, now: datetime) -> str:
    """Return 'running', 'starting' or 'stopped' from what the workers, on all machines, last said of themselves."""
    with desk.db.read() as session:
        return standing(session, "worker", now)
