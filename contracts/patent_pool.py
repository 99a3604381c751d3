"""Patent pools (专利池): terms of the agreement with the operator, and what the mode puts on paper.

The guide on pools was read only as far as its first three articles; what it says on review, distribution and exit
is not known here. Those clauses follow the general law on patents, contracts and competition.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts import patent_pool_words
from contracts.clauses import Clause
from contracts.deal import AmountBasis, FeeWords, Outline, PaymentLine, Row, Sides
from contracts.fees import month_after
from contracts.finding import LintFinding, patent_place, unnamed_parties, unnamed_patents
from contracts.mode import Annex, ModeContract, bound_to
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.patent_pool_fields import PatentPoolFields
from contracts.view import CaseView
from rules.dates import chinese_date


class PatentPoolTerms(PatentPoolFields):
    """The terms of one agreement by which patents enter a pool.

    Source: 专利池建设运行工作指引 (国知发运字〔2025〕11号) arts 1–3; 专利法 arts 12, 20; 民法典 arts 845–846, 862–877
    """

    def outline(self) -> Outline:
        """Return what everybody may know of the terms."""
        return Outline(
            self.price_method, self.start, self.end, self.territory, self.signing_date, self.signing_place
        )

    def chart_facts(self) -> Mapping[str, Any]:
        """Return what the chart holds a notice of exit to: its days, and the first day on which the pool may be left."""
        locked = month_after(self.start, self.lock_months) if self.lock_months else None
        return {
            "exit_notice_days": self.exit_notice_days,
            "locked_until": locked.isoformat() if locked else None,
        }

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return every payment of the operator, by due date."""
        return patent_pool_words.payment_schedule(self)

    def amount_basis(self) -> AmountBasis:
        """Return the amount for approval thresholds."""
        return patent_pool_words.amount_basis(self)

    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as the clause texts use them."""
        return patent_pool_words.terms_words(self)

    def fee_words(self) -> FeeWords:
        """Return the distribution in one line."""
        return patent_pool_words.fee_words(self)

    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows of the deal."""
        return patent_pool_words.notice_rows(self)

    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows of the deal."""
        return patent_pool_words.approval_rows(self)

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and goes into the contract."""
        criteria = tuple((f"入池评审标准第{n}项", text) for n, text in enumerate(self.criteria, 1))
        return (*super().free_texts(), ("许可用途", self.purpose), *criteria, ("补充保证", self.warranty))

    def payment_notes(self) -> tuple[str, str]:
        """Return what a distribution is reckoned by."""
        return "收益分配以分配报告和查账结果为准；", "本合同无付款计划。"


def check(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """Yield what stands against signing.

    Source: 民法典 arts 845, 865; 技术合同纠纷解释 art 7; 专利池建设运行工作指引 art 2
    """
    terms = view.terms_as(PatentPoolTerms)
    for place, what in unnamed_parties(view.parties(mode.sides_of(terms))):
        yield LintFinding(
            "K-02", "block", place, f"缺少{what}，当事人不明确。", f"请补录{what}后重新生成合同。"
        )
    for place, what in unnamed_patents(view, mode.patents_zh):
        yield LintFinding(
            "K-04",
            "block",
            place,
            f"缺少{what}，技术合同涉及专利的，应当予以注明。",
            f"请补录{what}后重新生成合同。",
        )
    for n, patent in enumerate(view.patents, 1):
        if patent.term_end is not None and terms.end > patent.term_end:
            yield LintFinding(
                "P-05", "warn", patent_place(mode.patents_zh, n, patent),
                f"该专利的有效期限于{chinese_date(patent.term_end)}届满，早于授权期限终止日{chinese_date(terms.end)}，"
                "届满后不得再就其收取许可费。",
                "核对收益分配是否已按该专利先行退出计算。",
            )  # fmt: skip
    if not terms.members:
        yield LintFinding(
            "PP-02", "warn", "其他池内权利人",
            "未写明其他池内权利人；专利池由两个以上权利人约定统一运营。",
            "向运营方索取池内权利人名单并补录。",
        )  # fmt: skip


_PUBLICITY = frozenset(
    {
        "project_name", "pool_name", "technical_field", "acts", "purpose", "forms", "territory", "start", "end",
        "entry_fee_fen", "price_method", "rule", "share_bp", "cost_bp", "upfront_fen", "minimum_per_year_fen",
        "period",
    }
)  # fmt: skip
GROUPS = (
    ("scope", "专利池与授权范围", "Pool and scope"),
    ("entry", "入池评审", "Entry review"),
    ("price", "收益分配", "Distribution"),
    ("patent", "专利权维持与保护", "Patent upkeep"),
    ("exit", "退出", "Exit"),
    ("general", "一般条款", "General"),
)
CLAUSES = (
    Clause("recitals", "鉴于", ("民法典845", "专利池建设运行工作指引2"), ("K-02",), numbered=False),
    Clause("definitions", "名词和术语的解释", ("民法典845",), ("K-10",)),
    Clause("entry", "入池评审与入池", ("民法典845", "专利池建设运行工作指引3"), ("K-06", "K-09")),
    Clause("grant", "授权的性质与范围", ("专利法12", "民法典864、865、867"), ("K-03", "K-05")),
    Clause("licensing", "对外许可", ("专利法20", "民法典864", "专利池建设运行工作指引2、3")),
    Clause("patents", "入池专利的权利状况", ("民法典845", "技术合同纠纷解释24"), ("K-04", "K-16")),
    Clause("upkeep", "入池专利的维持", ("技术合同纠纷解释24、26", "专利法43、44"), ("K-17",)),
    Clause("distribution", "许可收益的分配", ("民法典845、846",), ("K-08", "K-11")),
    Clause("accounts", "报告与查账", ("民法典846",), ("K-11",)),
    Clause("governance", "成员的权利与规则的变更", ("民法典",)),
    Clause("improvements", "后续相关专利", ("民法典864、875", "技术合同纠纷解释10"), ("K-12",)),
    Clause("enforcement", "侵权、无效与终止的处理", ("专利法47", "民法典874"), ("K-13",)),
    Clause("exit", "退出专利池", ("民法典865",)),
    Clause("confidentiality", "保密", ("民法典845、871", "转化法41"), ("K-07",)),
    Clause("warranty", "陈述与保证", ("民法典870",), ("K-13",)),
    Clause(
        "fairness", "公平竞争与反垄断合规", ("专利法20", "民法典850、864", "技术合同纠纷解释10"), ("K-18",)
    ),
    Clause("tax", "税费", ("印花税法",)),
    Clause("breach", "违约责任", ("民法典585、872",), ("K-14",)),
    Clause("force_majeure", "不可抗力", ("民法典",)),
    Clause("dispute", "法律适用与争议的解决", ("民法典",), ("K-15",)),
    Clause("effect", "合同的生效、变更与终止", ("民法典",)),
    Clause("notice", "通知与送达", ("民法典",)),
    Clause("special", "特别约定", ("民法典850",), when="special_clauses"),
    Clause("misc", "其他", ("民法典469、863",), ("K-01",)),
)
CONTRACT = ModeContract(
    slug="patent_pool",
    title_zh="专利池入池协议",
    title_en="Patent Pool Entry Agreement",
    kind_zh="专利池运营",
    kind_en="patent pool operation",
    way_zh="加入专利池运营",
    sides=Sides("入池方", "运营方", "owner", "operator"),
    patents_zh="入池专利",
    terms=PatentPoolTerms,
    groups=GROUPS,
    documents=("contract", "publicity_notice", "approval_form", "registration_sheet", *HOUSE_PAPERS),
    clauses=CLAUSES,
    bound=bound_to(PatentPoolTerms, _PUBLICITY),
    annexes=(
        Annex("入池专利清单", "contracts/annexes/patents.html", wide=True),
        Annex("付款计划表", "contracts/annexes/payments.html"),
    ),
    check=check,
)
