"""Recognition and registration of the technology contract (技术合同认定登记), at its own pace beside the filing.

Registration is voluntary, but tax benefits and the reduced tax on rewards rest on it; not to apply is a decision with
a reason, and may be taken back while the contract is in force.
"""

from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.payload_fields import Day, Fen, Line, Note, OptionalLine, Payload, asked, optional
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, required_day, section

REGION = Node(
    "registration", "技术合同认定登记", "Contract registration",
    children=(
        Node("registration_due", "待申请", "due", (
            Arc("apply_registration", "registration_submitted"), Arc("waive_registration", "registration_waived"),
        )),
        Node("registration_submitted", "已申请", "applied for", (
            Arc("register_contract", "registered"), Arc("refuse_registration", "registration_refused"),
        )),
        Node("registration_refused", "不予登记", "refused", (
            Arc("apply_registration", "registration_submitted"), Arc("waive_registration", "registration_waived"),
        )),
        Node("registration_waived", "不申请", "not applied for", (
            Arc("apply_registration", "registration_submitted"),
        )),
        Node("registered", "已登记", "registered"),
    ),
)  # fmt: skip
LEAVES = frozenset(child.id for child in REGION.children)
UNSETTLED = ("registration_due", "registration_submitted", "registration_refused")
_APPLIED = ("registration", "applied_on", "申请认定登记日期")
_EFFECTIVE = ("contract", "effective_on", "合同生效日期")


class ApplyRegistration(Payload):
    """The contract goes to the registration office."""

    applied_on: Day = asked("申请日期", "Applied on", "date")
    office: Line = asked(
        "登记机构",
        "Registration office",
        help_zh="技术合同认定登记机构名称",
        help_en="Name of the registration office",
    )
    receipt_no: OptionalLine = optional("受理编号", "Receipt no.")


class RegisterContract(Payload):
    """The office has recognized and registered the contract."""

    registered_on: Day = asked("登记日期", "Registered on", "date")
    registration_no: Line = asked("登记编号", "Registration no.")
    total_fen: Fen = asked("核定合同成交额（元）", "Contract amount recognized (CNY)", "money")
    technical_fen: Fen = asked(
        "核定技术交易额（元）",
        "Technical trade amount recognized (CNY)",
        "money",
        "登记证明载明的技术交易额",
        "As the certificate states it",
    )


class RefuseRegistration(Payload):
    """The office does not register the contract."""

    refused_on: Day = asked("不予登记日期", "Refused on", "date")
    reason: Note = asked("不予登记理由", "Grounds", "textarea")


class WaiveRegistration(Payload):
    """The institution does not apply."""

    reason: Note = asked(
        "不申请的原因", "Reason", "textarea", "不登记的，不能享受增值税免税、所得税优惠和现金奖励减税",
        "Without registration there is no tax benefit for contract or reward",
    )  # fmt: skip


def is_amount_plausible(ctx: Context) -> tuple[Unmet, ...]:
    """The technical amount is a part of the contract amount."""
    if ctx.payload is None or ctx.payload.technical_fen <= ctx.payload.total_fen:
        return ()
    return (
        ctx.unmet(
            "technical_exceeds_total", "TC-09",
            ("技术交易额大于合同成交额", "the technical amount exceeds the contract amount"),
            ("按登记证明核对两项金额", "check both amounts against the certificate"), "officer",
        ),
    )  # fmt: skip


def is_registration_settled(ctx: Context) -> tuple[Unmet, ...]:
    """The contract is registered, or somebody has decided not to apply."""
    if not any(ctx.at(leaf) for leaf in UNSETTLED):
        return ()
    return (
        ctx.unmet(
            "registration_open", "TC-04",
            ("技术合同认定登记尚未办结", "the technology-contract registration is open"),
            ("登记结果；不申请的，登记不申请及原因", "record its result, or that it is not applied for"), "officer",
        ),
    )  # fmt: skip


def has_region(ctx: Context) -> bool:
    """Say whether the registration runs in a region of its own; cases of earlier charts record it as a duty."""
    return any(ctx.at(leaf) for leaf in LEAVES)


def is_registered(ctx: Context) -> bool:
    """Say whether the contract has been registered, in whichever way it was recorded."""
    return bool(
        ctx.data.get("registration", "registered_on") or ctx.data.get("duties", "technology_contract")
    )


def _apply(ctx: Context) -> Effects:
    applied = required_day(ctx, "applied_on")
    opening = Opening(
        "registration_decision", "T-26", "recognition_submitted", applied, amount_fen=ctx.terms.amount_fen
    )
    facts = section(ctx, "registration", **kept(ctx))
    return Effects(
        facts=facts,
        opens=(opening,),
        closes=(Closing("technology_contract"),),
        documents=("registration_sheet",),
    )


def _register(ctx: Context) -> Effects:
    return Effects(
        facts=section(ctx, "registration", **kept(ctx)), closes=(Closing("registration_decision"),)
    )


def _refuse(ctx: Context) -> Effects:
    refusals = [*ctx.data.items("registration", "refusals"), kept(ctx)]
    return Effects(
        facts=section(ctx, "registration", refusals=refusals), closes=(Closing("registration_decision"),)
    )


def _waive(ctx: Context) -> Effects:
    facts = section(ctx, "registration", waived={**kept(ctx), "by_name": ctx.actor.name})
    return Effects(facts=facts, closes=(Closing("technology_contract", "dropped"),))


STEPS: tuple[Step, ...] = (
    Step(
        "apply_registration", "申请技术合同认定登记", "Apply for contract registration", "申请技术合同认定登记",
        "applied for contract registration", OFFICER, ApplyRegistration,
        (g.day_between("applied_on", "申请日期", _EFFECTIVE),), _apply,
    ),
    Step(
        "register_contract", "登记认定登记证明", "Record the registration", "取得技术合同认定登记证明",
        "recorded the contract registration", OFFICER, RegisterContract,
        (is_amount_plausible, g.day_between("registered_on", "登记日期", _APPLIED)), _register, "success",
        from_outside=True,
    ),
    Step(
        "refuse_registration", "登记不予登记", "Record that registration is refused", "技术合同不予登记",
        "recorded that registration is refused", OFFICER, RefuseRegistration,
        (g.day_between("refused_on", "不予登记日期", _APPLIED),), _refuse, "danger", from_outside=True,
    ),
    Step(
        "waive_registration", "不申请认定登记", "Do without registration", "决定不申请技术合同认定登记",
        "decided to do without registration", OFFICER, WaiveRegistration, (), _waive, "secondary",
    ),
)  # fmt: skip
