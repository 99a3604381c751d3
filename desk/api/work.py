"""Jobs in the background 后台任务: what waits, what stopped and why, and the runs of flows."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from cases.backlog import backlog_by_topic, row, rows
from cases.reviving import REVIVERS, revive_job
from cases.runs import runs_of_organization
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.routes import ApiRoute
from desk.shapes import Shape

router = APIRouter(prefix="/work", tags=["work 后台任务"], route_class=ApiRoute)
JobId = Annotated[int, Path(ge=1, le=MAX_ID)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Size = Annotated[int, Query(ge=1, le=200)]
Status = Annotated[Literal["pending", "running", "dead", "done", "all"], Query(description="状态")]


class JobShape(Shape):
    """A job in the background 后台任务. `next_try` is when it is tried next, while it waits."""

    id: int
    topic: str
    status: str
    attempts: int
    error: str
    case_id: int | None
    case_no: str
    flow_run_id: str
    created_at: datetime
    next_try: datetime | None
    finished_at: datetime | None


class TopicShape(Shape):
    """How much of a kind waits 积压; `oldest` is when the oldest unfinished job was written."""

    topic: str
    pending: int
    running: int
    dead: int
    oldest: datetime | None
    per_minute: int


class JobListShape(BaseModel):
    """Jobs, the newest first, and the organization's backlog 后台任务列表."""

    rows: list[JobShape]
    backlog: list[TopicShape]


class FlowRunShape(Shape):
    """A run of a flow 流程运行. `total` is 0 where the whole is not known."""

    id: str
    flow: str
    subject: str
    state: str
    done: int
    total: int
    attempts: int
    result: str
    error: str
    case_id: int | None
    case_no: str
    started_at: datetime
    finished_at: datetime | None


class FlowRunListShape(BaseModel):
    """Runs, the newest first 流程运行列表."""

    rows: list[FlowRunShape]


@router.get("", summary="List jobs in the background 后台任务列表")
def jobs(
    ask: Reading, status: Status = "all", topic: Annotated[str, Query(max_length=40)] = "", page: Page = 1,
    size: Size = 20,
) -> JobListShape:  # fmt: skip
    wanted, org_id = "" if status == "all" else status, ask.person.org_id
    with ask.db.read() as session:
        found = rows(session, org_id=org_id, status=wanted, topic=topic, limit=size, offset=(page - 1) * size)
        waiting = backlog_by_topic(session, ask.now, org_id)
    return JobListShape(
        rows=[JobShape.model_validate(view) for view in found],
        backlog=[TopicShape.model_validate(view) for view in waiting],
    )


@router.get("/runs", summary="List runs of flows 流程运行列表")
def flow_runs(ask: Reading, page: Page = 1, size: Size = 20) -> FlowRunListShape:
    with ask.db.read() as session:
        found = runs_of_organization(
            session, ask.person.org_id, ask.now, limit=size, offset=(page - 1) * size
        )
    return FlowRunListShape(rows=[FlowRunShape.model_validate(view) for view in found])


@router.get("/{job_id}", summary="Show a job 后台任务详情")
def job(ask: Reading, job_id: JobId) -> JobShape:
    with ask.db.read() as session:
        return JobShape.model_validate(row(session, job_id, ask.person.org_id))


@router.post("/{job_id}/retry", response_model=JobShape, summary="Start a stopped job again 重新执行")
def retry(ask: Writing, job_id: JobId) -> Response:
    ask.only(*sorted(REVIVERS))

    def act() -> JobShape:
        revive_job(ask.db, ask.person, job_id, ask.now)
        with ask.db.read() as session:
            return JobShape.model_validate(row(session, job_id, ask.person.org_id))

    return ask.once(act)
