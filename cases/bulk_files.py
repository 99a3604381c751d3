"""All files of a bulk run as one zip, written file by file."""

import shutil
import zipfile
from pathlib import Path

from sqlmodel import Session

from cases.bulk_runs import files_of
from cases.files import Damaged
from cases.settings import Settings

_TIME = (1980, 1, 1, 0, 0, 0)  # The same files give the same zip.


def write_zip(session: Session, settings: Settings, org_id: int, run_id: int, target: Path) -> int:
    """Write the ready documents of a run and return how many there are; one whose file is gone or damaged is left out.

    Raises: NotFound, StoreDown.
    """
    written = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name, digest in files_of(session, org_id, run_id):
            try:
                path = settings.files.local(digest)
            except (FileNotFoundError, Damaged):
                continue
            entry = zipfile.ZipInfo(name, _TIME)
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, made.open(entry, "w") as out:
                shutil.copyfileobj(source, out)
            written += 1
    return written
