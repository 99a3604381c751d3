"""The data that travels inside a document's PDF: one JSON file, the same facts as the pages, for machines.

In: a kind and a `CaseView`. Out: bytes of `panhuo.json`, the same for the same input. A contract, and an agreement on
one, carries parties, patents and the text of its articles, and what is about its terms carries these; other papers,
which go to offices or are posted in public, carry only what they are, because the case's terms are not theirs to show.
"""

import json
from collections.abc import Sequence
from typing import Any

from contracts.articles import Article
from contracts.kinds import document_of
from contracts.mode import Document
from contracts.modes import MODES
from contracts.view import CaseView

NAME = "panhuo.json"
SCHEMA = 1
_BEFORE_TERMS = frozenset({"confidentiality_agreement"})  # agreed while there are no terms to show


def attachment(kind: str, view: CaseView, digest: str) -> bytes:
    """Return the attachment of a document whose content hash is `digest`.

    Raises: UnknownDocument.
    """
    document = document_of(kind, view.mode)
    known: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": kind,
        "title": document.title_zh,
        "number": view.contract_no or view.case_no,
        "case_no": view.case_no,
        "mode": view.mode,
        "draft": view.draft,
        "institution": view.institution,
        "content_hash": digest,
    }
    if "contract" in document.css.split("+"):
        known |= _contract_data(document, view)
    return (json.dumps(known, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode("utf-8")


def _contract_data(document: Document, view: CaseView) -> dict[str, Any]:
    mode = MODES[view.mode].named_by(view.terms)
    words = document.words(view, mode)
    plain = view.as_json()
    named = ((mode.sides.ours, "ours"), (mode.sides.theirs, "theirs"))
    found = {
        "parties": [{"side": side, **plain[key]} for side, key in named if plain[key] is not None],
        "patents": plain["patents"],
        "articles": article_data(words["articles"]),
        "number": words.get("agreement_no") or view.contract_no or view.case_no,
    }
    if "english" in words:
        found["english"] = article_data(words["english"])
    return found if document.kind in _BEFORE_TERMS else {**found, "terms": plain["terms"]}


def article_data(found: Sequence[Article]) -> list[dict[str, Any]]:
    """Return articles as data, each with its text in lines as it is printed."""
    return [
        {"id": article.id, "number": article.number, "title": article.title, "text": list(_lines(article))}
        for article in found
    ]


def _lines(article: Article) -> list[str]:
    lines = []
    for paragraph in article.paragraphs:
        lines.append(f"{paragraph.number} {paragraph.text}".strip() or f"[{paragraph.table}]")
        lines += [f"{item.number}{item.text}" for item in paragraph.items]
    return lines
