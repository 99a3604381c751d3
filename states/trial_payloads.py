"""What the steps of a free use ask for."""

from typing import Literal

from states.payload_fields import Day, Line, Note, OptionalNote, Payload, asked, chosen, optional


class StartTrial(Payload):
    """The other side has begun to use the patents free of charge."""

    started_on: Day = asked("开始试用日期", "Use began on", "date")
    evidence: Line = asked(
        "交接凭证",
        "Handover",
        help_zh="资料、样品交接单的编号或存放位置",
        help_en="Number of the handover sheet, or where it is",
    )
    note: OptionalNote = optional("说明", "Note", "textarea")


class TriggerTrial(Payload):
    """What triggers the payment has happened."""

    triggered_on: Day = asked(
        "触发日期", "Triggered on", "date", "约定日期到来、约定事件发生或者销售额达到的日期",
        "When the date came, the event happened or the sales were reached",
    )  # fmt: skip
    evidence: Line = asked(
        "证明材料", "Evidence", help_zh="合同约定的证明材料及其编号", help_en="As the contract asks for"
    )
    note: OptionalNote = optional("说明", "Note", "textarea")


class ChooseOption(Payload):
    """The other side has chosen to pay, or to go on free of charge once more."""

    option: Literal["convert", "extend"] = chosen("选择", "Choice", {
        "convert": ("转为付费", "pay from now on"),
        "extend": ("继续试用", "go on free of charge"),
    }, "选择退还的，办理“登记试用退还”", "To give back, take the step for the return")  # fmt: skip
    chosen_on: Day = asked(
        "选择日期", "Chosen on", "date", "书面选择通知到达的日期", "When the written choice arrived"
    )
    evidence: Line = asked(
        "选择通知", "Document", help_zh="通知编号或存放位置", help_en="Number, or where it is kept"
    )


class ReturnTrial(Payload):
    """The other side gives the patents back: the contract ends."""

    returned_on: Day = asked(
        "退还日期", "Returned on", "date", "退还通知到达的日期", "When the notice arrived"
    )
    evidence: Line = asked(
        "退还通知和交接凭证", "Notice and handover", help_zh="通知编号，资料、样品返还的交接单编号"
    )
    reason: Note = asked("退还原因", "Reason", "textarea")

    @property
    def remaining(self) -> str:
        """What the parties agreed to stay due beside what the contract says: nothing."""
        return ""
