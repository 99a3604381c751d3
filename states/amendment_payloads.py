"""What the steps on agreements beside the contract ask for: changing and extending it, and keeping secrets.

These models are the terms of the agreements: their forms, texts and effects derive from them.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from states.payload_fields import (
    Day,
    Line,
    Note,
    OptionalLine,
    OptionalNote,
    Payload,
    asked,
    chosen,
    label,
    optional,
    optional_day,
)


def _to_number(value: Any) -> Any:
    if isinstance(value, str):
        typed = value.strip().rstrip("年日天")
        return int(typed) if typed.isascii() and typed.isdecimal() else value
    return value


Years = Annotated[int, BeforeValidator(_to_number), Field(ge=1, le=30)]
Days = Annotated[int, BeforeValidator(_to_number), Field(ge=1, le=365)]


class Amending(Payload):
    """A change of a contract in force is proposed."""

    proposed_on: Day = asked("提出日期", "Proposed on", "date")
    effective_on: Day | None = optional_day(
        "变更生效日", "Takes effect on", "不填则自协议签订之日起生效", "Left out: from the signature on"
    )
    reason: Note = asked("变更原因", "Reason", "textarea")
    settlement: OptionalNote = optional(
        "已履行部分的处理", "What has been performed", "textarea",
        "已付款项、已交付资料的处理另有约定的填写；不填则已履行的部分保持有效",
        "Left out: what has been performed stays as it is",
    )  # fmt: skip


def _to_changes(value: Any) -> Any:
    """Read lines of the form “项目：新内容” as a mapping; a mapping stays as it is."""
    if not isinstance(value, str):
        return value
    pairs = (line.replace(":", "：", 1).partition("：") for line in value.splitlines() if line.strip())
    return {name.strip(): new.strip() for name, _, new in pairs}


Changes = Annotated[dict[str, Any], BeforeValidator(_to_changes), Field(min_length=1)]


class ProposeAmendment(Amending):
    """The parties mean to change terms of the contract in force: the new values, by field or by its Chinese name."""

    changes: Changes = Field(
        json_schema_extra=label(
            "变更的条款", "What changes", "textarea",
            "每行一项，写作“项目名称：变更后的内容”，例如“入门费：150万元”；表格项目各行以“；”分隔，各栏以“，”分隔。其余条款不变",
            "One a line, as field: new value; rows of a table are parted by ；, their columns by ，",
        )
    )  # fmt: skip


class ProposeExtension(Amending):
    """The parties mean to let the contract run longer."""

    new_end: Day = asked(
        "续展后的终止日", "New last day", "date", "晚于原终止日，且不得晚于任何一件专利的保护期届满日",
        "Later than now, and within the life of every patent",
    )  # fmt: skip


class PostAmendment(Payload):
    """The changed price is made public inside the institution."""

    posted_on: Day = asked("公示开始日期", "Posted on", "date", "公示当日不计入公示期")
    place: Line = asked("公示位置", "Where", help_zh="公示网址或公告栏位置")


class CloseAmendmentPublicity(Payload):
    """The publicity of the changed price has run its full length."""

    closed_on: Day = asked("公示结束确认日期", "Closed on", "date")
    result: Line = asked(
        "公示结果", "Result", help_zh="例如：公示期内未收到异议。异议成立的，放弃变更后重新提出",
        help_en="If an objection was upheld, give the change up and propose it anew",
    )  # fmt: skip


class SignAmendment(Payload):
    """Both parties have signed the agreement that changes the contract."""

    signed_on: Day = asked("签订日期", "Signed on", "date")
    our_signatory: Line = asked("本单位签署人", "Our signatory")
    their_signatory: Line = asked("对方签署人", "Their signatory")
    agreement_no: OptionalLine = optional("协议编号", "Number of the agreement")


class DraftConfidentiality(Payload):
    """The terms on which the parties tell each other what is secret, before they negotiate."""

    direction: Literal["mutual", "ours", "theirs"] = chosen("保密方式", "Who discloses", {
        "mutual": ("双方互相披露", "both parties"),
        "ours": ("仅本单位披露", "only we"),
        "theirs": ("仅对方披露", "only the other side"),
    })  # fmt: skip
    purpose: Note = asked(
        "披露目的", "Purpose", "textarea", "例如：就隔膜专利的许可进行评估和洽谈",
        "For instance: to assess and negotiate a license",
    )  # fmt: skip
    materials: OptionalNote = optional(
        "披露的资料", "What is disclosed", "textarea", "每行一项；不填则为与披露目的有关的全部未公开信息",
        "One a line; left out: whatever is not public and serves the purpose",
    )  # fmt: skip
    years: Years = asked(
        "保密期限（年）", "Years", "text", "自签订之日起计算；商业秘密在公开前持续保密",
        "From the signature; trade secrets for as long as they are secret",
    )  # fmt: skip
    return_days: Days = asked(
        "返还期限（日）",
        "Return within (days)",
        "text",
        "洽谈终止后若干日内返还或者销毁",
        "After the negotiation has ended",
    )
    persons: OptionalLine = optional(
        "可以知悉的人员", "Who may know", help_zh="不填则限于确有必要知悉的雇员和专业顾问",
        help_en="Left out: employees and advisers who need to know",
    )  # fmt: skip


class SignConfidentiality(Payload):
    """Both parties have signed the confidentiality agreement."""

    signed_on: Day = asked("签订日期", "Signed on", "date")
    our_signatory: Line = asked("本单位签署人", "Our signatory")
    their_signatory: Line = asked("对方签署人", "Their signatory")
