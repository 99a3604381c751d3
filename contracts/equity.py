"""Contribution of patents to a company (作价入股): its terms, and what it puts on paper.

In: checked values. Out: one frozen model, from which agreement, forms, hashes and the facts of the chart derive.
"""

from collections.abc import Mapping
from typing import Any

from contracts import equity_words
from contracts.change_forms import CHANGE_DOCUMENTS, CHANGE_PAPERS, change_filing
from contracts.deal import AmountBasis, FeeWords, Outline, OwnerChange, PaymentLine, Row, Sides
from contracts.equity_clauses import EQUITY_CLAUSES
from contracts.equity_fields import EquityFields
from contracts.equity_forms import AWARD_NOTICE, DEFERRAL_SHEET
from contracts.equity_lint import equity_check
from contracts.mode import Annex, ModeContract, bound_to
from contracts.papers.kinds import HOUSE_PAPERS

_PUBLICITY = frozenset(
    {
        "project_name", "business", "way", "company_name", "registered_capital_fen", "shareholders", "price_method",
        "value_fen", "capital_fen", "cash_fen", "holder", "holder_name",
    }
)  # fmt: skip
_AWARD = frozenset(
    {"capital_fen", "holder", "holder_name", "title_shared", "awards", "award_way", "platform_name"}
)
GROUPS = (
    ("scope", "项目", "Project"),
    ("company", "目标公司", "Company"),
    ("value", "作价", "Value"),
    ("award", "股权持有与奖励", "Shares and award"),
    ("transfer", "权利转移与技术", "Transfer and technology"),
    ("governance", "公司治理", "Governance"),
    ("exit", "退出", "Exit"),
    ("general", "一般条款", "General"),
)


class EquityTerms(EquityFields):
    """The terms of a contribution, as other rooms ask for them."""

    def outline(self) -> Outline:
        """Return what everybody may know of the terms; a contribution has no term of its own."""
        return Outline(self.price_method, signing_date=self.signing_date, signing_place=self.signing_place)

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return the cash beside the shares, by due date."""
        return equity_words.payment_schedule(self)

    def amount_basis(self) -> AmountBasis:
        """Return the value of the contribution."""
        return equity_words.amount_basis(self)

    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as the clause texts use them."""
        return equity_words.terms_words(self)

    def fee_words(self) -> FeeWords:
        """Return value and share in one line."""
        return equity_words.fee_words(self)

    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows."""
        return equity_words.notice_rows(self)

    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows."""
        return equity_words.approval_rows(self)

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and goes into the contract."""
        return (
            *super().free_texts(),
            ("补充保证", self.warranty),
            ("竞业限制的范围", self.non_compete),
            ("退出条件和作价", self.exit_note),
            *((f"须经出资方同意的事项第{n}行", text) for n, text in enumerate(self.reserved_matters, 1)),
        )

    def owner_change(self) -> OwnerChange:
        """Return what is agreed of the change of owner."""
        return equity_words.owner_change(self)

    def chart_facts(self) -> Mapping[str, Any]:
        """Return what the guards of the chart ask of the terms."""
        return equity_words.chart_facts(self)

    def annexed(self) -> Mapping[str, Any]:
        """Return the rows of the annexes: shareholders, persons, technical materials."""
        return {
            "shareholders": equity_words.shareholder_rows(self),
            "awards": equity_words.award_rows(self),
            "materials": equity_words.material_rows(self),
            "materials_head": "资料名称",
        }


CONTRACT = ModeContract(
    slug="equity",
    title_zh="专利权作价投资合同",
    title_en="Patent Contribution Agreement",
    kind_zh="作价入股",
    kind_en="equity contribution",
    way_zh="专利权作价投资（作价入股）",
    sides=Sides("出资方", "合作方", "contributor", "partner"),
    patents_zh="出资专利",
    terms=EquityTerms,
    groups=GROUPS,
    documents=(
        "contract", "publicity_notice", "approval_form", "award_notice", *CHANGE_PAPERS, "deferral_sheet",
        *HOUSE_PAPERS,
    ),
    clauses=EQUITY_CLAUSES,
    bound={**bound_to(EquityTerms, _PUBLICITY), "award": _AWARD},
    own_documents=(AWARD_NOTICE, *CHANGE_DOCUMENTS, DEFERRAL_SHEET),
    titles={"approval_form": ("作价入股审批表", "Approval of the contribution")},
    annexes=(
        Annex("出资专利清单", "contracts/annexes/patents.html", wide=True),
        Annex("股权结构表", "contracts/annexes/shareholders.html"),
        Annex("股权奖励名单", "contracts/annexes/awards.html"),
        Annex("技术资料清单", "contracts/annexes/materials.html"),
        Annex("付款计划表", "contracts/annexes/payments.html"),
    ),
    check=equity_check,
    filing=change_filing("register_company"),
)  # fmt: skip
