"""Health of the desk, for people who run it; nothing about cases is told here."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import text

from desk.web.desk_state import DeskArg, VisitArg

router = APIRouter()
STALE_SECONDS = 120


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
    service = flow_service(desk.settings.home, visit.now)
    return desk.screens.page(request, "parts/service.html", visit.words, visit=visit, service=service)


def flow_service(home: Path, now: datetime) -> str:
    """Return 'running', 'starting' or 'stopped' from what the supervisor wrote; tolerant of anything else."""
    try:
        told: Any = orjson.loads((home / "run" / "status.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return "stopped"
    state = str(told.get("flows") or told.get("state") or "") if isinstance(told, dict) else ""
    return state if state in ("running", "starting") else "stopped"
