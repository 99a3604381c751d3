"""Documents 文书 of a case: list, ask for a new version, download."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import NotFound
from cases.papers import document_file, document_of, request_document
from cases.views import documents
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.cases import CaseName
from desk.api.routes import ApiRoute
from desk.shapes import DocumentShape

router = APIRouter(prefix="/cases/{case}/documents", tags=["documents 文书"], route_class=ApiRoute)
DocumentId = Annotated[int, Path(ge=1, le=MAX_ID)]
MEDIA_TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


class DocumentListShape(BaseModel):
    """The documents of a case, the newest first 文书列表."""

    rows: list[DocumentShape]


class NewDocument(BaseModel):
    """A document to make 生成文书; the worker renders it."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=50, description="文书种类: contract, filing_form, filing_pack …")


@router.get("", summary="List documents 文书列表")
def list_documents(ask: Reading, case: CaseName) -> DocumentListShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        ask.number_of(session, case_id)
        rows = documents(session, ask.person.org_id, case_id)
        return DocumentListShape(rows=[DocumentShape.of(row) for row in rows])


@router.post("", status_code=202, response_model=DocumentShape, summary="Ask for a new version 生成文书")
def create(ask: Writing, case: CaseName, body: NewDocument) -> Response:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)

    def act() -> DocumentShape:
        document_id = request_document(ask.db, ask.person, case_id, body.kind, now=ask.now)
        return _shape(ask, case_id, document_id)

    return ask.once(act, asked=body, status=202, recall=lambda id_: _shape(ask, case_id, id_))


@router.get("/{document_id}", summary="Show a document 文书状态")
def show(ask: Reading, case: CaseName, document_id: DocumentId) -> DocumentShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
    return _shape(ask, case_id, document_id)


def _shape(ask: Asking, case_id: int, document_id: int) -> DocumentShape:
    with ask.db.read() as session:
        for row in documents(session, ask.person.org_id, case_id):
            if row.id == document_id:
                return DocumentShape.of(row)
    raise NotFound("该案件没有这份文书", "the case has no such document")


@router.get("/{document_id}/file", response_class=FileResponse, summary="Download a document 下载文书")
def download(ask: Reading, case: CaseName, document_id: DocumentId) -> FileResponse:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        _shape(ask, case_id, document_id)
        view = document_of(session, ask.person.org_id, document_id)
    path = document_file(ask.settings, view)
    suffix = view.filename[view.filename.rfind(".") :]
    media_type = MEDIA_TYPES.get(suffix, "application/octet-stream")
    headers = {"X-Content-Type-Options": "nosniff", "ETag": f'"{view.sha256}"'}
    return FileResponse(path, media_type=media_type, filename=view.filename, headers=headers)
