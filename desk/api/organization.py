"""The institution 机构: what contracts and filing papers print of the licensor."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.organizations import organization_of, save_organization
from desk.api.asking import Reading, Writing
from desk.api.routes import ApiRoute
from desk.shapes import OrganizationShape

router = APIRouter(prefix="/organization", tags=["organization 机构"], route_class=ApiRoute)
Text = Annotated[str, Field(max_length=1000)]


class WholeOrganization(BaseModel):
    """All details of the institution 机构信息: an empty text clears a field; only the English ones may be left out."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(description="机构名称, as on the certificate of legal person")
    uscc: Text = Field(description="统一社会信用代码")
    address: Text = Field(description="住所")
    legal_representative: Text = Field(description="法定代表人")
    contact: Text
    phone: Text
    email: Text
    bank: Text
    account: Text
    name_en: Text = Field(default="", description="英文名称, for contracts in two languages; left out: stays")
    address_en: Text = Field(default="", description="英文地址; left out: stays")


@router.get("", summary="Show the institution 机构信息")
def organization(ask: Reading) -> OrganizationShape:
    with ask.db.read() as session:
        return OrganizationShape.model_validate(organization_of(session, ask.person.org_id))


@router.put("", response_model=OrganizationShape, summary="Change the institution 修改机构信息")
def change(ask: Writing, body: WholeOrganization) -> Response:
    def act() -> OrganizationShape:
        saved = save_organization(ask.db, ask.person, body.model_dump(exclude_unset=True), ask.now)
        return OrganizationShape.model_validate(saved)

    return ask.once(act, asked=body, resumable=True)
