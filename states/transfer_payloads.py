"""What the steps of a transfer ask for where the shared words do not fit."""

from typing import Literal

from states import payloads
from states.payload_fields import Day, Line, OptionalLine, Payload, asked, chosen, optional


class SignTransfer(Payload):
    """Both parties have signed."""

    signed_on: Day = asked("签订日期", "Signed on", "date")
    assignor_signatory: Line = asked("转让人签署人", "Signatory of the assignor")
    assignee_signatory: Line = asked("受让人签署人", "Signatory of the assignee")
    place: OptionalLine = optional("签订地点", "Place")


class RecordConsent(Payload):
    """Somebody whose consent the law asks for has given it. Inventors and export control have steps of their own."""

    consent: Literal[
        "co_owner", "co_owner_agreement", "pledgee", "project_body", "license_disclosure", "partner_waiver",
        "pool_terms",
    ] = chosen("同意类型", "Consent of", {
        "co_owner": ("全体共有人同意", "all co-owners"),
        "co_owner_agreement": ("共有协议允许", "agreement of the co-owners"),
        "pledgee": ("质押双方同意变更", "both pledge parties"),
        "project_body": ("项目管理机构批准", "project body"),
        "license_disclosure": ("受让人知悉并承受在先许可", "the assignee takes earlier licenses over"),
        "partner_waiver": ("委托人、合作方放弃优先受让", "waiver of the client or partner"),
        "pool_terms": ("专利池管理方意见", "the pool's opinion"),
    })  # fmt: skip
    given_by: Line = asked("同意人", "Given by")
    given_on: Day = asked("同意日期", "Given on", "date")
    evidence: Line = asked("书面文件", "Document", help_zh="同意书编号或存放位置")


class CorrectDate(payloads.CorrectDate):
    """A date was recorded wrongly."""

    which: Literal[
        "price_agreed", "publicity_posted", "approved", "contract_signed", "contract_effective", "filing_submitted",
        "filing_recorded", "contract_ended",
    ] = chosen("更正哪个日期", "Which date", {
        "price_agreed": ("协议定价日期", "price agreed on"),
        "publicity_posted": ("公示开始日期（公示期间可更正）", "publicity posted on (while it runs)"),
        "approved": ("批准日期", "approved on"),
        "contract_signed": ("合同签订日期", "contract signed on"),
        "contract_effective": ("合同生效日期", "contract effective on"),
        "filing_submitted": ("变更提交日期（审查期间可更正）", "change submitted on (while it is examined)"),
        "filing_recorded": ("手续合格通知书发文日", "date of the notice"),
        "contract_ended": ("合同终止日期（终止后的事项办结前可更正）", "contract ended on (while duties are left)"),
    })  # fmt: skip
