"""What the steps of a distribution ask for. Tables come as lines of text, each checked, each fault named by its line."""

import re

from pydantic import field_validator

from rules.money import MoneyError, parse_yuan
from rules.money_words import COST_LABELS
from rules.net_income import CostLine
from states.payload_fields import (
    Day,
    Line,
    Note,
    OptionalLine,
    OptionalNote,
    Payload,
    asked,
    optional,
)

WHOLE_BP = 10_000
_KINDS = {zh: kind for kind, (zh, _) in COST_LABELS.items()}
_SHARE = re.compile(r"^(?P<name>\S+)[ ：:，,]+(?P<whole>\d{1,3})(?:\.(?P<part>\d{1,2}))?\s*[%％]?$")


class PlanDistribution(Payload):
    """A plan for sharing out receipts, as typed; the properties read it."""

    planned_on: Day = asked("拟定日期", "Planned on", "date")
    which: OptionalLine = optional(
        "分配哪几笔到账", "Receipts", help_zh="填写到账的序号，如 1、2；不填为全部待分配的到账",
        help_en="Numbers of the receipts, for instance 1, 2; left out: all that are open",
    )  # fmt: skip
    costs: OptionalNote = optional(
        "扣除的成本费用", "Costs taken off", "textarea",
        f"每行一项：费用 金额 凭证号。费用可填：{'、'.join(_KINDS)}",
        "One a line: kind, amount, proof",
    )  # fmt: skip
    persons: Note = asked(
        "奖励人员和份额", "Persons and shares", "textarea", "每行一人：姓名 份额，例如：张某 60%。各人份额合计100%",
        "One a line: name and share; the shares add up to 100%",
    )  # fmt: skip

    @property
    def receipts(self) -> tuple[int, ...]:
        """The receipts named, by number; none stands for all that are open."""
        return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", self.which)))

    @property
    def cost_lines(self) -> tuple[CostLine, ...]:
        """The costs."""
        return tuple(_cost(number, line) for number, line in enumerate(self.costs.splitlines(), 1))

    @property
    def person_shares(self) -> tuple[tuple[str, int], ...]:
        """Each person's name and share in basis points."""
        return tuple(_person(number, line) for number, line in enumerate(self.persons.splitlines(), 1))

    @field_validator("which")
    @classmethod
    def _check_numbers(cls, typed: str) -> str:
        if re.sub(r"[\d\s,，、;；和]", "", typed):
            raise ValueError("请填写到账的序号，如 1、2")
        return typed

    @field_validator("costs")
    @classmethod
    def _check_costs(cls, typed: str) -> str:
        for number, line in enumerate(typed.splitlines(), 1):
            _cost(number, line)
        return typed

    @field_validator("persons")
    @classmethod
    def _check_persons(cls, typed: str) -> str:
        shares = [_person(number, line) for number, line in enumerate(typed.splitlines(), 1)]
        names = [name for name, _ in shares]
        if len(set(names)) != len(names):
            raise ValueError("同一人出现了两次；同名的，请在姓名后加注部门")
        total = sum(bp for _, bp in shares)
        if total != WHOLE_BP:
            raise ValueError(f"各人份额合计为{total / 100:g}%，应为100%")
        return typed


def _cost(number: int, line: str) -> CostLine:
    kind, amount, proof = (*line.split(maxsplit=2), "", "", "")[:3]
    if kind not in _KINDS:
        raise ValueError(f"第{number}行：没有“{kind}”这种费用，可填：{'、'.join(_KINDS)}")
    try:
        return CostLine(_KINDS[kind], parse_yuan(amount), proof)
    except MoneyError as error:
        raise ValueError(f"第{number}行：{error.reason}") from error


def _person(number: int, line: str) -> tuple[str, int]:
    match = _SHARE.match(line)
    if match is None:
        raise ValueError(f"第{number}行“{line}”应为：姓名 份额，例如：张某 60%")
    return match["name"], int(match["whole"]) * 100 + int((match["part"] or "0").ljust(2, "0"))


class PostRewards(Payload):
    """The plan is made public inside the institution."""

    posted_on: Day = asked("公示开始日期", "Posted on", "date", "公示当日不计入公示期")
    place: Line = asked(
        "公示位置",
        "Where",
        help_zh="公示网址或公告栏位置；写明成果名称、人员和金额",
        help_en="Web address or notice board; name the result, the persons and the amounts",
    )


class CloseRewards(Payload):
    """The publicity of the rewards has run its full length without an objection that stands."""

    closed_on: Day = asked("公示期满确认日期", "Closed on", "date")
    result: Line = asked("公示结果", "Result", help_zh="例如：公示期内未收到异议")


class WithdrawDistribution(Payload):
    """The plan is given up; another is made."""

    reason: Note = asked(
        "撤回原因",
        "Reason",
        "textarea",
        "例如：公示期内有异议，须调整方案",
        "For instance: an objection came in, the plan changes",
    )


class PayRewards(Payload):
    """The rewards have been paid."""

    paid_on: Day = asked("发放日期", "Paid on", "date")
    reference: Line = asked(
        "发放凭证",
        "Reference",
        help_zh="发放表编号或银行凭证号",
        help_en="Number of the pay sheet or bank reference",
    )
