"""The pages that official acts share: power of attorney and checklist of the pack, filled in by each act.

In: who gives the power, for what, which papers the act asks for. Out: the words of the two templates.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.deal import Row
from contracts.papers.cover import cover_rows
from contracts.party_words import party_words
from contracts.phrases import BLANK, BLANK_DATE
from contracts.view import CaseView, Party


def attorney_page(
    view: CaseView,
    principals: Sequence[tuple[str, Party]],
    matter: str,
    scope: Sequence[str],
    heading: str = "授权委托书",
    note: str = "",
) -> Mapping[str, Any]:
    """Return the words of a power of attorney: who gives it, to whom, for what; `note` names an official form."""
    return {
        "heading": heading,
        "principals": [(f"委托人（{side}）", party_words(party)) for side, party in principals],
        "agent_name": view.agent or view.officer or BLANK,
        "identity": "代理机构代码" if view.agent else "身份证件号码",
        "matter": matter,
        "scope": tuple(scope),
        "valid": BLANK_DATE,
        "seals": [*(f"{side}（盖章）" for side, _ in principals), "受托人（签字或者盖章）"],
        "note": note,
    }


def cover_page(
    heading: Sequence[str],
    facts: Sequence[tuple[Row, Row]],
    act: str,
    view: CaseView,
    law: str,
    before: str,
    unsure: str = "",
) -> Mapping[str, Any]:
    """Return the words of a checklist: facts two in a line, papers of the act, law, what to look at before.

    `unsure` is what the law says that has not been read at its source.
    """
    return {
        "heading": tuple(heading),
        "facts": tuple(facts),
        "checklist": cover_rows(act, view),
        "law": law,
        "unsure": unsure,
        "before": before,
    }
