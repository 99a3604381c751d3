"""A bureau's own lists: tasks with who is responsible and by when, contacts, districts, policies.

Source: the annex of S3 (重点任务分解表), S3-31 (分管领导和联系人信息), S3-19 (每年不少于1场次), S2-27 (考核、评价、资助)
"""

from collections.abc import Mapping
from typing import Any

from cases.registers import Column, Register
from cases.supervision_tables import BureauContact, BureauDistrict, BureauTask, PolicyEntry

SUPERVISORS = frozenset({"supervisor"})
TASK_STATUS = {
    "open": ("未开始", "Not begun"),
    "running": ("推进中", "Under way"),
    "done": ("已完成", "Done"),
}
POLICY_KIND = {
    "assessment": ("考核", "Assessment of units"),
    "evaluation": ("评价", "Evaluation"),
    "funding": ("资助", "Funding"),
}


def _is_dated(values: Mapping[str, Any]) -> Mapping[str, str]:
    if values["due_on"] is None and not values["due_note"]:
        return {"due_on": "请填写完成时限；没有确定日期的，在“时限说明”中写明"}
    return {}


def _ends_after_start(values: Mapping[str, Any]) -> Mapping[str, str]:
    first, last = values["valid_from"], values["valid_to"]
    return {"valid_to": "失效日期不能早于施行日期"} if first and last and last < first else {}


TASKS = Register(
    "tasks", "任务分解表", "Tasks", BureauTask,
    (
        Column("area", "重点任务", "Task", required=True),
        Column("content", "具体内容", "Content", "long", True),
        Column("duty", "责任分工", "Duty", "long", is_listed=False),
        Column("unit", "责任单位", "Responsible", "long", True),
        Column("due_on", "完成时限", "Due", "day"),
        Column("due_note", "时限说明", "On the time", help_zh="例如：持续推动", help_en="for instance: continuous"),
        Column("status", "状态", "Status", "choice", True, TASK_STATUS, is_filter=True),
        Column("progress", "进展", "Progress", "long"),
    ),
    "bureau_task_saved", order=("due_on",), editors=SUPERVISORS, check=_is_dated,
    note_zh="按清单推进：到期前30天、7天、到期当日和逾期后给监管人员发站内消息。",
    note_en="Messages go out 30 and 7 days ahead, on the day, and once it is over.",
)  # fmt: skip
CONTACTS = Register(
    "contacts", "联系人", "Contacts", BureauContact,
    (
        Column("unit", "单位", "Unit", required=True),
        Column("district", "区县", "District"),
        Column("leader", "分管领导", "In charge"),
        Column("contact", "联系人", "Contact"),
        Column("phone", "联系电话", "Phone"),
    ),
    "bureau_contact_saved", order=("unit",), unique=("unit",), editors=SUPERVISORS,
)  # fmt: skip
DISTRICTS = Register(
    "districts", "区县", "Districts", BureauDistrict,
    (Column("name", "区县", "District", required=True), Column("unit", "主管部门", "Office")),
    "bureau_district_saved", order=("name",), unique=("name",), editors=SUPERVISORS,
    note_zh="登记后，没有举办活动的区县也会列出。", note_en="Districts without an event are listed, too.",
)  # fmt: skip
POLICIES = Register(
    "policies", "政策台账", "Policies", PolicyEntry,
    (
        Column("title", "政策名称", "Title", required=True),
        Column("kind", "类型", "Type", "choice", True, POLICY_KIND, is_filter=True),
        Column("issuer", "发文单位", "Issuer"),
        Column("number", "文号", "Number"),
        Column("valid_from", "施行日期", "From", "day"),
        Column("valid_to", "失效日期", "To", "day"),
        Column("summary", "要点", "Summary", "long", is_listed=False),
    ),
    "policy_saved", order=("kind", "title"), unique=("title",), editors=SUPERVISORS, check=_ends_after_start,
)  # fmt: skip
REGISTERS: Mapping[str, Register] = {one.name: one for one in (TASKS, CONTACTS, DISTRICTS, POLICIES)}
