"""Files 附件 of a case: list, add, download."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from cases.case_files import CaseFileView, Kept, file_of, file_path, files_of, keep_file
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.cases import CaseName
from desk.api.routes import MAX_UPLOAD, ApiRoute, UploadRoute
from desk.shapes import Shape

TAGS = ["files 附件"]
router = APIRouter(prefix="/cases/{case}/files", tags=[*TAGS], route_class=ApiRoute)
uploads = APIRouter(prefix="/cases/{case}/files", tags=[*TAGS], route_class=UploadRoute)
FileId = Annotated[int, Path(ge=1, le=MAX_ID)]


class CaseFileShape(Shape):
    """A file of a case 附件; never changed once it is there."""

    id: int
    kind: str
    kind_zh: str
    kind_en: str
    filename: str
    media_type: str
    sha256: str = Field(description="校验值")
    size: int
    uploaded_by: str
    uploaded_at: datetime
    note: str

    @classmethod
    def of(cls, view: CaseFileView) -> Self:
        """Return the shape of a file."""
        return cls.model_validate(view)


class KeptShape(CaseFileShape):
    """What came of adding a file 上传结果."""

    again: bool = Field(description="the case had the same bytes already 内容相同的附件已存在")

    @classmethod
    def of_kept(cls, kept: Kept) -> Self:
        """Return the shape of a file that was added."""
        return cls(**CaseFileShape.of(kept.file).model_dump(), again=kept.again)


class CaseFileListShape(BaseModel):
    """The files of a case, the newest first 附件列表."""

    rows: list[CaseFileShape]


@router.get("", summary="List files 附件列表")
def list_files(ask: Reading, case: CaseName) -> CaseFileListShape:
    with ask.db.read() as session:
        rows = files_of(session, ask.person.org_id, ask.case_id(session, case))
    return CaseFileListShape(rows=[CaseFileShape.of(row) for row in rows])


@uploads.post("", status_code=201, response_model=KeptShape, summary="Add a file 上传附件")
def add(
    ask: Writing,
    case: CaseName,
    file: Annotated[UploadFile, File(description="PDF, PNG, JPEG, TIFF or .docx, at most 50 MB")],
    kind: Annotated[str, Form(max_length=50, description="附件类型: signed_contract, evidence …")],
    note: Annotated[str, Form(max_length=500, description="说明")] = "",
) -> Response:
    """Add a file; adding the same bytes again changes nothing, so no key is needed."""
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
    kept = keep_file(
        ask.db, ask.settings, ask.person, case_id, kind=kind, filename=file.filename or "",
        data=file.file.read(MAX_UPLOAD + 1), note=note.replace("\x00", ""), now=ask.now,
    )  # fmt: skip
    body = KeptShape.of_kept(kept).model_dump_json()
    return Response(body, 200 if kept.again else 201, media_type="application/json")


@router.get("/{file_id}/file", response_class=FileResponse, summary="Download a file 下载附件")
def download(ask: Reading, case: CaseName, file_id: FileId) -> FileResponse:
    with ask.db.read() as session:
        view = file_of(session, ask.person.org_id, ask.case_id(session, case), file_id)
    headers = {"X-Content-Type-Options": "nosniff", "ETag": f'"{view.sha256}"'}
    path = file_path(ask.settings, view)
    return FileResponse(path, media_type=view.media_type, filename=view.filename, headers=headers)
