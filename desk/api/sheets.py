"""Sheets 批量导入: kinds of sheets, their templates, and rows coming in."""

from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from cases.desk_queries import import_of
from cases.imports import check_may_import, rejected_lines
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.routes import ApiRoute, UploadRoute
from desk.api.uploads import XLSX, kept_upload, mapping_of
from exchange.list_import import full_mapping, import_sheet
from exchange.sheet_import import preview_sheet, run_sheet
from exchange.sheet_kind import SheetKind
from exchange.sheet_kinds import ALL, kind_of
from exchange.sheet_template import write_template

router = APIRouter(prefix="/sheets", tags=["sheets 批量导入"], route_class=ApiRoute)
uploads = APIRouter(prefix="/sheets", tags=["sheets 批量导入"], route_class=UploadRoute)
Name = Annotated[str, Path(max_length=60, description="kind of sheet 表格种类")]


class ColumnShape(BaseModel):
    """A column of a kind 列."""

    field: str
    titles: list[str] = Field(description="names it is known by; the first is its own 列名")
    required: bool
    hint: str


class KindShape(BaseModel):
    """A kind of sheet 表格种类."""

    name: str
    zh: str
    en: str
    columns: list[ColumnShape]


class SheetErrorShape(BaseModel):
    """What is wrong with one row 退回原因."""

    sheet: str = ""
    row: int
    field: str
    value: str
    reason: str


class SheetShape(BaseModel):
    """What came of a sheet 导入结果. Every row is one of the five."""

    rows: int
    added: int
    changed: int
    same: int
    repeated: int
    rejected: int
    errors: list[SheetErrorShape]
    mapping: dict[str, str]
    notes: list[str]
    skipped_sheets: list[str]
    dry_run: bool
    import_id: int | None = Field(description="null for a dry run")
    rejects: str | None = Field(description="address of the workbook of refused rows 退回行")


@router.get("", summary="List kinds of sheets 表格种类")
def kinds(ask: Reading) -> list[KindShape]:
    return [_kind(kind) for kind in ALL if ask.person.role in kind.roles]


def _kind(kind: SheetKind) -> KindShape:
    columns = [
        ColumnShape(field=c.field, titles=list(c.titles), required=c.required, hint=c.hint or c.allowed)
        for c in kind.columns
    ]
    return KindShape(name=kind.name, zh=kind.zh, en=kind.en, columns=columns)


@router.get("/{name}/template", response_class=Response, summary="Download a template 下载模板")
def template(ask: Reading, name: Name) -> Response:
    kind = kind_of(name, ask.settings.own)
    with TemporaryDirectory(prefix="panhuo-template-") as folder:
        path = FilePath(folder) / "template.xlsx"
        write_template(path, kind)
        return Response(path.read_bytes(), media_type=XLSX)


@uploads.post("/{name}/import", response_model=SheetShape, summary="Import a sheet 批量导入")
def import_(
    ask: Writing,
    name: Name,
    file: Annotated[UploadFile, File(description="xlsx or csv, at most 50 MB")],
    dry_run: Annotated[bool, Form(description="check only, store nothing 只检查")] = False,
    skip_hidden: Annotated[bool, Form(description="leave hidden rows out 不导入隐藏行")] = False,
    mapping: Annotated[str, Form(max_length=10_000, description='JSON: {"field": "column"} 指定列')] = "",
) -> Response:
    kind = kind_of(name, ask.settings.own)
    check_may_import(ask.person, kind.roles)
    chosen = mapping_of(mapping)
    with TemporaryDirectory(prefix="panhuo-upload-") as folder:
        path, digest = kept_upload(file.file, FilePath(folder) / "list")
        columns = _columns(ask, kind, path, chosen)
        if dry_run:
            shape = _checked(ask, kind, path, columns, skip_hidden)
            return Response(shape.model_dump_json(), media_type="application/json")
        told = f"{name} {digest} {file.filename!r} {skip_hidden} {sorted(chosen.items()) if chosen else ''}"
        return ask.once(
            lambda: _stored(ask, kind, path, file.filename or "", columns, skip_hidden),
            asked=told,
            resumable=True,
        )


def _columns(
    ask: Asking, kind: SheetKind, path: FilePath, chosen: dict[str, str] | None
) -> dict[str, str] | None:
    if not chosen:
        return None
    return full_mapping(preview_sheet(ask.db, ask.person, kind, path, now=ask.now).mapping, chosen)


def _checked(
    ask: Asking, kind: SheetKind, path: FilePath, columns: dict[str, str] | None, skip_hidden: bool
) -> SheetShape:
    report = run_sheet(
        ask.db, ask.person, kind, path, mapping=columns, skip_hidden=skip_hidden, dry_run=True, now=ask.now
    )
    return SheetShape.model_validate(
        {**report.as_json(), "dry_run": True, "import_id": None, "rejects": None}
    )


def _stored(
    ask: Asking,
    kind: SheetKind,
    path: FilePath,
    filename: str,
    columns: dict[str, str] | None,
    skip_hidden: bool,
) -> SheetShape:
    done = import_sheet(
        ask.db, ask.settings.files, ask.person, kind, path, filename=filename, mapping=columns, skip_hidden=skip_hidden,
        now=ask.now,
    )  # fmt: skip
    address = ask.request.url.path.removesuffix("import") + f"imports/{done.import_id}/rejects"
    rejects = address if done.rejects_sha256 else None
    return SheetShape.model_validate(
        {**done.report.as_json(), "dry_run": False, "import_id": done.import_id, "rejects": rejects}
    )


@router.get(
    "/{name}/imports/{import_id}/rejects",
    response_class=FileResponse,
    summary="Download refused rows 下载退回行",
)
def rejects_file(ask: Reading, name: Name, import_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> FileResponse:
    with ask.db.read() as session:
        run = import_of(session, ask.person.org_id, import_id, kind_of(name, ask.settings.own).name)
    path = rejected_lines(ask.settings, run.rejects_file)
    return FileResponse(path, media_type=XLSX, filename=f"{FilePath(run.filename).stem}-退回行.xlsx")
