"""The fields of an agreement by which patents enter a pool (专利池入池), and how they must agree."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from contracts.deal import PRICE_METHODS, ContractTerms, PriceMethod
from contracts.fees import PERIODS, month_after
from contracts.fields import (
    Bp,
    Day,
    Fen,
    Line,
    Lines,
    Note,
    Option,
    OptionalNote,
    Whole,
    one_of,
    shown,
    some_of,
)
from contracts.license_fields import ACTS, DEFAULT_TERRITORY

FORMS = (
    Option("package", "一站式打包许可", "one-stop license of the package"),
    Option("cross", "成员间交叉许可", "cross-license among members"),
    Option("single", "单件许可", "license of single patents"),
)
REVIEWERS = (
    Option("expert", "独立专家", "independent experts"),
    Option("agency", "第三方评估机构", "third-party assessor"),
    Option("committee", "专利池评审委员会", "review committee of the pool"),
)
RULES = (
    Option("count", "按入池有效专利件数", "by number of patents in force"),
    Option("score", "按专利评价分值加权", "by weighted score"),
    Option("usage", "按实际许可使用情况", "by use in licenses"),
    Option("fixed", "按固定比例", "by fixed share"),
)
PAYERS = (Option("ours", "入池方", "the owner"), Option("theirs", "运营方", "the operator"))
LEADERS = (
    Option("theirs", "运营方主导", "operator leads"),
    Option("ours", "入池方主导", "owner leads"),
    Option("joint", "双方共同", "jointly"),
)
LATER = (
    Option("offer", "自愿、有偿、非独占地申请入池", "may be offered, voluntary, paid and non-exclusive"),
    Option("none", "不作约定", "nothing is agreed"),
)

_Act = Literal["manufacture", "use", "offer", "sell", "import"]
_Form = Literal["package", "cross", "single"]


class PatentPoolFields(ContractTerms):
    """The fields of one agreement between the institution and the operator of a pool."""

    pool_name: Line = shown("专利池名称", "Name of the pool", "scope")
    technical_field: Line = shown("技术领域", "Technical field", "scope", help_zh="专利池统一运营的技术领域")
    members: Lines = shown(
        "其他池内权利人", "Other owners in the pool", "scope", "textarea",
        "每行一个；专利池由两个以上权利人组成", default=(), max_length=60,
    )  # fmt: skip
    pool_rules: Line = shown(
        "专利池规则及版本", "Rules of the pool", "scope", help_zh="例如：《隔膜专利池管理规则》（2026年版）"
    )
    acts: Annotated[tuple[_Act, ...], some_of(ACTS), Field(min_length=1)] = shown(
        "许可实施方式", "Licensed acts", "scope", "multi", "至少选择一项", options=ACTS
    )
    purpose: Note = shown(
        "许可用途", "Field of use", "scope", "textarea", "运营方可以对外许可的技术领域和产品"
    )
    forms: Annotated[tuple[_Form, ...], some_of(FORMS), Field(min_length=1)] = shown(
        "许可形式", "Forms of license", "scope", "multi", "至少选择一项", options=FORMS
    )
    territory: Line = shown("许可地域", "Territory", "scope", default=DEFAULT_TERRITORY)
    start: Day = shown("授权期限开始日", "In the pool from", "scope", "date")
    end: Day = shown(
        "授权期限终止日", "In the pool until", "scope", "date", "个别专利先行届满的，该专利先行退出"
    )

    reviewer: Annotated[Literal["expert", "agency", "committee"], one_of(REVIEWERS)] = shown(
        "入池评审方",
        "Reviewed by",
        "entry",
        "select",
        "应独立于双方和其他池内权利人",
        options=REVIEWERS,
        default="expert",
    )
    criteria: Lines = shown(
        "入池评审标准", "Criteria", "entry", "textarea",
        "每行一项，例如：权利要求与产品或者标准技术方案逐项对应", min_length=1, max_length=20,
    )  # fmt: skip
    review_days: Annotated[Whole, Field(ge=5, le=365)] = shown(
        "评审期限", "Reviewed within", "entry", "int", "收到全部入池材料后若干日内", unit="日", default=60
    )
    entry_fee_fen: Fen = shown(
        "入池费", "Entry fee", "entry", "money", "入池方支付给运营方的费用，没有的填 0", unit="元", default=0
    )

    price_method: Annotated[PriceMethod, one_of(PRICE_METHODS)] = shown(
        "定价方式", "Pricing", "price", "select", options=PRICE_METHODS, default="agreement"
    )
    rule: Annotated[Literal["count", "score", "usage", "fixed"], one_of(RULES)] = shown(
        "收益分配方法", "Distribution", "price", "select", options=RULES
    )
    share_bp: Bp | None = shown(
        "固定分配比例", "Fixed share", "price", "percent", "按固定比例分配时填写", unit="%", default=None
    )
    cost_bp: Annotated[Bp, Field(le=5000)] = shown(
        "运营费用上限", "Operating cost at most", "price", "percent",
        "占专利池许可总收入的比例", unit="%", default=2000,
    )  # fmt: skip
    upfront_fen: Fen = shown(
        "入池对价",
        "Up-front payment",
        "price",
        "money",
        "运营方一次支付给入池方的固定金额，没有的填 0",
        unit="元",
        default=0,
    )
    upfront_due_on: Day | None = shown(
        "入池对价付款期限", "Due on", "price", "date", "有入池对价时填写", default=None
    )
    minimum_per_year_fen: Fen = shown(
        "每年保底分配额", "Guaranteed per year", "price", "money", "没有的填 0", unit="元", default=0
    )
    period: Annotated[Literal["quarter", "half", "year"], one_of(PERIODS)] = shown(
        "分配周期", "Period", "price", "select", options=PERIODS, default="year"
    )
    report_days: Annotated[Whole, Field(ge=1, le=180)] = shown(
        "分配报告期限",
        "Report within",
        "price",
        "int",
        "每一分配周期届满后若干日内提交",
        unit="日",
        default=60,
    )
    pay_days: Annotated[Whole, Field(ge=1, le=180)] = shown(
        "分配付款期限", "Pay within", "price", "int", "报告提交期限届满后若干日内支付", unit="日", default=30
    )
    late_interest_bp: Annotated[Bp, Field(le=24)] = shown(
        "逾期违约金", "Late payment, per day", "price", "percent",
        "按日计，例如 0.05% 或 万分之五", unit="%/日", default=5,
    )  # fmt: skip
    penalty_fen: Fen = shown(
        "根本违约违约金", "Penalty", "price", "money",
        "没有约定固定违约金的填 0，按实际损失赔偿", unit="元", default=0,
    )  # fmt: skip

    annual_fee_payer: Annotated[Literal["ours", "theirs"], one_of(PAYERS)] = shown(
        "年费缴纳方", "Annual fees paid by", "patent", "select", options=PAYERS, default="ours"
    )
    enforcement: Annotated[Literal["theirs", "ours", "joint"], one_of(LEADERS)] = shown(
        "第三方侵权的应对", "Acting against infringers", "patent", "select", options=LEADERS, default="joint"
    )
    later_patents: Annotated[Literal["offer", "none"], one_of(LATER)] = shown(
        "后续相关专利", "Later patents", "patent", "select", options=LATER, default="offer"
    )
    warranty: OptionalNote = shown(
        "补充保证", "Further warranties", "patent", "textarea", "入池方除法定保证外另行作出的保证", default=""
    )
    confidentiality_years: Annotated[Whole, Field(ge=1, le=30)] = shown(
        "保密期限", "Confidentiality", "patent", "int", "合同终止后仍须保密的年数", unit="年", default=5
    )

    lock_months: Annotated[Whole, Field(ge=0, le=120)] = shown(
        "最短在池期限", "In the pool at least", "exit", "int", "不设最短期限的填 0", unit="个月", default=24
    )
    exit_notice_days: Annotated[Whole, Field(ge=30, le=365)] = shown(
        "退出通知期限", "Notice of exit", "exit", "int", "退出前若干日书面通知运营方", unit="日", default=90
    )

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        yield from super().cross_problems()
        yield from self._term_problems()
        if (self.rule == "fixed") != (self.share_bp is not None):
            yield "share_bp", "按固定比例分配的，应填写固定分配比例；按其他方法分配的，请清空该项。"
        if self.share_bp == 0:
            yield "share_bp", "固定分配比例应大于零。"
        if (self.upfront_fen > 0) != (self.upfront_due_on is not None):
            yield "upfront_due_on", "有入池对价的，应填写付款期限；没有入池对价的，请清空该项。"

    def _term_problems(self) -> Iterable[tuple[str, str]]:
        if self.end <= self.start:
            yield "end", "授权期限终止日应晚于开始日。"
            return
        if self.signing_date is not None and self.signing_date > self.end:
            yield "signing_date", "签订日期晚于授权期限终止日。请核对。"
        if self.lock_months and month_after(self.start, self.lock_months) > self.end:
            yield "lock_months", "最短在池期限超过了授权期限。请缩短，或填 0。"
        if self.upfront_due_on is not None and not self.start <= self.upfront_due_on <= self.end:
            yield (
                "upfront_due_on",
                f"日期应在授权期限内（{self.start.isoformat()} 至 {self.end.isoformat()}）。",
            )
