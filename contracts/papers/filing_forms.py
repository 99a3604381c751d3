"""What follows a license that is on file: its change, its cancellation, and the explanation of a late filing.

In: the case. Out: the words of each form, for a contract with one licensee and for each who accepted an open license.
Fields whose official wording has not been read are marked (待核实); what is not known is left to fill in.

Source: 专利实施许可合同备案办法 arts 16-18; 专利审查指南 part 5 ch 8 §1.3.2.7
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.deal import DealTerms
from contracts.mode import Document, ModeContract
from contracts.papers import told
from contracts.papers.consent_forms import numbered
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, cell, day
from contracts.view import CaseView
from rules.dates import chinese_date, parse_date

Words = Mapping[str, Any]
ENDINGS = {
    "expired": "许可期限届满", "terminated": "提前解除许可合同", "patent_ended": "专利权终止或者被宣告无效",
}  # fmt: skip
REASONS = tuple(dict.fromkeys(ENDINGS.values()))
_TOLD = ("filing", "end", "amendments")
CHANGED = ("许可种类", "许可期限", "许可人姓名或者名称", "被许可人姓名或者名称", "使用费和支付方式", "其他")


def _filed(view: CaseView) -> Mapping[str, Any]:
    """Return what the office has recorded: of the contract, or of the license of one who accepted."""
    accepted: Mapping[str, Any] = view.told.get("acceptance", {})
    return accepted.get("filing", {}) if accepted else told.section(view, "filing")


def _shared(view: CaseView, mode: ModeContract) -> dict[str, Any]:
    start, end = _term(view)
    filed = _filed(view)
    return {
        "record_no": told.text(filed.get("record_no"), BLANK),
        "recorded_on": told.written(filed.get("recorded_on")),
        "license_kind": mode.kind_zh,
        "start": day(start),
        "end": day(end),
        "effective_on": day(view.day("effective_on")),
        "contract_title": mode.title_zh,
        "numbered": numbered(patent_rows(view)),
        "handler": cell(view.officer),
        "unverified": "待核实",
    }


def _term(view: CaseView) -> tuple[date | None, date | None]:
    outline = view.terms.outline()
    return view.term or (outline.start, outline.end)


def _end(view: CaseView) -> Mapping[str, Any]:
    """Return how the license ended: of the contract, or of the license of one who accepted."""
    accepted: Mapping[str, Any] = view.told.get("acceptance", {})
    if accepted.get("ended_on"):
        return {"how": accepted["how"], "on": accepted["ended_on"], "reason": accepted.get("reason", "")}
    return told.section(view, "end")


def cancellation_words(view: CaseView, mode: ModeContract) -> Words:
    """Return the fields of the cancellation: which filing, why, since when, with which papers.

    Source: 专利实施许可合同备案办法 arts 17-18
    """
    end = _end(view)
    reason = ENDINGS.get(end.get("how", ""), "")
    return {
        **_shared(view, mode),
        "reasons": [(name, name == reason) for name in REASONS],
        "ended_on": told.written(end.get("on")),
        "note": told.text(end.get("reason"), BLANK),
    }


def change_words(view: CaseView, mode: ModeContract) -> Words:
    """Return the fields of the change: what is on file, and what an amendment has agreed on instead.

    Source: 专利实施许可合同备案办法 art 16; 专利审查指南 part 5 ch 8 §1.3.2.7
    """
    amended = told.rows(view, "amendments")
    now = _on_file(view, mode, view.terms)
    before = (
        _on_file(view, mode, type(view.terms).model_validate(amended[-1]["old_terms"])) if amended else now
    )
    return {
        **_shared(view, mode),
        "changes": [
            {
                "item": name,
                "before": before[name],
                "after": now[name] if now[name] != before[name] else "",
                "chosen": now[name] != before[name],
            }
            for name in CHANGED
        ],
    }


def _on_file(view: CaseView, mode: ModeContract, terms: DealTerms) -> Mapping[str, str]:
    """Return what the office has on file of a contract with these terms, by the items that may change."""
    outline = terms.outline()
    start, end = view.term or (outline.start, outline.end)
    return {
        "许可种类": mode.kind_zh,
        "许可期限": f"{chinese_date(start)}至{chinese_date(end)}" if start and end else BLANK,
        "许可人姓名或者名称": view.ours.name,
        "被许可人姓名或者名称": view.theirs.name if view.theirs is not None else BLANK,
        "使用费和支付方式": terms.fee_words().summary,
        "其他": "",
    }


def late_words(view: CaseView, mode: ModeContract) -> Words:
    """Return the explanation of a filing handed in after its time; both parties seal it.

    Source: guide to the filing form of 2021 (高校2021年指引)
    """
    due = told.section(view, "filing").get("due")
    return {
        **_shared(view, mode),
        "due": chinese_date(parse_date(due)) if due else BLANK,
        "seals": [(side, party.name) for side, party in view.parties(mode.sides)],
    }


def _document(
    kind: str, zh: str, en: str, template: str, words: Any, *rules: str
) -> tuple[Document, Document]:
    """Return a form for a contract with one licensee, and the same for each who accepted an open license."""
    made = Document(
        kind, zh, en, f"forms/{template}.html", "forms", words, rules=rules, told=_TOLD, is_official=True
    )
    each = Document(
        f"acceptance_{kind}", f"开放许可{zh}", f"{en} of an open license", made.template, "forms", words,
        each="acceptance", rules=(*rules, "OP-15"), told=_TOLD, is_official=True,
    )  # fmt: skip
    return made, each


CANCELLATION, ACCEPTANCE_CANCELLATION = _document(
    "filing_cancellation", "专利实施许可合同备案注销申请表", "Cancellation of the filing", "filing_cancellation",
    cancellation_words, "L-15", "L-16", "L-13",
)  # fmt: skip
CHANGE, ACCEPTANCE_CHANGE = _document(
    "filing_change", "专利实施许可合同备案变更申请表", "Change of the filing", "filing_change", change_words, "L-14", "L-13",
)  # fmt: skip
LATE_EXPLANATION = Document(
    "late_explanation", "逾期备案说明", "Explanation of a late filing", "forms/late_explanation.html", "forms", late_words,
    rules=("L-20", "L-03"), told=("filing",),
)  # fmt: skip
