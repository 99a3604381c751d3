"""Health of the desk, for people who run it; nothing about cases is told here."""

from datetime import datetime
from hmac import compare_digest

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException

from cases.heartbeats import standing
from cases.operating import failing_parts
from desk.web.desk_state import Desk, DeskArg, VisitArg, address_of
from desk.web.metrics import Meter

router = APIRouter()
LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def readyz(request: Request, desk: DeskArg) -> Response:
    """Say whether the desk can work: the record answers, at the newest schema, and files can be stored.

    Which part fails is told on this machine, and to whoever has the token of the metrics.
    """
    failing = failing_parts(desk.db, desk.settings.files)
    if not failing:
        return JSONResponse({"status": "ready"})
    told = {"failing": list(failing)} if is_trusted(request, desk) else {}
    return JSONResponse({"status": "unavailable", **told}, 503)


@router.get("/metrics")
def metrics(request: Request, desk: DeskArg) -> Response:
    """Return the numbers for Prometheus, on this machine or with the token; nobody else learns that they are here."""
    if not is_trusted(request, desk):
        raise HTTPException(404)
    meter: Meter = request.app.state.meter
    return Response(meter.text(), media_type=CONTENT_TYPE_LATEST)


def is_trusted(request: Request, desk: Desk) -> bool:
    """Say whether somebody asks with the token; or, where none is set, from this machine and through no proxy."""
    token = desk.settings.watched.metrics_token
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), token.encode())
    return address_of(request) in LOOPBACK and not any(name in request.headers for name in FORWARDED)


@router.get("/status/line")
def status_line(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Return the line about the flow service, for polling."""
    service = flow_service(desk, visit.now)
    return desk.screens.page(request, "parts/service.html", visit.words, visit=visit, service=service)


def flow_service(desk: Desk, now: datetime) -> str:
    """Return 'running', 'starting' or 'stopped' from what the workers, on all machines, last said of themselves."""
    with desk.db.read() as session:
        return standing(session, "worker", now)
