"""Negotiation 合同磋商 of a case: versions sent and received, comparison clause by clause, decisions."""

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from cases import negotiation
from cases.loading import load
from contracts.word.compare import ClauseChange
from contracts.word.package import MEDIA_TYPE
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.cases import CaseName
from desk.api.routes import MAX_UPLOAD, ApiRoute, UploadRoute
from desk.shapes import Shape

TAGS = ["negotiation 磋商"]
router = APIRouter(prefix="/cases/{case}/negotiation", tags=[*TAGS], route_class=ApiRoute)
uploads = APIRouter(prefix="/cases/{case}/negotiation", tags=[*TAGS], route_class=UploadRoute)
VersionNo = Annotated[int, Path(ge=1, le=MAX_ID)]


class VersionShape(Shape):
    """A version sent or received 稿件; `file_id` is a file of the case."""

    no: int
    direction: Literal["sent", "received"]
    file_id: int
    filename: str
    sha256: str
    by: str
    on: str
    note: str
    answers: int = Field(description="the sent version that a received one answers; 0 if none")
    untracked: int = Field(description="changes that were not tracked 未留痕的改动")
    differences: list[dict[str, Any]]


class VersionListShape(BaseModel):
    """The versions of a case, the newest first 往来稿件."""

    rows: list[VersionShape]


class LineShape(Shape):
    """One passage before and after 逐段改动."""

    status: str
    number_before: str
    number_after: str
    before: str
    after: str
    is_tracked: bool


class ClauseShape(Shape):
    """One changed clause 改动条款; `decision` is empty while nobody has decided."""

    id: str
    number: str
    title: str
    status: str
    is_tracked: bool
    decision: str = ""
    obstacles: list[str] = Field(
        default=[], description="why it cannot be accepted as text 不能直接接受的原因"
    )
    changes: list[LineShape]


class FigureShape(Shape):
    """A figure that changed; `term` is empty where it is no value of the terms 数值改动."""

    kind: str
    term: str
    label: str
    label_en: str
    before: str
    after: str
    clause: str
    number: str
    is_tracked: bool


class RevisionShape(Shape):
    """One tracked change 修订."""

    kind: str
    author: str
    on: str
    text: str


class CommentShape(Shape):
    """One comment 批注."""

    author: str
    on: str
    text: str
    place: str


class ComparisonShape(BaseModel):
    """A version that came back beside the one it answers 比对结果; figures that are terms come first."""

    version: VersionShape
    figures: list[FigureShape]
    clauses: list[ClauseShape]
    revisions: list[RevisionShape]
    comments: list[CommentShape]
    untracked: int
    ignored: int = Field(description="differences of blanks and width alone 仅空格或全半角不同")
    remarks: list[str]

    @classmethod
    def of(cls, found: negotiation.Compared) -> Self:
        """Return the shape of a comparison."""
        return cls(
            version=VersionShape.model_validate(found.version),
            figures=[FigureShape.model_validate(one) for one in found.comparison.figures],
            clauses=[_clause(found, clause) for clause in found.comparison.changed],
            revisions=[RevisionShape.model_validate(one) for one in found.incoming.revisions],
            comments=[CommentShape.model_validate(one) for one in found.incoming.comments],
            untracked=found.comparison.untracked,
            ignored=found.comparison.ignored,
            remarks=[zh for zh, _ in found.incoming.remarks],
        )


def _clause(found: negotiation.Compared, clause: ClauseChange) -> ClauseShape:
    shape = ClauseShape.model_validate(clause)
    decided = found.decisions.get(found.digest(clause), {})
    return shape.model_copy(
        update={
            "decision": decided.get("decision", ""),
            "obstacles": [zh for zh, _ in found.obstacles[clause.id]],
        }
    )


class NewDecision(BaseModel):
    """What to do about the change of one clause 决定."""

    model_config = ConfigDict(extra="forbid")

    clause: str = Field(max_length=80, description="id of the clause 条款")
    decision: Literal["accept", "keep", "note"]
    note: str = Field(default="", max_length=500)


@router.get("", summary="List versions 往来稿件")
def list_versions(ask: Reading, case: CaseName) -> VersionListShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
    with ask.db.cursor() as cur:
        rows = negotiation.versions_of(load(cur, case_id, ask.person.org_id))
    return VersionListShape(rows=[VersionShape.model_validate(row) for row in rows])


@router.post("/docx", summary="Export the Word file 导出当前稿", response_class=Response)
def export(ask: Writing, case: CaseName) -> Response:
    """Return the Word file of the present text; words that were not sent yet become a new version."""
    file, data = negotiation.send_draft(ask.db, ask.settings, ask.person, _case_id(ask, case), now=ask.now)
    headers = {"ETag": f'"{file.sha256}"', "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type=MEDIA_TYPE, headers=headers)


@uploads.post(
    "", status_code=201, response_model=VersionShape, summary="Upload a version that came back 上传返回稿"
)
def receive(
    ask: Writing,
    case: CaseName,
    file: Annotated[UploadFile, File(description=".docx, at most 20 MB")],
    note: Annotated[str, Form(max_length=500, description="说明")] = "",
) -> VersionShape:
    """Keep and compare it; the same bytes again are a conflict, so no key is needed."""
    version = negotiation.receive_draft(
        ask.db, ask.settings, ask.person, _case_id(ask, case), filename=file.filename or "",
        data=file.file.read(MAX_UPLOAD + 1), note=note.replace("\x00", ""), now=ask.now,
    )  # fmt: skip
    return VersionShape.model_validate(version)


@router.get("/{no}", summary="Compare a version 逐条比对")
def compare(ask: Reading, case: CaseName, no: VersionNo) -> ComparisonShape:
    return ComparisonShape.of(negotiation.compared(ask.db, ask.settings, ask.person, _case_id(ask, case), no))


@router.post("/{no}/decisions", summary="Decide on a change 决定一处改动")
def decide(ask: Writing, case: CaseName, no: VersionNo, body: NewDecision) -> ComparisonShape:
    """Accepting rewrites the clause as a step of the case; deciding the same again changes nothing more."""
    case_id = _case_id(ask, case)
    negotiation.decide_difference(
        ask.db, ask.settings, ask.person, case_id, no=no, clause_id=body.clause, decision=body.decision,
        note=body.note.replace("\x00", ""), now=ask.now,
    )  # fmt: skip
    return ComparisonShape.of(negotiation.compared(ask.db, ask.settings, ask.person, case_id, no))


@router.get("/{no}/redline", summary="Download the redline 修订对照稿", response_class=Response)
def redline(ask: Reading, case: CaseName, no: VersionNo) -> Response:
    _, data = negotiation.redline_of(ask.db, ask.settings, ask.person, _case_id(ask, case), no)
    return Response(data, media_type=MEDIA_TYPE, headers={"X-Content-Type-Options": "nosniff"})


def _case_id(ask: Asking, case: str) -> int:
    with ask.db.read() as session:
        return ask.case_id(session, case)
