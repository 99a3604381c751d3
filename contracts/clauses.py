"""The clauses of a contract: which text, on which legal basis, and which duty of content it meets.

`covers` are the rows of the legal minimum of patent contracts (K-01 to K-18); `sections` the numbers of an
earlier contract form of the patent office (0 is the cover and preamble). Both are checklists: tests see to it
that every one is carried by a clause.
"""

from dataclasses import dataclass, replace

from contracts.deal import DealTerms


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `text` is a template of the mode or of what modes share; `when` names a condition of the terms."""

    id: str
    title: str
    basis: tuple[str, ...]
    covers: tuple[str, ...] = ()
    sections: tuple[int, ...] = ()
    when: str = ""
    numbered: bool = True

    @property
    def text(self) -> str:
        """The file name of the text."""
        return f"{self.id}.txt"

    def is_used(self, terms: DealTerms) -> bool:
        """Whether a contract on these terms has the clause."""
        return not self.when or bool(getattr(terms, self.when))


def resting_on(clauses: tuple[Clause, ...], **basis: str) -> tuple[Clause, ...]:
    """Return the clauses with one more article behind some of them, by id."""
    return tuple(
        replace(clause, basis=(*clause.basis, basis[clause.id])) if clause.id in basis else clause
        for clause in clauses
    )
