"""The REST API: the same verbs as the desk and the command line, for a token's owner.

The record stands under /api/v1, questions to the rulebook under /api/rules (and, the same, under /api/v1/rules).

`router` goes into any FastAPI application whose `state` holds `db`, `settings` and `clock` (a callable that
returns an aware datetime); `problem_handlers()` answers what goes wrong outside its routes.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from desk.api import (
    approvals,
    bulk,
    case_files,
    cases,
    clauses,
    companies,
    demands,
    documents,
    enterprises,
    feedback,
    inbox,
    indicators,
    migrations,
    modes,
    negotiation,
    official,
    organization,
    patent_record,
    patents,
    pool,
    proof,
    record,
    registers,
    reports,
    reviews,
    royalties,
    rule_matters,
    rule_packs,
    rules,
    sheets,
    steps,
    stocktakes,
    supervision,
    use,
    work,
)
from desk.api.problems import MEDIA_TYPE, problem_handlers
from desk.api.routes import ApiRoute
from desk.shapes import Problem

__all__ = ["PREFIX", "RULES", "problem_handlers", "router"]

PREFIX = "/api/v1"
RULES = "/api/rules"
BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="访问令牌: panhuo user token LOGIN")
REASONS = {
    401: "no valid token 未登录",
    403: "the role may not do this 无权办理",
    404: "no such thing in this organization 没有找到",
    409: "refused with all unmet conditions, stale version, or key reused 冲突或现在不能办理",
    413: "the body is too large 内容过大",
    422: "wrong input, with the fields 填写有误",
}


def _token(_credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> None:
    """Document the token; the route class has checked it before."""


def _problems() -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        status: {"model": Problem, "description": reason, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, reason in REASONS.items()
    }


v1 = APIRouter(prefix=PREFIX, route_class=ApiRoute)
for part in (
    patents.uploads, patents.router, patent_record.router, organization.router, companies.router, enterprises.router,
    sheets.uploads, sheets.router, feedback.router,
    demands.router, pool.router,
    cases.router, steps.router,
    royalties.router,
    documents.router, official.router, bulk.router, case_files.router, case_files.uploads, proof.router,
    negotiation.router, negotiation.uploads, clauses.router,
    inbox.router, indicators.router, approvals.router, record.router, migrations.router, reviews.router, work.router,
    reports.router, modes.router,
):  # fmt: skip
    v1.include_router(part)
v1.include_router(use.router)
v1.include_router(registers.router)
v1.include_router(stocktakes.router)
v1.include_router(supervision.router)


@v1.get("/openapi.json", include_in_schema=False)
def description(request: Request) -> JSONResponse:
    """Describe the API to whoever may use it."""
    return JSONResponse(request.app.openapi())


router = APIRouter(dependencies=[Depends(_token)], responses=_problems())
router.include_router(v1)
for questions in (rules.router, rule_matters.router, rule_packs.router):
    router.include_router(questions, prefix="/api")
    router.include_router(questions, prefix=PREFIX, include_in_schema=False)
