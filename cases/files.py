"""The file store: bytes under their SHA-256, written once, never changed.

`Files` is what everybody works with. `FolderFiles` keeps them in a folder, of this machine or shared by several (NFS);
`cases.object_files.ObjectFiles` in an S3-compatible store. Whoever reads gets bytes that have been checked against their name.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, EISDIR, EOPNOTSUPP
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile
from typing import IO

CHUNK = 1 << 20
DRAFT = ".new-"


class Damaged(OSError):
    """A stored file does not have the bytes it was stored with."""


class StoreDown(OSError):
    """The file store cannot be reached or refuses us; nothing is known of the file. `message` is for people."""

    message_en = "the file store cannot be reached; nothing is lost, try again later"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Files(ABC):
    """A store of bytes under their SHA-256. Threads may share one."""

    @abstractmethod
    def store(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256 in hex; a second time writes nothing.

        Raises: OSError, StoreDown.
        """

    @abstractmethod
    def store_file(self, path: Path) -> str:
        """Keep the bytes of a file, which may be large, and return their SHA-256; the file itself stays.

        Raises: OSError, StoreDown.
        """

    @abstractmethod
    def local(self, digest: str) -> Path:
        """Return a path of this machine under which the checked bytes can be read for now; nobody writes there.

        Raises: FileNotFoundError, Damaged, StoreDown.
        """

    @abstractmethod
    def has(self, digest: str) -> bool:
        """Say whether the store has bytes of this name, without reading them.

        Raises: StoreDown.
        """

    @abstractmethod
    def check(self, digest: str) -> None:
        """Read stored bytes through, from the store itself and from no copy.

        Raises: FileNotFoundError, Damaged, StoreDown.
        """

    @abstractmethod
    def names(self) -> Iterator[str]:
        """Yield the name of everything in the store, in order.

        Raises: StoreDown.
        """

    @abstractmethod
    def drop(self, digest: str) -> None:
        """Take bytes out of the store; what is not there is no matter. Nothing that the record names is ever dropped.

        Raises: OSError, StoreDown.
        """

    @abstractmethod
    def within(self, area: str) -> "Files":
        """Return a store beside this one's files, for what the record does not keep, as uploads that wait."""

    def fetch(self, digest: str) -> bytes:
        """Return stored bytes, checked against their name.

        Raises: FileNotFoundError, Damaged, StoreDown.
        """
        return self.local(digest).read_bytes()


class FolderFiles(Files):
    """A store in a folder. On a shared folder every machine sees a file whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"FolderFiles({str(self.folder)!r})"

    def path(self, digest: str) -> Path:
        """Return where bytes lie, or would lie.

        Raises: ValueError if the text is not a SHA-256 in hex.
        """
        return self.folder / check_name(digest)[:2] / digest

    def store(self, data: bytes) -> str:
        """Keep bytes; what lies there damaged is put right."""
        digest = sha256(data).hexdigest()
        if not self._is_whole(digest):
            with self._reached(), draft(self.folder) as file:
                file.write(data)
                keep(file, self.path(digest))
        return digest

    def store_file(self, path: Path) -> str:
        """Keep the bytes of a file; they are hashed while they are copied, so that none other get the name."""
        digest = sha256()
        with path.open("rb") as source, self._reached(), draft(self.folder) as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
            name = digest.hexdigest()
            if not self._is_whole(name):
                keep(file, self.path(name))
        return name

    def _is_whole(self, digest: str) -> bool:
        try:
            self.check(digest)
        except (FileNotFoundError, Damaged):
            return False
        return True

    def local(self, digest: str) -> Path:
        """Return where the checked bytes lie."""
        self.check(digest)
        return self.path(digest)

    def fetch(self, digest: str) -> bytes:
        """Return stored bytes, read once and checked."""
        with self._reached():
            data = self.path(digest).read_bytes()
        if sha256(data).hexdigest() != digest:
            raise Damaged(f"stored file {digest} is damaged")
        return data

    def has(self, digest: str) -> bool:
        """Say whether there are bytes of this name."""
        return self.path(digest).is_file()

    def check(self, digest: str) -> None:
        """Read stored bytes through."""
        with self._reached(), self.path(digest).open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != digest:
                raise Damaged(f"stored file {digest} is damaged")

    def names(self) -> Iterator[str]:
        """Yield the name of everything in the store."""
        return (p.name for p in sorted(self.folder.glob("??/*")) if is_name(p.name) and p.is_file())

    def drop(self, digest: str) -> None:
        """Take bytes out of the store."""
        with self._reached():
            self.path(digest).unlink(missing_ok=True)

    def within(self, area: str) -> "FolderFiles":
        """Return a store in a folder below."""
        return FolderFiles(self.folder / area)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Tell a folder that cannot be used (a full disk, a share that is away) from a file that is not there."""
        try:
            yield
        except (FileNotFoundError, Damaged, StoreDown):
            raise
        except OSError as error:
            raise StoreDown(
                f"文件目录{self.folder}暂时不能读写：{error.strerror or error}。"
                "已有文件不受影响；请管理员检查磁盘空间、目录权限和共享目录的挂载"
            ) from error


@contextmanager
def draft(folder: Path) -> Iterator[IO[bytes]]:
    """Open a file without a name that anyone looks for; nothing is left of it unless it was kept.

    Where the folder's file system can (Linux, local disks), it has no name at all until then, so that also a process
    that is killed here leaves nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (nameless := _nameless(folder)) is not None:
        with nameless:
            yield nameless
        return
    with NamedTemporaryFile(dir=folder, prefix=DRAFT, delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def _nameless(folder: Path) -> IO[bytes] | None:
    """Open a file that is in no folder yet; None where that is not possible."""
    try:
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    except AttributeError:
        return None
    except OSError as error:
        if error.errno in (EINVAL, EISDIR, EOPNOTSUPP):  # what shared folders answer
            return None
        raise


def keep(file: IO[bytes], target: Path, *, lasting: bool = True) -> None:
    """Give a draft its name; if it is to last, its bytes are on the disk before, and the name itself after.

    Raises: OSError.
    """
    file.flush()
    if lasting:
        os.fsync(file.fileno())
    is_new = not target.parent.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    _name(file, target)
    for folder in (target.parent, target.parent.parent)[: 1 + is_new] if lasting else ():
        _sync(folder)


def _name(file: IO[bytes], target: Path) -> None:
    """Put a draft where it belongs, over whatever lies there."""
    if not isinstance(file.name, int):
        Path(file.name).replace(target)
        return
    number = file.fileno()
    source = (
        f"/proc/self/fd/{number}"  # an open file can be named through there; the folder only chooses the call
    )
    try:
        os.link(source, target, src_dir_fd=number)
    except FileExistsError:
        beside = target.with_name(f"{DRAFT}{token_hex(8)}")
        os.link(source, beside, src_dir_fd=number)
        beside.replace(target)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != EINVAL:  # what some shared folders answer, which have no such thing
            raise
    finally:
        os.close(descriptor)


def is_name(text: str) -> bool:
    """Say whether a text is a SHA-256 in hex."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def check_name(digest: str) -> str:
    """Return a SHA-256 in hex.

    Raises: ValueError if the text is none.
    """
    if not is_name(digest):
        raise ValueError("not a SHA-256")
    return digest
