"""The file store copied to another place: every file checked on the way; what is there already is left alone."""

from dataclasses import dataclass

from sqlmodel import Session

from cases.files import Files
from cases.schema import TABLES
from exchange.archive import wanted_files
from exchange.backup import copy_store


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did. `missing` names files that the record knows and the new place does not have."""

    copied: int
    there: int
    size: int
    missing: tuple[str, ...]


def copy_files(session: Session, source: Files, target: Files) -> Copied:
    """Copy all that the store has whole, and tell what the record names and cannot be copied.

    Raises: StoreDown if either store cannot be used; what was copied stays, and the copy can be repeated.
    Effects: writes the target store.
    """
    there, copied, size = copy_store(source, target, thorough=False)
    missing = sorted(set(wanted_files(session, TABLES)) - there)
    return Copied(copied, len(there) - copied, size, tuple(missing))
