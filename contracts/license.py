"""Commercial terms of a patent license (专利实施许可), and what its three kinds put on paper.

In: checked values. Out: one frozen model, from which contract, forms, hashes and payment schedule derive.
"""

import re
from collections.abc import Mapping
from typing import Any

from contracts import license_schedule, license_words
from contracts.clauses import Clause
from contracts.deal import AmountBasis, FeeWords, Outline, PaymentLine, Row, Sides, TechnologyContract
from contracts.license_clauses import LICENSE_CLAUSES
from contracts.license_fields import LicenseFields
from contracts.license_forms import FILING_COVER, FILING_FORM, LICENSE_FILING, POWER_OF_ATTORNEY
from contracts.license_lint import license_check
from contracts.mode import Annex, ModeContract, bound_to
from contracts.papers.filing_forms import CANCELLATION, CHANGE, LATE_EXPLANATION
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.royalty_plan import royalty_facts
from contracts.trial import trial_facts, trial_texts

_PUBLICITY = frozenset(
    {
        "project_name",
        "purpose",
        "acts",
        "products",
        "territory",
        "start",
        "end",
        "sublicense_allowed",
        "price_method",
        "royalty_free",
        "entry_fee_fen",
        "instalments",
        "royalty",
        "milestones",
        "trial",
        "service_fee_fen",
    }
)
LICENSE_GROUPS = (
    ("scope", "许可范围", "Scope"),
    ("price", "价款", "Price"),
    ("trial", "先使用后付费", "Use first, pay later"),
    ("royalty", "提成费", "Royalty"),
    ("payment", "付款责任", "Payment"),
    ("technology", "技术资料与服务", "Technology"),
    ("patent", "专利权维持与保护", "Patent upkeep"),
    ("general", "一般条款", "General"),
)
SIDES = Sides("许可人", "被许可人", "licensor", "licensee")
ANNEXES = (
    Annex("许可专利清单", "contracts/annexes/patents.html", wide=True),
    Annex("技术资料清单", "contracts/annexes/materials.html"),
    Annex("付款计划表", "contracts/annexes/payments.html"),
)


class LicenseTerms(LicenseFields):
    """The terms that every kind of license has; a kind adds its own in a subclass.

    Source: 民法典 arts 845–846, 862–877; 技术合同纠纷解释 arts 25–28; 专利实施许可合同备案办法 art 9
    """

    def particulars(self) -> Mapping[str, bool]:
        """Return what the clause texts ask of this kind alone."""
        return {}

    def outline(self) -> Outline:
        """Return what everybody may know of the terms."""
        return Outline(
            self.price_method, self.start, self.end, self.territory, self.signing_date, self.signing_place
        )

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return every payment of the contract, by due date."""
        return license_schedule.payment_schedule(self)

    def amount_basis(self) -> AmountBasis:
        """Return the contract amount for approval thresholds."""
        return license_schedule.amount_basis(self)

    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as the clause texts use them."""
        return license_words.terms_words(self, self.particulars())

    def fee_words(self) -> FeeWords:
        """Return fee and way of payment in one line each."""
        return license_words.fee_words(self)

    def way_note(self) -> str:
        """Say whether sublicenses are allowed."""
        return license_words.sublicense(self)

    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows of the license."""
        return license_words.notice_rows(self)

    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows of the license."""
        return license_words.approval_rows(self)

    def technology_contract(self) -> TechnologyContract:
        """Return the kind, and the part of the fixed amount that is technical."""
        technical = self.technical_trade_fen
        return TechnologyContract(
            "技术许可合同", self.amount_basis().amount_fen if technical is None else technical
        )

    def chart_facts(self) -> Mapping[str, Any]:
        """Return what the chart asks of free use and royalty."""
        royalty = royalty_facts(self.royalty, self.royalty_start, self.end, self.late_interest_bp)
        return {**trial_facts(self.trial), **royalty}

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and goes into the contract."""
        return (
            *super().free_texts(),
            ("分许可条件", self.sublicense_conditions),
            ("补充保证", self.warranty),
            ("许可用途", self.purpose),
            *trial_texts(self.trial),
        )

    def payment_notes(self) -> tuple[str, str]:
        """Return what a royalty is reckoned by, and that a free license has no payments."""
        return "提成费以报表和查账结果为准；", "本合同为无偿许可，无付款计划。"

    def annexed(self) -> Mapping[str, Any]:
        """Return the technical materials."""
        return {"materials": license_words.materials(self), "materials_head": "资料名称"}


def license_contract(
    slug: str,
    kind_zh: str,
    kind_en: str,
    terms: type[LicenseTerms],
    against_kind: re.Pattern[str],
    clauses: tuple[Clause, ...] = LICENSE_CLAUSES,
    *,
    needs_co_owners: bool = True,
) -> ModeContract:
    """Return what one kind of license puts on paper.

    `against_kind` finds what a special clause must not say, or the kind is no longer clear.
    """
    return ModeContract(
        slug=slug,
        title_zh="专利实施许可合同",
        title_en="Patent License Contract",
        kind_zh=kind_zh,
        kind_en=kind_en,
        way_zh=f"专利实施许可（{kind_zh}）",
        sides=SIDES,
        patents_zh="许可专利",
        terms=terms,
        groups=LICENSE_GROUPS,
        documents=(
            "contract",
            "filing_form",
            "publicity_notice",
            "approval_form",
            "power_of_attorney",
            "filing_cover",
            "registration_sheet",
            *HOUSE_PAPERS,
            "filing_change",
            "filing_cancellation",
            "late_explanation",
        ),
        clauses=clauses,
        bound=bound_to(terms, _PUBLICITY),
        folders=("license", "general"),
        own_documents=(FILING_FORM, POWER_OF_ATTORNEY, FILING_COVER, CHANGE, CANCELLATION, LATE_EXPLANATION),
        annexes=ANNEXES,
        cover_blanks=("备案号",),
        check=license_check(against_kind),
        filing=LICENSE_FILING,
        needs_co_owners=needs_co_owners,
        grabs="ours",
    )
