"""Companies 企业: the register of counterparties."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.companies import get_company, list_companies, save_company
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.routes import ApiRoute
from desk.shapes import CompanyShape

router = APIRouter(prefix="/companies", tags=["companies 企业"], route_class=ApiRoute)
CompanyId = Annotated[int, Path(ge=1, le=MAX_ID)]
Text = Annotated[str, Field(max_length=1000)]


class NewCompany(BaseModel):
    """A company to register 企业登记."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(description="企业名称, as on the business license")
    uscc: Text = Field(default="", description="统一社会信用代码; empty only for a foreign party")
    address: Text = ""
    legal_representative: Text = ""
    contact: Text = ""
    phone: Text = ""
    email: Text = ""
    bank: Text = ""
    account: Text = ""
    name_en: Text = Field(default="", description="英文名称, for contracts in two languages")
    address_en: Text = Field(default="", description="英文地址")
    is_foreign: bool = Field(default=False, description="境外主体")


class CompanyListShape(BaseModel):
    """Companies by name 企业列表; narrow the search if there are more than `limit`."""

    rows: list[CompanyShape]
    limit: int


@router.get("", summary="List companies 企业列表")
def companies(
    ask: Reading,
    q: Annotated[str, Query(max_length=200, description="part of the name or code 名称或代码")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CompanyListShape:
    with ask.db.read() as session:
        rows = list_companies(session, ask.person.org_id, q, limit)
        return CompanyListShape(rows=[CompanyShape.model_validate(row) for row in rows], limit=limit)


@router.post("", status_code=201, response_model=CompanyShape, summary="Register a company 登记企业")
def create(ask: Writing, body: NewCompany) -> Response:
    def act() -> CompanyShape:
        return shape(save_company(ask.db, ask.person, body.model_dump()))

    def shape(company_id: int) -> CompanyShape:
        with ask.db.read() as session:
            return CompanyShape.model_validate(get_company(session, ask.person.org_id, company_id))

    return ask.once(act, asked=body, status=201, recall=shape)


@router.get("/{company_id}", summary="Show a company 企业详情")
def company(ask: Reading, company_id: CompanyId) -> CompanyShape:
    with ask.db.read() as session:
        return CompanyShape.model_validate(get_company(session, ask.person.org_id, company_id))
