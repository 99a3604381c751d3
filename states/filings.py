"""The official procedure that follows a contract: handed in, corrected, recorded or refused. One shape for every mode.

A `Filing` states what differs: its words, its deadlines, what its record proves. Leaves and events bear the same names
in every mode, so that ends, corrections and reminders know where a filing stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from states import ends
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.payload_fields import Payload
from states.plan import Closing, Effects, Opening, RegisterChange, Unmet
from states.promises import promised
from states.steps import FINANCE, OFFICER, Step, kept, required_day, section

Words = tuple[str, str]
Timer = tuple[str, str]  # the key of a deadline, and its rule


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a filing in the words of its mode: zh, en, done_zh, done_en, what it asks for, its dates' name."""

    zh: str
    en: str
    done_zh: str
    done_en: str
    payload: type[Payload]
    day_zh: str


@dataclass(frozen=True)
class Filing:
    """One official procedure.

    `leaves` and `acts` hold its words by leaf and by event; `due` is the time for handing it in, counted from the
    effect of the contract, and `decision` the time in which the office decides; None if no rule names one. Where the
    law names no time for handing it in, `promise` is the house's service level that stands in. `fee` is the time for
    paying the office, counted from each request: until then the papers are not complete, and no decision is due.
    `evidence` tells, filled in with the payload of `record_filing`, what the record proves. `is_cancelled` says
    that a record is cancelled when the contract ends, `earns_label` that it is the evidence of the conversion itself.
    Where a record is not cancelled, `back` is the time for withdrawing a request that has lost its contract.
    `owners` are the owners of record that a record brings. `counted` is what else is counted from the effect.
    """

    zh: str
    en: str
    leaves: Mapping[str, Words]
    acts: Mapping[str, Act]
    due: Timer | None
    decision: Timer | None
    evidence: str
    is_cancelled: bool = True
    earns_label: bool = True
    submit_guards: tuple[g.Guard, ...] = field(default=(g.are_patents_clear("file"), g.is_within_patent_life))
    record_guards: tuple[g.Guard, ...] = ()
    fee: Timer | None = None
    fee_guards: tuple[g.Guard, ...] = ()
    promise: str = ""
    owners: Callable[[Context], tuple[RegisterChange, ...]] | None = None
    back: Timer | None = None
    counted: Callable[[Context, date], tuple[Opening, ...]] | None = None


def region_of(filing: Filing) -> Node:
    """Return the region of a chart in which the filing runs."""
    fee = (Arc("pay_filing_fee"),) if filing.fee else ()
    arcs: Mapping[str, tuple[Arc, ...]] = {
        "filing_due": (Arc("submit_filing", "filing_submitted"),),
        "filing_submitted": (
            Arc("receive_correction", "filing_correction"),
            Arc("record_filing", "filing_recorded"),
            Arc("refuse_filing", "filing_refused"),
            Arc("void_filing", "filing_due"),
            *fee,
        ),
        "filing_correction": (
            Arc("answer_correction", "filing_submitted"),
            Arc("void_filing", "filing_due"),
            *fee,
        ),
        "filing_refused": (Arc("submit_filing", "filing_submitted"),),
        "filing_recorded": (),
    }
    children = tuple(Node(leaf, *filing.leaves[leaf], arcs=found) for leaf, found in arcs.items())
    return Node("filing", filing.zh, filing.en, children=children)


def openings(timer: Timer | None, base_event: str, base: date | None) -> tuple[Opening, ...]:
    """Return the deadline of a timer, or none if there is no such rule or no day to count from."""
    return (Opening(*timer, base_event, base),) if timer and base else ()


def due_openings(filing: Filing, ctx: Context, effective: date | None) -> tuple[Opening, ...]:
    """Return the deadline for handing the filing in, by law or by the house's promise."""
    if filing.promise and filing.due and effective:
        return promised(ctx, filing.promise, filing.due, ("contract_effective", effective))
    return openings(filing.due, "contract_effective", effective)


def submitted_openings(filing: Filing, submitted: date) -> tuple[Opening, ...]:
    """Return what is counted from the day of handing in: the fee if there is one, or else the decision."""
    if filing.fee:
        return openings(filing.fee, "filing_submitted", submitted)
    return openings(filing.decision, "filing_submitted", submitted)


def _submit(filing: Filing, ctx: Context) -> Effects:
    told = {**kept(ctx), "fee": None} if filing.fee else kept(ctx)
    return Effects(
        facts=section(ctx, "filing", **told),
        opens=submitted_openings(filing, required_day(ctx, "submitted_on")),
        closes=(Closing(filing.due[0]),) if filing.due else (),
    )


def _pay(filing: Filing, ctx: Context) -> Effects:
    """Keep the payment: now the papers are complete, unless a correction is asked for."""
    paid = required_day(ctx, "paid_on")
    opens = () if ctx.at("filing_correction") else openings(filing.decision, "filing_fee_paid", paid)
    closes = (Closing(filing.fee[0]),) if filing.fee else ()
    return Effects(facts=section(ctx, "filing", fee=kept(ctx)), opens=opens, closes=closes)


def is_fee_open(ctx: Context) -> tuple[Unmet, ...]:
    """The fee of this request has not been paid yet."""
    if not ctx.data.get("filing", "fee"):
        return ()
    what = ("本次请求的费用已登记缴纳", "the fee of this request is recorded as paid")
    return (ctx.unmet("fee_paid", "T-06", what, ("无须重复登记", "nothing to do"), "officer"),)


def is_fee_paid(ctx: Context) -> tuple[Unmet, ...]:
    """The fee of this request has been paid; without it the request counts as not made."""
    if ctx.data.get("filing", "fee"):
        return ()
    what = ("尚未登记缴纳变更费，期满未缴的视为未提出请求", "the fee is not recorded as paid")
    remedy = ("缴费后登记；已缴的，补登缴费日期和凭证", "pay it, and record the payment")
    return (ctx.unmet("fee_unpaid", "T-06", what, remedy, "finance"),)


def _receive_correction(filing: Filing, ctx: Context) -> Effects:
    received = required_day(ctx, "received_on")
    notices = [*ctx.data.items("filing", "corrections"), kept(ctx)]
    opening = Opening("correction", "CORRECTION", "correction_received", received, due=ctx.day("answer_by"))
    return Effects(
        facts=section(ctx, "filing", corrections=notices),
        opens=(opening,),
        closes=(Closing(filing.decision[0], "dropped"),) if filing.decision else (),
    )


def _answer_correction(filing: Filing, ctx: Context) -> Effects:
    answered = required_day(ctx, "answered_on")
    *earlier, last = ctx.data.items("filing", "corrections")
    is_complete = filing.fee is None or ctx.data.get("filing", "fee")
    return Effects(
        facts=section(ctx, "filing", corrections=[*earlier, {**last, **kept(ctx)}]),
        opens=openings(filing.decision, "correction_answered", answered) if is_complete else (),
        closes=(Closing("correction"),),
    )


def _record(filing: Filing, ctx: Context) -> Effects:
    """Keep the record; it earns the label and the feedback, unless the contract has ended meanwhile."""
    recorded = required_day(ctx, "recorded_on")
    changed = filing.owners(ctx) if filing.owners else ()
    told = {**kept(ctx), "owners_before": _owners_before(ctx, changed)} if changed else kept(ctx)
    if ends.is_closing(ctx):
        return Effects(facts=section(ctx, "filing", **told), register=changed)
    closes = (Closing(filing.decision[0]),) if filing.decision else ()
    if not filing.earns_label:
        return Effects(facts=section(ctx, "filing", **told), closes=closes, register=changed)
    return Effects(
        facts=section(ctx, "filing", **told),
        register=changed,
        opens=(Opening("feedback", "FEEDBACK", "filing_recorded", recorded),),
        closes=closes,
        label=label_of(ctx, kept(ctx)),
    )


def label_of(ctx: Context, filing: Mapping[str, Any]) -> tuple[str, str, date] | None:
    """Return the label that a record at the office earns, as the section of the filing tells it."""
    if ctx.mode.filing is None or not ctx.mode.filing.earns_label or not filing.get("recorded_on"):
        return None
    on = date.fromisoformat(filing["recorded_on"])
    return (ctx.mode.label, ctx.mode.filing.evidence.format_map(filing), on)


def _owners_before(ctx: Context, changes: tuple[RegisterChange, ...]) -> list[list[Any]]:
    before = {patent.id: list(patent.owners) for patent in ctx.facts.patents}
    return [[change.patent_id, before[change.patent_id]] for change in changes]


def _refuse(filing: Filing, ctx: Context) -> Effects:
    refusals = [*ctx.data.items("filing", "refusals"), kept(ctx)]
    facts = section(ctx, "filing", refusals=refusals)
    if ends.is_closing(ctx):
        return Effects(facts=facts, closes=(Closing("filing_cancellation", "dropped"),))
    again = due_openings(filing, ctx, ctx.data.day("contract", "effective_on"))
    closes = (Closing(filing.decision[0]),) if filing.decision else ()
    dropped = (Closing(filing.fee[0], "dropped"),) if filing.fee else ()
    return Effects(facts=facts, opens=again, closes=(*closes, *dropped))


_EFFECTS: Mapping[str, Callable[[Filing, Context], Effects]] = {
    "submit_filing": _submit,
    "receive_correction": _receive_correction,
    "answer_correction": _answer_correction,
    "record_filing": _record,
    "refuse_filing": _refuse,
    "pay_filing_fee": _pay,
}
_DAYS = {
    "submit_filing": "submitted_on",
    "receive_correction": "received_on",
    "answer_correction": "answered_on",
    "record_filing": "recorded_on",
    "refuse_filing": "refused_on",
    "pay_filing_fee": "paid_on",
}
_ANSWERS = frozenset({"receive_correction", "record_filing", "refuse_filing"})
_WHO = {"pay_filing_fee": OFFICER | FINANCE}
_TONES = {"receive_correction": "warning", "record_filing": "success", "refuse_filing": "danger"}


def steps_of(filing: Filing) -> tuple[Step, ...]:
    """Return the steps of a filing, in the order in which they come."""
    return tuple(_step(filing, event) for event in _EFFECTS if event in filing.acts)


def _guards(filing: Filing, event: str) -> tuple[g.Guard, ...]:
    """Return what a step waits for besides its place in time."""
    own: Mapping[str, tuple[g.Guard, ...]] = {
        "submit_filing": filing.submit_guards,
        "record_filing": (*((is_fee_paid,) if filing.fee else ()), *filing.record_guards),
        "pay_filing_fee": (is_fee_open, *filing.fee_guards),
    }
    return own.get(event, ())


def _step(filing: Filing, event: str) -> Step:
    act, effect = filing.acts[event], _EFFECTS[event]
    first = event == "submit_filing"
    before = (
        ("contract", "effective_on", "合同生效日期") if first
        else ("filing", "submitted_on", filing.acts["submit_filing"].day_zh)
    )  # fmt: skip
    return Step(
        event, act.zh, act.en, act.done_zh, act.done_en, _WHO.get(event, OFFICER), act.payload,
        (*_guards(filing, event), g.day_between(_DAYS[event], act.day_zh, before)),
        ends.settling(lambda ctx: effect(filing, ctx)), _TONES.get(event, "primary"), from_outside=event in _ANSWERS,
    )  # fmt: skip
