"""The agreements on a contract as documents: their clauses with their legal basis, and what each is asked for.

Each stands in every mode whose contract two parties sign; a change and an extension once for every one of them.
Source: 民法典 arts 501, 543, 544, 558, 562, 566, 567; 促进科技成果转化法 arts 18, 41; 专利实施许可合同备案办法 arts 16, 17
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from contracts.agreements.words import agreement_words, change_words, secrecy_words, termination_words
from contracts.articles import Article, paper_articles
from contracts.clauses import Clause
from contracts.deal import ContractTerms, Sides
from contracts.mode import Document, ModeContract
from contracts.party_words import party_words
from contracts.view import CaseView

Words = Callable[[CaseView, ModeContract], dict[str, Any]]
CHANGE_CLAUSES = (
    Clause("recitals", "鉴于", ("民法典543",), numbered=False),
    Clause("changes", "变更的内容", ("民法典543", "民法典846", "民法典865")),
    Clause("unchanged", "未变更的约定", ("民法典544",)),
    Clause("performed", "已经履行部分的处理", ("民法典543",)),
    Clause("procedure", "定价、审批与授权", ("转化法18", "民法典865")),
    Clause("filing", "备案、登记与税费", ("专利实施许可合同备案办法16", "专利法实施细则15")),
    Clause("dispute", "保密、通知与争议的解决", ("民法典507", "民法典558")),
    Clause("effect", "协议的生效", ("民法典469", "民法典502")),
)
EXTENSION_CLAUSES = (
    CHANGE_CLAUSES[0],
    Clause("changes", "续展的期限和内容", ("民法典543", "民法典865")),
    *CHANGE_CLAUSES[2:],
)
TERMINATION_CLAUSES = (
    Clause("recitals", "鉴于", ("民法典562",), numbered=False),
    Clause("end", "原合同的解除", ("民法典562", "民法典566")),
    Clause("settlement", "款项的结算", ("民法典566", "民法典567")),
    Clause("handover", "停止实施与资料的返还", ("民法典558", "民法典566")),
    Clause("filing", "备案注销与登记", ("专利实施许可合同备案办法17",)),
    Clause("survival", "继续有效的约定", ("民法典558", "民法典567")),
    Clause("release", "其他权利主张", ("民法典557",)),
    Clause("dispute", "通知与争议的解决", ("民法典507",)),
    Clause("effect", "协议的生效", ("民法典469", "民法典502")),
)
SECRECY_CLAUSES = (
    Clause("recitals", "鉴于", ("民法典501",), numbered=False),
    Clause("meaning", "保密信息", ("民法典501", "反不正当竞争法")),
    Clause("duty", "披露目的与保密义务", ("民法典501", "转化法41")),
    Clause("exceptions", "例外与依法披露", ("转化法18",)),
    Clause("rights", "权利的保留", ("民法典850",)),
    Clause("term", "保密期限", ("民法典501",)),
    Clause("return", "资料的返还与销毁", ("民法典558",)),
    Clause("breach", "违约责任", ("民法典501", "反不正当竞争法")),
    Clause("dispute", "法律适用与争议的解决", ("民法典",)),
    Clause("effect", "协议的生效", ("民法典469",)),
)
# By the kind of the paper: its folder of texts, its clauses, and what it says besides what all of them say.
CONTENTS: Mapping[str, tuple[str, tuple[Clause, ...], Words]] = {
    "amendment_agreement": ("amendment", CHANGE_CLAUSES, change_words),
    "extension_agreement": ("amendment", EXTENSION_CLAUSES, change_words),
    "termination_agreement": ("termination", TERMINATION_CLAUSES, termination_words),
    "confidentiality_agreement": ("confidentiality", SECRECY_CLAUSES, secrecy_words),
}
TITLES: Mapping[str, str] = {
    "amendment_agreement": "变更（补充）协议",
    "extension_agreement": "续展协议",
    "termination_agreement": "解除协议",
    "confidentiality_agreement": "保密协议",
}
# Before a deal there is no licensor yet, nor an assignee.
_NEGOTIATING = Sides("甲方", "乙方", "Party A", "Party B")


def agreement_articles(kind: str, view: CaseView, mode: ModeContract) -> tuple[Article, ...]:
    """Return the articles of an agreement, in order."""
    folder, clauses, own = CONTENTS[kind]
    words = {
        **agreement_words(view, mode),
        **own(view, mode),
        "ours": mode.sides.ours,
        "theirs": mode.sides.theirs,
    }
    return paper_articles(clauses, f"agreements/{folder}", words)


def _page(kind: str) -> Words:
    def words(view: CaseView, mode: ModeContract) -> dict[str, Any]:
        is_secrecy = kind == "confidentiality_agreement"
        sides = _NEGOTIATING if is_secrecy else mode.sides
        both = [
            (sides.ours if is_secrecy else sides.heading(ours=True), view.ours),
            (sides.theirs if is_secrecy else sides.heading(ours=False), view.theirs),
        ]
        ordered = both if sides.ours_first else both[::-1]
        told = view.told.get("agreement", {})
        return {
            **CONTENTS[kind][2](view, mode),
            "articles": agreement_articles(kind, view, mode),
            "parties": [
                {"heading": heading, **party_words(party)} for heading, party in ordered if party is not None
            ],
            "agreement_no": _number(kind, view, told),
            "agreement_title": TITLES[kind] if is_secrecy else f"{mode.title_zh}{TITLES[kind]}",
        }

    return words


def _number(kind: str, view: CaseView, told: Mapping[str, Any]) -> str:
    """Return the number of the agreement: its own, or that of the contract with a suffix."""
    base = view.contract_no or view.case_no
    suffix = {"termination_agreement": "-J", "confidentiality_agreement": "-M"}.get(
        kind, f"-B{told.get('no', '')}"
    )
    return str(told.get("agreement_no") or f"{base}{suffix}")


def _agreement(
    kind: str,
    en: str,
    each: Literal["", "amendment", "extension"] = "",
    when: Literal["", "confidentiality", "termination"] = "",
    made_for: str = "contract",
    rules: tuple[str, ...] = (),
) -> Document:
    return Document(
        kind, TITLES[kind], en, "contracts/agreement.html", "contract+agreement", _page(kind), each=each, when=when,
        made_for=made_for, rules=rules,
    )  # fmt: skip


AGREEMENTS: tuple[Document, ...] = (
    _agreement(
        "confidentiality_agreement",
        "Confidentiality agreement",
        when="confidentiality",
        made_for="",
        rules=("W-14", "K-07"),
    ),
    _agreement("amendment_agreement", "Amendment agreement", each="amendment", rules=("PR-03", "TC-07")),
    _agreement("extension_agreement", "Extension agreement", each="extension", rules=("P-05", "T-03")),
    _agreement("termination_agreement", "Termination agreement", when="termination", rules=("T-04", "TC-07")),
)
AGREEMENT_KINDS = frozenset(document.kind for document in AGREEMENTS)
EACH_CHANGE = frozenset(document.kind for document in AGREEMENTS if document.each)


def agreements_of(mode: ModeContract) -> tuple[Document, ...]:
    """Return the agreements that a mode can have: those of a contract that two parties sign."""
    return AGREEMENTS if issubclass(mode.terms, ContractTerms) else ()
