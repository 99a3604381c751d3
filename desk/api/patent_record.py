"""What an officer records of a patent: what the register shows, and its annual fees 登记簿核查与年费信息."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.patent_fees import set_fee_data
from cases.patent_register import record_register
from cases.patents import get_patent
from desk.api.asking import MAX_ID, Asking, Writing
from desk.api.patents import PatentShape
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/patents", tags=["patents 专利"], route_class=ApiRoute)
PatentId = Annotated[int, Path(ge=1, le=MAX_ID)]


class RegisterLook(BaseModel):
    """A look at the register 登记簿核查; a field left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    register_checked_on: str = Field(max_length=40, description="登记簿核查日期")
    evidence: str = Field(max_length=1000, description="核查依据, what was looked at")
    status: str | None = Field(default=None, max_length=40, description="法律状态")
    flags: list[Annotated[str, Field(max_length=40)]] | None = Field(
        default=None, max_length=40, description="登记事项, the whole list"
    )


class FeeRecord(BaseModel):
    """What is known of annual fees 年费信息; a field left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    fee_reduction: str | None = Field(default=None, max_length=40, description="none, 70, 85 or empty 减缴")
    fee_paid_year: int | str | None = Field(default=None, description="last paid patent year 已缴至第几年度")
    fee_payer: str | None = Field(default=None, max_length=40, description="缴费人")


class FeeShape(BaseModel):
    """What is recorded of annual fees 年费信息."""

    patent_id: int
    application_no: str
    fee_reduction: str
    fee_paid_year: int | None
    fee_payer: str


@router.put(
    "/{patent_id}/register", response_model=PatentShape, summary="Record a look at the register 登记簿核查"
)
def register(ask: Writing, patent_id: PatentId, body: RegisterLook) -> Response:
    def act() -> PatentShape:
        record_register(ask.db, ask.person, patent_id, _said(body), today=ask.today, now=ask.now)
        return _patent(ask, patent_id)

    return ask.once(act, asked=body, recall=lambda _: _patent(ask, patent_id))


@router.put("/{patent_id}/fees", response_model=FeeShape, summary="Record annual fees 年费信息")
def fees(ask: Writing, patent_id: PatentId, body: FeeRecord) -> Response:
    def act() -> FeeShape:
        saved = set_fee_data(ask.db, ask.person, patent_id, _said(body), ask.now)
        return FeeShape(
            patent_id=saved.patent_id, application_no=saved.application_no, fee_reduction=saved.reduction,
            fee_paid_year=saved.paid_year, fee_payer=saved.payer,
        )  # fmt: skip

    return ask.once(act, asked=body)


def _said(body: BaseModel) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True)


def _patent(ask: Asking, patent_id: int) -> PatentShape:
    with ask.db.read() as session:
        return PatentShape.of(get_patent(session, ask.person.org_id, patent_id))
