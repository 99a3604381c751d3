"""Export control (技术进出口管制) of a deal with a foreign party, or one of Hong Kong, Macao or Taiwan.

The technology is classified first. Forbidden: there it ends. Restricted: letter of intent, then negotiation and
signature, then the license, with which the contract takes effect. Free: signed and in force at once, then registered
within 60 days. The patent office asks for the license or certificate before it changes the owner.

Source: 技术进出口管理条例 arts 29-38; 技术进出口合同登记管理办法 arts 6-7; 专利审查指南 part 1 ch 1 §6.7.2.2(3)
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from states import export_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.clearances import is_export, order_of
from states.context import Context
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, EffectOf, Step, kept, required_day, section

_CLASSIFY = (
    Arc("classify_technology", "export_forbidden", choice="is_export_forbidden"),
    Arc("classify_technology", "export_restricted", choice="is_export_restricted"),
    Arc("classify_technology", "export_free"),
)
_VOID = Arc("void_export", "export_open")
_APPLY = Arc("submit_export_application", "export_applied")
_REFUSE = Arc("refuse_export", "export_refused")
EXPORT = Node(
    "export", "技术出口", "Export control",
    children=(
        Node("export_open", "不涉外或待判定", "not abroad, or to be classified", _CLASSIFY),
        Node("export_forbidden", "禁止出口", "forbidden", (*_CLASSIFY, _VOID)),
        Node("export_restricted", "限制出口，待申请", "restricted, to be applied for", (*_CLASSIFY, _APPLY, _VOID)),
        Node("export_applied", "出口申请审查中", "applied for", (
            Arc("record_letter_of_intent", "export_intent"), _REFUSE, _VOID,
        )),
        Node("export_intent", "已取得许可意向书", "letter of intent", (
            Arc("submit_export_contract", "export_licensing"), _VOID,
        )),
        Node("export_licensing", "许可证审查中", "license applied for", (
            Arc("record_export_license", "export_licensed"), _REFUSE,
        )),
        Node("export_licensed", "已取得许可证", "licensed"),
        Node("export_refused", "未获出口许可", "refused", (*_CLASSIFY, _APPLY, _VOID)),
        Node("export_free", "自由出口", "free", (*_CLASSIFY, _VOID)),
    ),
)  # fmt: skip
# After the effect: a contract on a free technology is registered; any other has nothing left to do.
REGISTRATION = Node(
    "export_registration", "技术出口合同登记", "Export registration",
    children=(
        Node("export_unneeded", "无须登记", "not needed"),
        Node("export_registration_due", "待登记", "due", (
            Arc("submit_export_registration", "export_registration_submitted"),
        )),
        Node("export_registration_submitted", "登记中", "submitted", (
            Arc("record_export_certificate", "export_certified"),
        )),
        Node("export_certified", "已取得登记证", "certified"),
    ),
)  # fmt: skip
INTO_FORCE = (
    Arc("take_effect", "export_registration_due", choice="is_export_free"),
    Arc("take_effect", "performance"),
)
_BOUND = ("export_restricted", "export_applied", "export_intent", "export_licensing", "export_refused")


def is_going_abroad(ctx: Context) -> tuple[Unmet, ...]:
    """The other side is foreign and the deal holds more than designs; otherwise there is nothing to classify."""
    if is_export(ctx):
        return ()
    what = ("对方不是境外或港澳台主体，或本案仅有外观设计，不涉及技术出口", "nothing is exported")
    return (ctx.unmet("no_export", "TR-10", what, ("无须办理", "nothing to do"), "officer"),)


def is_before_signature(ctx: Context) -> tuple[Unmet, ...]:
    """The contract has not been signed: what it rests on stays as it was classified."""
    if not ctx.at("signed"):
        return ()
    what = ("合同已签订，不能再改技术出口的判定或重新申请", "the contract is signed")
    remedy = ("不再履行的，解除合同后另行办理", "terminate the contract")
    return (ctx.unmet("classified_before", "T-24", what, remedy, "officer"),)


def is_security_reviewed(ctx: Context) -> tuple[Unmet, ...]:
    """The transfer of intellectual property abroad has been reviewed for national security."""
    if ctx.payload is None or ctx.payload.security_reviewed:
        return ()
    what = ("尚未办理知识产权对外转让审查", "the transfer abroad has not been reviewed")
    remedy = ("在出口环节办理审查后勾选", "have it reviewed, and tick the box")
    return (ctx.unmet("no_security_review", "TR-20", what, remedy, "officer"),)


def is_contract_signed(ctx: Context) -> tuple[Unmet, ...]:
    """The contract is signed: only then the license is applied for."""
    if ctx.at("signed"):
        return ()
    what = ("合同尚未签订，不能申请技术出口许可证", "the contract is not signed yet")
    return (ctx.unmet("not_signed", "T-24B", what, ("先签订合同", "sign it first"), "officer"),)


def is_license_held(ctx: Context) -> tuple[Unmet, ...]:
    """A contract on a restricted technology takes effect with the export license, not before."""
    licensed = ctx.data.day("export", "licensed_on")
    if ctx.at("export_licensed") and licensed:
        return g.day_between("effective_on", "生效日期", ("export", "licensed_on", "技术出口许可证日期"))(ctx)
    if not any(ctx.at(leaf) for leaf in _BOUND):
        return ()
    what = (
        "限制出口技术的合同自取得技术出口许可证之日起生效",
        "the contract takes effect with the export license",
    )
    remedy = (
        "申请并登记技术出口许可证；未获许可的，解除合同",
        "obtain the license; if refused, terminate the contract",
    )
    return (ctx.unmet("no_export_license", "T-24B", what, remedy, "officer"),)


def is_certified(ctx: Context) -> tuple[Unmet, ...]:
    """The certificate or license is here, which the patent office asks for."""
    if not (ctx.at("export_registration_due") or ctx.at("export_registration_submitted")):
        return ()
    what = (
        "受让人为境外或港澳台主体，尚无技术出口合同登记证，不能办理变更",
        "the certificate of the export registration is missing",
    )
    remedy = ("先办理技术出口合同登记，登记证书编号后提交", "register the export contract first")
    return (ctx.unmet("no_certificate", "TR-09", what, remedy, "officer"),)


def openings(ctx: Context, effective: date) -> tuple[Opening, ...]:
    """Return the deadline for registering a contract on a free technology, counted from its effect."""
    if ctx.at("export_free") or ctx.at("export_registration_due"):
        return (Opening("export_registration", "T-22", "contract_effective", effective),)
    return ()


def _classify(ctx: Context) -> Effects:
    effects = Effects(facts={"export": kept(ctx)})
    return (
        _permitted(ctx, effects, "judged_on", "自由出口技术") if ctx.payload.category == "free" else effects
    )


def _permitted(ctx: Context, effects: Effects, day: str, evidence: str) -> Effects:
    """Record that the deal may be signed, as the matrix asks at the signature."""
    consent = {
        "consent": "export_control", "given_by": "技术出口判定", "given_on": required_day(ctx, day).isoformat(),
        "evidence": evidence,
    }  # fmt: skip
    given = {"given": [*ctx.data.items("consents", "given"), consent]}
    return replace(effects, facts={**effects.facts, "consents": given})


def _wait(rule_id: str, *closes: str) -> EffectOf:
    """Return the effect of handing something in: the expected answer opens."""

    def effect(ctx: Context) -> Effects:
        opening = Opening("export_answer", rule_id, "export_submitted", required_day(ctx, "submitted_on"))
        facts = section(ctx, "export", **_prefixed(ctx, rule_id))
        return Effects(facts=facts, opens=(opening,), closes=tuple(map(Closing, closes)))

    return effect


def _prefixed(ctx: Context, rule_id: str) -> dict[str, Any]:
    """Return the payload under names of its own: three things are handed in, one after another."""
    name = {"T-24": "application", "T-24B": "contract", "T-23": "registration"}[rule_id]
    return {name: kept(ctx), "submitted_on": required_day(ctx, "submitted_on").isoformat()}


def _answer(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "export", **kept(ctx)), closes=(Closing("export_answer"),))


def _intent(ctx: Context) -> Effects:
    return _permitted(ctx, _answer(ctx), "issued_on", f"许可意向书{ctx.payload.letter_no}")


def _is(category: str) -> Callable[[Context], bool]:
    return lambda ctx: bool(getattr(ctx.payload, "category", "") == category)


CHOICES: Mapping[str, Callable[[Context], bool]] = {
    "is_export_forbidden": _is("forbidden"),
    "is_export_restricted": _is("restricted"),
    "is_export_free": lambda ctx: ctx.at("export_free"),
}
_SIGNED = ("contract", "signed_on", "签订日期")
_SUBMITTED = ("export", "submitted_on", "提交日期")
STEPS: tuple[Step, ...] = (
    Step(
        "classify_technology", "技术出口判定", "Classify the technology", "完成技术出口判定", "classified the technology",
        OFFICER, p.ClassifyTechnology,
        (
            order_of("export"), is_going_abroad, is_before_signature, is_security_reviewed,
            g.day_between("judged_on", "判定日期"),
        ),
        _classify,
    ),
    Step(
        "submit_export_application", "提交出口申请", "Apply for the export", "提交技术出口申请", "applied for the export",
        OFFICER, p.SubmitExportApplication,
        (is_before_signature, g.day_between("submitted_on", "申请提交日期", ("export", "judged_on", "判定日期"))), _wait("T-24"),
    ),
    Step(
        "record_letter_of_intent", "登记许可意向书", "Record the letter of intent", "取得许可意向书", "obtained the letter",
        OFFICER, p.RecordLetterOfIntent, (g.day_between("issued_on", "许可意向书日期", _SUBMITTED),), _intent, "success",
        from_outside=True,
    ),
    Step(
        "refuse_export", "登记不予许可出口", "Record that the export is refused", "技术出口未获许可", "was refused the export",
        OFFICER, p.RefuseExport, (g.day_between("refused_on", "不予许可日期", _SUBMITTED),), _answer, "danger",
        from_outside=True,
    ),
    Step(
        "submit_export_contract", "申请出口许可证", "Apply for the license", "申请技术出口许可证", "applied for the license",
        OFFICER, p.SubmitExportContract, (is_contract_signed, g.day_between("submitted_on", "提交日期", _SIGNED)),
        _wait("T-24B"),
    ),
    Step(
        "record_export_license", "登记出口许可证", "Record the license", "取得出口许可证", "obtained the license",
        OFFICER, p.RecordExportLicense, (g.day_between("licensed_on", "技术出口许可证日期", _SUBMITTED),), _answer, "success",
        from_outside=True,
    ),
    Step(
        "submit_export_registration", "提交出口合同登记", "Register the contract", "提交出口合同登记", "submitted it",
        OFFICER, p.SubmitExportRegistration,
        (g.day_between("submitted_on", "提交日期", ("contract", "effective_on", "合同生效日期")),),
        _wait("T-23", "export_registration"),
    ),
    Step(
        "record_export_certificate", "登记出口合同登记证", "Record the certificate", "取得出口合同登记证", "obtained it",
        OFFICER, p.RecordExportCertificate, (g.day_between("certified_on", "登记证日期", _SUBMITTED),), _answer, "success",
        from_outside=True,
    ),
)  # fmt: skip
