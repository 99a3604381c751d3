"""Reading a contract before it is signed: what the law would not let stand, or the office not record.

In: a `CaseView`. Out: findings with rule id, place and what to do. Nothing is changed; texts are looked up,
not interpreted, so a finding is a reason to read, and severity says how good a reason.
"""

import re
from collections.abc import Iterator

from contracts import forbidden
from contracts.deal import DealTerms
from contracts.finding import LintFinding
from contracts.library.texts import ClauseSet
from contracts.mode import ModeContract
from contracts.modes import MODES
from contracts.view import CaseView

__all__ = ["LintFinding", "forbidden_clauses", "lint_contract", "own_findings"]

_GROUP = re.compile(r"(课题组|项目组|研究组|工作室|团队)$")


def lint_contract(view: CaseView) -> tuple[LintFinding, ...]:
    """Return every objection, blocking ones first.

    Source: 民法典 arts 850, 864; 技术合同纠纷解释 arts 7, 10; and what the checks of the mode name
    """
    mode = MODES[view.mode]
    found = [*mode.check(view, mode), *_parties(view, mode), *forbidden.forbidden_clauses(mode, view.terms)]
    return tuple(sorted(found, key=lambda finding: finding.severity != "block"))


def forbidden_clauses(mode: str, terms: DealTerms) -> tuple[LintFinding, ...]:
    """Return the clauses of the terms that restrict technical competition and development."""
    return tuple(forbidden.forbidden_clauses(MODES[mode], terms))


def own_findings(mode: ModeContract, terms: DealTerms, texts: ClauseSet) -> tuple[LintFinding, ...]:
    """Return the objections to the clauses that were written for one case."""
    titles = {clause.id: clause.title for clause in mode.clauses}
    return tuple(
        finding
        for text in texts.own
        if text.own
        for finding in forbidden.forbidden_in(
            mode, terms, f"条款“{titles.get(text.id, text.id)}”", text.own.text
        )
    )


def _parties(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """O-04: a group without legal personality cannot be a party. Source: 技术合同纠纷解释 art 7."""
    for side, party in view.parties(mode.sides_of(view.terms)):
        if _GROUP.search(party.name) and not party.uscc:
            yield LintFinding(
                "O-04", "block", side,
                f"“{party.name}”不具有民事主体资格，以其名义订立的合同，须经单位授权或者认可才由单位承担责任。",
                "以单位为合同当事人，并由单位法定代表人或者授权代表签署。",
            )  # fmt: skip
