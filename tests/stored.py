"""Where the file store of a test keeps a file, for tests that look at it, spoil it or take it away."""

from pathlib import Path

from cases.files import FolderFiles
from cases.settings import Settings


def place(settings: Settings, digest: str) -> Path:
    """Return where bytes lie in the folder of a test."""
    assert isinstance(settings.files, FolderFiles)
    return settings.files.path(digest)
