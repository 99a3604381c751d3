"""Migrations 案件迁移: what a new version would change about running cases, doing it, undoing a run."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.migrating import check_may, migrate, plan_migration
from cases.unmigrating import undo_migration
from desk.api.asking import Reading, Writing
from desk.api.routes import ApiRoute
from desk.migration_shapes import MigrationReportShape, UndoShape

router = APIRouter(prefix="/migrations", tags=["migrations 案件迁移"], route_class=ApiRoute)
ModeName = Annotated[str, Query(max_length=50, description="转化方式")]
Number = Annotated[str, Query(max_length=50, description="案件编号")]


class Migrating(BaseModel):
    """Which cases to migrate 迁移范围; all running ones if nothing is given."""

    model_config = ConfigDict(extra="forbid")

    mode: str = Field(default="", max_length=50)
    case: str = Field(default="", max_length=50)


@router.get("", summary="Tell what a new version would change, case by case 迁移预览")
def plan(ask: Reading, mode: ModeName = "", case: Number = "") -> MigrationReportShape:
    check_may(ask.person)
    return MigrationReportShape.of(plan_migration(ask.db, ask.person, ask.today, mode=mode, number=case))


@router.post("", response_model=MigrationReportShape, summary="Migrate running cases 迁移在办案件")
def run(ask: Writing, body: Migrating) -> Response:
    def act() -> MigrationReportShape:
        report = migrate(ask.db, ask.person, ask.today, ask.now, mode=body.mode, number=body.case)
        return MigrationReportShape.of(report)

    return ask.once(act, asked=body, resumable=True)


@router.post("/{run_id}/undo", response_model=UndoShape, summary="Undo a migration run 撤销迁移批次")
def undo(ask: Writing, run_id: Annotated[str, Path(max_length=50)]) -> Response:
    def act() -> UndoShape:
        return UndoShape.of(undo_migration(ask.db, ask.person, run_id, ask.today, ask.now))

    return ask.once(act, resumable=True)
