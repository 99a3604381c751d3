"""What modes share after the contract took effect: feedback, payments, and the end."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from states import (
    closing,
    distribution,
    ends,
    industrialization,
    milestones,
    payments,
    royalties,
    technology_contract,
    trial,
)
from states import guards as g
from states import payloads as p
from states.amended import CHANGE_DUTIES, SIGNED
from states.chart import Arc, Node
from states.context import Context
from states.filings import due_openings
from states.plan import Closing, Effects, Opening
from states.royalty_facts import is_paying, statement_opening
from states.steps import FINANCE, OFFICER, Step, kept, required_day, section

FEEDBACK = Node(
    "feedback", "盘活系统反馈", "Platform feedback",
    children=(
        Node("feedback_due", "待反馈", "due", (Arc("report_feedback", "feedback_reported"),)),
        Node("feedback_reported", "已反馈", "reported", (Arc("void_feedback", "feedback_due"),)),
    ),
)  # fmt: skip
PAYMENTS = Node(
    "payments", "收款", "Payments",
    children=(Node("payments_running", "收款中", "running", (Arc("record_receipt"), Arc("release_payment"))),),
)  # fmt: skip


def paid_by(*arcs: Arc) -> Node:
    """Return the region of payments with further arcs: statements, milestones, a free use."""
    (running,) = PAYMENTS.children
    return replace(PAYMENTS, children=(replace(running, arcs=(*running.arcs, *arcs)),))


# What every contract in force has side by side, whatever its official filing.
REGIONS = (FEEDBACK, PAYMENTS, technology_contract.REGION, distribution.REGION)
STAGES: Mapping[str, str] = {
    "contract_waiting": "preparation",
    "drafting": "contract",
    "signing": "contract",
    "signed": "contract",
    "payments_running": "performance",
    **ends.STAGES,
}
ENDS = (*ends.CLOSING, *ends.FINAL)

CHOICES = {**ends.CHOICES, **distribution.CHOICES}


LICENSE_ENDS = ends.ways_to_end("terminate", "expire", "end_with_patent", "return_trial")


# A contract in force is changed without leaving its place: what is proposed stands in the data (`states.amendments`).
AMENDING = tuple(
    Arc(event)
    for event in (
        "propose_amendment", "propose_extension", "post_amendment", "close_amendment_publicity", "submit_amendment",
        "approve_amendment", "return_amendment", "consent_to_amendment", "sign_amendment", "abandon_amendment",
    )
)  # fmt: skip


# Of a contract that runs to no day.
AMENDING_ONLY = tuple(arc for arc in AMENDING if arc.event != "propose_extension")


def performance(
    *regions: Node, ways_to_end: tuple[Arc, ...] = LICENSE_ENDS, amending: tuple[Arc, ...] = AMENDING
) -> Node:
    """Return the parallel state of a contract in force, with the given regions and ways to end."""
    arcs = (
        *amending,
        Arc("record_duty"),
        Arc("correct_date"),
        Arc("correct_entry"),
        Arc("step_back"),
        Arc("record_patent_ended"),
        Arc("reassign"),
        *ways_to_end,
    )
    return Node("performance", "履行", "Performance", arcs, regions, parallel=True)


def take_effect(*outbox: str) -> Step:
    """Return the step by which a contract takes effect; what it hands on is named in `outbox`."""
    return Step(
        "take_effect", "登记生效", "Record the effective date", "登记合同生效", "recorded the effective date",
        OFFICER, p.TakeEffect, (g.day_between("effective_on", "生效日期", ("contract", "signed_on", "签订日期")),),
        lambda ctx: _take_effect(ctx, outbox), "success",
    )  # fmt: skip


def _take_effect(ctx: Context, outbox: tuple[str, ...]) -> Effects:
    effective = required_day(ctx, "effective_on")
    due = tuple(
        payments.opening(ctx, f"payment:{number}", payment, effective)
        for number, payment in enumerate(ctx.terms.payments, 1)
    )
    opens = (*counted_from_effect(ctx, effective), *due, *statement_opening(ctx, 1))
    return Effects(facts=section(ctx, "contract", **kept(ctx)), opens=opens, outbox=outbox)


def counted_from_effect(ctx: Context, effective: date) -> tuple[Opening, ...]:
    """Return the deadlines that are counted from the effect of the contract, payments aside."""
    filing = ctx.mode.filing
    waits = trial.moves_right(ctx) and not is_paying(ctx)
    due = due_openings(filing, ctx, effective) if filing and not waits else ()
    more = filing.counted(ctx, effective) if filing and filing.counted else ()
    registration = Opening("technology_contract", "TC", "contract_effective", effective)
    return (*due, registration, *more, *trial.openings(ctx, effective))


def _report_feedback(ctx: Context) -> Effects:
    return Effects(facts={"feedback": kept(ctx)}, closes=(Closing("feedback"),))


def _record_receipt(ctx: Context) -> Effects:
    """Keep the receipt; a payment's deadline closes once what came in for it covers it."""
    found = receiving(ctx, kept(ctx), required_day(ctx, "received_on"))
    key, receipts = ctx.payload.payment, (found.facts["receipts"] or {})["list"]
    expected = g.payment_of(ctx, key)
    is_done = expected is not None and ends.is_covered(expected, key, receipts)
    return replace(found, closes=(Closing(key),) if is_done else ())


def receiving(ctx: Context, told: Mapping[str, Any], received: date) -> Effects:
    """Return what money that has come in does: it is kept, and has to be shared out in its time."""
    earlier = ctx.data.items("receipts", "list")
    opens = distribution.receipt_openings(ctx, len(earlier) + 1, received) if _is_shared_out(ctx) else ()
    timers = [opening.key for opening in opens]
    receipts = [*earlier, {**told, "by_name": ctx.actor.name, "timers": timers}]
    raised = ("receive",) if ctx.at("rewards_idle") else ()
    return Effects(facts=section(ctx, "receipts", list=receipts), opens=opens, raised=raised)


def _is_shared_out(ctx: Context) -> bool:
    """Say whether receipts are shared out in this case; charts of earlier versions have no region for it."""
    has_region = "rewards" in ctx.mode.chart.nodes
    return has_region and (ends.is_closing(ctx) or any(ctx.at(leaf) for leaf in distribution.LEAVES))


# The deadlines that a duty closes, where they are not of its own name.
_CLOSED_BY: Mapping[str, Callable[[Context], tuple[str, ...]]] = {
    "patent_cancellation": lambda ctx: tuple(
        f"patent_ended:{told['id']}" for told in ctx.data.items("ended_patents", "list")
    ),
    "reward_filing": distribution.filings_due,
    "reward_distribution": distribution.receipt_timers,
}


# Duties that come back: recorded as done up to so many entries of a section.
_COUNTED: Mapping[str, str] = {"reward_filing": "distributions", **dict.fromkeys(CHANGE_DUTIES, SIGNED)}


def _record_duty(ctx: Context) -> Effects:
    duty = ctx.payload.duty
    keys = _CLOSED_BY[duty](ctx) if duty in _CLOSED_BY else (duty,)
    counted = _COUNTED.get(duty)
    told = {**kept(ctx), "upto": len(ctx.data.items(counted, "list"))} if counted else kept(ctx)
    return Effects(facts=section(ctx, "duties", **{duty: told}), closes=tuple(map(Closing, keys)))


STEPS: tuple[Step, ...] = (
    Step(
        "report_feedback", "登记平台反馈", "Record the feedback", "已在盘活系统反馈", "reported to the platform",
        OFFICER, p.ReportFeedback,
        (closing.is_feedback_due, g.day_between("reported_on", "反馈日期", ("filing", "recorded_on", "备案日期"))),
        ends.settling(_report_feedback),
    ),
    Step(
        "record_receipt", "登记到账", "Record a receipt", "登记到账", "recorded a receipt",
        FINANCE, p.RecordReceipt,
        (g.is_payment_known, g.day_between("received_on", "到账日期", ("contract", "signed_on", "签订日期"))),
        ends.settling(_record_receipt), "secondary",
    ),
    Step(
        "record_duty", "登记事项办结", "Record a duty done", "登记事项办结", "recorded a duty as done",
        OFFICER | FINANCE, p.RecordDuty,
        (g.is_duty_due, closing.is_duty_left, g.day_between("done_on", "办理日期", ("contract", "signed_on", "签订日期"))),
        ends.settling(_record_duty), "secondary",
    ),
    *technology_contract.STEPS,
    *distribution.STEPS,
    *industrialization.STEPS,
    *closing.STEPS,
    *trial.STEPS,
    *royalties.STEPS,
    *milestones.STEPS,
)  # fmt: skip
