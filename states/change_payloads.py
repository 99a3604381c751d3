"""What comes with the steps that change a case beside its course: stepping back, correcting, switching, splitting, joining."""

from typing import Literal, get_args

from pydantic import Field

from rules.gate_table import ACT_NAMES
from states.payload_fields import Day, Line, Note, OptionalLine, Payload, asked, chosen, label, optional


class StepBack(Payload):
    """Something is undone. Every mode names in `what` that which its chart can undo, and what nobody can."""

    what: Line = asked("退回哪一项", "What to step back from", "select")
    reason: Note = asked("退回原因", "Reason", "textarea")
    withdrawn_on: Day | None = Field(
        default=None,
        json_schema_extra=label(
            "向专利局撤回的日期", "Withdrawn at the office on", "date", "仅退回已提交专利局的申请时填写",
            "Only for a filing that lies at the office",
        ),
    )  # fmt: skip
    reference: OptionalLine = optional(
        "撤回凭证", "Proof of the withdrawal", help_zh="仅退回已提交专利局的申请时填写",
        help_en="Only for a filing that lies at the office",
    )  # fmt: skip


class CorrectEntry(Payload):
    """A number, a name or a reference was recorded wrongly."""

    which: Line = asked("更正哪一项", "What to correct", "select")
    number: int | None = Field(
        default=None, ge=1, le=1000,
        json_schema_extra=label(
            "第几笔", "Which one", "text", "有多笔的，填写序号；不填为最近一笔", "If there are several; the last if left out"
        ),
    )  # fmt: skip
    corrected: Line = asked("正确的内容", "Correct entry")
    reason: Note = asked("更正原因", "Reason", "textarea")


ModeName = Literal[
    "transfer",
    "open_license",
    "ordinary_license",
    "sole_license",
    "exclusive_license",
    "equity",
    "patent_pool",
    "development",
]


class SwitchMode(Payload):
    """The conversion goes on in another mode."""

    mode: ModeName = chosen(
        "新的转化方式", "New mode", {slug: ACT_NAMES[slug] for slug in get_args(ModeName)},
        "公示、定价、审批和合同文本随之失效；权属核查和两种方式共有的条款保留",
        "Publicity, price, approval and text become void; the title check and the terms that both share stay",
    )  # fmt: skip
    reason: Note = asked("变更原因", "Reason", "textarea")


class SplitOff(Payload):
    """Some of the patents go on in a case of their own."""

    patents: Note = asked(
        "分出的专利",
        "Patents to split off",
        "textarea",
        "填写申请号，多件用换行或顿号隔开",
        "Application numbers, one a line",
    )
    title: OptionalLine = optional(
        "新案件名称",
        "Title of the new case",
        help_zh="不填则在本案名称后加“（分案）”",
        help_en="Left out: the title of this case, marked as split",
    )
    reason: Note = asked("分案原因", "Reason", "textarea")


class JoinCase(Payload):
    """Another case goes up in this one."""

    case: Line = asked(
        "并入本案的案件编号",
        "Number of the case to take in",
        help_zh="该案将结案，专利转入本案",
        help_en="It is closed, and its patents come here",
    )
    reason: Note = asked("并案原因", "Reason", "textarea")
