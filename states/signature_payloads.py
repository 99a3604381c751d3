"""What is recorded of a signature: when, who, in what capacity, with which seals, and which file is the signed copy."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from states.payload_fields import Count, Day, Line, OptionalLine, Payload, asked, label, may_be, optional


def _file(zh: str, en: str) -> Any:
    return optional(
        zh,
        en,
        help_zh="本案“附件”中的编号，可不填，稍后补传",
        help_en="Number of the file under files; may follow later",
    )


Capacity = Literal["", "legal_representative", "authorized"]
_CAPACITIES = {
    "": ("未登记", "not recorded"),
    "legal_representative": ("法定代表人（负责人）", "legal representative"),
    "authorized": ("授权代表", "authorized representative"),
}
FileNumber = Annotated[OptionalLine, StringConstraints(pattern=r"^[0-9]{0,12}$")]


class Sign(Payload):
    """Both parties have signed."""

    signed_on: Day = asked("签订日期", "Signed on", "date")
    licensor_signatory: Line = asked("本单位签署人", "Our signatory")
    licensee_signatory: Line = asked("对方签署人", "Their signatory")
    place: OptionalLine = optional("签订地点", "Place")
    licensor_capacity: Capacity = may_be("本单位签署人身份", "Our signatory signs as", _CAPACITIES)
    licensor_authorization: FileNumber = _file("本单位授权委托书", "Our power of attorney")
    licensee_capacity: Capacity = may_be("对方签署人身份", "Their signatory signs as", _CAPACITIES)
    licensee_authorization: FileNumber = _file("对方授权委托书", "Their power of attorney")
    seal: OptionalLine = optional(
        "用印",
        "Seals",
        help_zh="例如：双方合同专用章、骑缝章",
        help_en="For instance: both contract seals, seal across the pages",
    )
    originals: Count | None = Field(default=None, json_schema_extra=label("正本份数", "Originals", "number"))
    signed_file: FileNumber = _file("已签合同", "Signed copy")
