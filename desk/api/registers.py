"""Registers 登记簿: events, leads, providers and the other lists that are kept by hand."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import Invalid, NotFound
from cases.event_registers import BY_NAME
from cases.events import open_from_lead, promote
from cases.registers import Register, Row, get_row, list_rows, save_row
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/registers", tags=["registers 登记簿"], route_class=ApiRoute)
Name = Annotated[
    str, Path(max_length=30, description="one of events, leads, participants, providers, offers …")
]
RowId = Annotated[int, Path(ge=1, le=MAX_ID)]
Text = Annotated[str, Field(max_length=5000)]


class RowShape(BaseModel):
    """One row 一条记录: `values` as a form takes them, `shown` as people read them."""

    id: int
    values: dict[str, str]
    shown: dict[str, str]

    @classmethod
    def of(cls, row: Row) -> "RowShape":
        """Return the shape of a row."""
        return cls(
            id=row.id, values=dict(row.typed), shown={name: cell.zh for name, cell in row.cells.items()}
        )


class RowsShape(BaseModel):
    """A page of a register 登记簿的一页."""

    rows: list[RowShape]
    total: int
    page: int
    size: int


class RowValues(BaseModel):
    """What is saved, by column 各栏内容; choices by word or name, patents and cases by number."""

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Text]


class PatentNumbers(BaseModel):
    """Patents of an event 推介专利."""

    model_config = ConfigDict(extra="forbid")

    numbers: list[Annotated[str, Field(max_length=40)]] = Field(min_length=1, max_length=500)


class AddedShape(BaseModel):
    """How many patents are new 新加入的件数."""

    added: int


class LeadCase(BaseModel):
    """The mode of the case to open 转化方式."""

    model_config = ConfigDict(extra="forbid")

    mode: str = Field(max_length=40)


class OpenedShape(BaseModel):
    """The case that was opened 已立案件."""

    case_id: int


@router.get("/{register}", summary="List a register 登记簿列表")
def rows(
    ask: Reading,
    register: Name,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
    status: Annotated[str, Query(max_length=30, description="only rows of this status")] = "",
) -> RowsShape:
    found = _register(register)
    filters = {"status": status} if status and any(c.name == "status" for c in found.columns) else {}
    with ask.db.read() as session:
        held = list_rows(session, ask.person.org_id, found, filters, page=page, size=size)
    return RowsShape(rows=[RowShape.of(row) for row in held.rows], total=held.total, page=page, size=size)


@router.post("/{register}", status_code=201, response_model=RowShape, summary="Add a row 登记")
def add(ask: Writing, register: Name, body: RowValues) -> Response:
    found = _checked(register, body)

    def act() -> RowShape:
        return _shape(ask, found, save_row(ask.db, ask.person, found, body.values, now=ask.now))

    return ask.once(act, asked=body, status=201, recall=lambda row_id: _shape(ask, found, row_id))


@router.get("/{register}/{row_id}", summary="Show a row 登记内容")
def row(ask: Reading, register: Name, row_id: RowId) -> RowShape:
    return _shape(ask, _register(register), row_id)


@router.put("/{register}/{row_id}", response_model=RowShape, summary="Change a row 修改登记")
def change(ask: Writing, register: Name, row_id: RowId, body: RowValues) -> Response:
    found = _checked(register, body)

    def act() -> RowShape:
        return _shape(
            ask, found, save_row(ask.db, ask.person, found, body.values, row_id=row_id, now=ask.now)
        )

    return ask.once(act, asked=body, recall=lambda saved: _shape(ask, found, saved))


@router.post(
    "/events/{row_id}/patents", response_model=AddedShape, summary="Promote patents at an event 加入推介专利"
)
def add_patents(ask: Writing, row_id: RowId, body: PatentNumbers) -> Response:
    def act() -> AddedShape:
        return AddedShape(added=promote(ask.db, ask.person, row_id, "\n".join(body.numbers), ask.now))

    return ask.once(act, asked=body, resumable=True)


@router.post(
    "/leads/{row_id}/case",
    status_code=201,
    response_model=OpenedShape,
    summary="Open a case from a lead 线索立案",
)
def open_case(ask: Writing, row_id: RowId, body: LeadCase) -> Response:
    def act() -> OpenedShape:
        opened = open_from_lead(ask.db, ask.person, row_id, mode=body.mode, today=ask.today, now=ask.now)
        return OpenedShape(case_id=opened)

    return ask.once(act, asked=body, status=201, recall=lambda case_id: OpenedShape(case_id=case_id))


def _register(name: str) -> Register:
    if name not in BY_NAME:
        raise NotFound(f"没有这个登记簿，可用：{'、'.join(BY_NAME)}", "no such register")
    return BY_NAME[name]


def _checked(name: str, body: RowValues) -> Register:
    found = _register(name)
    columns = [column.name for column in found.columns]
    wrong = {
        field: f"没有这一栏，可填：{'、'.join(columns)}" for field in body.values if field not in columns
    }
    if wrong:
        raise Invalid("有未知的栏目", wrong, "unknown columns")
    return found


def _shape(ask: Asking, register: Register, row_id: int) -> RowShape:
    with ask.db.read() as session:
        return RowShape.of(get_row(session, ask.person.org_id, register, row_id))
