"""Review items 复核事项: what two computations of the record see differently."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.reviews import CLOSERS, ReviewView, close_review, get_review, list_reviews
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.routes import ApiRoute
from desk.shapes import Shape

router = APIRouter(prefix="/reviews", tags=["reviews 复核"], route_class=ApiRoute)
ReviewId = Annotated[int, Path(ge=1, le=MAX_ID)]


class ReviewShape(Shape):
    """A review item 复核事项. `found` holds `differs` and both derivations, `first` and `second`."""

    id: int
    kind: str
    subject: str
    case_id: int | None
    case_no: str
    case_title: str
    found: dict[str, Any]
    status: str
    note: str
    created_at: datetime
    closed_at: datetime | None
    closed_by: str

    @classmethod
    def of(cls, view: ReviewView) -> Self:
        """Return the shape of an item."""
        return cls.model_validate(view)


class ReviewListShape(BaseModel):
    """One page of the items, the newest first 复核事项列表."""

    rows: list[ReviewShape]
    total: int
    page: int
    size: int


class Closing(BaseModel):
    """What was found 核对结果."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(
        max_length=2000, description="which side was wrong, and what was done about it 核对结果"
    )


@router.get("", summary="List review items 复核事项列表")
def reviews(
    ask: Reading,
    status: Annotated[Literal["open", "closed", "all"], Query(description="待核对、已办结、全部")] = "open",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 20,
) -> ReviewListShape:
    with ask.db.read() as session:
        found = list_reviews(session, ask.person.org_id, status=status, page=page, size=size)
        rows = [ReviewShape.of(view) for view in found.rows]
        return ReviewListShape(rows=rows, total=found.total, page=page, size=size)


@router.get("/{review_id}", summary="Show a review item 复核事项详情")
def review(ask: Reading, review_id: ReviewId) -> ReviewShape:
    with ask.db.read() as session:
        return ReviewShape.of(get_review(session, ask.person.org_id, review_id))


@router.post("/{review_id}/close", response_model=ReviewShape, summary="Close a review item 办结复核事项")
def close(ask: Writing, review_id: ReviewId, body: Closing) -> Response:
    ask.only(*sorted(CLOSERS))

    def act() -> ReviewShape:
        return ReviewShape.of(close_review(ask.db, ask.person, review_id, body.note, now=ask.now))

    return ask.once(act, asked=body, recall=lambda _: review(ask, review_id))
