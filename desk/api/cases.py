"""Cases 案件: list, open, show, and the trail of one."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import Invalid
from cases.opening import MAX_PATENTS, open_case
from cases.trail import entries
from cases.views import case_page, list_cases
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute
from desk.recorded import EntryShape
from desk.shapes import CaseListShape, CaseShape
from states.catalog import MODES
from states.modes import STAGES

router = APIRouter(prefix="/cases", tags=["cases 案件"], route_class=ApiRoute)
CaseName = Annotated[str, Path(max_length=50, description="案件编号, like ZH2026-00001, or the id")]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]


class NewCase(BaseModel):
    """A case to open 立案."""

    model_config = ConfigDict(extra="forbid")

    mode: str = Field(
        max_length=50,
        description=f"转化方式: {'、'.join(f'{slug} {mode.zh}' for slug, mode in MODES.items())}",
    )
    title: str = Field(max_length=1000, description="案件名称")
    patent_ids: list[Id] = Field(max_length=MAX_PATENTS, description="所涉专利")
    company_id: Id | None = Field(default=None, description="相对方企业；开放许可不填")


class TrailShape(BaseModel):
    """Entries of one chain, oldest first 留痕记录. `next_after` continues the list; null at its end."""

    chain: str
    entries: list[EntryShape]
    next_after: int | None


@router.get("", summary="List cases 案件列表")
def cases(
    ask: Reading,
    q: Annotated[str, Query(max_length=200, description="编号、名称或企业")] = "",
    stage: Annotated[str, Query(description="preparation, contract, performance or end 阶段")] = "",
    mode: Annotated[str, Query(description="转化方式")] = "",
    officer_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    overdue: Annotated[bool, Query(description="只看有逾期期限的案件")] = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 20,
) -> CaseListShape:
    _check_known("stage", stage, STAGES)
    _check_known("mode", mode, MODES)
    with ask.db.read() as session:
        found = list_cases(
            session, ask.person.org_id, q=q, stage=stage, mode=mode, officer_id=officer_id, page=page,
            size=size, overdue_on=ask.today if overdue else None,
        )  # fmt: skip
        return CaseListShape.of(found)


def _check_known(name: str, value: str, known: Collection[str]) -> None:
    if value and value not in known:
        reason = f"可选：{'、'.join(known)}"
        raise Invalid(f"查询条件{name}有误，{reason}", {name: reason}, f"{name}: one of {', '.join(known)}")


@router.post("", status_code=201, response_model=CaseShape, summary="Open a case 立案")
def create(ask: Writing, body: NewCase) -> Response:
    def act() -> CaseShape:
        case_id = open_case(
            ask.db, ask.person, mode=body.mode, title=body.title, patent_ids=body.patent_ids,
            company_id=body.company_id, today=ask.today, now=ask.now,
        )  # fmt: skip
        return _shape(ask, str(case_id))

    return ask.once(act, asked=body, status=201, recall=lambda id_: _shape(ask, str(id_)))


@router.get("/{case}", summary="Show where a case stands 案件详情")
def show(ask: Reading, case: CaseName) -> CaseShape:
    return _shape(ask, case)


def _shape(ask: Asking, case: str) -> CaseShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        return CaseShape.of(case_page(ask.db, session, ask.person, case_id, ask.today))


@router.get("/{case}/trail", summary="Read the trail of a case 案件留痕")
def trail(
    ask: Reading,
    case: CaseName,
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="only entries after this number")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> TrailShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        ask.number_of(session, case_id)
        return chain_shape(ask, f"case:{case_id}", after, limit)


def chain_shape(ask: Asking, chain: str, after: int, limit: int) -> TrailShape:
    """Return a part of a chain of the asking person's organization."""
    with ask.db.read() as session:
        found = entries(session, ask.person.org_id, chain, after=after, limit=limit + 1)
    shown = [EntryShape.of(entry) for entry in found[:limit]]
    more = len(found) > limit
    return TrailShape(chain=chain, entries=shown, next_after=shown[-1].seq if more else None)
