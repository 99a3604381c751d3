"""后台任务 for administrators: what waits, how old it is, what stopped and why, and the latest runs."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from cases.backlog import backlog_by_topic, rows
from cases.handing import BATCH, FLOWS
from cases.reviving import revive_job, revive_topic
from cases.runs import runs
from desk.web import labels
from desk.web.desk_state import DeskArg
from desk.web.security import AdministratorArg, ChangingArg

router = APIRouter(prefix="/admin/work")
DEAD_SHOWN = 100
RUNS_SHOWN = 50
BATCHES_SHOWN = 10
Asked = Annotated[str, Query(max_length=40)]


@router.get("")
def show(
    request: Request, desk: DeskArg, visit: AdministratorArg, topic: Asked = "", state: Asked = ""
) -> Response:
    """Show the work of the visitor's institution, and how much waits in the whole installation."""
    org_id = visit.person.org_id
    topic = topic if topic in FLOWS else ""
    state = state if state in labels.RUN_STATE else ""
    flow = FLOWS.get(topic, "")
    with desk.db.read() as session:
        whole = backlog_by_topic(session, visit.now)
        dead = rows(session, org_id=org_id, status="dead", topic=topic, limit=DEAD_SHOWN)
        shown = runs(session, visit.now, org_id=org_id, flow=flow, state=state, limit=RUNS_SHOWN)
        many = () if topic else runs(session, visit.now, flow=BATCH, state=state, limit=BATCHES_SHOWN)
    return desk.screens.page(
        request, "work.html", visit.words, visit=visit, whole=whole, dead=dead, runs=(*many, *shown),
        topic=topic, state=state, topics=tuple(FLOWS), states=tuple(labels.RUN_STATE),
    )  # fmt: skip


@router.post("/topics/{topic}/revive")
def revive_all(desk: DeskArg, visit: AdministratorArg, topic: str, posted: ChangingArg) -> Response:
    """Start all stopped jobs of a kind again."""
    revive_topic(desk.db, visit.person, topic, visit.now)
    return RedirectResponse("/admin/work", 303)


@router.post("/{outbox_id}/revive")
def revive(desk: DeskArg, visit: AdministratorArg, outbox_id: int, posted: ChangingArg) -> Response:
    """Start a stopped job again."""
    revive_job(desk.db, visit.person, outbox_id, visit.now)
    return RedirectResponse("/admin/work", 303)
