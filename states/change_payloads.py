"""What comes with the steps that change a case beside its course: stepping back, correcting, switching, splitting, joining."""

from pydantic import Field

from states.payload_fields import Day, Line, Note, OptionalLine, Payload, asked, label, optional


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
