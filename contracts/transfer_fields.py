"""Commercial terms of a transfer of patents or applications (专利权转让、专利申请权转让): the fields and their checks."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from contracts.deal import PRICE_METHODS, ContractTerms
from contracts.fees import Instalment, Material
from contracts.fields import (
    YES_NO,
    Bp,
    Day,
    Fen,
    Flag,
    Option,
    OptionalLine,
    OptionalNote,
    PositiveFen,
    Rows,
    Whole,
    one_of,
    shown,
)
from contracts.trial import Trial
from rules.money import format_yuan

SUBJECTS = (
    Option("patent", "专利权", "patents"),
    Option("application", "专利申请权", "right to applications"),
)
SIDES = (Option("assignor", "转让人", "assignor"), Option("assignee", "受让人", "assignee"))
REFUSALS = (
    Option("law", "登记前被驳回的受让人可以解除，登记后不得解除", "as the law says"),
    Option("refund", "登记后被驳回的退还部分价款", "part of the price is refunded"),
)
_Side = Literal["assignor", "assignee"]


class TransferFields(ContractTerms):
    """What the parties to a transfer agree.

    Source: 民法典 arts 845-847, 862-873; 专利法 arts 10, 47; 技术合同纠纷解释 arts 23-24
    """

    subject: Annotated[Literal["patent", "application"], one_of(SUBJECTS)] = shown(
        "转让标的",
        "Subject",
        "scope",
        "select",
        "尚未授权的，选择专利申请权",
        options=SUBJECTS,
        default="patent",
    )
    price_method: Annotated[Literal["agreement", "listing", "auction"], one_of(PRICE_METHODS)] = shown(
        "定价方式", "Pricing", "price", "select", "《促进科技成果转化法》第十八条", options=PRICE_METHODS
    )
    price_fen: PositiveFen = shown("转让价款", "Price", "price", "money", unit="元")
    instalments: Annotated[tuple[Instalment, ...], Rows] = shown(
        "付款期次", "Instalments", "price", "table",
        "各期金额之和应等于转让价款；一次付清的填一行；先用后转的，转为付费时一次付清的可不填", default=(),
    )  # fmt: skip
    trial: Trial | None = shown("先使用后付费", "Use first, pay later", "trial", default=None, later=True)
    technical_trade_fen: Fen | None = shown(
        "技术交易额", "Technical trade amount", "price", "money",
        "扣除设备、仪器、零部件、原材料等非技术性费用后的金额；不填则等于转让价款", unit="元", default=None,
    )  # fmt: skip
    late_interest_bp: Annotated[Bp, Field(le=24)] = shown(
        "逾期违约金",
        "Late payment, per day",
        "price",
        "percent",
        "按日计，例如 0.05% 或 万分之五",
        unit="%/日",
        default=5,
    )
    penalty_fen: Fen = shown(
        "根本违约违约金", "Penalty", "price", "money", "没有约定固定违约金的填 0", unit="元", default=0
    )
    change_by: Annotated[_Side, one_of(SIDES)] = shown(
        "变更登记办理方", "Change filed by", "change", "select", options=SIDES, default="assignor"
    )
    change_days: Annotated[Whole, Field(ge=1, le=365)] = shown(
        "变更登记办理期限",
        "File the change within",
        "change",
        "int",
        "合同生效后若干日内提交",
        unit="日",
        default=30,
    )
    change_payer: Annotated[_Side, one_of(SIDES)] = shown(
        "变更费缴纳方",
        "Change fee paid by",
        "change",
        "select",
        "每件200元",
        options=SIDES,
        default="assignee",
    )
    interim_payer: Annotated[_Side, one_of(SIDES)] = shown(
        "过渡期年费缴纳方",
        "Annual fees until the change",
        "change",
        "select",
        options=SIDES,
        default="assignor",
    )
    assignor_may_work: Flag = shown(
        "转让人可继续实施", "Assignor may go on working it", "change", "select",
        "未约定的，转让人经受让人请求应停止实施", options=YES_NO, default=False,
    )  # fmt: skip
    application_refused: Annotated[Literal["law", "refund"], one_of(REFUSALS)] = shown(
        "申请被驳回的处理", "If the application is refused", "change", "select", "仅转让专利申请权时适用",
        options=REFUSALS, default="law",
    )  # fmt: skip
    refund_bp: Annotated[Bp, Field(le=10_000)] = shown(
        "驳回时退还比例", "Refund", "change", "percent", "选择退还部分价款时填写", unit="%", default=0
    )
    materials: Annotated[tuple[Material, ...], Rows] = shown(
        "交付资料",
        "Papers handed over",
        "technology",
        "table",
        "申请文件、全部通知书、许可合同、有效性证明等",
        default=(),
    )
    materials_due_on: Day | None = shown(
        "资料交付期限", "Papers due", "technology", "date", "有交付资料时填写", default=None
    )
    materials_place: OptionalLine = shown("资料交付地点", "Place of delivery", "technology", default="")
    service_days: Annotated[Whole, Field(ge=0, le=365)] = shown(
        "技术指导人日", "Days of guidance", "technology", "int", "没有填 0", unit="人日", default=0
    )
    acceptance_days: Annotated[Whole, Field(ge=5, le=365)] = shown(
        "资料验收期限",
        "Acceptance within",
        "technology",
        "int",
        "收到资料后若干日内验收",
        unit="日",
        default=15,
    )
    confidentiality_years: Annotated[Whole, Field(ge=1, le=30)] = shown(
        "保密期限", "Confidentiality", "technology", "int", "合同终止后仍须保密的年数", unit="年", default=5
    )
    warranty: OptionalNote = shown("补充保证", "Further warranties", "technology", "textarea", default="")

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        yield from super().cross_problems()
        first = self.trial.fee_fen if self.trial is not None else 0
        total = first + sum(instalment.amount_fen for instalment in self.instalments)
        if not self.instalments and not first:
            yield "instalments", "至少填写 1 项。"
        elif total != self.price_fen:
            yield (
                "instalments",
                (
                    f"各期金额合计 {format_yuan(total)} 元，与转让价款 {format_yuan(self.price_fen)} 元不一致。请核对。"
                ),
            )
        if self.technical_trade_fen is not None and self.technical_trade_fen > self.price_fen:
            yield "technical_trade_fen", "技术交易额不能超过转让价款。请核对。"
        if self.materials and (self.materials_due_on is None or not self.materials_place):
            missing = "materials_due_on" if self.materials_due_on is None else "materials_place"
            yield missing, "填写了交付资料，请同时填写交付期限和交付地点。"
        if (self.application_refused == "refund") != (self.refund_bp > 0):
            yield "refund_bp", "选择退还部分价款的，应填写退还比例；不退还的，请填 0。"
        if self.application_refused == "refund" and self.subject == "patent":
            yield "application_refused", "转让已授权的专利权不发生申请被驳回，请选择法定处理。"
        if self.trial is not None:
            for n, instalment in enumerate(self.instalments):
                if instalment.due_on <= self.trial.end:
                    late = f"付款期限应在免费使用期届满（{self.trial.end.isoformat()}）之后。"
                    yield f"instalments.{n}.due_on", late
