"""A bounded cache of stored files on this machine, for stores that lie elsewhere. It can be thrown away at any time."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import time

from cases.files import Damaged, FolderFiles, draft, keep

SPARED_SECONDS = 300.0  # What was asked for just now may still be being read.


@dataclass
class FileCache:
    """Files by their SHA-256 in a folder, the least recently used thrown away beyond `limit` bytes."""

    folder: Path
    limit: int
    _grown: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def _files(self) -> FolderFiles:
        return FolderFiles(self.folder)

    def get(self, digest: str) -> Path | None:
        """Return where checked bytes lie, or None; damaged ones are thrown away."""
        try:
            path = self._files.local(digest)
            os.utime(path)
        except FileNotFoundError:
            return None
        except Damaged:
            self._files.drop(digest)
            return None
        return path

    def fill(self, digest: str, chunks: Iterable[bytes]) -> Path:
        """Take bytes in as they come and return where they lie.

        Raises: Damaged if they are not those of the name; whatever the chunks raise.
        """
        found, size = sha256(), 0
        with draft(self.folder) as file:
            for chunk in chunks:
                found.update(chunk)
                size += file.write(chunk)
            if found.hexdigest() != digest:
                raise Damaged(f"stored object {digest} is damaged")
            keep(file, self._files.path(digest), lasting=False)
        self._note(size)
        return self._files.path(digest)

    def _note(self, size: int) -> None:
        """Look through the folder once it may have grown by a tenth of what it may hold."""
        with self._lock:
            self._grown += size
            if self._grown < self.limit // 10:
                return
            self._grown = 0
        self.trim(time())

    def trim(self, now: float) -> None:
        """Throw away the least recently used until the rest fits."""
        kept = []
        for path in self.folder.glob("??/*"):
            try:
                about = path.stat()
            except FileNotFoundError:
                continue
            kept.append((about.st_mtime, about.st_size, path))
        total = sum(size for _, size, _ in kept)
        for used, size, path in sorted(kept):
            if total <= self.limit or used > now - SPARED_SECONDS:
                return
            path.unlink(missing_ok=True)
            total -= size
