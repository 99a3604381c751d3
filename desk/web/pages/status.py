"""Health of the desk, for people who run it; nothing about cases is told here."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import text

from cases.settings import Settings
from desk.web.desk_state import DeskArg, VisitArg
from flows.status import read_status

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
    service = flow_service(desk.settings, visit.now)
    return desk.screens.page(request, "parts/service.html", visit.words, visit=visit, service=service)


def flow_service(settings: Settings, now: datetime) -> str:
    """Return 'running', 'starting' or 'stopped' from what the worker last said of itself."""
    said = read_status(settings, "worker")
    return said["state"] if said["state"] in ("running", "starting") else "stopped"
