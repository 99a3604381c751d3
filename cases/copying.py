"""The file store copied to another place: every file checked on the way; what is there already is left alone."""

from dataclasses import dataclass

from sqlmodel import Session

from cases.files import Damaged, Files
from cases.stored_files import recorded


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did. `failed` names files that the record knows and that could not be read whole."""

    copied: int
    there: int
    size: int
    failed: tuple[str, ...]


def copy_files(session: Session, source: Files, target: Files) -> Copied:
    """Copy all that the store has, and tell what the record names and the store does not have whole.

    Raises: StoreDown if either store cannot be used; what was copied stays, and the copy can be repeated.
    Effects: writes the target store.
    """
    copied = there = size = 0
    failed = []
    names = set(source.names()) | recorded(session)
    for name in sorted(names):
        if target.has(name):
            there += 1
            continue
        try:
            path = source.local(name)
        except (FileNotFoundError, Damaged):
            failed.append(name)
            continue
        target.store_file(path)
        copied, size = copied + 1, size + path.stat().st_size
    return Copied(copied, there, size, tuple(failed))
