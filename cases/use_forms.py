"""What is typed of declaration and use, one model a form: fields, labels and checks for every door.

The web shows its forms from these, the API and the command line take the same fields, sheets the same columns.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rules.use_codes import (
    BASES,
    DECISIONS,
    DECLARERS,
    EXAMINATION,
    HEADS,
    OUTCOMES,
    PROGRAMS,
    REASONS,
    USES,
)
from states.payload_fields import (
    Day,
    Flag,
    Line,
    Note,
    OptionalLine,
    OptionalNote,
    Payload,
    Sum,
    asked,
    chosen,
    label,
    may_be,
    optional,
    optional_day,
    optional_money,
)

YES_NO = {"yes": ("是", "Yes"), "no": ("否", "No")}
KINDS = {
    "invention": ("发明", "Invention"),
    "utility": ("实用新型", "Utility model"),
    "design": ("外观设计", "Design"),
}


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _number(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else value
    if text == "" or text is None:
        return None
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else text


def _choice(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


MaybeDay = Annotated[Day | None, BeforeValidator(_blank_is_none)]
MaybeSum = Annotated[Sum | None, BeforeValidator(_blank_is_none)]
Score = Annotated[Annotated[int, Field(ge=0, le=100)] | None, BeforeValidator(_number)]
Year = Annotated[int, BeforeValidator(_number), Field(ge=1985, le=2999)]
YesNo = Annotated[Literal["yes", "no"], BeforeValidator(_choice)]
MaybeYesNo = Annotated[Literal["", "yes", "no"], BeforeValidator(_choice)]
Use = Literal["none", "licensed", "transferred", "own", "industrialized"]
Reason = Literal["", "validation", "regulatory", "negotiating", "reserve", "other"]
Program = Literal["", "major_project", "key_program", "nsfc", "central", "local", "other"]


def _score(head: str) -> Any:
    return Field(default=None, json_schema_extra=label(*HEADS[head], "number", "0至100分", "0 to 100"))


class DeclareFunding(Payload):
    """Whether a patent was publicly funded, and by which project."""

    funded: YesNo = chosen("是否财政资助", "Publicly funded", YES_NO)
    program: Program = may_be("项目类型", "Type of project", PROGRAMS)
    funder: OptionalLine = optional("资助机构", "Funder")
    project_name: OptionalLine = optional("项目名称", "Project")
    project_no: OptionalLine = optional("项目编号", "Project no.")
    ip_clause: OptionalLine = optional(
        "知识产权条款",
        "Clause on intellectual property",
        help_zh="任务书或合同中关于知识产权的约定",
        help_en="As in the grant contract",
    )
    declared_on: MaybeDay = optional_day(
        "向专利局声明的日期",
        "Declared to the office on",
        "提交申请时在专利业务办理系统填写的日期",
        "The day it was entered with the office",
    )
    declared_by: Literal["", "self", "agency"] = may_be("声明人", "Declared by", DECLARERS)
    evidence: OptionalLine = optional(
        "证明文件", "Evidence", help_zh="文件名称和存放位置", help_en="What it is and where it is kept"
    )


class StateUse(Payload):
    """How a patent was used in a year."""

    year: Year = asked("年度", "Year", "number")
    use: Use = chosen("实施情况", "Use", USES)
    product: OptionalLine = optional("产品", "Product")
    income_fen: MaybeSum = optional_money("本年度收入", "Income of the year")
    evidence: OptionalLine = optional(
        "实施证明", "Evidence", help_zh="销售合同、发票、使用证明的编号和存放位置"
    )
    reason: Reason = may_be(
        "未实施的理由",
        "Why it is not used",
        REASONS,
        "未实施的须选择；此前的理由仍在复核期内的可以不填",
        "Needed if unused, unless a former reason still stands",
    )
    reason_text: OptionalNote = optional("理由说明", "The reason in words", "textarea")
    review_on: MaybeDay = optional_day(
        "理由复核日期",
        "Reason reviewed on",
        "到这一天再次核对理由是否仍成立",
        "The reason is looked at again on this day",
    )


class PlanApplication(Payload):
    """An application that is planned, before it is assessed."""

    title: Line = asked("发明创造名称", "Title")
    kind: Literal["invention", "utility", "design"] = chosen("专利类型", "Kind", KINDS)
    inventors: Line = asked("发明人", "Inventors", help_zh="多人用顿号分开", help_en="Separated by commas")
    college: OptionalLine = optional("院系", "College")
    funded: MaybeYesNo = may_be("是否财政资助", "Publicly funded", YES_NO)
    program: Program = may_be("项目类型", "Type of project", PROGRAMS)
    funder: OptionalLine = optional("资助机构", "Funder")
    project_name: OptionalLine = optional("项目名称", "Project")
    project_no: OptionalLine = optional("项目编号", "Project no.")
    search_note: OptionalNote = optional("新颖性检索情况", "Novelty search", "textarea")
    prospect_note: OptionalNote = optional("产业化前景说明", "Prospect of industrialization", "textarea")
    agency: OptionalLine = optional("代理机构", "Agency")
    examination: Literal["ordinary", "priority", "fast", "batch", "deferred"] = chosen(
        "审查方式", "Examination", EXAMINATION
    )


class Assess(Payload):
    """What the assessors found, and what was decided."""

    prospect: Score = _score("prospect")
    potential: Score = _score("potential")
    value: Score = _score("value")
    upkeep: Score = _score("upkeep")
    assessors: Line = asked("评估人", "Assessors", help_zh="多人用顿号分开", help_en="Separated by commas")
    decision: Literal["pass", "improve", "fail"] = chosen("评估结论", "Decision", DECISIONS)
    opinion: Note = asked("评估意见", "Opinion", "textarea")
    decided_on: Day = asked("评估日期", "Decided on", "date")


class FileApplication(Payload):
    """A planned application has been filed with the office."""

    application_no: Line = asked("申请号", "Application no.")
    filed_on: Day = asked("申请日", "Filed on", "date")
    declared_on: MaybeDay = optional_day(
        "财政资助声明日期",
        "Funding declared on",
        "财政资助的须在提交申请时声明",
        "At filing, if publicly funded",
    )


class Override(Payload):
    """A head lets an application be filed although the assessment stands against it."""

    override_reason: Note = asked(
        "放行理由", "Reason", "textarea", "写入留痕，不能修改", "Goes into the trail"
    )


class RegisterProduct(Payload):
    """A product that uses patents."""

    name: Line = asked("产品名称", "Product")
    models: OptionalLine = optional("规格型号", "Models")
    producer: OptionalLine = optional("生产企业", "Producer", help_zh="本单位自行实施的填写本单位名称")
    basis: Literal["license", "transfer", "development", "own"] = chosen("实施依据", "Basis", BASES)
    patents: Line = asked(
        "所用专利",
        "Patents",
        help_zh="专利号或申请号，多件用顿号分开",
        help_en="Numbers, separated by commas",
    )
    since: Day = asked("投产日期", "On the market since", "date")
    claims_note: OptionalNote = optional(
        "权利要求比对",
        "Comparison with the claims",
        "textarea",
        "说明产品落入哪项权利要求",
        "Which claims the product falls under",
    )
    evidence: OptionalLine = optional("证明", "Evidence")
    updated_by: OptionalLine = optional(
        "年度更新由谁办理", "Who updates it every year", help_zh="专利权人或被许可人的经办人"
    )


class FileProduct(Payload):
    """A product was filed on the platform for patent products, or its data of a year were updated."""

    filed_on: Day = asked("备案或更新日期", "Filed or updated on", "date")
    filing_no: OptionalLine = optional("备案编号", "Filing no.")
    filed_by: OptionalLine = optional("备案主体", "Filed by")
    year: Annotated[Year | None, BeforeValidator(_number)] = Field(
        default=None,
        json_schema_extra=label("数据年度", "Year of the data", "number", "更新上年度数据的填写"),
    )
    sales_fen: MaybeSum = optional_money("销售额", "Sales")
    export_fen: MaybeSum = optional_money("出口额", "Exports")
    profit_fen: MaybeSum = optional_money("利润", "Profit")
    ip_cost_fen: MaybeSum = optional_money("知识产权投入", "Spending on intellectual property")


class PromptProducer(Payload):
    """The company was asked to file the product."""

    prompted_on: Day = asked("提示日期", "Asked on", "date")
    prompt_note: Line = asked("提示方式", "How", help_zh="函件、邮件或电话，写明联系人和文号")


class WithdrawProduct(Payload):
    """The filing was withdrawn: the product left the market, or all its patents lapsed."""

    withdrawn_on: Day = asked("撤回日期", "Withdrawn on", "date")
    prompt_note: Line = asked("撤回原因", "Why")


class StateOutcome(Payload):
    """What became of a company in a year after it took patents over."""

    year: Year = asked("年度", "Year", "number")
    industrialized: Flag = Field(
        default=False, json_schema_extra=label("已实现产业化", "Industrialized", "checkbox")
    )
    financing_fen: MaybeSum = optional_money("获得投融资金额", "Financing")
    output_fen: MaybeSum = optional_money("新增专利产品产值", "Added output of patent products")
    outcomes: tuple[Literal["scale", "intensive_product", "little_giant", "champion", "listing"], ...] = (
        Field(
            default=(),
            json_schema_extra={
                **label("发展成效", "Outcomes", "multi"),
                "options_zh": {key: zh for key, (zh, _) in OUTCOMES.items()},
                "options_en": {key: en for key, (_, en) in OUTCOMES.items()},
            },
        )
    )
    evidence: OptionalLine = optional("依据", "Evidence")
