"""Declaration and use 声明与实施: funding, yearly use, pre-filing assessments, patent products, outcomes of companies."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases import assessment_queries, product_queries, use_queries
from cases.assessments import assess, file_application, let_pass, plan_application, standing_against
from cases.funding import declare_funding, fundings_of, remove_funding
from cases.outcomes import outcomes_of, state_outcome
from cases.patent_dates import book_in_use
from cases.patents import get_patent
from cases.products import file_product, prompt_producer, register_product, withdraw_product
from cases.use_statements import state_use, statements_of
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute
from desk.use_shapes import (
    AssessmentListShape,
    AssessmentShape,
    FiledShape,
    FundingListShape,
    FundingShape,
    MadeShape,
    OutcomeListShape,
    OutcomeShape,
    ProductListShape,
    ProductShape,
    StandingListShape,
    StandingShape,
    StatementListShape,
    StatementShape,
    UnmetListShape,
)

router = APIRouter(prefix="/use", tags=["use 声明与实施"], route_class=ApiRoute)
Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Text = Annotated[str, Query(max_length=100)]


class Fields(BaseModel):
    """What a form takes 填写内容: the same fields as the page, as typed or as values."""

    model_config = ConfigDict(extra="forbid")

    fields: dict[str, Any] = Field(description="by name of the field; an unknown one is refused")


@router.get("", summary="List patents by how they are used 实施跟踪")
def standings(ask: Reading, view: Text = "exposed", q: Text = "", page: Page = 1) -> StandingListShape:
    with ask.db.read() as session:
        found = use_queries.standings(session, ask.person.org_id, ask.today, view=view, q=q, page=page)
        counts = use_queries.standing_counts(session, ask.person.org_id, ask.today)
    rows = [StandingShape.model_validate(row) for row in found.rows]
    return StandingListShape(rows=rows, total=found.total, page=found.page, size=found.size, counts=counts)


@router.get("/patents/{patent_id}/fundings", summary="List declarations of funding 财政资助声明")
def fundings(ask: Reading, patent_id: Id) -> FundingListShape:
    with ask.db.read() as session:
        get_patent(session, ask.person.org_id, patent_id)
        found = fundings_of(session, ask.person.org_id, patent_id)
    return FundingListShape(rows=[FundingShape.model_validate(row) for row in found])


@router.post(
    "/patents/{patent_id}/fundings",
    response_model=MadeShape,
    status_code=201,
    summary="Declare funding 登记声明",
)
def declare(ask: Writing, patent_id: Id, body: Fields) -> Response:
    return _made(ask, body, lambda: declare_funding(ask.db, ask.person, patent_id, body.fields, now=ask.now))


@router.delete("/fundings/{funding_id}", response_model=MadeShape, summary="Take a declaration back 撤销声明")
def take_back(ask: Writing, funding_id: Id, why: Text = "") -> Response:
    return ask.once(
        lambda: MadeShape(id=remove_funding(ask.db, ask.person, funding_id, why, now=ask.now)), asked=why
    )


@router.get("/patents/{patent_id}/statements", summary="List statements of use 实施情况")
def statements(ask: Reading, patent_id: Id) -> StatementListShape:
    with ask.db.read() as session:
        get_patent(session, ask.person.org_id, patent_id)
        found = statements_of(session, ask.person.org_id, patent_id)
    return StatementListShape(rows=[StatementShape.model_validate(row) for row in found])


@router.post(
    "/patents/{patent_id}/statements",
    response_model=MadeShape,
    status_code=201,
    summary="State the use 填报实施情况",
)
def state(ask: Writing, patent_id: Id, body: Fields) -> Response:
    return _made(ask, body, lambda: state_use(ask.db, ask.person, patent_id, body.fields, now=ask.now))


@router.get("/assessments", summary="List planned applications 申请前评估")
def assessments(ask: Reading, view: Text = "all", q: Text = "", page: Page = 1) -> AssessmentListShape:
    with ask.db.read() as session:
        org = ask.person.org_id
        found = assessment_queries.assessments(session, org, ask.today, view=view, q=q, page=page)
        covered, filed = assessment_queries.coverage(session, org, ask.today.year)
    rows = [AssessmentShape.model_validate(row) for row in found.rows]
    return AssessmentListShape(
        rows=rows, total=found.total, page=found.page, size=found.size, assessed=covered, filed=filed
    )


@router.post(
    "/assessments", response_model=MadeShape, status_code=201, summary="Plan an application 登记拟申请专利"
)
def plan(ask: Writing, body: Fields) -> Response:
    return _made(ask, body, lambda: plan_application(ask.db, ask.person, body.fields, now=ask.now))


@router.get("/assessments/{assessment_id}", summary="Show a planned application 评估详情")
def assessment(ask: Reading, assessment_id: Id) -> AssessmentShape:
    with ask.db.read() as session:
        found = assessment_queries.assessment_of(session, ask.person.org_id, assessment_id)
    return AssessmentShape.model_validate(found)


@router.get("/assessments/{assessment_id}/unmet", summary="What stands against filing 提交申请的条件")
def unmet(ask: Reading, assessment_id: Id) -> UnmetListShape:
    with ask.db.read() as session:
        found = assessment_queries.assessment_of(session, ask.person.org_id, assessment_id)
    with ask.db.cursor() as cur:
        book = book_in_use(cur, ask.person.org_id)
    return UnmetListShape.of(
        standing_against(found.plan, book, ask.today, is_let_pass=bool(found.overridden_by))
    )


@router.post(
    "/assessments/{assessment_id}/assess", response_model=MadeShape, summary="Record the assessment 登记评估"
)
def judge(ask: Writing, assessment_id: Id, body: Fields) -> Response:
    return _done(
        ask, body, assessment_id, lambda: assess(ask.db, ask.person, assessment_id, body.fields, now=ask.now)
    )


@router.post("/assessments/{assessment_id}/override", response_model=MadeShape, summary="Let it pass 放行")
def override(ask: Writing, assessment_id: Id, body: Fields) -> Response:
    return _done(
        ask,
        body,
        assessment_id,
        lambda: let_pass(ask.db, ask.person, assessment_id, body.fields, now=ask.now),
    )


@router.post(
    "/assessments/{assessment_id}/file", response_model=FiledShape, summary="Record the filing 登记提交申请"
)
def file(ask: Writing, assessment_id: Id, body: Fields) -> Response:
    def act() -> FiledShape:
        told = file_application(ask.db, ask.person, assessment_id, body.fields, now=ask.now)
        return FiledShape(id=assessment_id, unmet=[one.code for one in told])

    return ask.once(act, asked=body)


@router.get("/products", summary="List patent products 专利产品")
def products(ask: Reading, view: Text = "all", q: Text = "", page: Page = 1) -> ProductListShape:
    with ask.db.read() as session:
        org = ask.person.org_id
        found = product_queries.products(session, org, ask.today, view=view, q=q, page=page)
        covered, alive = product_queries.covered_patents(session, org)
        new = product_queries.newly_filed(session, org, ask.today.year)
    return ProductListShape(
        rows=[ProductShape.model_validate(row) for row in found.rows], total=found.total, page=found.page, size=found.size,
        newly_filed=new, covered_patents=covered, valid_patents=alive,
    )  # fmt: skip


@router.post("/products", response_model=MadeShape, status_code=201, summary="Register a product 登记产品")
def register(ask: Writing, body: Fields) -> Response:
    return _made(ask, body, lambda: register_product(ask.db, ask.person, body.fields, now=ask.now))


@router.get("/products/{product_id}", summary="Show a product 产品详情")
def product(ask: Reading, product_id: Id) -> ProductShape:
    with ask.db.read() as session:
        return ProductShape.model_validate(product_queries.product_of(session, ask.person.org_id, product_id))


@router.post(
    "/products/{product_id}/file", response_model=MadeShape, summary="Record filing or update 备案或更新"
)
def file_(ask: Writing, product_id: Id, body: Fields) -> Response:
    return _done(
        ask, body, product_id, lambda: file_product(ask.db, ask.person, product_id, body.fields, now=ask.now)
    )


@router.post("/products/{product_id}/prompt", response_model=MadeShape, summary="Record the prompt 提示企业")
def prompt(ask: Writing, product_id: Id, body: Fields) -> Response:
    return _done(
        ask,
        body,
        product_id,
        lambda: prompt_producer(ask.db, ask.person, product_id, body.fields, now=ask.now),
    )


@router.post(
    "/products/{product_id}/withdraw", response_model=MadeShape, summary="Record the withdrawal 撤回备案"
)
def withdraw(ask: Writing, product_id: Id, body: Fields) -> Response:
    return _done(
        ask,
        body,
        product_id,
        lambda: withdraw_product(ask.db, ask.person, product_id, body.fields, now=ask.now),
    )


@router.get("/outcomes", summary="List outcomes of companies 企业成效")
def outcomes(ask: Reading, year: Annotated[int | None, Query(ge=1985, le=2999)] = None) -> OutcomeListShape:
    with ask.db.read() as session:
        found = outcomes_of(session, ask.person.org_id, year=year)
    return OutcomeListShape(rows=[OutcomeShape.model_validate(row) for row in found])


@router.post(
    "/companies/{company_id}/outcomes",
    response_model=MadeShape,
    status_code=201,
    summary="State an outcome 登记成效",
)
def add_outcome(ask: Writing, company_id: Id, body: Fields) -> Response:
    return _made(ask, body, lambda: state_outcome(ask.db, ask.person, company_id, body.fields, now=ask.now))


def _made(ask: Asking, body: Fields, act: Any) -> Response:
    return ask.once(lambda: MadeShape(id=act()), asked=body, status=201)


def _done(ask: Asking, body: Fields, made: int, act: Any) -> Response:
    def done() -> MadeShape:
        act()
        return MadeShape(id=made)

    return ask.once(done, asked=body)
