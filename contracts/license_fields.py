"""The fields of a patent license (专利实施许可) that the three kinds share, and how they must agree."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from contracts.deal import PRICE_METHODS, ContractTerms, DealTerms, PriceMethod
from contracts.fees import Instalment, Material, Milestone, Royalty
from contracts.fields import (
    YES_NO,
    Bp,
    Day,
    Fen,
    Flag,
    Line,
    Lines,
    Note,
    Option,
    OptionalLine,
    OptionalNote,
    Rows,
    Whole,
    one_of,
    shown,
    some_of,
)
from contracts.trial import Trial
from rules.money import format_yuan

ACTS = (
    Option("manufacture", "制造", "make"),
    Option("use", "使用", "use"),
    Option("offer", "许诺销售", "offer for sale"),
    Option("sell", "销售", "sell"),
    Option("import", "进口", "import"),
)
SIDES = (Option("licensor", "许可人", "licensor"), Option("licensee", "被许可人", "licensee"))
IMPROVEMENTS = (
    Option("improver", "归改进方所有", "the improving party"),
    Option("joint", "归双方共有", "both parties jointly"),
)
INVALIDITY = (
    Option("law", "已付不退，未付不再支付", "paid fees stay paid, others fall away"),
    Option("refund", "按剩余期限比例退还", "refund for the rest of the term"),
)
DEFENDERS = (
    Option("licensee", "被许可人主导", "licensee leads"),
    Option("licensor", "许可人主导", "licensor leads"),
    Option("joint", "双方共同", "jointly"),
)
DEFAULT_TERRITORY = "中华人民共和国境内（不含港澳台）"
LONGEST_FILING_DAYS = 89  # The shortest three months, from 1 February on, have 89 days.

_Act = Literal["manufacture", "use", "offer", "sell", "import"]
_Side = Literal["licensor", "licensee"]


class LicenseFields(ContractTerms):
    """The terms that every kind of license has; a kind adds its own in a subclass.

    Source: 民法典 arts 845–846, 862–877; 技术合同纠纷解释 arts 25–28; 专利实施许可合同备案办法 art 9
    """

    purpose: Note = shown(
        "许可用途",
        "Field of use",
        "scope",
        "textarea",
        "许可实施的技术领域和用途，例如：动力电池隔膜的工业化生产",
    )
    acts: Annotated[tuple[_Act, ...], some_of(ACTS), Field(min_length=1)] = shown(
        "许可实施方式", "Licensed acts", "scope", "multi", "至少选择一项", options=ACTS
    )
    products: Lines = shown(
        "许可产品", "Licensed products", "scope", "textarea", "每行一项", min_length=1, max_length=30
    )
    territory: Line = shown("许可地域", "Territory", "scope", default=DEFAULT_TERRITORY)
    start: Day = shown("许可开始日", "License starts", "scope", "date")
    end: Day = shown("许可终止日", "License ends", "scope", "date", "不得晚于任何一件许可专利的保护期届满日")
    sublicense_allowed: Flag = shown(
        "允许分许可",
        "Sublicense allowed",
        "scope",
        "select",
        "允许的，分许可仅限普通许可",
        options=YES_NO,
        default=False,
    )
    sublicense_conditions: OptionalNote = shown(
        "分许可条件", "Sublicense conditions", "scope", "textarea", "允许分许可时填写", default=""
    )
    implementation_months: Annotated[Whole, Field(ge=1, le=120)] = shown(
        "开始实施期限",
        "Start working within",
        "scope",
        "int",
        "自许可开始日起，被许可人应在若干个月内开始实施",
        unit="个月",
        default=12,
    )

    price_method: Annotated[PriceMethod, one_of(PRICE_METHODS)] = shown(
        "定价方式", "Pricing", "price", "select", "《促进科技成果转化法》第十八条", options=PRICE_METHODS
    )
    royalty_free: Flag = shown(
        "免费许可",
        "Free of charge",
        "price",
        "select",
        "不收取任何费用时选“是”",
        options=YES_NO,
        default=False,
    )
    entry_fee_fen: Fen = shown(
        "入门费", "Entry fee", "price", "money", "没有入门费填 0", unit="元", default=0
    )
    instalments: Annotated[tuple[Instalment, ...], Rows] = shown(
        "入门费分期",
        "Instalments",
        "price",
        "table",
        "各期金额之和应等于入门费；一次付清的填一行",
        default=(),
    )
    trial: Trial | None = shown("先使用后付费", "Use first, pay later", "trial", default=None, later=True)
    royalty: Royalty | None = shown("提成费", "Royalty", "royalty", default=None)
    milestones: Annotated[tuple[Milestone, ...], Rows] = shown(
        "里程碑付款", "Milestones", "price", "table", "没有里程碑付款可不填", default=()
    )
    service_days: Annotated[Whole, Field(ge=0, le=365)] = shown(
        "技术服务人日",
        "Service days",
        "technology",
        "int",
        "许可人提供技术指导的人日数，没有填 0",
        unit="人日",
        default=0,
    )
    service_fee_fen: Fen = shown(
        "技术服务费",
        "Service fee",
        "price",
        "money",
        "另行收取技术服务费的填写，包含在许可费内的填 0",
        unit="元",
        default=0,
    )
    service_due_on: Day | None = shown(
        "技术服务费付款期限", "Service fee due", "price", "date", "有技术服务费时填写", default=None
    )
    technical_trade_fen: Fen | None = shown(
        "技术交易额",
        "Technical trade amount",
        "price",
        "money",
        "合同总额扣除设备、仪器、零部件、原材料等非技术性费用后的金额；不填则等于合同固定金额",
        unit="元",
        default=None,
    )
    late_interest_bp: Annotated[Bp, Field(le=24)] = shown(
        "逾期违约金",
        "Late payment, per day",
        "payment",
        "percent",
        "按日计，例如 0.05% 或 万分之五",
        unit="%/日",
        default=5,
    )
    penalty_fen: Fen = shown(
        "根本违约违约金",
        "Penalty",
        "payment",
        "money",
        "没有约定固定违约金的填 0，按实际损失赔偿",
        unit="元",
        default=0,
    )

    materials: Annotated[tuple[Material, ...], Rows] = shown(
        "技术资料", "Technical materials", "technology", "table", "许可人交付的技术资料清单", default=()
    )
    materials_due_on: Day | None = shown(
        "技术资料交付期限", "Materials due", "technology", "date", "有技术资料时填写", default=None
    )
    materials_place: OptionalLine = shown("技术资料交付地点", "Place of delivery", "technology", default="")
    targets: OptionalNote = shown(
        "技术指标",
        "Technical targets",
        "technology",
        "textarea",
        "验收所依据的指标，每行一项；不填则以专利文件记载为准",
        default="",
    )
    acceptance_days: Annotated[Whole, Field(ge=5, le=365)] = shown(
        "验收期限",
        "Acceptance within",
        "technology",
        "int",
        "收到技术资料后若干日内验收",
        unit="日",
        default=30,
    )
    improvements: Annotated[Literal["improver", "joint"], one_of(IMPROVEMENTS)] = shown(
        "后续改进的归属", "Improvements", "technology", "select", options=IMPROVEMENTS, default="improver"
    )
    confidentiality_years: Annotated[Whole, Field(ge=1, le=30)] = shown(
        "保密期限", "Confidentiality", "technology", "int", "合同终止后仍须保密的年数", unit="年", default=5
    )

    annual_fee_payer: Annotated[_Side, one_of(SIDES)] = shown(
        "年费缴纳方",
        "Annual fees paid by",
        "patent",
        "select",
        "未约定的由许可人缴纳",
        options=SIDES,
        default="licensor",
    )
    filing_responsible: Annotated[_Side, one_of(SIDES)] = shown(
        "备案办理方", "Filing by", "patent", "select", options=SIDES, default="licensor"
    )
    filing_days: Annotated[Whole, Field(ge=1, le=LONGEST_FILING_DAYS)] = shown(
        "备案办理期限",
        "File within",
        "patent",
        "int",
        "合同生效后若干日内提交；法定期限为三个月",
        unit="日",
        default=30,
    )
    infringement_lead: Annotated[Literal["licensee", "licensor", "joint"], one_of(DEFENDERS)] = shown(
        "第三方侵权的应对",
        "Acting against infringers",
        "patent",
        "select",
        options=DEFENDERS,
        default="licensee",
    )
    invalidity: Annotated[Literal["law", "refund"], one_of(INVALIDITY)] = shown(
        "宣告无效的处理", "If invalidated", "patent", "select", options=INVALIDITY, default="law"
    )
    warranty: OptionalNote = shown(
        "补充保证", "Further warranties", "patent", "textarea", "许可人除法定保证外另行作出的保证", default=""
    )

    @property
    def royalty_start(self) -> date:
        """The first day from which royalties are counted: that of the license, or the one after the free use."""
        return self.trial.paid_from if self.trial is not None else self.start

    @property
    def conversion_fen(self) -> int:
        """What a conversion from free use makes due at once."""
        return self.trial.fee_fen if self.trial is not None else 0

    def fixed_total_fen(self) -> int:
        """Return what the contract fixes in figures: conversion, entry, milestones, minimums, service."""
        minimums = self.royalty.minimums(self.royalty_start, self.end) if self.royalty is not None else ()
        milestones = sum(milestone.amount_fen for milestone in self.milestones)
        royalties = sum(m.amount_fen for m in minimums)
        return self.conversion_fen + self.entry_fee_fen + milestones + royalties + self.service_fee_fen

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        yield from super().cross_problems()
        yield from self._term_problems()
        yield from self._fee_problems()
        if self.sublicense_conditions and not self.sublicense_allowed:
            yield "sublicense_conditions", "未允许分许可，却填写了分许可条件。请允许分许可，或清空该项。"
        if self.materials and (self.materials_due_on is None or not self.materials_place):
            missing = "materials_due_on" if self.materials_due_on is None else "materials_place"
            yield missing, "填写了技术资料清单，请同时填写交付期限和交付地点。"
        yield from self._trial_problems()

    def _term_problems(self) -> Iterable[tuple[str, str]]:
        if self.end <= self.start:
            yield "end", "许可终止日应晚于许可开始日。"
            return
        if self.signing_date is not None and self.signing_date > self.end:
            yield "signing_date", "签订日期晚于许可终止日。请核对。"
        for field, day in self._dated():
            if not self.start <= day <= self.end:
                yield field, f"日期应在许可期限内（{self.start.isoformat()} 至 {self.end.isoformat()}）。"

    def _dated(self) -> Iterable[tuple[str, date]]:
        yield from _days("instalments", self.instalments)
        yield from _days("milestones", self.milestones)
        if self.materials_due_on is not None:
            yield "materials_due_on", self.materials_due_on
        if self.service_due_on is not None:
            yield "service_due_on", self.service_due_on

    def _trial_problems(self) -> Iterable[tuple[str, str]]:
        trial = self.trial
        if trial is None:
            return
        if trial.start < self.start:
            yield "trial.start", f"免费使用期不得早于许可开始日 {self.start.isoformat()}。"
        if trial.latest_end >= self.end:
            field = "trial.end" if trial.extend_until is None else "trial.extend_until"
            yield field, f"免费使用期（连同延长）应在许可终止日 {self.end.isoformat()} 之前届满。"
        for field, day in (*_days("instalments", self.instalments), *_days("milestones", self.milestones)):
            if day <= trial.end:
                yield field, f"付款期限应在免费使用期届满（{trial.end.isoformat()}）之后。"

    def _fee_problems(self) -> Iterable[tuple[str, str]]:
        asked = self.entry_fee_fen or self.royalty is not None or self.milestones or self.conversion_fen
        paid = asked or self.service_fee_fen
        if self.royalty_free and paid:
            yield "royalty_free", "选择了免费许可，却约定了费用。请改为收费，或清空各项费用。"
        if not self.royalty_free and not paid:
            yield (
                "entry_fee_fen",
                "请约定入门费、提成费或里程碑付款中的至少一项；确为无偿的，请选择免费许可。",
            )
        if self.trial is not None and not asked:
            yield (
                "trial.fee_fen",
                "先使用后付费的，应约定转为付费后的款项：转为付费时应付款、入门费、提成费或者里程碑付款。",
            )
        credit = self.royalty.credit_fen if self.royalty is not None else None
        if credit is not None and credit > self.entry_fee_fen:
            yield "royalty.credit_fen", f"抵扣额不能超过入门费 {format_yuan(self.entry_fee_fen)} 元。请核对。"
        total = sum(instalment.amount_fen for instalment in self.instalments)
        if total != self.entry_fee_fen:
            yield (
                "instalments",
                (
                    f"各期金额合计 {format_yuan(total)} 元，"
                    f"与入门费 {format_yuan(self.entry_fee_fen)} 元不一致。请核对。"
                ),
            )
        if (self.service_fee_fen > 0) != (self.service_due_on is not None):
            yield "service_due_on", "有技术服务费的，应填写付款期限；没有技术服务费的，请清空该项。"
        fixed = self.fixed_total_fen()
        if self.technical_trade_fen is not None and self.technical_trade_fen > fixed:
            yield "technical_trade_fen", f"技术交易额不能超过合同固定金额 {format_yuan(fixed)} 元。请核对。"
        if self.service_fee_fen and not self.service_days:
            yield "service_days", "约定了技术服务费，请填写技术服务人日数。"


def _days(name: str, rows: Sequence[Instalment | Milestone]) -> Iterable[tuple[str, date]]:
    """Yield the day of every row, by its field."""
    return ((f"{name}.{n}.due_on", row.due_on) for n, row in enumerate(rows))


def license_fields(terms: DealTerms) -> LicenseFields:
    """Return terms as those of a license.

    Raises: TypeError if they are those of another mode.
    """
    if not isinstance(terms, LicenseFields):
        raise TypeError(f"{type(terms).__name__} is no license")
    return terms
