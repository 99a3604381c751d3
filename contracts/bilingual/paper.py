"""The two-language edition of a contract as a document: Chinese paragraph, English paragraph, one signature page."""

from collections.abc import Mapping
from functools import partial
from itertools import groupby
from typing import Any

from contracts.bilingual.articles import english_terms, pairs
from contracts.bilingual.english import english
from contracts.bilingual.glossary import glossary_of
from contracts.bilingual.payments_english import cell_english
from contracts.bilingual.titles import ANNEX_TITLES, MATERIAL_HEADS
from contracts.mode import Document, ModeContract
from contracts.numbering import annex_number
from contracts.party_words import party_words
from contracts.phrases import day
from contracts.view import CaseView

# Modes whose every clause text has its English.
BILINGUAL = frozenset({"ordinary_license", "sole_license", "exclusive_license", "transfer", "development"})
_DATE = "　　　　年　　月　　日"


def bilingual_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return articles in pairs, the cover, the parties and the annexes in both languages.

    Raises: NotTranslated naming every clause without English.
    """
    annexes = [
        {
            "n": n, "number": annex_number(n), "title": annex.title, "template": annex.template, "wide": annex.wide,
            "english": f"Annex {n}  {ANNEX_TITLES[annex.title]}",
        }
        for n, annex in enumerate(mode.annexes, 1)
    ]  # fmt: skip
    both = pairs(view)
    return {
        "bilingual": True,
        "pairs": both,
        "articles": tuple(pair.zh for pair in both),
        "english": tuple(pair.en for pair in both),
        "te": english_terms(view.terms),
        "materials_head_en": MATERIAL_HEADS,
        "english_of": partial(cell_english, known=glossary_of(view.terms)),
        "title_en": mode.title_en,
        "kind_en": mode.kind_en,
        "parties": _parties(view, mode),
        "cover": _cover(view, mode),
        "annexes": annexes,
        "annex_sections": [
            {"wide": wide, "annexes": list(group)}
            for wide, group in groupby(annexes, key=lambda one: one["wide"])
        ],
    }


def _parties(view: CaseView, mode: ModeContract) -> list[dict[str, Any]]:
    sides = mode.sides
    ours, theirs = ("A", "B") if sides.ours_first else ("B", "A")
    both = [
        (sides.heading(ours=True), f"{sides.ours_en.title()} (Party {ours})", view.ours),
        (sides.heading(ours=False), f"{sides.theirs_en.title()} (Party {theirs})", view.theirs),
    ]
    ordered = both if sides.ours_first else both[::-1]
    return [
        {"heading": zh, "heading_en": en, **party_words(party)}
        for zh, en, party in ordered
        if party is not None
    ]


def _cover(view: CaseView, mode: ModeContract) -> list[dict[str, str]]:
    outline = view.terms.outline()
    signed = day(view.day("signed_on") or outline.signing_date, _DATE)
    place = outline.signing_place
    start, end = view.term or (outline.start, outline.end)
    known = glossary_of(view.terms)
    rows = [("项目名称", "Project", _both(view.terms.project_name, known.of(view.terms.project_name)))]
    rows += [
        (one["heading"], one["heading_en"], _both(one["name"], one["name_en"]))
        for one in _parties(view, mode)
    ]
    rows += [
        ("签订地点", "Place of signing", _both(place, known.of(place))),
        ("签订日期", "Date of signing", signed),
    ]
    if start is not None and end is not None:
        term = f"{day(start)}至{day(end)}"
        rows.append(("有效期限", "Term", f"{term} / {english(day(start))} to {english(day(end))}"))
    return [{"label": zh, "english": en, "value": value or "\u00a0"} for zh, en, value in rows]


def _both(zh: str, en: str) -> str:
    return "\n".join(filter(None, (zh, en)))


BILINGUAL_CONTRACT = Document(
    "contract_bilingual", "合同（中英文对照）", "Contract in Chinese and English",
    "contracts/contract_bilingual.html", "contract+bilingual", bilingual_words, has_draft=True, rules=("K-01", "L-07"),
)  # fmt: skip
