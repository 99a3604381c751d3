"""What the steps of the export control ask for."""

from typing import Literal

from pydantic import Field

from states.payload_fields import Day, Flag, Line, Note, Payload, asked, chosen, label


class ClassifyTechnology(Payload):
    """The technology has been looked up in the catalog of forbidden and restricted exports."""

    category: Literal["free", "restricted", "forbidden"] = chosen("判定结果", "Category", {
        "free": ("自由出口", "free"),
        "restricted": ("限制出口", "restricted"),
        "forbidden": ("禁止出口", "forbidden"),
    })  # fmt: skip
    catalog: Line = asked(
        "所查目录版本", "Catalog", help_zh="《中国禁止出口限制出口技术目录》的版本和条目编号，查最新版"
    )
    judged_on: Day = asked("判定日期", "Classified on", "date")
    security_reviewed: Flag = Field(
        default=False,
        json_schema_extra=label(
            "已办理知识产权对外转让审查",
            "Security review done",
            "checkbox",
            "国家安全方面的审查，属出口环节的一部分",
        ),
    )
    basis: Note = asked("判定依据", "Basis", "textarea", "技术要点与目录条目的比对、判定人或咨询意见")


class SubmitExportApplication(Payload):
    """The application for the export of a restricted technology has gone in."""

    submitted_on: Day = asked("申请提交日期", "Submitted on", "date")
    receipt_no: Line = asked("受理编号", "Receipt no.")


class RecordLetterOfIntent(Payload):
    """The letter of intent is here: negotiation of substance and signature may begin."""

    issued_on: Day = asked("许可意向书日期", "Issued on", "date")
    letter_no: Line = asked("意向书编号", "Letter no.")


class RefuseExport(Payload):
    """The export is refused."""

    refused_on: Day = asked("不予许可日期", "Refused on", "date")
    reason: Note = asked("理由", "Grounds", "textarea")


class SubmitExportContract(SubmitExportApplication):
    """The signed contract has gone in for the license."""


class RecordExportLicense(Payload):
    """The export license is here: the contract may take effect."""

    licensed_on: Day = asked("技术出口许可证日期", "Licensed on", "date")
    license_no: Line = asked("许可证编号", "License no.")


class SubmitExportRegistration(SubmitExportApplication):
    """The contract on a free technology has gone in for registration."""


class RecordExportCertificate(Payload):
    """The registration certificate is here."""

    certified_on: Day = asked("技术出口合同登记证日期", "Certified on", "date")
    certificate_no: Line = asked("登记证编号", "Certificate no.")
