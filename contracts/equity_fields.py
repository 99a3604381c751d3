"""Commercial terms of a contribution of patents to a company (作价入股), as people fill them in.

In: checked values. Out: one frozen model, from which agreement, forms, hashes and the facts of the chart derive.
Shares follow from the capital of the table of shareholders; nobody types a percentage.
Source: 公司法 arts 47-52, 227-228; 促进科技成果转化法 arts 16, 18, 44-45; 技术合同纠纷解释 art 22
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from contracts.deal import PRICE_METHODS, ContractTerms, DealTerms, PriceMethod
from contracts.fees import Instalment, Material
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
    PositiveFen,
    Rows,
    Terms,
    Whole,
    one_of,
    shown,
    some_of,
)
from rules.money import format_yuan

WAYS = (
    Option("founding", "新设公司", "a new company"),
    Option("increase", "向已有公司增资", "an increase of capital"),
)
HOLDERS = (
    Option("institution", "出资方自行持有", "the institution itself"),
    Option("asset_company", "资产经营公司持有", "its asset company"),
)
AWARD_WAYS = (
    Option("direct", "奖励对象直接登记为股东", "registered as shareholders"),
    Option("platform", "通过持股平台持有", "through a holding vehicle"),
    Option("later", "登记后由出资方转让给奖励对象", "passed on by the institution after the registration"),
)
ROLES = (
    Option("main_contributors", "主要贡献人员", "main contributor"),
    Option("other_contributors", "其他贡献人员", "other contributor"),
    Option("contributors", "完成和转化人员（不分主次）", "contributor, not told apart"),
    Option("tto_staff", "转化和管理人员", "conversion and management staff"),
)
FORMS = (
    Option("cash", "货币", "cash"),
    Option("kind", "实物", "goods"),
    Option("rights", "知识产权", "intellectual property"),
    Option("other", "其他非货币财产", "other"),
)
SHORTFALLS = (
    Option("makeup", "由出资方补足差额", "the institution makes it up"),
    Option("reduce", "调减出资额和持股比例", "capital and shares are reduced"),
    Option("own_fault", "出资方有过错的补足，无过错的调减", "made up if at fault, otherwise reduced"),
)
IMPROVEMENTS = (
    Option("improver", "归改进方所有", "the improving party"),
    Option("joint", "归双方共有", "both parties jointly"),
)
EXITS = (
    Option("sale", "向其他股东或第三人转让股权", "sale of the shares"),
    Option("buyback", "由合作方收购股权", "purchase by the other party"),
    Option("reduction", "公司减资退出", "reduction of capital"),
    Option("listing", "公司上市后依法减持", "sale after a listing"),
)
PAYERS = (Option("company", "目标公司", "the company"), Option("institution", "出资方", "the institution"))
DEFAULT_MATTERS = (
    "增加或者减少注册资本，合并、分立、解散或者变更公司形式",
    "修改公司章程中影响出资方权利的条款",
    "转让、独占许可、质押或者放弃出资专利",
    "为股东、实际控制人或者第三人提供担保",
)

_Way = Literal["founding", "increase"]
_Role = Literal["main_contributors", "other_contributors", "contributors", "tto_staff"]
_Form = Literal["cash", "kind", "rights", "other"]
_Exit = Literal["sale", "buyback", "reduction", "listing"]


class Shareholder(Terms):
    """One other shareholder of the company, after the contribution."""

    name: Line = shown("股东", "Shareholder", "company")
    form: Annotated[_Form, one_of(FORMS)] = shown(
        "出资方式", "Form", "company", "select", options=FORMS, default="cash"
    )
    capital_fen: PositiveFen = shown("认缴出资额", "Capital", "company", "money", unit="元")
    pay_by: Day | None = shown("出资日期", "Paid in by", "company", "date", default=None)


class Award(Terms):
    """What one person gets of the capital that the patents form."""

    name: Line = shown("姓名", "Name", "award")
    role: Annotated[_Role, one_of(ROLES)] = shown(
        "身份", "Part in the result", "award", "select", options=ROLES
    )
    capital_fen: PositiveFen = shown("奖励出资额", "Capital", "award", "money", unit="元")
    is_head: Flag = shown(
        "单位正职领导", "Heads the institution", "award", "select", options=YES_NO, default=False
    )


class EquityFields(ContractTerms):
    """The fields of the terms, in the order of the form."""

    business: Note = shown(
        "公司主营业务", "Business of the company", "company", "textarea", "出资专利将用于的产品和业务"
    )
    way: Annotated[_Way, one_of(WAYS)] = shown("入股方式", "Way", "company", "select", options=WAYS)
    company_name: Line = shown(
        "目标公司名称", "Company", "company", help_zh="新设公司的，填写拟定名称，以登记机关核定的为准"
    )
    company_place: OptionalLine = shown("目标公司住所", "Seat", "company", default="")
    registered_capital_fen: PositiveFen = shown(
        "注册资本", "Registered capital", "company", "money", "设立时或增资后的注册资本", unit="元"
    )
    shareholders: Annotated[tuple[Shareholder, ...], Rows] = shown(
        "其他股东", "Other shareholders", "company", "table",
        "出资方和奖励对象以外的全部股东；其认缴出资额与专利出资额之和应等于注册资本", min_length=1,
    )  # fmt: skip
    resident: Flag = shown(
        "境内居民企业", "Resident company", "company", "select", "不是境内居民企业的，不能递延纳税",
        options=YES_NO, default=True,
    )  # fmt: skip

    price_method: Annotated[PriceMethod, one_of(PRICE_METHODS)] = shown(
        "定价方式", "Pricing", "value", "select", "《促进科技成果转化法》第十八条", options=PRICE_METHODS
    )
    value_fen: PositiveFen = shown(
        "专利权作价金额",
        "Value of the patents",
        "value",
        "money",
        "经评估并协商确定的全部专利权的价值",
        unit="元",
    )
    capital_fen: PositiveFen = shown(
        "计入注册资本的金额",
        "Registered capital formed",
        "value",
        "money",
        "超过部分计入公司资本公积",
        unit="元",
    )
    cash_fen: Fen = shown(
        "现金对价", "Cash beside the shares", "value", "money", "全部以股权支付的填 0；有现金对价的不能递延纳税",
        unit="元", default=0,
    )  # fmt: skip
    instalments: Annotated[tuple[Instalment, ...], Rows] = shown(
        "现金对价分期", "Instalments", "value", "table", "各期金额之和应等于现金对价", default=()
    )
    guaranteed_return: Flag = shown(
        "收取保底收益且不参与经营", "Guaranteed return", "value", "select",
        "选“是”的按技术转让或者许可合同处理，不能作为作价入股办理", options=YES_NO, default=False,
    )  # fmt: skip

    holder: Annotated[Literal["institution", "asset_company"], one_of(HOLDERS)] = shown(
        "股权持有主体",
        "Held by",
        "award",
        "select",
        "奖励以外的股权由谁持有",
        options=HOLDERS,
        default="institution",
    )
    holder_name: OptionalLine = shown("资产经营公司名称", "Asset company", "award", default="")
    title_shared: Flag = shown(
        "完成人已持有成果所有权份额", "Inventors share the title", "award", "select",
        "依赋权协议已享有份额的，不再从单位所得股权中奖励", options=YES_NO, default=False,
    )  # fmt: skip
    awards: Annotated[tuple[Award, ...], Rows] = shown(
        "股权奖励人员",
        "Award",
        "award",
        "table",
        "逐人填写奖励的出资额；合计不低于专利出资额的法定比例",
        default=(),
    )
    award_way: Annotated[Literal["direct", "platform", "later"], one_of(AWARD_WAYS)] = shown(
        "奖励股权的登记", "Registered as", "award", "select", options=AWARD_WAYS, default="direct"
    )
    platform_name: OptionalLine = shown("持股平台名称", "Vehicle", "award", default="")

    transfer_by: Day = shown(
        "专利权变更期限", "Change of owner by", "transfer", "date", "至迟于该日提交著录项目变更申报书"
    )
    change_payer: Annotated[Literal["company", "institution"], one_of(PAYERS)] = shown(
        "变更费缴纳方", "Fee of the change", "transfer", "select", options=PAYERS, default="company"
    )
    materials: Annotated[tuple[Material, ...], Rows] = shown(
        "技术资料", "Technical materials", "transfer", "table", "随专利权交付的技术资料清单", default=()
    )
    materials_due_on: Day | None = shown(
        "技术资料交付期限", "Materials due", "transfer", "date", "有技术资料时填写", default=None
    )
    materials_place: OptionalLine = shown("技术资料交付地点", "Place of delivery", "transfer", default="")
    support_days: Annotated[Whole, Field(ge=0, le=365)] = shown(
        "技术指导人日", "Days of support", "transfer", "int", "没有填 0", unit="人日", default=0
    )
    retained_use: Flag = shown(
        "保留教学科研使用",
        "Keeps use in teaching and research",
        "transfer",
        "select",
        options=YES_NO,
        default=True,
    )
    improvements: Annotated[Literal["improver", "joint"], one_of(IMPROVEMENTS)] = shown(
        "后续改进的归属", "Improvements", "transfer", "select", options=IMPROVEMENTS, default="improver"
    )
    warranty: OptionalNote = shown("补充保证", "Further warranties", "transfer", "textarea", default="")
    shortfall: Annotated[Literal["makeup", "reduce", "own_fault"], one_of(SHORTFALLS)] = shown(
        "出资实际价额显著不足的处理",
        "If the value falls short",
        "transfer",
        "select",
        options=SHORTFALLS,
        default="own_fault",
    )

    directors: Annotated[Whole, Field(ge=1, le=19)] = shown(
        "董事人数", "Directors", "governance", "int", "不设董事会的填 1", unit="人", default=3
    )
    our_directors: Annotated[Whole, Field(ge=0, le=19)] = shown(
        "出资方委派董事", "Of whom ours", "governance", "int", unit="人", default=1
    )
    our_supervisor: Flag = shown(
        "出资方委派监事", "Our supervisor", "governance", "select", options=YES_NO, default=False
    )
    reserved_matters: Lines = shown(
        "须经出资方同意的事项",
        "Reserved matters",
        "governance",
        "textarea",
        "每行一项",
        default=DEFAULT_MATTERS,
        max_length=20,
    )
    report_days: Annotated[Whole, Field(ge=5, le=120)] = shown(
        "财务报告报送期限",
        "Reports within",
        "governance",
        "int",
        "每一会计年度终了后若干日内",
        unit="日",
        default=120,
    )
    anti_dilution: Flag = shown(
        "低价增资的补偿", "Anti-dilution", "governance", "select", options=YES_NO, default=False
    )
    non_compete: OptionalNote = shown(
        "竞业限制的范围", "Non-compete", "governance", "textarea",
        "写明受限的产品和期间；不得限制出资方和完成人的教学、科研和后续研发，没有约定不填", default="",
    )  # fmt: skip
    lockup_years: Annotated[Whole, Field(ge=0, le=10)] = shown(
        "股权锁定年限",
        "Lock-up",
        "exit",
        "int",
        "奖励对象在该期间内不转让股权，没有填 0",
        unit="年",
        default=0,
    )
    exits: Annotated[tuple[_Exit, ...], some_of(EXITS), Field(min_length=1)] = shown(
        "退出方式", "Ways to exit", "exit", "multi", "至少选择一项", options=EXITS
    )
    exit_note: OptionalNote = shown(
        "退出条件和作价", "Conditions of the exit", "exit", "textarea",
        "收购股权的触发条件、作价方法和期限；国有股权的处置须经评估并按规定办理", default="",
    )  # fmt: skip
    confidentiality_years: Annotated[Whole, Field(ge=1, le=30)] = shown(
        "保密期限", "Confidentiality", "general", "int", "协议终止后仍须保密的年数", unit="年", default=5
    )
    late_interest_bp: Annotated[Bp, Field(le=24)] = shown(
        "逾期违约金",
        "Late payment, per day",
        "general",
        "percent",
        "按日计，例如 0.05%",
        unit="%/日",
        default=5,
    )
    penalty_fen: Fen = shown(
        "根本违约违约金", "Penalty", "general", "money", "没有约定固定违约金的填 0", unit="元", default=0
    )

    def awarded_fen(self) -> int:
        """Return the capital awarded to persons."""
        return sum(award.capital_fen for award in self.awards)

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        yield from super().cross_problems()
        yield from self._capital_problems()
        yield from self._award_problems()
        if sum(part.amount_fen for part in self.instalments) != self.cash_fen:
            yield "instalments", f"各期金额合计应等于现金对价 {format_yuan(self.cash_fen)} 元。请核对。"
        if self.our_directors > self.directors:
            yield "our_directors", "委派的董事人数不能超过董事人数。"
        if self.signing_date is not None and self.transfer_by < self.signing_date:
            yield "transfer_by", "专利权变更期限早于签订日期。请核对。"
        if self.materials and (self.materials_due_on is None or not self.materials_place):
            missing = "materials_due_on" if self.materials_due_on is None else "materials_place"
            yield missing, "填写了技术资料清单，请同时填写交付期限和交付地点。"
        if "buyback" in self.exits and not self.exit_note:
            yield "exit_note", "选择由合作方收购股权的，应写明触发条件、作价方法和期限。"

    def _capital_problems(self) -> Iterable[tuple[str, str]]:
        if self.capital_fen > self.value_fen:
            yield (
                "capital_fen",
                "计入注册资本的金额不能超过专利权作价金额（公司法第四十八条：不得高估作价）。",
            )
        total = self.capital_fen + sum(holder.capital_fen for holder in self.shareholders)
        if total != self.registered_capital_fen:
            yield (
                "registered_capital_fen",
                f"专利出资额与其他股东认缴额合计 {format_yuan(total)} 元，"
                f"与注册资本 {format_yuan(self.registered_capital_fen)} 元不一致。请核对。",
            )  # fmt: skip
        names = [holder.name for holder in self.shareholders]
        if len(set(names)) != len(names):
            yield "shareholders", "同一股东出现了两次，请合并填写。"

    def _award_problems(self) -> Iterable[tuple[str, str]]:
        names = [award.name for award in self.awards]
        if len(set(names)) != len(names):
            yield "awards", "同一人出现了两次；同名的，请在姓名后加注部门。"
        if self.awarded_fen() > self.capital_fen:
            yield (
                "awards",
                f"奖励出资额合计 {format_yuan(self.awarded_fen())} 元，"
                f"超过专利出资额 {format_yuan(self.capital_fen)} 元。",
            )  # fmt: skip
        if self.title_shared == bool(self.awards):
            yield (
                "awards",
                "完成人已持有成果所有权份额的，不再填写股权奖励；未持有的，至少填写一名奖励人员。",
            )
        roles = {award.role for award in self.awards}
        if "contributors" in roles and roles & {"main_contributors", "other_contributors"}:
            yield "awards", "身份应统一：或者都不分主次，或者都区分主要贡献人员和其他贡献人员。"
        if (self.holder == "asset_company") != bool(self.holder_name):
            yield "holder_name", "由资产经营公司持有的，填写其名称；自行持有的，请清空该项。"
        if (self.award_way == "platform") != bool(self.platform_name):
            yield "platform_name", "通过持股平台持有的，填写平台名称；否则请清空该项。"


def equity_fields(terms: DealTerms) -> EquityFields:
    """Return terms as those of a contribution.

    Raises: TypeError if they are those of another mode.
    """
    if not isinstance(terms, EquityFields):
        raise TypeError(f"{type(terms).__name__} is no contribution")
    return terms
