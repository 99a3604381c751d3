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
    "counter_draft": FileKind("对方返回的合同稿", "draft that came back", (DOCX,), 20 * MEGABYTE),
    "agreement": FileKind("补充、变更或解除协议", "further agreement", (*SCANS, DOCX), 50 * MEGABYTE),
    "evidence": FileKind("证明材料", "evidence", (*SCANS, DOCX), 50 * MEGABYTE, KEEPERS),
    "other": FileKind("其他附件", "other", (*SCANS, DOCX), 50 * MEGABYTE, KEEPERS),
}
