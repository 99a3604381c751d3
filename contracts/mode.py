"""What a conversion mode puts on paper: one entry, and all that its papers need is reachable from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from contracts.clauses import Clause
from contracts.deal import ADMINISTRATIVE, DealTerms, Sides
from contracts.finding import LintFinding
from contracts.view import CaseView

Words = Callable[[CaseView, "ModeContract"], Mapping[str, Any]]
Check = Callable[[CaseView, "ModeContract"], Iterator[LintFinding]]
Group = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of document. `css` names its style sheets, `words` adds what its template alone needs.

    `has_draft` says that it bears a mark until it is signed; `each` names of what a case has one apiece, `when` what
    must have happened before there is one. `made_for` is what it was made for: once that becomes void, the paper is
    superseded. `rules` are the ids of the rules that ask for it; `told` names the sections of what the events have told
    that it shows; `is_official` says that an office has a form of its own, whose fields and layout have not been read.
    """

    kind: str
    title_zh: str
    title_en: str
    template: str
    css: str
    words: Words
    orientation: Literal["portrait", "landscape"] = "portrait"
    has_draft: bool = False
    each: Literal["", "acceptance", "amendment", "extension"] = ""
    made_for: str = "contract"
    rules: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    is_official: bool = False
    when: Literal["", "confidentiality", "termination"] = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex of a contract; `wide` puts it on pages across."""

    title: str
    template: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """A field that an official form states, and the words by which the contract must say the same."""

    field: str
    value: str
    wording: str


@dataclass(frozen=True, slots=True)
class Named:
    """A value that contract and form must give alike; `register` is None where the record knows none of its own."""

    field: str
    contract: str
    form: str
    register: str | None = None


def _unnamed(view: CaseView, mode: "ModeContract") -> tuple[Named, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class FilingPapers:
    """The papers of an official act: what is made once, after which steps, and what goes into the pack.

    `forms` are made anew after each step of `after`; `why` names, per paper of the pack, the rule that asks for it, in
    the order of the pack. `rows` are the patents as the form lists them (`before` their owners, where it says whose
    they are), `stated` what it says in the words of the contract, `named` what else; all are compared with contract
    and register before anything is packed.
    """

    forms: tuple[str, ...]
    why: Mapping[str, str]
    rows: Callable[[CaseView, "ModeContract"], list[dict[str, Any]]]
    stated: Callable[[CaseView, "ModeContract"], tuple[Stated, ...]]
    pack_title: tuple[str, str] = ("申报材料包", "Filing pack")
    after: tuple[str, ...] = ("take_effect",)
    named: Callable[[CaseView, "ModeContract"], tuple[Named, ...]] = _unnamed


def _nothing(view: CaseView, mode: "ModeContract") -> Iterator[LintFinding]:
    return iter(())


def _untold(view: CaseView, mode: "ModeContract") -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class ModeContract:
    """What a conversion mode puts on paper.

    `way_zh` is how notices and forms name the mode; `patents_zh` what the contract calls its patents. `documents`
    are the kinds in the order of making; those that are not shared by all modes stand in `own_documents`.
    `folders` hold clause texts that the mode shares with others, searched after its own. `bound` names, per
    binding group, the fields whose change voids what was bound to them: `publicity` is what the publicity showed,
    `approval` every commercial field. `needs_co_owners` says whether the law asks every co-owner's consent,
    `is_publicized` whether a price publicity comes before the approval.
    `grabs` says to whom the forbidden clauses are looked for that give one side the other's improvements.
    `told` gives the clause texts what the events have told (`o`). `cover_blanks` are lines of the cover that stay empty
    until an office fills them. `titles` are the names (zh, en) of shared papers that bear another one here.
    """

    slug: str
    title_zh: str
    title_en: str
    kind_zh: str
    kind_en: str
    way_zh: str
    sides: Sides
    patents_zh: str
    terms: type[DealTerms]
    groups: tuple[Group, ...]
    documents: tuple[str, ...]
    clauses: tuple[Clause, ...]
    bound: Mapping[str, frozenset[str]]
    folders: tuple[str, ...] = ("general",)
    own_documents: tuple[Document, ...] = ()
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    annexes: tuple[Annex, ...] = ()
    cover_blanks: tuple[str, ...] = ()
    check: Check = field(default=_nothing)
    told: Words = field(default=_untold)
    filing: FilingPapers | None = None
    needs_co_owners: bool = True
    is_publicized: bool = True
    grabs: Literal["ours", "both"] = "both"

    def named_by(self, terms: DealTerms) -> "ModeContract":
        """Return the entry with title, kind and sides as these terms make them."""
        named = terms.naming()
        if named is None:
            return self
        return replace(
            self, title_zh=named.title_zh, title_en=named.title_en, kind_zh=named.kind_zh,
            kind_en=named.kind_en, way_zh=named.way_zh, sides=named.sides,
        )  # fmt: skip

    def sides_of(self, terms: DealTerms) -> Sides:
        """Return the names of the sides of a deal."""
        return self.named_by(terms).sides


NAMES = frozenset({"project_name"})


def bound_to(terms: type[DealTerms], publicity: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the binding groups: what the publicity shows, every commercial field for approval, and for consents.

    Who consents to a deal consents to its scope, term and price, whatever the project is called.
    """
    return {
        "publicity": publicity,
        "approval": frozenset(terms.model_fields) - ADMINISTRATIVE,
        "consent": publicity - NAMES,
    }
