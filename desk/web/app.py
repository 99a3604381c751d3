"""Builds the web desk: one FastAPI application over one record."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from cases.db import Database
from cases.settings import Settings
from desk.api import router as api_router
from desk.web import failures
from desk.web.desk_state import Desk, wall_clock
from desk.web.jobs import Jobs
from desk.web.metrics import Measured, Meter
from desk.web.pages import ROUTERS, rating
from desk.web.portal import ROUTERS as PORTAL
from desk.web.portal import portal_state
from desk.web.request_ids import RequestIds
from desk.web.screens import Screens
from desk.web.security import BodyLimit, SecurityHeaders
from desk.web.visitors import Visitors

STATIC = Path(__file__).resolve().parents[1] / "static"


def create_app(settings: Settings, db: Database, *, lifespan: Any = None) -> FastAPI:
    """Return the application. The record must be migrated already.

    Effects: starts one background thread for imports.
    """
    app = FastAPI(title="Panhuo 盘活", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.db = db
    app.state.clock = wall_clock
    app.state.desk = Desk(settings, db, Screens(), Jobs())
    app.state.visitors = Visitors()
    app.state.raters = Visitors(rating.PER_MINUTE)
    failures.install(app)
    portal_state.install(app)
    for router in (*ROUTERS, *PORTAL):
        app.include_router(router, include_in_schema=False)
    # For the menu: an entry without a page is not shown.
    app.state.addresses = frozenset(str(getattr(r, "path", "")) for router in ROUTERS for r in router.routes)
    app.include_router(api_router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(failures.LastResort)
    app.add_middleware(SecurityHeaders)
    app.state.meter = Meter(settings, db)
    app.add_middleware(Measured, owner=app)
    app.add_middleware(RequestIds)
    return app
