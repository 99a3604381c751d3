"""Enterprises and evaluations 企业与评价: the register, pushes, evaluations and messages."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.enterprise_messages import answer_message, list_messages
from cases.enterprises import Wanted, list_enterprises
from cases.evaluation_views import list_evaluations
from cases.evaluations import Given, checked_heads, keep_evaluation
from cases.pushing import Push, push_patents
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.routes import ApiRoute
from desk.enterprise_shapes import EnterpriseListShape, EvaluationListShape, MessageListShape

router = APIRouter(tags=["enterprises 企业评价"], route_class=ApiRoute)
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Code = Annotated[str, Query(max_length=60)]
Score = Annotated[int, Field(ge=0, le=100)]
Text = Annotated[str, Field(max_length=2000)]


class NewPush(BaseModel):
    """Patents to push to enterprises 推送."""

    model_config = ConfigDict(extra="forbid")

    patent_ids: list[Id] = Field(min_length=1, max_length=200)
    company_ids: list[Id] = Field(min_length=1, max_length=50)
    purpose: str = Field(
        default="evaluation", description="evaluation, matching, promotion, negotiation 用途"
    )
    note: Text = ""


class SkippedShape(BaseModel):
    """A pair that was not pushed 未推送, and why."""

    patent_id: int
    company_id: int
    why_zh: str
    why_en: str


class PushedShape(BaseModel):
    """What came of pushing 推送结果."""

    pushed: list[int]
    skipped: list[SkippedShape]


class NewEvaluation(BaseModel):
    """An evaluation 评价, of an enterprise or of an expert, under the three heads."""

    model_config = ConfigDict(extra="forbid")

    patent_id: Id
    company_id: Id | None = None
    expert_id: Id | None = None
    prospect: Score = Field(description="产业化前景")
    improvement: Score = Field(description="技术改进需求")
    cooperation: Score = Field(description="产学研合作意愿")
    prospect_text: Text = ""
    improvement_text: Text = ""
    cooperation_text: Text = ""
    willing_to_talk: bool = False
    contact_consent: bool = False
    on: str = Field(default="", description="day of the evaluation, today by default 评价日期")


class KeptShape(BaseModel):
    """What became of an evaluation 评价结果: flags of the quality check, and the messages that it asks."""

    id: int
    flags: list[str]
    conflict: str
    messages: list[int]


class NewAnswer(BaseModel):
    """An answer 答复."""

    model_config = ConfigDict(extra="forbid")

    answer: Text


class AnsweredShape(BaseModel):
    """A message that is answered 已答复."""

    id: int
    status: str


@router.get("/enterprises", summary="List enterprises 企业列表")
def enterprises(
    ask: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
    class_: Annotated[str, Query(alias="class", max_length=60)] = "",
    region: Code = "",
    industry: Code = "",
    cultivation: Code = "",
    page: Page = 1,
) -> EnterpriseListShape:
    wanted = Wanted(q, class_, region, industry, cultivation=cultivation)
    with ask.db.read() as session:
        return EnterpriseListShape.of(list_enterprises(session, ask.person.org_id, wanted, page))


@router.post("/pushes", status_code=201, response_model=PushedShape, summary="Push patents 推送专利")
def push(ask: Writing, body: NewPush) -> Response:
    def act() -> PushedShape:
        asked = Push(body.patent_ids, body.company_ids, body.purpose, body.note)
        done = push_patents(ask.db, ask.person, asked, now=ask.now)
        skipped = [
            SkippedShape(
                patent_id=one.patent_id, company_id=one.company_id, why_zh=one.why_zh, why_en=one.why_en
            )
            for one in done.skipped
        ]
        return PushedShape(pushed=list(done.ids), skipped=skipped)

    return ask.once(act, asked=body, status=201)


@router.get("/evaluations", summary="List evaluations 评价列表")
def evaluations(
    ask: Reading,
    patent_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    doubtful: bool = False,
    page: Page = 1,
) -> EvaluationListShape:
    with ask.db.read() as session:
        return EvaluationListShape.of(
            *list_evaluations(
                session, ask.person.org_id, patent_id=patent_id, doubtful_only=doubtful, page=page
            )
        )


@router.post(
    "/evaluations", status_code=201, response_model=KeptShape, summary="Enter an evaluation 代录评价"
)
def evaluate(ask: Writing, body: NewEvaluation) -> Response:
    def act() -> KeptShape:
        heads = checked_heads(body.model_dump(), ask.today)
        given = Given(
            body.patent_id, company_id=body.company_id, expert_id=body.expert_id, source="api", **heads
        )
        kept = keep_evaluation(ask.db, ask.person, given, now=ask.now)
        return KeptShape(
            id=kept.id, flags=list(kept.flags), conflict=kept.conflict, messages=list(kept.messages)
        )

    return ask.once(act, asked=body, status=201)


@router.get("/enterprise-messages", summary="List messages of enterprises 企业消息")
def messages(
    ask: Reading,
    status: Annotated[str, Query(pattern="^(open|answered)?$")] = "",
    overdue: bool = False,
    page: Page = 1,
) -> MessageListShape:
    with ask.db.read() as session:
        return MessageListShape.of(
            *list_messages(session, ask.person.org_id, ask.today, status=status, overdue=overdue, page=page)
        )


@router.post(
    "/enterprise-messages/{message_id}/answer",
    response_model=AnsweredShape,
    summary="Answer an enterprise 答复企业",
)
def answer(ask: Writing, message_id: Annotated[int, Path(ge=1, le=MAX_ID)], body: NewAnswer) -> Response:
    def act() -> AnsweredShape:
        answer_message(
            ask.db, ask.person, message_id, body.answer, now=ask.now, mail=bool(ask.settings.smtp_host)
        )
        return AnsweredShape(id=message_id, status="answered")

    return ask.once(act, asked=body)
