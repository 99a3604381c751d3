"""What licensing modes share before the signature: the four clearances and the contract, side by side."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from states import approvals, confidentiality, consents, ends, price_routes, signatures, wording
from states import guards as g
from states import payloads as p
from states.chart import Arc, Node
from states.clearances import are_clearances_done, order_of
from states.context import Context
from states.negotiating import is_negotiation_settled
from states.plan import Closing, Effects, Opening
from states.price_routes import is_route
from states.recorded import Pauses, pauses_in, publicity_of
from states.signature_payloads import Sign
from states.steps import OFFICER, Step, kept, noted, required_day, section

APPROVAL = approvals.NODE
TITLE = Node(
    "title", "权属与法律状态", "Title and legal status",
    children=(
        Node("title_pending", "待核查", "to be checked", (Arc("clear_title", "title_cleared"),)),
        Node("title_cleared", "已核查", "cleared", (Arc("clear_title"), Arc("void_title", "title_pending"))),
    ),
)  # fmt: skip
PRICE = Node(
    "price", "定价", "Price",
    children=(
        Node("price_open", "待定价", "open", (Arc("agree_price", "price_agreed"),)),
        Node("price_agreed", "已协议定价", "agreed", (Arc("void_price", "price_open"),)),
    ),
)  # fmt: skip
PUBLICITY = Node(
    "publicity", "公示", "Publicity",
    children=(
        Node("publicity_open", "未公示", "not posted", (Arc("post_publicity", "publicity_running"),)),
        Node("publicity_running", "公示中", "running", (
            Arc("raise_objection", "publicity_paused"),
            Arc("close_publicity", "publicity_closed"),
            Arc("void_publicity", "publicity_open"),
        )),
        Node("publicity_paused", "异议处理中（暂停）", "paused by an objection", (
            Arc("resolve_objection", "publicity_open", choice="is_objection_upheld"),
            Arc("resolve_objection", "publicity_running", unless="is_objection_upheld"),
            Arc("void_publicity", "publicity_open"),
        )),
        Node("publicity_closed", "公示期满", "closed", (Arc("void_publicity", "publicity_open"),)),
    ),
)  # fmt: skip
_IN_FORCE = Arc("take_effect", "performance")


def contract(*into_force: Arc) -> Node:
    """Return the region of the contract; `into_force` are the arcs of its effect if there is more than the usual one."""
    return Node("contract", "合同", "Contract", children=(
        Node("contract_waiting", "待起草", "waiting", (Arc("start_drafting", "drafting"),)),
        Node("drafting", "起草中", "drafting", (
            Arc("finalize_contract", "signing"),
            Arc("void_contract", "contract_waiting"),
            Arc("choose_clauses"), Arc("rewrite_clause"),
        )),
        Node("signing", "待签订", "signing", (
            Arc("sign", "signed"),
            Arc("return_to_drafting", "drafting"),
            Arc("void_contract", "contract_waiting"),
        )),
        Node("signed", "已签订待生效", "signed, not yet effective", (
            *(into_force or (_IN_FORCE,)),
            Arc("record_duty"), Arc("record_patent_ended"),
            Arc("terminate", "duties_due"), Arc("end_with_patent", "duties_due"),
        )),
    ))  # fmt: skip


CONTRACT = contract()


def deal(*regions: Node, negotiating: tuple[Arc, ...] = confidentiality.ARCS) -> Node:
    """Return the parallel state before the contract takes effect, with the given regions."""
    arcs = (
        *negotiating,
        Arc("edit_terms"),
        Arc("record_consent"),
        Arc("add_patent"),
        Arc("remove_patent"),
        Arc("reassign"),
        Arc("correct_date"),
        Arc("correct_entry"),
        Arc("step_back"),
        Arc("switch_mode"),
        Arc("split_off"),
        Arc("join_case"),
        Arc("withdraw", "withdrawn"),
    )
    return Node("deal", "洽谈与签约", "Deal", arcs, regions, parallel=True)


def _is_objection_upheld(ctx: Context) -> bool:
    return ctx.payload is not None and ctx.payload.outcome == "upheld"


CHOICES: Mapping[str, Callable[[Context], bool]] = {
    **price_routes.CHOICES,
    "is_objection_upheld": _is_objection_upheld,
    **approvals.CHOICES,
}


_CLASSIFIED = (
    "export_forbidden", "export_restricted", "export_applied", "export_intent", "export_refused", "export_free",
)  # fmt: skip
# What has seen the terms: its section, the leaves where it stands, and the group of fields that it saw.
SEEN: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("entry", ("entry_submitted", "entry_admitted"), ""),
    ("price", ("price_listed", "price_auctioned", "price_agreed"), "publicity"),
    ("publicity", ("publicity_running", "publicity_paused", "publicity_closed"), "publicity"),
    ("approval", ("approval_submitted", "approval_granted"), "approval"),
    ("contract", ("drafting", "signing"), "approval"),
    ("first_refusal", ("refusal_waiting", "refusal_exercised", "first_refusal_cleared"), "publicity"),
    # Of no group: it has seen the patents, not the terms.
    ("export", _CLASSIFIED, ""),
    ("valuation", ("valuation_reported", "valuation_cleared"), "valuation"),
    ("award_agreement", ("award_agreed",), "award"),
)


def _edit_terms(ctx: Context) -> Effects:
    """Void exactly what saw the changed fields. `ctx.terms` are already the new terms.

    What keeps no hash is bound to the patents alone: a review by a pool, a sale that is still open.
    """
    new = ctx.terms.hashes
    names = [
        name
        for name, leaves, seen in SEEN
        if any(ctx.at(leaf) for leaf in leaves) and ctx.data.get(name, "hash") not in (None, new.get(seen))
    ]
    return consents.voided_by_terms(ctx, voided(names))


# The deadline that waits for a section to be finished.
_WAITING = {
    "price": "sale",
    "publicity": "publicity",
    "first_refusal": "first_refusal",
    "export": "export_answer",
}


def voided(names: list[str]) -> Effects:
    """Return what voiding these sections does."""
    closes = tuple(Closing(key, "dropped") for name, key in _WAITING.items() if name in names)
    raised = tuple(f"void_{name}" for name in names)
    return Effects(facts=dict.fromkeys(names), raised=raised, voids=tuple(names), closes=closes)


def _agree_price(ctx: Context) -> Effects:
    return Effects(facts={"price": {**kept(ctx), "hash": ctx.terms.hashes.get("publicity")}})


def _post_publicity(ctx: Context) -> Effects:
    posted = required_day(ctx, "posted_on")
    facts = {"publicity": {**kept(ctx), "pauses": [], "hash": ctx.terms.hashes.get("publicity")}}
    return Effects(facts=facts, opens=(publicity_end(ctx, posted, ()),), documents=("publicity_notice",))


def publicity_end(ctx: Context, posted: date, pauses: Pauses) -> Opening:
    """Return the deadline of a publicity, under the policy of the day on which it was posted."""
    ends = publicity_of(ctx.book, posted, pauses)
    return Opening(
        "publicity", "PUB", "publicity_posted", posted, due=ends.may_close_from,
        because_zh=ends.explanation_zh, because_en=ends.explanation_en, provisional=ends.provisional,
    )  # fmt: skip


def _raise_objection(ctx: Context) -> Effects:
    received = required_day(ctx, "received_on").isoformat()
    pauses = [*ctx.data.items("publicity", "pauses"), [received, None]]
    facts = {**section(ctx, "publicity", pauses=pauses), "objection": kept(ctx)}
    return Effects(facts=facts, closes=(Closing("publicity", "dropped"),))


def _resolve_objection(ctx: Context) -> Effects:
    resolved = required_day(ctx, "resolved_on")
    objection = {**ctx.data.sections.get("objection", {}), **kept(ctx)}
    if ctx.payload.outcome == "upheld":
        return Effects(facts={"publicity": None, "objection": objection}, voids=("publicity",))
    *earlier, (start, _) = ctx.data.items("publicity", "pauses")
    pauses = [*earlier, [start, resolved.isoformat()]]
    facts = {**section(ctx, "publicity", pauses=pauses), "objection": objection}
    posted = ctx.data.day("publicity", "posted_on")
    if posted is None:
        raise ValueError("an objection without a publicity")
    opening = publicity_end(ctx, posted, pauses_in(pauses))
    return Effects(facts=facts, opens=(opening,))


def _close_publicity(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "publicity", **kept(ctx)), closes=(Closing("publicity"),))


def _start_drafting(ctx: Context) -> Effects:
    facts = {"contract": {**kept(ctx), "hash": ctx.terms.hashes.get("approval"), **wording.pinned(ctx)}}
    return Effects(facts=facts, documents=("contract",))


def _finalize(ctx: Context) -> Effects:
    named = {"counterparty": ctx.facts.counterparty} if ctx.facts.counterparty else {}
    facts = section(ctx, "contract", **kept(ctx), **named, **wording.pinned(ctx))
    return Effects(facts=facts, documents=("contract",))


def _sign(ctx: Context) -> Effects:
    signed = required_day(ctx, "signed_on")
    stamp = Opening("stamp_duty", "TX-14", "contract_signed", signed)
    facts = section(ctx, "contract", **kept(ctx), **signatures.as_kept(ctx), patents=as_signed(ctx))
    return Effects(facts=facts, opens=(stamp,), documents=("contract",))


def as_signed(ctx: Context) -> list[dict[str, Any]]:
    """Return the patents as the signed contract names them; later changes of the record show as differences."""
    return [
        {
            "id": patent.id,
            "title": patent.title,
            "owners": list(patent.owners),
            "filing_date": patent.filing_date.isoformat() if patent.filing_date else None,
            "grant_date": patent.grant_date.isoformat() if patent.grant_date else None,
        }
        for patent in ctx.facts.patents
    ]


STEPS: tuple[Step, ...] = (
    Step(
        "edit_terms", "修改商务条款", "Edit the terms", "修改了商务条款", "edited the terms",
        OFFICER, p.EditTerms, (g.is_unsigned,), _edit_terms, "secondary",
    ),
    Step(
        "record_consent", "登记同意书", "Record a consent", "登记了同意书", "recorded a consent",
        OFFICER, p.RecordConsent, (g.day_between("given_on", "同意日期"),), consents.record, "secondary",
    ),
    Step(
        "clear_title", "权属核查", "Check the title", "完成权属核查", "checked the title",
        OFFICER, p.ClearTitle,
        (g.day_between("checked_on", "核查日期"), g.is_register_fresh, g.are_patents_clear("open")),
        noted("title", "by_name"),
    ),
    Step(
        "agree_price", "确认协议定价", "Agree the price", "确认了协议定价", "agreed the price",
        OFFICER, p.AgreePrice,
        (order_of("price"), g.are_terms_complete, is_route("agreement"), g.day_between("agreed_on", "定价日期")),
        _agree_price,
    ),
    *price_routes.STEPS,
    Step(
        "post_publicity", "开始公示", "Post the publicity", "开始公示", "posted the publicity",
        OFFICER, p.PostPublicity,
        (
            order_of("publicity"), g.are_terms_complete, g.is_objection_procedure_published,
            approvals.is_relation_approved,
            g.day_between("posted_on", "公示开始日期", ("price", "agreed_on", "协议定价日期")),
        ),
        _post_publicity,
    ),
    Step(
        "raise_objection", "登记异议", "Record an objection", "登记了异议，公示暂停", "recorded an objection",
        OFFICER, p.RaiseObjection,
        (g.day_between("received_on", "收到异议日期", ("publicity", "posted_on", "公示开始日期")),),
        _raise_objection, "warning",
    ),
    Step(
        "resolve_objection", "处理异议", "Resolve the objection", "处理了异议", "resolved the objection",
        OFFICER, p.ResolveObjection,
        (g.day_between("resolved_on", "处理完毕日期", ("objection", "received_on", "收到异议日期")),),
        _resolve_objection,
    ),
    Step(
        "close_publicity", "确认公示期满", "Close the publicity", "确认公示期满", "closed the publicity",
        OFFICER, p.ClosePublicity, (g.has_publicity_run, g.day_between("closed_on", "公示结束确认日期")),
        _close_publicity,
    ),
    *approvals.STEPS,
    Step(
        "start_drafting", "起草合同", "Draft the contract", "开始起草合同", "started drafting",
        OFFICER, p.StartDrafting, (are_clearances_done, g.is_approval_of_these_terms), _start_drafting,
    ),
    Step(
        "finalize_contract", "定稿送签", "Finalize the contract", "合同定稿送签", "finalized the contract",
        OFFICER, p.FinalizeContract,
        (
            are_clearances_done, g.is_contract_content_known, g.is_within_patent_life, g.are_terms_lawful,
            g.is_approval_of_these_terms, wording.is_lawful, is_negotiation_settled,
        ),
        _finalize,
    ),
    *wording.STEPS,
    Step(
        "return_to_drafting", "退回起草", "Return to drafting", "退回起草", "returned to drafting",
        OFFICER, p.Reason, (), noted("returned", "by_name"), "secondary",
    ),
    Step(
        "sign", "登记签订", "Record the signature", "登记合同签订", "recorded the signature",
        OFFICER, Sign,
        (
            are_clearances_done, g.are_patents_clear("sign"), g.is_within_patent_life, g.has_no_conflict,
            g.is_approval_of_these_terms, g.is_company_as_finalized, is_negotiation_settled, signatures.are_files_there,
            g.day_between("signed_on", "签订日期", ("approval", "decided_on", "批准日期")),
        ),
        _sign, "success",
    ),
    Step(
        "withdraw", "撤回案件", "Withdraw the case", "撤回案件", "withdrew the case",
        OFFICER, p.Reason, (g.is_unsigned,), lambda ctx: ends.end_unsigned(ctx, "withdrawn"), "danger",
    ),
)  # fmt: skip
