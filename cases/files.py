"""The file store: bytes under their SHA-256, written once, never changed."""

import os
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile


def store(folder: Path, data: bytes) -> str:
    """Keep bytes and return their SHA-256 in hex; a second time writes nothing."""
    digest = sha256(data).hexdigest()
    target = path_of(folder, digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(target)
    return digest


def path_of(folder: Path, digest: str) -> Path:
    """Return where bytes lie.

    Raises: ValueError if the text is not a SHA-256 in hex.
    """
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return folder / digest[:2] / digest


class Damaged(OSError):
    """A stored file does not have the bytes it was stored with."""


def fetch(folder: Path, digest: str) -> bytes:
    """Return stored bytes, checked against their name.

    Raises: FileNotFoundError, Damaged.
    """
    data = path_of(folder, digest).read_bytes()
    if sha256(data).hexdigest() != digest:
        raise Damaged(f"stored file {digest} is damaged")
    return data
