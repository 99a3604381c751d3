"""Official acts 官方手续 of a case: the checklist of each, and contract, forms and register compared."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cases.official import checklists_of, comparison_of
from desk.answers.official import checklist_answer, comparison_answer
from desk.api.asking import Reading
from desk.api.cases import CaseName
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/cases/{case}", tags=["official acts 官方手续"], route_class=ApiRoute)


class FileShape(BaseModel):
    """A file that stands for a paper 材料文件."""

    name: str
    sha256: str
    pages: int


class ChecklistRowShape(BaseModel):
    """One paper of a checklist 材料."""

    n: int
    paper_zh: str
    paper_en: str
    form_zh: str = Field(description="original or copy 原件或者复印件")
    form_en: str
    who_zh: str = Field(description="who provides it 提供方")
    who_en: str
    state: str = Field(description="made | uploaded | missing | not_needed")
    state_zh: str
    state_en: str
    note_zh: str
    note_en: str
    rule: str = Field(description="why it is asked 依据的规则编号")
    article: str
    confidence: str
    badge_zh: str
    document: str = Field(description="kind of document that is made for it 对应的文书种类")
    gaps_zh: list[str] = Field(description="what the form still lacks 还缺的内容")
    files: list[FileShape]


class ActShape(BaseModel):
    """The checklist of one official act 一项官方手续的材料清单."""

    act: str
    zh: str
    en: str
    lacking: int
    rows: list[ChecklistRowShape]


class ChecklistsShape(BaseModel):
    """The checklists of a case 材料清单."""

    acts: list[ActShape]


class ComparedShape(BaseModel):
    """One field that was compared 核对项; a source that does not state it has null."""

    group: str
    group_zh: str
    group_en: str
    field: str
    contract: str | None
    form: str | None
    record: str | None
    agrees: bool
    remedy_zh: str
    remedy_en: str


class ComparisonShape(BaseModel):
    """All fields compared before a pack may leave 材料核对; those that differ come first."""

    compared: int
    differing: int
    may_pack: bool
    rows: list[ComparedShape]


@router.get("/checklists", summary="Checklists of the official acts 材料清单")
def checklists(ask: Reading, case: CaseName) -> ChecklistsShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        found = checklists_of(ask.db, session, ask.person.org_id, case_id, ask.today)
    return ChecklistsShape.model_validate(checklist_answer(found))


@router.get("/comparison", summary="Contract, forms and register compared 材料核对")
def comparison(ask: Reading, case: CaseName) -> ComparisonShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        found = comparison_of(ask.db, session, ask.settings, ask.person.org_id, case_id)
    return ComparisonShape.model_validate(comparison_answer(found))
