"""The clauses of a contract as people look at them: what each says, where it comes from, what else there is to choose.

Reads only. In: a case whose terms are complete. Out: one line per clause in the order of the contract, with its
text, the library's text beside it, the variants, a newer version with its reason, and what the lint found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from sqlmodel import Session

from cases.case_view import case_view
from cases.db import Database, cursor_of
from cases.errors import NotFound
from cases.houses import library_for
from cases.loading import load
from cases.scope import Person
from contracts.articles import Article, articles_of, source_text
from contracts.clauses import Clause
from contracts.finding import LintFinding
from contracts.library.choosing import clauses_of, places_of
from contracts.library.entries import Edition, Variant
from contracts.library.shelf import Library, UnknownClause
from contracts.library.texts import ClauseSet, ClauseText
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.view import CaseView
from states.steps import OFFICER

_PIECES = re.compile(r"[^。；\n]*(?:[。；\n]+|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison: in both texts, only in the library's (`out`), or only in the contract's (`in`)."""

    op: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One text of the library that a clause may have, as this contract would read with it."""

    name: str
    zh: str
    en: str
    note: str
    basis: tuple[str, ...]
    version: int
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Own:
    """Why and by whom a clause was written for this case."""

    reason: str
    by: str
    on: str
    source_id: int | None


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause of a contract. `newer` is a version of its text that came after it was pinned."""

    id: str
    number: str
    title: str
    text: str
    library_text: str
    variant: Variant | None
    version: int
    origin: str
    own: Own | None
    newer: Edition | None
    choices: tuple[Choice, ...]
    findings: tuple[LintFinding, ...]

    @property
    def basis(self) -> tuple[str, ...]:
        """The legal basis of the text that it has, or comes from."""
        return self.variant.basis if self.variant else ()

    @property
    def differs(self) -> bool:
        """Say whether it reads otherwise than the library's newest text of its variant."""
        return self.text != self.library_text

    def comparison(self) -> tuple[Piece, ...]:
        """Return the library's text and this one, sentence by sentence."""
        return tuple(_compared(self.library_text, self.text))


@dataclass(frozen=True, slots=True)
class ClausePage:
    """The clauses of a contract. `pinned` is the digest of its texts, empty before its drafting begins."""

    lines: tuple[ClauseLine, ...]
    pinned: str
    editable: bool
    version: int
    findings: tuple[LintFinding, ...]

    @property
    def newer(self) -> tuple[ClauseLine, ...]:
        """The clauses of which the library has a newer version."""
        return tuple(line for line in self.lines if line.newer)

    @property
    def own(self) -> tuple[ClauseLine, ...]:
        """The clauses that were written for this case."""
        return tuple(line for line in self.lines if line.own)

    def line(self, id_: str) -> ClauseLine:
        """Return one clause.

        Raises: NotFound.
        """
        for line in self.lines:
            if line.id == id_:
                return line
        raise NotFound(f"本合同没有名为“{id_}”的条款", f"the contract has no clause '{id_}'")


def clause_page(db: Database, session: Session, person: Person, case_id: int) -> ClausePage:
    """Return the clauses of a case's contract.

    Raises: NotFound; Invalid while the terms are not complete.
    """
    cur = cursor_of(session, db.postgres)
    loaded = load(cur, case_id, person.org_id)
    view = case_view(db, session, person.org_id, case_id, draft=True)
    pins = loaded.facts.data.get("contract", "clauses") or {}
    owns = {id_: Own(**row["own"]) for id_, row in pins.get("texts", {}).items() if "own" in row}
    findings = lint_contract(view)
    reading = _Reading.of(view, library_for(cur, person.org_id))
    lines = tuple(reading.line(clause, owns, findings) for clause in reading.clauses)
    editable = "drafting" in loaded.position and person.role in OFFICER
    rest = tuple(finding for finding in findings if not finding.clause)
    return ClausePage(lines, pins.get("sha256", ""), editable, loaded.version, rest)


@dataclass(frozen=True)
class _Reading:
    """A contract rendered as it is, as the library has it today, and with each variant in turn."""

    library: Library
    places: tuple[str, ...]
    texts: ClauseSet
    clauses: tuple[Clause, ...]
    now: dict[str, Article]
    newest: dict[str, str]
    other: dict[tuple[str, str], str]

    @classmethod
    def of(cls, view: CaseView, library: Library) -> "_Reading":
        mode = MODES[view.mode]
        places, texts = places_of(mode), view.clauses or clauses_of(mode, library)
        now = {article.id: article for article in articles_of(view, texts)}
        clauses = tuple(clause for clause in mode.clauses if clause.id in now)
        plain = _plain(texts)
        base = _newest(library, places, plain)
        known = {clause.id: tuple(library.variants(places, clause.id)) for clause in clauses}
        other: dict[tuple[str, str], str] = {}
        for turn in range(max(map(len, known.values()), default=0)):
            chosen = {id_: names[turn] for id_, names in known.items() if turn < len(names)}
            asked = base.with_texts(*(library.text(places, id_, name) for id_, name in chosen.items()))
            read = _read(view, library.completed(places, asked))
            other |= {(id_, name): read[id_] for id_, name in chosen.items()}
        return cls(library, places, texts, clauses, now, _read(view, base), other)

    def line(self, clause: Clause, owns: dict[str, Own], findings: tuple[LintFinding, ...]) -> ClauseLine:
        text, article = self.texts.of(clause.id), self.now[clause.id]
        variants = self.library.variants(self.places, clause.id)
        return ClauseLine(
            id=clause.id,
            number=article.number,
            title=article.title,
            text=source_text(article),
            library_text=self.newest[clause.id],
            variant=variants.get(text.variant),
            version=text.version,
            origin="own" if text.own else text.origin,
            own=owns.get(clause.id),
            newer=self.library.newer(self.places, text),
            choices=tuple(self._choice(clause.id, variant, text) for variant in variants.values()),
            findings=tuple(finding for finding in findings if finding.clause == clause.id),
        )

    def _choice(self, id_: str, variant: Variant, text: ClauseText) -> Choice:
        chosen = text.variant == variant.name and text.own is None
        return Choice(
            variant.name, variant.zh, variant.en, variant.note, variant.basis, variant.newest.version,
            self.other[id_, variant.name], chosen,
        )  # fmt: skip


def _plain(texts: ClauseSet) -> ClauseSet:
    for text in texts.own:
        texts = texts.rewritten(text.id, None)
    return texts


def _newest(library: Library, places: tuple[str, ...], texts: ClauseSet) -> ClauseSet:
    """Return the newest version of every text in the variant that it has; one that is gone stays as it is."""
    found = []
    for text in texts.texts:
        try:
            found.append(library.text(places, text.id, text.variant))
        except UnknownClause:
            found.append(text)
    return library.completed(places, texts.with_texts(*found))


def _read(view: CaseView, texts: ClauseSet) -> dict[str, str]:
    return {article.id: source_text(article) for article in articles_of(view, texts)}


def _compared(old: str, new: str) -> Iterator[Piece]:
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        if gone := "".join(before[i:j]):
            yield Piece("out", gone)
        if come := "".join(after[k:m]):
            yield Piece("in", come)
