"""Transfer of patents or applications (转让): its terms, and the contract that it puts on paper."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts import transfer_words
from contracts.change_forms import CHANGE_DOCUMENTS, CHANGE_PAPERS, change_filing
from contracts.clauses import Clause
from contracts.deal import (
    AmountBasis,
    FeeWords,
    Naming,
    Outline,
    OwnerChange,
    PaymentLine,
    Row,
    Sides,
    TechnologyContract,
)
from contracts.finding import LintFinding, unnamed_parties, unnamed_patents
from contracts.mode import Annex, ModeContract, bound_to
from contracts.papers.consent_forms import INVENTOR_WAIVER, REFUSAL_NOTICE
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.transfer_fields import TransferFields
from contracts.trial import trial_facts, trial_texts
from contracts.view import CaseView

SIDES = Sides("转让人", "受让人", "assignor", "assignee")
_OF_APPLICATION = Naming(
    "专利申请权转让合同", "Contract on the Transfer of Applications",
    "转让", "transfer", "专利申请权转让", SIDES,
)  # fmt: skip
_OF_PATENT = Naming("专利权转让合同", "Patent Transfer Contract", "转让", "transfer", "专利权转让", SIDES)
_PUBLICITY = frozenset({"project_name", "subject", "price_method", "price_fen", "instalments", "trial"})
CLAUSES = (
    Clause("recitals", "鉴于", ("民法典845、847", "转化法16、18"), ("K-02",), numbered=False),
    Clause("definitions", "名词和术语的解释", ("民法典845",), ("K-10",)),
    Clause(
        "patents", "转让标的与权利状况", ("民法典845", "技术合同纠纷解释24"), ("K-03", "K-04", "K-05", "K-16")
    ),
    Clause("delivery", "交付资料、验收与技术指导", ("民法典845",), ("K-06", "K-09")),
    Clause("licenses", "专利实施和许可的情况及处置", ("技术合同纠纷解释24",)),
    Clause("fees", "转让价款及支付方式", ("民法典846", "转化法18"), ("K-11",)),
    Clause("trial", "先使用后付费", ("民法典846", "转化法16"), ("K-11",), when="trial"),
    Clause("change", "变更登记与权利转移", ("专利法10", "民法典863")),
    Clause("interim", "过渡期", ("专利法43、44",), ("K-17",)),
    Clause("priority", "优先权的处理", ("民法典845",), when="is_application"),
    Clause(
        "examination", "审查程序与申请被驳回的责任", ("技术合同纠纷解释23", "专利法10"), when="is_application"
    ),
    Clause("invalidation", "专利权终止、被宣告无效与申请被驳回", ("专利法47", "技术合同纠纷解释23")),
    Clause("warranty", "保证与第三方主张", ("民法典870、874",), ("K-13",)),
    Clause("improvements", "后续改进与成果的归属", ("民法典845、875",), ("K-08", "K-12")),
    Clause("confidentiality", "保密", ("民法典845、871", "转化法41"), ("K-07",)),
    Clause("fairness", "公平竞争", ("民法典850", "技术合同纠纷解释10"), ("K-18",)),
    Clause("tax", "税费", ("印花税法",)),
    Clause("breach", "违约责任", ("民法典585、872、873",), ("K-14",)),
    Clause("force_majeure", "不可抗力", ("民法典",)),
    Clause("dispute", "法律适用与争议的解决", ("民法典",), ("K-15",)),
    Clause("effect", "合同的生效、变更与解除", ("民法典", "专利法10")),
    Clause("notice", "通知与送达", ("民法典",)),
    Clause("special", "特别约定", ("民法典850",), when="special_clauses"),
    Clause("misc", "其他", ("民法典469、863",), ("K-01",)),
)


class TransferTerms(TransferFields):
    """The terms of a transfer, as other rooms ask for them."""

    @property
    def is_application(self) -> bool:
        """Whether what is transferred has not been granted."""
        return self.subject == "application"

    def naming(self) -> Naming:
        """Return the title: of a patent, or of an application that has not been granted."""
        return _OF_APPLICATION if self.subject == "application" else _OF_PATENT

    def outline(self) -> Outline:
        """Return what everybody may know of the terms; a transfer has no term of its own."""
        return Outline(self.price_method, signing_date=self.signing_date, signing_place=self.signing_place)

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return the instalments, by due date."""
        return transfer_words.payment_schedule(self)

    def amount_basis(self) -> AmountBasis:
        """Return the price."""
        return transfer_words.amount_basis(self)

    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as the clause texts use them."""
        return transfer_words.terms_words(self)

    def fee_words(self) -> FeeWords:
        """Return price and way of payment in one line each."""
        return transfer_words.fee_words(self)

    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows."""
        return transfer_words.notice_rows(self)

    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows."""
        return transfer_words.approval_rows(self)

    def owner_change(self) -> OwnerChange:
        """Return what is agreed of the change of owner."""
        return transfer_words.owner_change(self)

    def technology_contract(self) -> TechnologyContract:
        """Return the kind, and the part of the price that is technical."""
        technical = self.technical_trade_fen
        return TechnologyContract("技术转让合同", self.price_fen if technical is None else technical)

    def chart_facts(self) -> Mapping[str, Any]:
        """Return what the chart asks of free use before the price."""
        return trial_facts(self.trial)

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and goes into the contract."""
        return (*super().free_texts(), ("补充保证", self.warranty), *trial_texts(self.trial))

    def annexed(self) -> Mapping[str, Any]:
        """Return the papers that are handed over."""
        return {"materials": transfer_words.material_rows(self), "materials_head": "资料名称"}


def transfer_check(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """Yield what the evidence of a change must name and does not.

    Source: 专利审查指南 (2023) part 1 ch 1 §6.7.2.6; 民法典 art 845
    """
    granted = getattr(view.terms, "subject", "patent") == "patent"
    missing = (
        *unnamed_parties(view.parties(mode.sides)),
        *unnamed_patents(view, mode.patents_zh, granted=granted),
    )
    for place, what in missing:
        yield LintFinding(
            "TR-08", "block", place, f"缺少{what}，证明文件应写明该项。", f"请补录{what}后重新生成合同。"
        )


CONTRACT = ModeContract(
    slug="transfer",
    title_zh=_OF_PATENT.title_zh,
    title_en=_OF_PATENT.title_en,
    kind_zh=_OF_PATENT.kind_zh,
    kind_en=_OF_PATENT.kind_en,
    way_zh=_OF_PATENT.way_zh,
    sides=SIDES,
    patents_zh="转让专利",
    terms=TransferTerms,
    groups=(
        ("scope", "标的", "Subject"),
        ("price", "价款", "Price"),
        ("trial", "先使用后付费", "Use first, pay later"),
        ("change", "变更登记与过渡期", "Change and interim"),
        ("technology", "资料与技术", "Papers and technology"),
        ("general", "一般条款", "General"),
    ),
    documents=(
        "contract",
        "publicity_notice",
        "approval_form",
        *CHANGE_PAPERS,
        "registration_sheet",
        *HOUSE_PAPERS,
        "refusal_notice",
        "inventor_waiver",
    ),  # fmt: skip
    clauses=CLAUSES,
    bound=bound_to(TransferTerms, _PUBLICITY),
    own_documents=(*CHANGE_DOCUMENTS, REFUSAL_NOTICE, INVENTOR_WAIVER),
    annexes=(
        Annex("转让专利清单", "contracts/annexes/patents.html", wide=True),
        Annex("交付资料清单", "contracts/annexes/materials.html"),
        Annex("付款计划表", "contracts/annexes/payments.html"),
    ),
    check=transfer_check,
    filing=change_filing(),
)
