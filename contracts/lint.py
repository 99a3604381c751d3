"""Reading a contract before it is signed: what the law would not let stand, or the office not record.

In: a `CaseView`. Out: findings with rule id, place and what to do. Nothing is changed; texts are looked up,
not interpreted, so a finding is a reason to read, and severity says how good a reason. The whole text is read: clauses
of the library in every variant, clauses written for the case, and special clauses.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from contracts import forbidden, text_lint
from contracts.articles import Article, articles, articles_of, plain_text, source_text
from contracts.deal import DealTerms
from contracts.finding import LintFinding
from contracts.library.choosing import clauses_of
from contracts.library.texts import ClauseSet
from contracts.mode import ModeContract
from contracts.modes import MODES
from contracts.schedule import amount_basis, payment_schedule
from contracts.view import CaseView

__all__ = ["LintFinding", "forbidden_clauses", "lint_contract", "own_findings"]

_GROUP = re.compile(r"(课题组|项目组|研究组|工作室|团队)$")
_SPECIAL = "special"


def lint_contract(view: CaseView) -> tuple[LintFinding, ...]:
    """Return every objection, blocking ones first.

    Source: 民法典 arts 845, 846, 850, 864, 865; 技术合同纠纷解释 arts 7, 10; and what the checks of the mode name
    """
    mode = MODES[view.mode]
    typed = tuple(forbidden.forbidden_clauses(mode, view.terms))
    told = {finding.what_zh for finding in typed}
    read = (finding for finding in _wording(view, mode) if finding.what_zh not in told)
    found = [*mode.check(view, mode), *_parties(view, mode), *typed, *read]
    return tuple(sorted(found, key=lambda finding: finding.severity != "block"))


def forbidden_clauses(mode: str, terms: DealTerms) -> tuple[LintFinding, ...]:
    """Return the clauses of the terms that restrict technical competition and development."""
    return tuple(forbidden.forbidden_clauses(MODES[mode], terms))


def own_findings(mode: ModeContract, terms: DealTerms, texts: ClauseSet) -> tuple[LintFinding, ...]:
    """Return what no contract may say of the clauses that were written for one case."""
    titles = {clause.id: clause.title for clause in mode.clauses}
    return tuple(
        finding
        for text in texts.own
        if text.own
        for finding in _in_any_text(
            mode, terms, f"条款“{titles.get(text.id, text.id)}”", text.own.text, text.id
        )
    )


def _in_any_text(
    mode: ModeContract, terms: DealTerms, place: str, text: str, clause: str
) -> Iterator[LintFinding]:
    for finding in forbidden.forbidden_in(mode, terms, place, text):
        yield replace(finding, clause=clause)
    yield from text_lint.words_against_figures(place, text, clause)


def _wording(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """Read the whole text, and what people wrote of it against the terms."""
    if view.theirs is None:
        return  # A declaration to everybody has no contract text yet.
    made = articles(view)
    last = sum(1 for article in made if article.number)
    written = _written(view, made)
    known = _known(view, mode) if written else None
    for article in made:
        place, text = _place(article), source_text(article)
        yield from _in_any_text(mode, view.terms, place, text, article.id)
        yield from text_lint.dead_references(place, text, last, article.id)
    for article, text in written:
        place = _place(article)
        if known is not None:
            yield from text_lint.against_terms(place, text, known, article.id)
        if ends := [patent.term_end for patent in view.patents if patent.term_end]:
            yield from text_lint.beyond_patents(place, text, min(ends), article.id)
    yield from text_lint.unmet_rows(_rows(mode, made))


def _written(view: CaseView, made: tuple[Article, ...]) -> list[tuple[Article, str]]:
    """Return the articles that people wrote themselves: for this case, or as special clauses."""
    own = {text.id for text in view.clauses.own} if view.clauses else set()
    return [(article, source_text(article)) for article in made if article.id in own | {_SPECIAL}]


def _known(view: CaseView, mode: ModeContract) -> text_lint.Known:
    """Return the numbers that the contract has from its terms: those of its library texts, schedule and amount."""
    base = view.clauses or clauses_of(mode)
    for text in base.own:
        base = base.rewritten(text.id, None)
    told = plain_text([article for article in articles_of(view, base) if article.id != _SPECIAL])
    schedule = payment_schedule(view.terms)
    fen = [line.amount_fen for line in schedule if line.amount_fen is not None]
    outline = view.terms.outline()
    dates = (*(line.due for line in schedule), outline.start, outline.end, *view.dates.values())
    return text_lint.known_in(
        told, [*fen, amount_basis(view.terms).amount_fen], [day for day in dates if day is not None]
    )


def _rows(mode: ModeContract, made: tuple[Article, ...]) -> dict[str, tuple[str, str, str]]:
    """Return the text that carries each row of the legal minimum, with the place of its first clause."""
    texts = {article.id: (_place(article), source_text(article)) for article in made}
    rows: dict[str, tuple[str, str, str]] = {}
    for clause in mode.clauses:
        place, text = texts.get(clause.id, (f"条款“{clause.title}”", ""))
        for row in clause.covers:
            known = rows.get(row)
            rows[row] = (known[0], f"{known[1]}\n{text}", known[2]) if known else (place, text, clause.id)
    return rows


def _place(article: Article) -> str:
    return f"{article.number}　{article.title}".strip()


def _parties(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """O-04: a group without legal personality cannot be a party. Source: 技术合同纠纷解释 art 7."""
    for side, party in view.parties(mode.sides_of(view.terms)):
        if _GROUP.search(party.name) and not party.uscc:
            yield LintFinding(
                "O-04", "block", side,
                f"“{party.name}”不具有民事主体资格，以其名义订立的合同，须经单位授权或者认可才由单位承担责任。",
                "以单位为合同当事人，并由单位法定代表人或者授权代表签署。",
            )  # fmt: skip
