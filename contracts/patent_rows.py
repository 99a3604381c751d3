"""The patents of a case as rows of words, as contracts, notices and official forms list them."""

from typing import Any

from contracts.phrases import NONE, cell, iso
from contracts.view import CaseView


def patent_rows(view: CaseView) -> list[dict[str, Any]]:
    """Return one row of words per patent, in the order of the case."""
    return [
        {
            "n": n,
            "title": patent.title,
            "kind": patent.kind_zh,
            "application_no": cell(patent.application_no),
            "patent_no": cell(patent.patent_no),
            "filing_date": iso(patent.filing_date),
            "grant_date": iso(patent.grant_date),
            "term_end": iso(patent.term_end),
            "owners": cell("、".join(patent.owners)),
            "inventors": cell("、".join(patent.inventors)),
            "publication_no": cell(patent.publication_no),
            "ipc": cell(patent.ipc),
        }
        for n, patent in enumerate(view.patents, 1)
    ]


def inventors(view: CaseView) -> str:
    """Return every inventor of the case's patents once, in one line."""
    return "、".join(dict.fromkeys(name for patent in view.patents for name in patent.inventors)) or NONE
