"""Files of a case: added by people, checked before they are kept, found again, never changed.

Adding one is an entry of the case's trail that moves nothing. Hash, size and name stand in the entry and, folded, in
the case's data under `files`, where the charts see them: a step that rests on a file names it by its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from cases.beside import staying
from cases.db import Cursor, Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.file_kinds import KINDS, FileKind
from cases.file_table import CaseFile
from cases.files import Damaged
from cases.loading import Loaded, load
from cases.scope import Person
from cases.settings import SHANGHAI, Settings
from cases.tables import Case, User
from cases.writing import Stamp, carry_out
from contracts.received.contents import check_contents, clean_filename
from contracts.received.refusal import NotAccepted

VERB = "file_attached"
SECTION = "files"
LONGEST_NOTE = 500
FIND = "SELECT id FROM case_file WHERE case_id = ? AND kind = ? AND sha256 = ?"
INSERT = (
    "INSERT INTO case_file (org_id, case_id, kind, filename, media_type, sha256, size, uploaded_by, uploaded_at, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class CaseFileView:
    """A file of a case as people see it."""

    id: int
    case_id: int
    kind: str
    filename: str
    media_type: str
    sha256: str
    size: int
    uploaded_by: str
    uploaded_at: datetime
    note: str

    @property
    def kind_zh(self) -> str:
        """The Chinese name of its kind."""
        return KINDS[self.kind].zh if self.kind in KINDS else self.kind

    @property
    def kind_en(self) -> str:
        """The English name of its kind."""
        return KINDS[self.kind].en if self.kind in KINDS else self.kind


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of adding a file; `again` says that the case had the same bytes already."""

    file: CaseFileView
    again: bool = False


def keep_file(
    db: Database,
    settings: Settings,
    person: Person,
    case_id: int,
    *,
    kind: str,
    filename: str,
    data: bytes,
    note: str = "",
    now: datetime | None = None,
) -> Kept:
    """Check a file and add it to a running case; the same bytes of the same kind are kept once.

    Raises: Forbidden, NotFound, Invalid with the reason why it is not kept; Conflict once the case has ended.
    Effects: writes the file store, case_file, trail and the case's data.
    """
    check_may_add(person, kind)
    with db.read() as session:
        check_case(session, person.org_id, case_id)
    name, media_type = checked(kind, filename, data)
    digest = sha256(data).hexdigest()
    moment = now or datetime.now(UTC)
    stamp = Stamp(person.actor, moment.astimezone(SHANGHAI).date(), moment, origin=person.origin)
    with db.cursor() as cur:
        case = load(cur, case_id, person.org_id, lock=True)
        found = cur.one(FIND, case_id, kind, digest)
        if found is None:
            _check_running(case)
            settings.files.store(data)
            about = {
                "filename": name,
                "kind": kind,
                "media_type": media_type,
                "sha256": digest,
                "size": len(data),
            }
            file_id = _write(cur, case, stamp, about, note.strip()[:LONGEST_NOTE])
        else:
            file_id = int(found[0])
    with db.read() as session:
        return Kept(file_of(session, person.org_id, case_id, file_id), found is not None)


def check_may_add(person: Person, kind: str) -> FileKind:
    """Return the kind if the person may add files of it.

    Raises: Invalid for an unknown kind, Forbidden.
    """
    known = KINDS.get(kind)
    if known is None:
        raise Invalid(f"没有名为“{kind}”的附件类型", {"kind": "请从列表中选择"}, f"no kind of file '{kind}'")
    if person.role not in known.roles:
        raise Forbidden(
            f"您的角色不能添加“{known.zh}”，请联系本案转化专员", "your role may not add such a file"
        )
    return known


def checked(kind: str, filename: str, data: bytes) -> tuple[str, str]:
    """Return the clean name and the media type of a file that may be kept.

    Raises: Invalid saying what is wrong with it.
    """
    known, name = KINDS[kind], clean_filename(filename)
    if len(data) > known.limit:
        most = known.limit >> 20
        zh = f"文件“{name}”超过{most} MB，请压缩或分次扫描后上传"
        raise Invalid(zh, {"file": zh}, f"'{name}' is larger than {most} MB")
    try:
        return name, check_contents(data, name, known.accepted)
    except NotAccepted as refused:
        zh = f"文件“{name}”未予接收：{refused.zh}"
        raise Invalid(zh, {"file": refused.zh}, f"'{name}' is not accepted: {refused.en}") from refused


def _check_running(case: Loaded) -> None:
    if case.mode.chart.stage(case.position) == "end":
        raise Conflict("案件已经结束，不能再添加附件", "the case has ended; files can no longer be added")


def _write(cur: Cursor, case: Loaded, stamp: Stamp, about: Mapping[str, Any], note: str) -> int:
    (file_id,) = cur.one(
        INSERT, case.org_id, case.id, about["kind"], about["filename"], about["media_type"], about["sha256"],
        about["size"], stamp.actor.id, cur.moment(stamp.now), note,
    )  # fmt: skip
    told = {**about, "id": int(file_id)}
    before = case.data.get(SECTION, {}).get("list", [])
    plan = staying(case, VERB, facts={SECTION: {"list": [*before, told]}})
    carry_out(cur, case, plan, stamp, {**told, "note": note})
    return int(file_id)


def check_case(session: Session, org_id: int, case_id: int) -> None:
    """Make sure that the organization has the case.

    Raises: NotFound.
    """
    if session.exec(select(Case.id).where(Case.id == case_id, Case.org_id == org_id)).first() is None:
        raise NotFound("没有找到该案件，请从案件列表重新打开", "no such case")


def files_of(session: Session, org_id: int, case_id: int) -> tuple[CaseFileView, ...]:
    """Return the files of a case, the newest first.

    Raises: NotFound.
    """
    check_case(session, org_id, case_id)
    query = (
        select(CaseFile, User.name).join(User).where(CaseFile.case_id == case_id, CaseFile.org_id == org_id)
    )
    return tuple(_view(row, name) for row, name in session.exec(query.order_by(col(CaseFile.id).desc())))


def file_of(session: Session, org_id: int, case_id: int, file_id: int) -> CaseFileView:
    """Return one file of a case of the organization.

    Raises: NotFound.
    """
    query = select(CaseFile, User.name).join(User)
    found = session.exec(
        query.where(CaseFile.id == file_id, CaseFile.case_id == case_id, CaseFile.org_id == org_id)
    ).first()
    if found is None:
        raise NotFound("该案件没有这个附件", "the case has no such file")
    return _view(*found)


def file_path(settings: Settings, file: CaseFileView) -> Path:
    """Return where the checked bytes of a file lie.

    Raises: NotFound if they are gone; Conflict if they are not what was uploaded; StoreDown.
    """
    try:
        return settings.files.local(file.sha256)
    except FileNotFoundError as missing:
        raise NotFound("附件的文件缺失，请从备份恢复", "the file is missing from the file store") from missing
    except Damaged as damaged:
        raise Conflict(
            f"附件“{file.filename}”在文件库中的内容与登记的校验值不符，已被改动或损坏，请从备份恢复",
            f"the stored bytes of '{file.filename}' are not those that were uploaded",
        ) from damaged


def file_bytes(settings: Settings, file: CaseFileView) -> bytes:
    """Return the bytes of a file, checked against their hash.

    Raises: NotFound if they are gone; Conflict if they are not what was uploaded; StoreDown.
    """
    return file_path(settings, file).read_bytes()


def _view(row: CaseFile, uploaded_by: str) -> CaseFileView:
    return CaseFileView(
        int(row.id or 0), row.case_id, row.kind, row.filename, row.media_type, row.sha256, row.size, uploaded_by,
        row.uploaded_at, row.note,
    )  # fmt: skip
