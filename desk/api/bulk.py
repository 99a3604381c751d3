"""Documents for many cases in one run 批量生成: start, watch, stop, try again, download."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from cases import bulk_runs
from cases.bulk_files import write_zip
from cases.bulk_runs import Choice, RunView
from cases.db import Database
from cases.scope import Person
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute
from desk.handing_out import hand_out

router = APIRouter(prefix="/document-runs", tags=["documents 文书"], route_class=ApiRoute)
RunId = Annotated[int, Path(ge=1, le=MAX_ID)]
Act = Callable[[Database, Person, int, datetime], None]


class FailureShape(BaseModel):
    """A case whose document was not made 未生成的案件."""

    model_config = ConfigDict(from_attributes=True)

    case_id: int
    number: str
    title: str
    reason: str


class RunShape(BaseModel):
    """A run and how far it is 批量任务. `counts`: waiting, made, unchanged, failed, cancelled."""

    id: int
    kind: str
    title: str
    chosen: str
    status: str
    total: int
    done: int
    counts: dict[str, int]
    per_minute: float | None
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    reasons: dict[str, int] = Field(description="失败原因及件数 why cases failed, and how many")
    failures: list[FailureShape]

    @classmethod
    def of(cls, run: RunView) -> "RunShape":
        """Return the shape of a run."""
        return cls(
            id=run.id, kind=run.kind, title=run.title[0], chosen=run.chosen, status=run.status, total=run.total,
            done=run.done, counts=dict(run.counts), per_minute=run.per_minute, asked_by=run.asked_by,
            asked_at=run.asked_at, finished_at=run.finished_at, reasons=dict(run.reasons),
            failures=[FailureShape.model_validate(failure) for failure in run.failures],
        )  # fmt: skip


class RunListShape(BaseModel):
    """The latest runs 批量任务列表."""

    rows: list[RunShape]


class NewRun(BaseModel):
    """A kind of document for a list of cases 批量生成: named cases, or the filters of the case list (none: all)."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=50, description="文书种类: contract, approval_form …")
    case_ids: list[Annotated[int, Field(ge=1, le=MAX_ID)]] | None = Field(default=None, max_length=20_000)
    q: str = Field(default="", max_length=100)
    stage: str = Field(default="", max_length=50)
    mode: str = Field(default="", max_length=50)
    overdue: bool = False


@router.get("", summary="List runs 批量任务列表")
def list_runs(ask: Reading) -> RunListShape:
    with ask.db.read() as session:
        return RunListShape(rows=[RunShape.of(run) for run in bulk_runs.runs(session, ask.person.org_id)])


@router.post("", status_code=202, response_model=RunShape, summary="Make documents of many cases 批量生成")
def start(ask: Writing, body: NewRun) -> Response:
    choice = Choice(body.q, body.stage, body.mode, None, ask.today if body.overdue else None)

    def act() -> RunShape:
        named = f"指定{len(body.case_ids)}件" if body.case_ids is not None else bulk_runs.told(choice)
        cases = choice if body.case_ids is None else tuple(body.case_ids)
        return _shape(ask, bulk_runs.start_run(ask.db, ask.person, body.kind, cases, ask.now, named))

    return ask.once(act, asked=body, status=202, recall=lambda id_: _shape(ask, id_))


@router.get("/{run_id}", summary="Show a run 批量任务进度")
def show(ask: Reading, run_id: RunId) -> RunShape:
    return _shape(ask, run_id)


@router.post("/{run_id}/stop", response_model=RunShape, summary="Stop a run 停止")
def stop(ask: Writing, run_id: RunId) -> Response:
    return _acted(ask, run_id, bulk_runs.cancel_run)


@router.post("/{run_id}/retry", response_model=RunShape, summary="Try again what failed 重做失败的")
def retry(ask: Writing, run_id: RunId) -> Response:
    return _acted(ask, run_id, bulk_runs.retry_run)


@router.get("/{run_id}/files", response_class=FileResponse, summary="Download all files 下载全部文件")
def files(ask: Reading, run_id: RunId) -> Response:
    org_id = ask.person.org_id
    with ask.db.read() as session:
        run = bulk_runs.run_view(session, org_id, run_id)
        return hand_out(
            f"{run.title[0]}-批量{run.id}",
            lambda target: write_zip(session, ask.settings, org_id, run_id, target),
        )


def _acted(ask: Asking, run_id: int, act: Act) -> Response:
    def done() -> RunShape:
        act(ask.db, ask.person, run_id, ask.now)
        return _shape(ask, run_id)

    return ask.once(done, recall=lambda _: _shape(ask, run_id))


def _shape(ask: Asking, run_id: int) -> RunShape:
    with ask.db.read() as session:
        return RunShape.of(bulk_runs.run_view(session, ask.person.org_id, run_id))
