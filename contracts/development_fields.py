"""The fields of a technology development or service contract (技术开发、技术服务), and how they must agree."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from contracts.deal import PRICE_METHODS, ContractTerms, PriceMethod
from contracts.fees import Instalment, Material, Royalty
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
    Terms,
    Whole,
    one_of,
    shown,
)
from contracts.license_fields import IMPROVEMENTS
from rules.money import format_yuan

KINDS = (
    Option("commissioned", "委托开发", "commissioned development"),
    Option("cooperative", "合作开发", "cooperative development"),
    Option("service", "技术服务", "technical service"),
)
OWNERS = (
    Option("ours", "归我方", "ours"),
    Option("theirs", "归对方", "theirs"),
    Option("joint", "双方共有", "both parties jointly"),
)
SECRETS = (
    Option("both", "双方均可使用和转让", "both may use and assign"),
    Option("ours", "归我方，对方可以使用", "ours, the other side may use it"),
    Option("theirs", "归对方，我方可以用于教学和科研", "theirs, we may use it for teaching and research"),
)
BACKGROUND = (
    Option("project", "仅为履行本合同使用", "for this contract only"),
    Option("product", "为产业化产品普通许可实施", "ordinary license for the industrialized product"),
)
EQUIPMENT = (Option("theirs", "归对方", "theirs"), Option("ours", "归我方", "ours"))
ACCEPTANCE = (
    Option("meeting", "会议评审", "review meeting"),
    Option("test", "检测试验", "testing"),
    Option("written", "书面确认", "written confirmation"),
)
RISKS = (
    Option("reasonable", "双方合理分担", "shared reasonably"),
    Option("theirs", "由对方承担", "borne by the other side"),
    Option("ours", "由我方承担", "borne by us"),
    Option("share", "按约定比例分担", "shared by an agreed ratio"),
)
UNDONE = (
    Option(
        "nonexclusive",
        "期限内我方不许可他人实施成果，逾期后可以",
        "we license nobody else until then, and may after",
    ),
    Option("terminate", "我方可以解除产业化约定", "we may end the arrangement"),
)


class Stage(Terms):
    """One stage of the plan: what is done, and by when."""

    name: Line = shown("阶段", "Stage", "plan", help_zh="例如：第一阶段")
    work: Line = shown("工作内容与阶段成果", "Work and outcome", "plan")
    due_on: Day = shown("完成期限", "Due on", "plan", "date")


class DevelopmentFields(ContractTerms):
    """The fields of one contract of any of the three kinds."""

    kind: Annotated[Literal["commissioned", "cooperative", "service"], one_of(KINDS)] = shown(
        "合同类型", "Kind of contract", "scope", "select",
        "一方只提供资金、设备或者辅助协作的，属于委托开发；以技术知识解决特定技术问题的，属于技术服务", options=KINDS,
    )  # fmt: skip
    content: Note = shown(
        "标的的内容和范围", "Subject", "scope", "textarea",
        "拟研究开发的新技术、新产品、新工艺、新材料，或者拟解决的特定技术问题",
    )  # fmt: skip
    targets: Lines = shown(
        "技术指标和要求", "Technical targets", "scope", "textarea", "验收所依据的指标，每行一项", min_length=1, max_length=30
    )  # fmt: skip
    start: Day = shown("履行开始日", "Starts", "scope", "date")
    end: Day = shown("履行终止日", "Ends", "scope", "date")
    place: Line = shown("履行地点", "Place of performance", "scope")

    method: OptionalNote = shown(
        "技术路线或者服务方式", "Technical approach", "plan", "textarea", "不填则以双方确认的实施方案为准", default=""
    )  # fmt: skip
    stages: Annotated[tuple[Stage, ...], Rows, Field(min_length=1)] = shown(
        "进度计划", "Stages", "plan", "table", "按完成期限先后逐行填写"
    )
    our_work: Note = shown("我方承担的工作", "Our work", "plan", "textarea")
    their_work: Note = shown(
        "对方提供的条件和协作事项", "What the other side provides", "plan", "textarea",
        "资料、数据、样品、场地、人员等；合作开发的，写明对方分工的研究开发工作",
    )  # fmt: skip
    their_work_days: Annotated[Whole, Field(ge=1, le=365)] = shown(
        "对方提供条件的期限",
        "Provided within",
        "plan",
        "int",
        "自合同生效之日起若干日内",
        unit="日",
        default=15,
    )
    our_input: OptionalNote = shown(
        "我方投入",
        "Our contribution",
        "plan",
        "textarea",
        "合作开发填写，例如以技术、人员、设备投入",
        default="",
    )
    their_input: OptionalNote = shown(
        "对方投入",
        "Their contribution",
        "plan",
        "textarea",
        "合作开发填写，例如资金、中试线、原料",
        default="",
    )
    leader: Line = shown("我方项目负责人", "Our project leader", "plan")
    subcontract: Flag = shown(
        "允许我方转委托部分工作", "Part may be subcontracted", "plan", "select",
        "主要研究开发工作不得转委托", options=YES_NO, default=False,
    )  # fmt: skip

    price_method: Annotated[PriceMethod, one_of(PRICE_METHODS)] = shown(
        "定价方式", "Pricing", "price", "select", options=PRICE_METHODS, default="agreement"
    )
    total_fen: Fen = shown(
        "合同经费和报酬总额",
        "Total",
        "price",
        "money",
        "对方支付给我方的固定金额；没有的填 0",
        unit="元",
        default=0,
    )
    non_technical_fen: Fen = shown(
        "其中非技术性费用", "Non-technical part", "price", "money",
        "设备、仪器、零部件、原材料等费用，认定登记时从技术交易额中扣除；没有的填 0", unit="元", default=0,
    )  # fmt: skip
    instalments: Annotated[tuple[Instalment, ...], Rows] = shown(
        "付款分期", "Instalments", "price", "table", "各期金额之和应等于总额；一次付清的填一行", default=()
    )
    equipment: Annotated[Literal["theirs", "ours"], one_of(EQUIPMENT)] = shown(
        "用经费购置设备的归属", "Equipment bought", "price", "select",
        "技术开发合同适用", options=EQUIPMENT, default="ours",
    )  # fmt: skip
    royalty: Royalty | None = shown("提成费", "Royalty", "royalty", default=None)
    royalty_start: Day | None = shown(
        "提成开始日", "Royalty from", "royalty", "date", "收取提成费时填写，一般为产业化开始日", default=None
    )
    royalty_end: Day | None = shown(
        "提成终止日", "Royalty until", "royalty", "date", "收取提成费时填写", default=None
    )
    late_interest_bp: Annotated[Bp, Field(le=24)] = shown(
        "逾期违约金", "Late payment, per day", "payment", "percent",
        "按日计，例如 0.05% 或 万分之五", unit="%/日", default=5,
    )  # fmt: skip
    penalty_fen: Fen = shown(
        "根本违约违约金", "Penalty", "payment", "money",
        "没有约定固定违约金的填 0，按实际损失赔偿", unit="元", default=0,
    )  # fmt: skip

    deliverables: Annotated[tuple[Material, ...], Rows, Field(min_length=1)] = shown(
        "交付成果", "Deliverables", "technology", "table", "样机、样品、报告、图纸、软件等"
    )
    deliver_on: Day = shown("成果交付期限", "Deliver by", "technology", "date")
    deliver_place: Line = shown("成果交付地点", "Place of delivery", "technology")
    acceptance: Annotated[Literal["meeting", "test", "written"], one_of(ACCEPTANCE)] = shown(
        "验收方式", "Acceptance", "technology", "select", options=ACCEPTANCE, default="meeting"
    )
    acceptance_days: Annotated[Whole, Field(ge=5, le=365)] = shown(
        "验收期限",
        "Acceptance within",
        "technology",
        "int",
        "收到全部成果后若干日内验收",
        unit="日",
        default=30,
    )
    guidance_days: Annotated[Whole, Field(ge=0, le=365)] = shown(
        "技术指导人日", "Guidance days", "technology", "int",
        "交付后帮助对方掌握成果的人日数，没有填 0", unit="人日", default=0,
    )  # fmt: skip

    patent_right: Annotated[Literal["ours", "theirs", "joint"], one_of(OWNERS)] = shown(
        "专利申请权和专利权", "Right to apply", "ownership", "select",
        "没有约定的：委托开发归研究开发人，合作开发归双方共有，技术服务归受托人", options=OWNERS,
    )  # fmt: skip
    share_ours_bp: Bp | None = shown(
        "共有时我方收益比例",
        "Our share if joint",
        "ownership",
        "percent",
        "双方共有时填写",
        unit="%",
        default=None,
    )
    know_how: Annotated[Literal["both", "ours", "theirs"], one_of(SECRETS)] = shown(
        "技术秘密成果", "Know-how", "ownership", "select", options=SECRETS, default="both"
    )
    background: Annotated[Literal["project", "product"], one_of(BACKGROUND)] = shown(
        "背景专利的使用", "Background patents", "ownership", "select",
        "本案专利为我方的背景专利；约定产业化的，一般应许可产业化产品实施", options=BACKGROUND, default="product",
    )  # fmt: skip
    improvements: Annotated[Literal["improver", "joint"], one_of(IMPROVEMENTS)] = shown(
        "后续改进的归属", "Improvements", "ownership", "select", options=IMPROVEMENTS, default="improver"
    )
    publish_days: Annotated[Whole, Field(ge=7, le=180)] = shown(
        "发表前送审期限", "Review before publishing", "ownership", "int",
        "发表论文前若干日送对方审阅", unit="日", default=30,
    )  # fmt: skip

    risk: Annotated[Literal["reasonable", "theirs", "ours", "share"], one_of(RISKS)] = shown(
        "技术风险的承担", "Risk of failure", "risk", "select",
        "技术开发合同适用；因无法克服的技术困难导致的失败", options=RISKS, default="reasonable",
    )  # fmt: skip
    risk_ours_bp: Bp | None = shown(
        "我方承担的风险比例",
        "Our share of the risk",
        "risk",
        "percent",
        "按约定比例分担时填写",
        unit="%",
        default=None,
    )
    notice_days: Annotated[Whole, Field(ge=1, le=60)] = shown(
        "风险通知期限",
        "Notice of risk within",
        "risk",
        "int",
        "发现可能失败的情形后若干日内",
        unit="日",
        default=10,
    )
    confidentiality_years: Annotated[Whole, Field(ge=1, le=30)] = shown(
        "保密期限", "Confidentiality", "risk", "int", "合同终止后仍须保密的年数", unit="年", default=5
    )

    industrial: Flag = shown(
        "约定由合作企业实现产业化", "Partner industrializes", "industry", "select",
        "平台“已通过技术服务合同或技术开发合同约定由合作企业实现产业化”以此为据", options=YES_NO, default=True,
    )  # fmt: skip
    products: Lines = shown(
        "产业化产品",
        "Products",
        "industry",
        "textarea",
        "约定产业化时填写，每行一项",
        default=(),
        max_length=30,
    )
    industrial_by: Day | None = shown(
        "实现产业化的期限",
        "Industrialized by",
        "industry",
        "date",
        "首批产品正式销售的最迟日期",
        default=None,
    )
    industrial_place: OptionalLine = shown("产业化地点", "Place of production", "industry", default="")
    industrial_target: OptionalNote = shown(
        "产业化目标", "Targets", "industry", "textarea", "例如：年产能、年产值、投资额", default=""
    )
    undone: Annotated[Literal["nonexclusive", "terminate"], one_of(UNDONE)] = shown(
        "逾期未实现产业化的后果",
        "If not industrialized",
        "industry",
        "select",
        options=UNDONE,
        default="nonexclusive",
    )

    @property
    def is_service(self) -> bool:
        """Whether it is a service contract, to which the rules on development do not apply."""
        return self.kind == "service"

    @property
    def is_development(self) -> bool:
        """Whether the rules on development contracts apply."""
        return self.kind != "service"

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        yield from super().cross_problems()
        yield from self._term_problems()
        yield from self._kind_problems()
        yield from self._fee_problems()
        yield from self._royalty_problems()
        yield from self._share_problems()
        yield from self._industrial_problems()

    def _term_problems(self) -> Iterable[tuple[str, str]]:
        if self.end <= self.start:
            yield "end", "履行终止日应晚于履行开始日。"
            return
        if self.signing_date is not None and self.signing_date > self.end:
            yield "signing_date", "签订日期晚于履行终止日。请核对。"
        for field, day in self._dated():
            if not self.start <= day <= self.end:
                yield field, f"日期应在履行期限内（{self.start.isoformat()} 至 {self.end.isoformat()}）。"
        days = [stage.due_on for stage in self.stages]
        if days != sorted(days):
            yield "stages", "各阶段应按完成期限先后填写。"

    def _dated(self) -> Iterable[tuple[str, date]]:
        for n, stage in enumerate(self.stages):
            yield f"stages.{n}.due_on", stage.due_on
        yield "deliver_on", self.deliver_on

    def _kind_problems(self) -> Iterable[tuple[str, str]]:
        joint = self.kind == "cooperative"
        for field, label in (("our_input", "我方投入"), ("their_input", "对方投入")):
            if joint and not getattr(self, field):
                yield field, f"合作开发的，请写明{label}；以技术投入的，写明所投入的技术。"
            elif not joint and getattr(self, field):
                yield field, f"只有合作开发才填写{label}。请清空该项，或将合同类型改为合作开发。"

    def _fee_problems(self) -> Iterable[tuple[str, str]]:
        if not self.total_fen and self.royalty is None and self.kind != "cooperative":
            yield "total_fen", "请约定经费和报酬总额，或者提成费；二者至少有一项。"
        paid = sum(instalment.amount_fen for instalment in self.instalments)
        if paid != self.total_fen:
            yield (
                "instalments",
                f"各期金额合计 {format_yuan(paid)} 元，与总额 {format_yuan(self.total_fen)} 元不一致。请核对。",
            )
        for n, instalment in enumerate(self.instalments):
            if instalment.due_on < self.start:
                yield f"instalments.{n}.due_on", "付款期限早于履行开始日。请核对。"
        if self.non_technical_fen > self.total_fen:
            yield "non_technical_fen", f"非技术性费用不能超过总额 {format_yuan(self.total_fen)} 元。请核对。"

    def _royalty_problems(self) -> Iterable[tuple[str, str]]:
        days = (("royalty_start", self.royalty_start), ("royalty_end", self.royalty_end))
        for field, day in days:
            if (day is not None) != (self.royalty is not None):
                yield field, "收取提成费的，应填写提成的开始日和终止日；不收取的，请清空该项。"
        if self.royalty is not None and not self.industrial:
            yield "royalty.base", "提成费以产业化产品计算。请约定由合作企业实现产业化，或清空提成费各项。"
        if self.royalty is not None and self.royalty.credit_fen is not None:
            yield "royalty.credit_fen", "本合同没有入门费，不能约定抵扣。请清空该项。"
        if self.royalty_start and self.royalty_start < self.start:
            yield "royalty_start", "提成开始日早于履行开始日。请核对。"
        if self.royalty_start and self.royalty_end and self.royalty_end <= self.royalty_start:
            yield "royalty_end", "提成终止日应晚于提成开始日。"

    def _share_problems(self) -> Iterable[tuple[str, str]]:
        if (self.patent_right == "joint") != (self.share_ours_bp is not None):
            yield "share_ours_bp", "成果由双方共有的，应填写我方收益比例；不共有的，请清空该项。"
        if (self.risk == "share") != (self.risk_ours_bp is not None):
            yield "risk_ours_bp", "按约定比例分担风险的，应填写我方比例；不按比例的，请清空该项。"

    def _industrial_problems(self) -> Iterable[tuple[str, str]]:
        if self.industrial and not self.products:
            yield "products", "约定由合作企业实现产业化的，请写明产业化产品。"
        if self.industrial and self.industrial_by is None:
            yield "industrial_by", "约定由合作企业实现产业化的，请写明实现产业化的期限。"
        if self.industrial and self.industrial_by is not None and self.industrial_by < self.deliver_on:
            yield "industrial_by", "实现产业化的期限早于成果交付期限。请核对。"
        if self.industrial:
            return
        for field in ("products", "industrial_by", "industrial_place", "industrial_target"):
            if getattr(self, field):
                yield field, "未约定由合作企业实现产业化，却填写了产业化事项。请改为“是”，或清空该项。"
