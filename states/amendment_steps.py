"""The steps by which a contract in force is changed or extended: proposed, made public, approved, signed, or given up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rules.deadlines import compute
from rules.holiday_notices import calendar_of
from states import amendments as a
from states import ends, technology_contract
from states import guards as g
from states import payloads as p
from states.amended import FILING_CHANGE, REGISTRATION_CHANGE, SIGNED
from states.amendment_payloads import (
    CloseAmendmentPublicity,
    PostAmendment,
    ProposeAmendment,
    ProposeExtension,
    SignAmendment,
)
from states.context import Context
from states.facts import TermsFacts
from states.plan import Closing, Effects, Opening
from states.preparation import SEEN
from states.recorded import payment_day, publicity_of
from states.steps import APPROVER, OFFICER, Step, kept, required_day

_PROPOSED_ON = (a.PROPOSED, "proposed_on", "提出日期")
EFFECTIVE = ("contract", "effective_on", "合同生效日期")
_POSTED = "amendment_publicity"


def _section(ctx: Context, **changes: Any) -> Mapping[str, Mapping[str, Any]]:
    return {a.PROPOSED: {**a.proposed(ctx), **changes}}


def _propose(ctx: Context, kind: str) -> Effects:
    found = ctx.facts.proposal
    if found is None:
        raise ValueError("a change without new terms")
    told = {name: value for name, value in kept(ctx).items() if name != "changes"}
    number = len(ctx.data.items(SIGNED, "list")) + 1
    proposed = {
        **told, "no": number, "kind": kind, "by_name": ctx.actor.name, "changes": [dict(one) for one in found.changes],
        "old_terms": dict(found.old), "new_terms": dict(found.new), "new_facts": found.terms.as_json(), "consents": [],
    }  # fmt: skip
    return Effects(facts={a.PROPOSED: proposed}, documents=(f"{kind}_agreement:{number}",))


def _post(ctx: Context) -> Effects:
    posted = required_day(ctx, "posted_on")
    end = publicity_of(ctx.book, posted, ())
    opening = Opening(
        _POSTED, "PUB", "publicity_posted", posted, "合同变更", end.may_close_from,
        because_zh=end.explanation_zh, because_en=end.explanation_en, provisional=end.provisional,
    )  # fmt: skip
    return Effects(facts=_section(ctx, publicity={**kept(ctx), "pauses": []}), opens=(opening,))


def _close_publicity(ctx: Context) -> Effects:
    shown = {**a.proposed(ctx)["publicity"], **kept(ctx)}
    return Effects(facts=_section(ctx, publicity=shown), closes=(Closing(_POSTED),))


def _approving(event: str) -> Any:
    """Return the effect of a step of an approval, on the approval of the change."""

    def effect(ctx: Context) -> Effects:
        found = a.APPROVING[event].effect(a.as_proposed(ctx))
        told = found.facts["approval"]
        more = {"returned": found.facts["sent_back"]} if "sent_back" in found.facts else {}
        return Effects(facts=_section(ctx, approval=told, **more), outbox=found.outbox)

    return effect


def _consent(ctx: Context) -> Effects:
    given = {**kept(ctx), "hash": a.new_terms(ctx).hashes.get("consent")}
    return Effects(facts=_section(ctx, consents=[*a.proposed(ctx)["consents"], given]))


def _sign(ctx: Context) -> Effects:
    """Make the new terms those of the case; open dates move, what is paid stays; open what the change has to be told to."""
    found, new = a.proposed(ctx), a.new_terms(ctx)
    signed = required_day(ctx, "signed_on")
    duties = _duties(ctx, signed)
    told = {
        **{name: value for name, value in found.items() if name != "new_facts"},
        **kept(ctx), "by_name": ctx.actor.name, "duties": [opening.key for opening in duties],
        "effective_on": found.get("effective_on") or signed.isoformat(),
    }  # fmt: skip
    facts = {
        SIGNED: {"list": [*ctx.data.items(SIGNED, "list"), told]},
        a.PROPOSED: None,
        **_bound_again(ctx, new),
        **_consents(ctx, new),
    }
    opens, closes = _payments(ctx, new)
    moved = () if found["kind"] == "extension" else _moved(ctx, new)
    return Effects(
        facts=facts, opens=(*duties, *opens), closes=closes, moves=moved,
        documents=(f"{found['kind']}_agreement:{found['no']}",),
    )  # fmt: skip


def _bound_again(ctx: Context, new: TermsFacts) -> dict[str, Mapping[str, Any]]:
    """Bind what had seen the terms to the new ones: the change was made public and approved in its turn."""
    return {
        name: {**ctx.data.sections[name], "hash": new.hashes.get(group)}
        for name, _, group in SEEN
        if group and ctx.data.get(name, "hash")
    }


def _consents(ctx: Context, new: TermsFacts) -> dict[str, Mapping[str, Any]]:
    given = a.proposed(ctx)["consents"]
    if not given:
        return {}
    before = ctx.data.sections.get("consents", {})
    return {"consents": {**before, "given": [*ctx.data.items("consents", "given"), *given]}}


def _payments(ctx: Context, new: TermsFacts) -> tuple[tuple[Opening, ...], tuple[Closing, ...]]:
    """Return the payments of the new schedule that are not settled, and those that fall away."""
    effective = ctx.data.day("contract", "effective_on")
    if not ctx.mode.has_company or effective is None:
        return (), ()
    receipts = ctx.data.items("receipts", "list")
    released = {one["payment"] for one in ctx.data.items("receipts", "released")}
    opens = []
    for number, payment in enumerate(new.payments, 1):
        key, day = f"payment:{number}", payment_day(payment, ctx.book)
        if key not in released and not ends.is_covered(payment, key, receipts):
            opens.append(
                Opening(
                    key, "PAYMENT", "contract_payment", effective, payment.label, day.due,
                    because_zh=day.zh, because_en=day.en, provisional=day.provisional,
                )
            )  # fmt: skip
    gone = range(len(new.payments) + 1, len(ctx.terms.payments) + 1)
    return tuple(opens), tuple(Closing(f"payment:{number}", "dropped") for number in gone)


def _moved(ctx: Context, new: TermsFacts) -> tuple[Opening, ...]:
    """Return the mode's own days of the contract, as the new terms name them."""
    effective, base = ctx.data.day("contract", "effective_on"), ctx.mode.dates.get("contract_effective")
    if effective is None or base is None:
        return ()
    return base.moves(replace(ctx, facts=replace(ctx.facts, terms=new)), effective)


def _duties(ctx: Context, signed: date) -> tuple[Opening, ...]:
    found: list[Opening] = []
    filing = ctx.mode.filing
    if filing is not None and filing.is_cancelled and ends.has_filing(ctx) and a.differs(ctx, "publicity"):
        found.append(_filing_change(ctx, signed))
    if technology_contract.is_registered(ctx) and a.differs(ctx, "approval"):
        found.append(_registration_change(ctx, signed))
    return tuple(found)


def _filing_change(ctx: Context, signed: date) -> Opening:
    """Open the change of the filing: for an extension within the last two months, else at the house's own time.

    Source: 专利实施许可合同备案办法 art 16
    """
    end = ctx.terms.end
    if end is not None and a.new_terms(ctx).end != end:
        return Opening(FILING_CHANGE, "T-03", "license_term_end", end)
    near = compute(ctx.book.deadline("T-04", signed), signed, calendar=calendar_of(ctx.book))
    return Opening(
        FILING_CHANGE, "T-03", "contract_amended", signed, "合同变更", near.due, provisional=near.provisional,
        because_zh=(
            "备案的内容变更的，应及时办理备案变更；备案办法对延期以外的变更没有规定天数。",
            f"参照注销备案的30日计算，至{near.due.isoformat()}。",
        ),
        because_en=(
            "What is on file is changed in time; the measures name no days for changes other than an extension.",
            f"The 30 days of a cancellation stand in: {near.due.isoformat()}.",
        ),
    )  # fmt: skip


def _registration_change(ctx: Context, signed: date) -> Opening:
    near = compute(ctx.book.deadline("TC", signed), signed, calendar=calendar_of(ctx.book))
    day = near.due.isoformat()
    return Opening(
        REGISTRATION_CHANGE, "TC", "contract_amended", signed, "变更登记", near.due, provisional=near.provisional,
        because_zh=(
            "合同变更的，应向原登记机构办理变更登记；征求意见稿第16条没有规定天数。",
            f"参照本单位申请认定登记的期限计算，至{day}。",
        ),
        because_en=(
            "A change is told to the office that registered the contract; article 16 of the draft names no days.",
            f"The house's limit for the application stands in: {day}.",
        ),
    )  # fmt: skip


def _abandon(ctx: Context) -> Effects:
    given_up = [*ctx.data.items(SIGNED, "given_up"), {**a.proposed(ctx), **kept(ctx)}]
    signed = ctx.data.sections.get(SIGNED, {})
    return Effects(
        facts={a.PROPOSED: None, SIGNED: {**signed, "given_up": given_up}},
        closes=(Closing(_POSTED, "dropped"),),
    )


_APPROVE, _BACK = (a.APPROVING[event] for event in ("approve", "send_back"))
_PROPOSING = (
    a.is_none_open, a.is_anything_changed, a.is_price_not_of_the_market, a.is_new_term_lawful, a.are_paid_payments_kept,
    a.is_effect_in_term, g.day_between("proposed_on", "提出日期", EFFECTIVE),
)  # fmt: skip
STEPS: tuple[Step, ...] = (
    Step(
        "propose_amendment", "提出合同变更", "Propose an amendment", "提出合同变更", "proposed a change of the contract",
        OFFICER, ProposeAmendment, _PROPOSING, lambda ctx: _propose(ctx, "amendment"), "secondary",
    ),
    Step(
        "propose_extension", "提出续展", "Propose an extension", "提出合同续展", "proposed an extension",
        OFFICER, ProposeExtension, (a.is_term_running, a.is_extension_later, *_PROPOSING),
        lambda ctx: _propose(ctx, "extension"), "secondary",
    ),
    Step(
        "post_amendment", "公示变更内容", "Post the amendment", "公示了合同变更", "posted the change",
        OFFICER, PostAmendment,
        (a.is_one_open, a.is_publicity_needed, g.day_between("posted_on", "公示开始日期", _PROPOSED_ON)),
        _post, "secondary", concerns=a.is_publicity_asked,
    ),
    Step(
        "close_amendment_publicity", "确认变更公示期满", "Close the publicity of the amendment",
        "变更公示期满", "closed the publicity of the change",
        OFFICER, CloseAmendmentPublicity,
        (a.is_one_open, a.is_posted, a.has_it_run, g.day_between("closed_on", "公示结束确认日期")),
        _close_publicity, "secondary", concerns=a.is_publicity_asked,
    ),
    Step(
        "submit_amendment", "变更报批", "Submit the amendment", "就合同变更报批", "submitted the change for approval",
        OFFICER, p.SubmitApproval,
        (a.is_one_open, a.is_not_submitted, a.may_be_submitted),
        _approving("submit_approval"), "secondary", concerns=a.is_proposed,
    ),
    Step(
        "approve_amendment", "批准变更", "Approve the amendment", "批准了合同变更", "approved the change",
        APPROVER, p.Approve, (a.is_waiting, *(a.on_the_change(guard) for guard in _APPROVE.guards)),
        _approving("approve"), "success", concerns=a.is_deciding,
    ),
    Step(
        "return_amendment", "退回变更", "Send the amendment back", "退回了合同变更", "sent the change back",
        APPROVER, p.Decline, (a.is_waiting, *(a.on_the_change(guard) for guard in _BACK.guards)),
        _approving("send_back"), "warning", concerns=a.is_deciding,
    ),
    Step(
        "consent_to_amendment", "登记对变更的同意", "Record a consent to the amendment",
        "登记了对合同变更的同意", "recorded a consent to the change",
        OFFICER, p.RecordConsent, (a.is_one_open, g.day_between("given_on", "同意日期")), _consent, "secondary",
        concerns=a.is_proposed,
    ),
    Step(
        "sign_amendment", "登记签订变更协议", "Record the signature of the amendment",
        "签订了变更协议", "signed the change of the contract",
        OFFICER, SignAmendment,
        (
            a.is_one_open, a.is_publicity_over, a.is_change_approved, a.does_it_stand, a.are_paid_payments_kept,
            g.day_between("signed_on", "签订日期", _PROPOSED_ON),
        ),
        _sign, "secondary", concerns=a.is_proposed,
    ),
    Step(
        "abandon_amendment", "放弃变更", "Give the amendment up", "放弃了合同变更", "gave the change up",
        OFFICER, p.Reason, (a.is_one_open,), _abandon, "secondary", concerns=a.is_proposed,
    ),
)  # fmt: skip
