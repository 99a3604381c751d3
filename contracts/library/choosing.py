"""The texts of a mode's contract: all that its clauses may ever say, in the newest versions of the library."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from contracts.clauses import Clause
from contracts.library.shelf import Library, product_library
from contracts.library.texts import ClauseSet


class HasClauses(Protocol):
    """What the library must know of a mode; `contracts.mode.ModeContract` is one."""

    @property
    def slug(self) -> str:
        """The name of the mode, and of its own folder of texts."""

    @property
    def folders(self) -> tuple[str, ...]:
        """Further folders, searched after its own."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses, in order."""


def places_of(mode: HasClauses) -> tuple[str, ...]:
    """Return the folders in which a mode's texts are looked for, its own first."""
    return (mode.slug, *mode.folders)


def clauses_of(
    mode: HasClauses, library: Library | None = None, choices: Mapping[str, str] | None = None
) -> ClauseSet:
    """Return the newest texts of every clause of a mode, also of those that these terms do not call for.

    Raises: UnknownClause for a clause or variant that the library does not have.
    """
    if library is None and not choices:
        return _standard(places_of(mode), tuple(clause.id for clause in mode.clauses))
    ids = [clause.id for clause in mode.clauses]
    return (library or product_library()).set_of(places_of(mode), ids, choices)


@lru_cache
def _standard(places: tuple[str, ...], ids: tuple[str, ...]) -> ClauseSet:
    return product_library().set_of(places, ids)
