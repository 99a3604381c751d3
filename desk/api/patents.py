"""Patents 专利: the base library, and lists coming into it."""

from datetime import date, datetime
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Self

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from cases.desk_queries import import_of
from cases.imports import check_may_import, rejected_lines
from cases.patents import STATUS_ZH, PatentPage, PatentView, get_patent, list_patents
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute, UploadRoute
from desk.api.uploads import XLSX, kept_upload, mapping_of
from desk.shapes import Shape
from exchange.list_import import full_mapping, import_list
from exchange.patent_import import preview, run_import

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
    fee_paid_year: int | None = Field(description="last paid patent year 已缴年度")
    fee_reduction: str = Field(description="none, 70, 85 or empty 费用减缴")

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


class ErrorShape(BaseModel):
    """What is wrong with one line 不合格原因."""

    row: int
    field: str
    value: str
    reason: str


class ImportShape(BaseModel):
    """What came of a list 导入结果. `accepted` counts distinct good patents, `rejected` lines."""

    rows: int
    accepted: int
    unchanged: int
    rejected: int
    errors: list[ErrorShape]
    mapping: dict[str, str]
    dry_run: bool
    import_id: int | None = Field(description="null for a dry run")
    rejects: str | None = Field(description="address of the workbook of refused lines 不合格行")


uploads = APIRouter(prefix="/patents", tags=["patents 专利"], route_class=UploadRoute)


@uploads.post("/import", response_model=ImportShape, summary="Import a patent list 导入专利清单")
def import_(
    ask: Writing,
    file: Annotated[UploadFile, File(description="xlsx or csv, at most 50 MB")],
    dry_run: Annotated[bool, Form(description="check only, store nothing 只检查")] = False,
    mapping: Annotated[str, Form(max_length=10_000, description='JSON: {"field": "column"} 指定列')] = "",
) -> Response:
    check_may_import(ask.person)
    chosen = mapping_of(mapping)
    with TemporaryDirectory(prefix="panhuo-upload-") as folder:
        path, digest = kept_upload(file.file, FilePath(folder) / "list")
        if dry_run:
            return Response(_checked(ask, path, chosen).model_dump_json(), media_type="application/json")
        told = f"{digest} {file.filename!r} {sorted(chosen.items()) if chosen else ''}"
        return ask.once(lambda: _stored(ask, path, file.filename or "", chosen), asked=told, resumable=True)


def _columns(ask: Asking, path: FilePath, chosen: dict[str, str] | None) -> dict[str, str] | None:
    return full_mapping(preview(path, today=ask.today).mapping, chosen) if chosen else None


def _checked(ask: Asking, path: FilePath, chosen: dict[str, str] | None) -> ImportShape:
    report = run_import(
        ask.db, path, mapping=_columns(ask, path, chosen), org_id=ask.person.org_id, dry_run=True, now=ask.now
    )
    return ImportShape.model_validate(
        {**report.as_json(), "dry_run": True, "import_id": None, "rejects": None}
    )


def _stored(ask: Asking, path: FilePath, filename: str, chosen: dict[str, str] | None) -> ImportShape:
    done = import_list(
        ask.db, ask.settings.files, ask.person, path, filename=filename, mapping=_columns(ask, path, chosen),
        now=ask.now,
    )  # fmt: skip
    rejects = ask.request.url.path.removesuffix("import") + f"imports/{done.import_id}/rejects"
    values = {
        "dry_run": False,
        "import_id": done.import_id,
        "rejects": rejects if done.rejects_sha256 else None,
    }
    return ImportShape.model_validate({**done.report.as_json(), **values})


@router.get(
    "/imports/{import_id}/rejects", response_class=FileResponse, summary="Download refused lines 下载不合格行"
)
def rejects_file(ask: Reading, import_id: PatentId) -> FileResponse:
    with ask.db.read() as session:
        run = import_of(session, ask.person.org_id, import_id)
    path = rejected_lines(ask.settings, run.rejects_file)
    name = f"{FilePath(run.filename).stem}-不合格行.xlsx"
    return FileResponse(path, media_type=XLSX, filename=name)
