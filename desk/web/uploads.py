"""Lists handed in on a page: kept for a look, imported behind the page, refused lines handed back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import quote

from fastapi.responses import FileResponse, Response
from starlette.datastructures import UploadFile

from cases import imports
from cases.desk_queries import ImportView
from cases.errors import Invalid, NotFound
from cases.files import Damaged
from desk.web.desk_state import Clock, Desk, Visit
from desk.web.security import UPLOAD_LIMIT, TooLarge
from exchange.list_import import Found, noted
from rules.text import normalize

CHUNK = 1 << 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BROKEN_OFF = "导入没有完成，已入库的内容保留。请重新导入同一份清单，不会重复"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages of a kind of list stand; `crumbs` are addresses with their titles."""

    home: str
    crumbs: tuple[tuple[str, str], ...]
    of_patents: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A list in the store of uploads."""

    filename: str
    digest: str
    size: int


def keep_upload(desk: Desk, file: UploadFile, look: Callable[[Path], object]) -> Upload:
    """Keep an uploaded list that `look` can read; nothing is kept of a file that it refuses.

    Raises: TooLarge, and whatever `look` raises.
    """
    with TemporaryDirectory(prefix="panhuo-upload-") as folder:
        draft = Path(folder) / "list"
        size = _copied(file.file, draft)
        look(draft)
        digest = imports.uploads_of(desk.settings).store_file(draft)
    return Upload(_own_name(file.filename or ""), digest, size)


def _own_name(filename: str) -> str:
    """Return a file's name without the folders of the machine it came from."""
    return normalize(filename.replace("\\", "/").rsplit("/", 1)[-1])[:200] or "未命名"


def _copied(source: BinaryIO, target: Path) -> int:
    """Copy an upload and return its size.

    Raises: TooLarge.
    """
    size = 0
    with target.open("wb") as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > UPLOAD_LIMIT:
                raise TooLarge(UPLOAD_LIMIT)
            file.write(chunk)
    return size


def uploaded(desk: Desk, run: ImportView) -> Path:
    """Return where an uploaded list can be read.

    Raises: NotFound.
    """
    try:
        return imports.uploads_of(desk.settings).local(run.sha256)
    except (FileNotFoundError, Damaged) as error:
        raise NotFound(
            "上传的文件已不在，请重新上传清单", "the upload is gone; upload the list again"
        ) from error


def job_of(
    desk: Desk,
    visit: Visit,
    run: ImportView,
    work: Callable[[Path, Callable[[int], None]], Found],
    clock: Clock,
) -> Callable[[], None]:
    """Return the work of an import, to be run behind the page; its progress and its end are kept on the run."""
    person, last = visit.person, [-1]

    def note(percent: int) -> None:
        if percent != last[0]:
            last[0] = percent
            imports.note_progress(desk.db, person.org_id, run.id, percent)

    def job() -> None:
        try:
            noted(
                desk.db,
                desk.settings.files,
                person,
                run.id,
                lambda rejects: work(rejects, note),
                clock,
                BROKEN_OFF,
            )
        except (Invalid, NotFound):
            return  # the run says why
        imports.drop_upload(desk.db, desk.settings, run.sha256)

    return job


def percent_of(run: ImportView) -> int:
    """Return how far a run is."""
    return int(run.message) if run.status == "running" and run.message.isdigit() else 100


def rejects_of(desk: Desk, run: ImportView) -> Response:
    """Return the refused lines of a run as a workbook.

    Raises: NotFound.
    """
    path = imports.rejected_lines(desk.settings, run.rejects_file)
    return workbook_answer(path, f"{Path(run.filename).stem}-退回行.xlsx")


def workbook_answer(path: Path, filename: str) -> Response:
    """Return a workbook to be saved under a name."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"}
    return FileResponse(path, media_type=XLSX, headers=headers)
