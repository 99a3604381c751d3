"""Clauses 合同条款 of a case's contract: list, and one with its texts. They are changed by the steps of the case."""

from typing import Annotated

from fastapi import APIRouter, Path

from cases.clause_page import clause_page
from desk.api.asking import Reading
from desk.api.cases import CaseName
from desk.api.routes import ApiRoute
from desk.clause_shapes import ClauseListShape, ClauseTextShape

router = APIRouter(prefix="/cases/{case}/clauses", tags=["clauses 合同条款"], route_class=ApiRoute)
ClauseName = Annotated[str, Path(max_length=50, description="条款名称, such as breach")]


@router.get("", summary="List the clauses 合同条款列表")
def list_clauses(ask: Reading, case: CaseName) -> ClauseListShape:
    with ask.db.read() as session:
        return ClauseListShape.of(clause_page(ask.db, session, ask.person, ask.case_id(session, case)))


@router.get("/{clause}", summary="Show a clause 条款全文、备选与比较")
def show(ask: Reading, case: CaseName, clause: ClauseName) -> ClauseTextShape:
    with ask.db.read() as session:
        page = clause_page(ask.db, session, ask.person, ask.case_id(session, case))
    return ClauseTextShape.of(page.line(clause))
