"""Technology development and technical service (技术开发、技术服务): terms, and what the mode puts on paper.

The platform counts a patent once such a contract says that the partner company industrializes: the clause on
industrialization is what its label rests on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts import development_words
from contracts.clauses import Clause
from contracts.deal import AmountBasis, FeeWords, Naming, Outline, PaymentLine, Row, Sides, TechnologyContract
from contracts.development_fields import DevelopmentFields
from contracts.finding import LintFinding, unnamed_parties, unnamed_patents
from contracts.mode import Annex, ModeContract, bound_to
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.royalty_plan import royalty_facts
from contracts.view import CaseView

_COMMISSIONED = Sides("研究开发人", "委托人", "developer", "client", ours_first=False)
_COOPERATIVE = Sides("技术方", "企业方", "technology partner", "company partner", ours_first=False)
_SERVICE = Sides("受托人", "委托人", "provider", "client", ours_first=False)
NAMES = {
    "commissioned": Naming(
        "技术开发合同", "Commissioned Development Contract",
        "委托开发", "commissioned development", "技术开发（委托开发）", _COMMISSIONED,
    ),
    "cooperative": Naming(
        "技术开发合同", "Cooperative Development Contract",
        "合作开发", "cooperative development", "技术开发（合作开发）", _COOPERATIVE,
    ),
    "service": Naming(
        "技术服务合同", "Technical Service Contract", "技术服务", "technical service", "技术服务", _SERVICE,
    ),
}  # fmt: skip


class DevelopmentTerms(DevelopmentFields):
    """The terms of one development or service contract.

    Source: 民法典 arts 843–861, 875, 878–886; 技术合同纠纷解释 arts 17–21, 33–35
    """

    def naming(self) -> Naming:
        """Return title, kind and sides as the kind of contract makes them."""
        return NAMES[self.kind]

    def outline(self) -> Outline:
        """Return what everybody may know of the terms."""
        return Outline(
            self.price_method,
            self.start,
            self.end,
            signing_date=self.signing_date,
            signing_place=self.signing_place,
            industrialized_by=self.industrial_by,
        )

    def technology_contract(self) -> TechnologyContract:
        """Return the kind, and the fixed amount without what is not technical."""
        kind = "技术服务合同" if self.kind == "service" else f"技术开发合同（{NAMES[self.kind].kind_zh}）"
        return TechnologyContract(kind, self.amount_basis().amount_fen - self.non_technical_fen)

    def chart_facts(self) -> Mapping[str, Any]:
        """Return the day of the delivery, which the chart watches, and what it asks of a royalty."""
        royalty = royalty_facts(self.royalty, self.royalty_start, self.royalty_end, self.late_interest_bp)
        return {"deliver_on": self.deliver_on.isoformat(), **royalty}

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return every payment of the contract, by due date."""
        return development_words.payment_schedule(self)

    def amount_basis(self) -> AmountBasis:
        """Return the contract amount for approval thresholds."""
        return development_words.amount_basis(self)

    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as the clause texts use them."""
        return development_words.terms_words(self, self.naming().sides.theirs)

    def fee_words(self) -> FeeWords:
        """Return price and way of payment in one line each."""
        return development_words.fee_words(self)

    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows of the deal."""
        return development_words.notice_rows(self)

    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows of the deal."""
        return development_words.approval_rows(self)

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and could restrict; who provides which equipment is the matter itself."""
        return (
            *super().free_texts(),
            ("标的的内容和范围", self.content),
            ("产业化目标", self.industrial_target),
        )

    def payment_notes(self) -> tuple[str, str]:
        """Return what a royalty is reckoned by."""
        told = "提成费以报表和查账结果为准；" if self.royalty is not None else ""
        return told, "双方各自承担费用，无付款计划。"

    def annexed(self) -> Mapping[str, Any]:
        """Return plan and deliverables."""
        return development_words.annexed(self)


def check(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """Yield what stands against signing or registering the contract.

    Source: 民法典 art 845; 技术合同纠纷解释 arts 7, 14; 技术合同认定登记规则 art 39
    """
    terms = view.terms_as(DevelopmentTerms)
    for place, what in unnamed_parties(view.parties(mode.sides_of(terms))):
        yield LintFinding(
            "K-02",
            "block",
            place,
            f"缺少{what}，当事人不明确的技术合同不予认定登记。",
            f"请补录{what}后重新生成合同。",
        )
    for place, what in unnamed_patents(view, "背景专利"):
        yield LintFinding(
            "K-04",
            "block",
            place,
            f"缺少{what}，技术合同涉及专利的，应当予以注明。",
            f"请补录{what}后重新生成合同。",
        )
    if terms.royalty is not None and not terms.amount_basis().amount_fen:
        yield LintFinding(
            "TT-TC-10", "warn", "价款",
            "只约定了提成费，没有可以计算的金额，认定登记时有“价款不明”的风险。",
            "约定每年最低提成费，或者在特别约定中写明预计的提成额。",
        )  # fmt: skip
    if not terms.industrial:
        yield LintFinding(
            "S0-14", "warn", "产业化",
            "未约定由合作企业实现产业化，不能以本合同向盘活系统反馈相应的转化成果。",
            "需要反馈的，与合作企业约定产业化的产品和期限。",
        )  # fmt: skip


_PUBLICITY = frozenset(
    {
        "project_name", "kind", "content", "start", "end", "place", "price_method", "total_fen", "instalments",
        "royalty", "royalty_start", "royalty_end", "patent_right", "share_ours_bp", "know_how", "industrial",
        "products", "industrial_by",
    }
)  # fmt: skip
GROUPS = (
    ("scope", "标的与要求", "Subject"),
    ("plan", "计划与分工", "Plan and work"),
    ("price", "经费与报酬", "Price"),
    ("royalty", "提成费", "Royalty"),
    ("payment", "付款责任", "Payment"),
    ("technology", "成果交付与验收", "Delivery and acceptance"),
    ("ownership", "成果归属", "Ownership"),
    ("risk", "风险与保密", "Risk and secrecy"),
    ("industry", "产业化", "Industrialization"),
    ("general", "一般条款", "General"),
)
CLAUSES = (
    Clause("recitals", "鉴于", ("民法典844、845", "转化法18"), ("K-02",), numbered=False),
    Clause("definitions", "名词和术语的解释", ("民法典845",), ("K-10",)),
    Clause(
        "subject",
        "标的技术的内容、范围和要求",
        ("民法典845、851、878", "技术合同纠纷解释17、18、33"),
        ("K-03", "K-05"),
    ),
    Clause("plan", "履行的计划、地点和方式", ("民法典845、853、855、883",), ("K-06",)),
    Clause("duties", "双方的分工与协作", ("民法典852、853、855、882、883", "技术合同纠纷解释19、35")),
    Clause("fees", "经费、报酬及支付方式", ("民法典846", "技术合同纠纷解释14"), ("K-11",)),
    Clause("royalty", "提成费的计算、报告与查账", ("民法典846",), ("K-11",), when="royalty"),
    Clause("funds", "经费的使用与设备的归属", ("民法典852、853、886",)),
    Clause("delivery", "成果的交付与技术指导", ("民法典853、883",)),
    Clause("acceptance", "验收的标准与方法", ("民法典845",), ("K-09",)),
    Clause("background", "背景专利与背景技术", ("民法典845、865", "专利法12"), ("K-04", "K-16", "K-17")),
    Clause(
        "ownership",
        "成果的归属与收益的分配",
        ("民法典845、859、860、861、885", "技术合同纠纷解释20、21"),
        ("K-08",),
    ),
    Clause("improvements", "后续改进", ("民法典875",), ("K-12",)),
    Clause(
        "industry", "成果的产业化", ("民法典844、851", "技术合同纠纷解释18", "转化法16"), when="industrial"
    ),
    Clause("risk", "风险责任", ("民法典857、858",), when="is_development"),
    Clause("confidentiality", "保密", ("民法典845", "转化法41"), ("K-07",)),
    Clause("warranty", "陈述与保证", ("民法典850",), ("K-13",)),
    Clause("registration", "技术合同的认定登记", ("技术合同纠纷解释8",)),
    Clause("tax", "税费", ("印花税法",)),
    Clause("breach", "违约责任", ("民法典585、854、856、884",), ("K-14",)),
    Clause("force_majeure", "不可抗力", ("民法典",)),
    Clause("fairness", "技术进步与公平竞争", ("民法典850", "技术合同纠纷解释10"), ("K-18",)),
    Clause("dispute", "法律适用与争议的解决", ("民法典",), ("K-15",)),
    Clause("effect", "合同的生效、变更与终止", ("民法典857",)),
    Clause("notice", "通知与送达", ("民法典",)),
    Clause("special", "特别约定", ("民法典850",), when="special_clauses"),
    Clause("misc", "其他", ("民法典469、851",), ("K-01",)),
)
CONTRACT = ModeContract(
    slug="development",
    title_zh="技术开发、技术服务合同",
    title_en="Development or Service Contract",
    kind_zh="技术开发、技术服务",
    kind_en="development or service",
    way_zh="技术开发、技术服务",
    sides=_COMMISSIONED,
    patents_zh="背景专利",
    terms=DevelopmentTerms,
    groups=GROUPS,
    documents=("contract", "publicity_notice", "approval_form", "registration_sheet", *HOUSE_PAPERS),
    clauses=CLAUSES,
    bound=bound_to(DevelopmentTerms, _PUBLICITY),
    annexes=(
        Annex("背景专利清单", "contracts/annexes/patents.html", wide=True),
        Annex("进度计划表", "contracts/annexes/stages.html"),
        Annex("交付成果清单", "contracts/annexes/materials.html"),
        Annex("付款计划表", "contracts/annexes/payments.html"),
    ),
    cover_blanks=("认定登记编号",),
    check=check,
    needs_co_owners=False,
    is_publicized=False,
)
