"""Patents 专利: the base library, and lists coming into it."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from cases.patents import STATUS_ZH, PatentPage, PatentView, get_patent, list_patents
from desk.api.asking import MAX_ID, Reading
from desk.api.routes import ApiRoute
from desk.shapes import Shape

router = APIRouter(prefix="/patents", tags=["patents 专利"], route_class=ApiRoute)
PatentId = Annotated[int, Path(ge=1, le=MAX_ID)]


class PatentShape(Shape):
    """A patent or application 专利."""

    id: int
    application_no: str = Field(description="digits and check digit 申请号")
    display_no: str
    patent_no: str
    kind: str = Field(description="invention, utility or design 类型")
    kind_zh: str
    title: str
    owners: list[str]
    inventors: list[str]
    filing_date: date | None
    grant_date: date | None
    publication_no: str
    ipc: str
    address: str
    college: str
    status: str
    status_zh: str
    flags: list[str]
    register_checked_on: date | None
    term_end: date | None = Field(description="last day of protection 保护期限届满日")
    updated_at: datetime

    @classmethod
    def of(cls, view: PatentView) -> Self:
        """Return the shape of a patent."""
        return cls.model_validate(view)


class PatentListShape(BaseModel):
    """One page of patents 专利列表. `total` counts all that match."""

    rows: list[PatentShape]
    total: int
    page: int
    size: int

    @classmethod
    def of(cls, page: PatentPage) -> Self:
        """Return the shape of a page."""
        rows = [PatentShape.of(row) for row in page.rows]
        return cls(rows=rows, total=page.total, page=page.page, size=page.size)


@router.get("", summary="List patents 专利列表")
def patents(
    ask: Reading,
    q: Annotated[str, Query(max_length=200, description="名称、权利人、发明人或号码")] = "",
    status: Annotated[str, Query(pattern=f"^({'|'.join(STATUS_ZH)}|)$", description="法律状态")] = "",
    kind: Annotated[str, Query(pattern="^(invention|utility|design|)$", description="类型")] = "",
    college: Annotated[str, Query(max_length=200, description="院系")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 20,
) -> PatentListShape:
    with ask.db.read() as session:
        found = list_patents(
            session, ask.person.org_id, q=q, status=status, kind=kind, college=college, page=page, size=size
        )
        return PatentListShape.of(found)


@router.get("/{patent_id}", summary="Show a patent 专利详情")
def patent(ask: Reading, patent_id: PatentId) -> PatentShape:
    with ask.db.read() as session:
        return PatentShape.of(get_patent(session, ask.person.org_id, patent_id))
