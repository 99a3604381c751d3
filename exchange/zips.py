"""Zips that are written whole or not at all, part by part, each part with its SHA-256. Memory does not grow with rows."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Parts:
    """A zip being written. `digests` holds the SHA-256 of every part by name."""

    archive: ZipFile
    moment: datetime
    digests: dict[str, str] = field(default_factory=dict)

    def lines(self, name: str, lines: Iterable[bytes]) -> int:
        """Write a part line by line and return how many there were."""
        count, digest = 0, sha256()
        with self.archive.open(self._entry(name), "w", force_zip64=True) as target:
            for line in lines:
                target.write(line)
                digest.update(line)
                count += 1
        self.digests[name] = digest.hexdigest()
        return count

    def whole(self, name: str, data: bytes) -> None:
        """Write a part that is at hand as a whole."""
        self.archive.writestr(self._entry(name), data)
        self.digests[name] = sha256(data).hexdigest()

    def file(self, name: str, path: Path) -> None:
        """Copy a file as it is, not packed any tighter."""
        entry, digest = self._entry(name), sha256()
        entry.compress_type = ZIP_STORED
        with path.open("rb") as source, self.archive.open(entry, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
                digest.update(chunk)
        self.digests[name] = digest.hexdigest()

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, self.moment.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        return entry


@contextmanager
def zip_at(target: Path, now: datetime) -> Iterator[Parts]:
    """Write a zip that appears whole or not at all, readable by its owner only.

    Raises: OSError if the folder cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".export-", delete=False) as file:
        draft = Path(file.name)
        try:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                yield Parts(archive, now.astimezone(UTC))
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    draft.replace(target)
