"""Terms of an open license (开放许可): what is declared to everybody, and what the mode puts on paper.

There is no second party while it is declared. The contract with a licensee follows from the declaration; its text is
made for each who accepts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from contracts.clauses import Clause
from contracts.deal import AmountBasis, DealTerms, FeeWords, Outline, PaymentLine, Row, Sides
from contracts.fees import Royalty
from contracts.fields import Day, Fen, Line, Note, Option, OptionalLine, OptionalNote, Whole, one_of, shown
from contracts.finding import LintFinding, outlasts, unnamed_patents
from contracts.mode import Annex, ModeContract, bound_to
from contracts.open_license_forms import DOCUMENTS, FILING, PER_LICENSEE, told_words
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.phrases import joined, label, lines, money, money_or_none
from contracts.royalty import RoyaltyNames, royalty_lines, royalty_summary, royalty_words
from contracts.view import CaseView
from rules.caps import open_license_caps
from rules.dates import chinese_date
from rules.money import format_yuan
from rules.packs import load

DEFAULT_TERRITORY = "中华人民共和国境内（不含港澳台）"
FORMS = (
    Option("lump_sum", "一次总付", "one payment"),
    Option("royalty", "提成", "royalty"),
    Option("entry_royalty", "入门费加提成", "entry fee and royalty"),
    Option("free", "无偿", "free of charge"),
)
_WITH_SUM, _WITH_ROYALTY = ("lump_sum", "entry_royalty"), ("royalty", "entry_royalty")
_NAMES = RoyaltyNames("被许可人", "被许可人", "许可产品", "许可期限", "许可专利")


class OpenLicenseTerms(DealTerms):
    """What is declared: the fee and the way of paying it, term and territory, whom to turn to.

    Source: 专利法 art 50; 专利法实施细则 art 85; 专利审查指南 part 5 ch 11 §3.3
    """

    territory: Line = shown("许可地域", "Territory", "scope", default=DEFAULT_TERRITORY)
    start: Day = shown(
        "开放许可开始日", "Open from", "scope", "date", "声明自公告之日起生效，此处填写拟定的开始日"
    )
    end: Day = shown("开放许可终止日", "Open until", "scope", "date", "不得晚于任何一件专利的有效期限届满日")
    conditions: OptionalNote = shown(
        "实施条件说明",
        "Conditions",
        "scope",
        "textarea",
        "实施许可专利所需的条件，可不填；不得使用商业宣传用语",
        default="",
    )
    fee_form: Annotated[Literal["lump_sum", "royalty", "entry_royalty", "free"], one_of(FORMS)] = shown(
        "许可使用费的支付方式", "Form of the fee", "fee", "select", options=FORMS
    )
    fee_fen: Fen = shown(
        "每一被许可人的固定使用费",
        "Sum per licensee",
        "fee",
        "money",
        "一次总付的总额，或入门费；没有填 0",
        unit="元",
        default=0,
    )
    fee_basis: Note = shown(
        "许可使用费计算依据和方式的简要说明",
        "Basis of the fee",
        "fee",
        "textarea",
        "随声明提交，不超过2000字；高于参考上限的，写明理由",
    )
    expected_licensees: Annotated[Whole, Field(ge=1, le=1000)] = shown(
        "预计被许可人数", "Licensees expected", "fee", "int", "用于估算审批金额", unit="家", default=1
    )
    royalty: Royalty | None = shown("提成费", "Royalty", "royalty", default=None)
    late_interest_bp: Annotated[Whole, Field(ge=0, le=24)] = shown(
        "逾期违约金",
        "Late payment, per day",
        "royalty",
        "int",
        "按日计，单位为万分之一",
        unit="万分之一/日",
        default=5,
    )
    contact: Line = shown("声明联系人", "Contact", "contact")
    phone: Line = shown("联系电话", "Phone", "contact")
    email: OptionalLine = shown("电子邮箱", "E-mail", "contact", default="")
    mail_address: Line = shown("通讯地址", "Address", "contact", help_zh="被许可人书面通知的送达地址")

    def outline(self) -> Outline:
        """Return what everybody may know of the terms."""
        return Outline("agreement", self.start, self.end, self.territory)

    def chart_facts(self) -> Mapping[str, Any]:
        """Tell what a licensee pays before its license arises; None if the standard names no sum."""
        return {"upfront_fen": None if self.fee_form == "royalty" else self.fee_fen}

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return what each licensee pays while the license runs; the sum in advance has no day of its own."""
        found = royalty_lines(self.royalty, self.start, self.end) if self.royalty is not None else ()
        return tuple(sorted(found, key=lambda line: line.due or date.max))

    def amount_basis(self) -> AmountBasis:
        """Return the sum per licensee, times those expected."""
        total = self.fee_fen * self.expected_licensees
        told = f"每一被许可人{format_yuan(self.fee_fen)}元 × 预计{self.expected_licensees}家＝{format_yuan(total)}元"
        note = "；提成费未计入" if self.royalty is not None else ""
        return AmountBasis(
            total, (("固定使用费", total),) if total else (), f"{told}{note}。", is_estimate=True
        )

    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as forms and clause texts use them."""
        return {
            "project": self.project_name,
            "territory": self.territory,
            "start": chinese_date(self.start),
            "end": chinese_date(self.end),
            "conditions": lines(self.conditions),
            "form": label(FORMS, self.fee_form),
            "fee": money_or_none(self.fee_fen),
            "standard": self._standard(),
            "basis": lines(self.fee_basis),
            "royalty": royalty_words(self.royalty, _NAMES) if self.royalty is not None else None,
            "royalty_free": self.fee_form == "free",
            "late_interest": f"万分之{self.late_interest_bp}",
            "contact": self.contact,
            "phone": self.phone,
            "email": self.email,
            "mail_address": self.mail_address,
        }

    def fee_words(self) -> FeeWords:
        """Return fee and way of payment in one line each."""
        amount = f"人民币{format_yuan(self.fee_fen)}元" if self.fee_fen else "0"
        return FeeWords(amount, format_yuan(self.fee_fen), label(FORMS, self.fee_form), self._standard())

    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows of the declaration."""
        return (
            ("许可对象", "符合声明条件的任何单位或者个人"),
            ("许可地域", self.territory),
            ("许可期限", f"{chinese_date(self.start)}至{chinese_date(self.end)}"),
        )

    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows of the declaration."""
        return (
            *self.notice_rows(),
            ("使用费说明", joined(self.fee_basis)),
            ("联系人", f"{self.contact}　{self.phone}"),
        )

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and is published."""
        return (("实施条件说明", self.conditions), ("使用费说明", self.fee_basis))

    def payment_notes(self) -> tuple[str, str]:
        """Return what a royalty is reckoned by."""
        return "提成费以报表和查账结果为准；", "许可使用费在许可达成前一次付清，无后续付款。"

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        if self.end <= self.start:
            yield "end", "开放许可终止日应晚于开始日。"
        if (self.fee_form in _WITH_SUM) != (self.fee_fen > 0):
            yield "fee_fen", "一次总付或入门费加提成的，应填写固定使用费；提成或无偿的，填 0。"
        if (self.fee_form in _WITH_ROYALTY) != (self.royalty is not None):
            yield "royalty.base", "选择提成的，应填写提成费；一次总付或无偿的，请清空提成费。"
        if self.royalty is not None and (self.royalty.credit_fen or 0) > self.fee_fen:
            yield "royalty.credit_fen", f"抵扣额不能超过入门费{format_yuan(self.fee_fen)}元。请核对。"

    def _standard(self) -> str:
        if self.fee_form == "free":
            return "无偿"
        parts = [f"{'入门费' if self.royalty else '一次总付'}{money(self.fee_fen)}"] if self.fee_fen else []
        if self.royalty is not None:
            parts.append(royalty_summary(self.royalty))
        return "；".join(parts)


_ADVERTISING = re.compile(
    r"国家级|最高级|最佳|最优|顶级|第一品牌|独家|唯一|首创|填补.{0,6}空白|国际领先|世界领先"
)


def check(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """Yield what stands against handing the declaration in.

    Source: 专利法实施细则 art 85; 专利审查指南 part 5 ch 11 §3.3; 民法典 art 865
    """
    terms = view.terms_as(OpenLicenseTerms)
    yield from outlasts(view, "开放许可专利", "开放许可终止日", "声明的许可期限不得超过专利权有效期限。")
    for place, what in unnamed_patents(view, "开放许可专利"):
        yield LintFinding("OP-03", "block", place, f"缺少{what}，该项是声明的必备内容。", f"请补录{what}。")
    for place, text in terms.free_texts():
        if match := _ADVERTISING.search(text):
            yield LintFinding(
                "OP-03",
                "block",
                place,
                f"“{match[0]}”属于商业宣传用语，声明中不得使用。",
                "删除或者改写该用语。",
            )
    yield from _caps(view, terms)


def _caps(view: CaseView, terms: OpenLicenseTerms) -> Iterator[LintFinding]:
    """OP-05: fees normally do not exceed the caps; above them the reasons stand in the brief."""
    royalty, on = terms.royalty, view.day("opened_on") or terms.start
    rate = max((royalty.rate_bp or 0, *(row.rate_bp for row in royalty.rates))) if royalty else None
    found = open_license_caps(
        book=load(),
        on=on,
        fixed_fen=terms.fee_fen,
        net_sales_bp=rate if royalty and royalty.base == "net_sales" else None,
        profit_bp=rate if royalty and royalty.base == "profit" else None,
        basis_chars=len(terms.fee_basis),
    )
    for cap in found:
        yield LintFinding(cap.rule_id, "warn", "许可使用费", f"{cap.zh}。", f"{cap.remedy_zh}。")


SIDES = Sides("专利权人", "被许可人", "patent owner", "licensee")
CLAUSES = (
    Clause("recitals", "鉴于", ("专利法50、51", "民法典845"), ("K-02",), numbered=False),
    Clause("definitions", "名词和术语的解释", ("民法典845",), ("K-10",)),
    Clause(
        "grant", "许可的方式与范围", ("专利法12、51", "民法典864、867", "技术合同纠纷解释25、28"), ("K-05",)
    ),
    Clause(
        "patents", "许可专利与权利状况", ("民法典845", "专利实施许可合同备案办法9"), ("K-03", "K-04", "K-16")
    ),
    Clause("performance", "实施的计划、地点和方式", ("民法典845", "专利法实施细则101"), ("K-06",)),
    Clause("fees", "许可使用费及支付方式", ("专利法51", "民法典846"), ("K-11",)),
    Clause("royalty", "提成费的计算、报告与查账", ("民法典846",), ("K-11",), when="royalty"),
    Clause("confidentiality", "保密", ("民法典845、871",), ("K-07",)),
    Clause("acceptance", "验收", ("民法典845",), ("K-09",)),
    Clause("improvements", "后续改进与成果的归属", ("民法典845、875",), ("K-08", "K-12")),
    Clause("upkeep", "专利权的维持", ("技术合同纠纷解释26",), ("K-17",)),
    Clause("warranty", "陈述与保证", ("民法典870、874",), ("K-13",)),
    Clause("invalidation", "专利权终止或者被宣告无效", ("专利法47",)),
    Clause("withdrawal", "声明的撤回", ("专利法50", "专利法实施细则86"), ()),
    Clause("filing", "备案", ("专利法实施细则15、87", "专利实施许可合同备案办法5、17")),
    Clause("breach", "违约责任", ("民法典585、872、873",), ("K-14",)),
    Clause("fairness", "技术进步与公平竞争", ("民法典850、864",), ("K-18",)),
    Clause("dispute", "争议的解决", ("专利法52",), ("K-15",)),
    Clause("misc", "其他", ("专利法51", "民法典469、863"), ("K-01",)),
)
CONTRACT = ModeContract(
    slug="open_license",
    title_zh="专利开放许可实施合同",
    title_en="Open License Contract",
    kind_zh="开放许可",
    kind_en="open license",
    way_zh="专利开放许可",
    sides=SIDES,
    patents_zh="许可专利",
    terms=OpenLicenseTerms,
    groups=(
        ("scope", "许可范围", "Scope"),
        ("fee", "许可使用费", "Fee"),
        ("royalty", "提成与逾期", "Royalty"),
        ("contact", "联系方式", "Contact"),
    ),
    documents=(
        "declaration", "fee_statement", "publicity_notice", "approval_form", "filing_cover", "withdrawal_declaration",
        "power_of_attorney", *HOUSE_PAPERS, *PER_LICENSEE, "acceptance_filing_change", "acceptance_filing_cancellation",
    ),
    clauses=CLAUSES,
    bound=bound_to(
        OpenLicenseTerms,
        frozenset({"project_name", "territory", "start", "end", "fee_form", "fee_fen", "royalty"}),
    ),
    own_documents=DOCUMENTS,
    annexes=(
        Annex("许可专利清单", "contracts/annexes/patents.html", wide=True),
        Annex("付款计划表", "contracts/annexes/payments.html"),
    ),
    cover_blanks=("备案号",),
    check=check,
    filing=FILING,
    told=told_words,
)  # fmt: skip
