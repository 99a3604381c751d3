"""The kinds of files that people add to a case: what each may be, how large, and who adds it."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.received.contents import DOCX, PDF, SCANS

MEGABYTE = 1 << 20
OFFICERS = frozenset({"officer", "administrator"})
KEEPERS = OFFICERS | {"finance", "approver"}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its names, the media types it may have, its limit in bytes, and the roles that add it."""

    zh: str
    en: str
    accepted: tuple[str, ...]
    limit: int
    roles: frozenset[str] = OFFICERS


KINDS: Mapping[str, FileKind] = {
    "signed_contract": FileKind("已签合同扫描件", "scan of the signed contract", SCANS, 50 * MEGABYTE),
    "e_signed": FileKind("电子签名合同", "electronically signed contract", (PDF,), 50 * MEGABYTE),
    "authorization": FileKind("授权委托书", "power of attorney", SCANS, 20 * MEGABYTE),
    "sent_draft": FileKind("发给对方的合同稿", "draft that was sent", (DOCX,), 20 * MEGABYTE),
    "counter_draft": FileKind("对方返回的合同稿", "draft that came back", (DOCX,), 20 * MEGABYTE),
    "agreement": FileKind("补充、变更或解除协议", "further agreement", (*SCANS, DOCX), 50 * MEGABYTE),
    "co_owner_consent": FileKind("共有人同意书", "consent of the co-owners", SCANS, 20 * MEGABYTE),
    "pledgee_consent": FileKind("质权人同意书", "consent of the pledgee", SCANS, 20 * MEGABYTE),
    "identity": FileKind("身份证明", "identity papers", SCANS, 20 * MEGABYTE),
    "payment_proof": FileKind("缴费或者付款凭证", "proof of payment", SCANS, 20 * MEGABYTE, KEEPERS),
    "export_permit": FileKind(
        "技术出口许可证或者登记证", "export license or registration", SCANS, 20 * MEGABYTE
    ),
    "evaluation_report": FileKind("专利权评价报告", "evaluation report", SCANS, 50 * MEGABYTE),
    "appraisal_report": FileKind("资产评估报告", "appraisal report", SCANS, 50 * MEGABYTE),
    "company_papers": FileKind("公司登记材料", "papers of the company's registration", SCANS, 50 * MEGABYTE),
    "office_notice": FileKind(
        "官方通知和证明", "notices and certificates of an office", SCANS, 50 * MEGABYTE
    ),
    "evidence": FileKind("证明材料", "evidence", (*SCANS, DOCX), 50 * MEGABYTE, KEEPERS),
    "other": FileKind("其他附件", "other", (*SCANS, DOCX), 50 * MEGABYTE, KEEPERS),
}
