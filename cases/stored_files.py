"""Are the stored files what the record says? Every document and every file of a case, read and hashed anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from cases.file_table import CaseFile
from cases.files import Damaged, Files
from cases.tables import Case, Document

MISSING = ("文件缺失", "the file is missing")
ALTERED = ("内容与登记的校验值不符，文件被改动", "the bytes do not match the recorded hash")


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A stored file that is gone or altered: whose it is, its name and hash, and what is wrong."""

    case_no: str
    filename: str
    sha256: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class FilesChecked:
    """What a check of the file store found."""

    files: int
    spoiled: tuple[Spoiled, ...]


def check_files(session: Session, files: Files, org_id: int | None = None) -> FilesChecked:
    """Hash every stored file that the record names, of one organization or of all."""
    seen: dict[str, tuple[str, str] | None] = {}
    spoiled = []
    for number, filename, digest in _named(session, org_id):
        if digest not in seen:
            seen[digest] = flaw_of(files, digest)
        if flaw := seen[digest]:
            spoiled.append(Spoiled(number, filename, digest, *flaw))
    return FilesChecked(len(seen), tuple(spoiled))


def flaw_of(files: Files, digest: str) -> tuple[str, str] | None:
    """Return what is wrong with a stored file in both languages, or None.

    Raises: StoreDown.
    """
    try:
        files.check(digest)
    except FileNotFoundError:
        return MISSING
    except Damaged:
        return ALTERED
    return None


def _named(session: Session, org_id: int | None) -> Iterator[tuple[str, str, str]]:
    for table in (Document, CaseFile):
        query = select(Case.number, table.filename, table.sha256).join(Case).where(table.sha256 != "")
        query = query if org_id is None else query.where(table.org_id == org_id)
        yield from session.exec(query.order_by(col(table.id)).execution_options(yield_per=1000))
