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
from states.plan import Closing, Effects, Opening
from states.steps import OFFICER, Step, kept, required_day, section

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
    effect of the contract, and `decision` the time in which the office decides; None if no rule names one.
    `evidence` tells, filled in with the payload of `record_filing`, what the record proves. `is_cancelled` says
    that a record is cancelled when the contract ends, `earns_label` that it is the evidence of the conversion itself.
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


def region_of(filing: Filing) -> Node:
    """Return the region of a chart in which the filing runs."""
    arcs: Mapping[str, tuple[Arc, ...]] = {
        "filing_due": (Arc("submit_filing", "filing_submitted"),),
        "filing_submitted": (
            Arc("receive_correction", "filing_correction"),
            Arc("record_filing", "filing_recorded"),
            Arc("refuse_filing", "filing_refused"),
            Arc("void_filing", "filing_due"),
        ),
        "filing_correction": (Arc("answer_correction", "filing_submitted"), Arc("void_filing", "filing_due")),
        "filing_refused": (Arc("submit_filing", "filing_submitted"),),
        "filing_recorded": (),
    }
    children = tuple(Node(leaf, *filing.leaves[leaf], arcs=found) for leaf, found in arcs.items())
    return Node("filing", filing.zh, filing.en, children=children)


def openings(timer: Timer | None, base_event: str, base: date | None) -> tuple[Opening, ...]:
    """Return the deadline of a timer, or none if there is no such rule or no day to count from."""
    return (Opening(*timer, base_event, base),) if timer and base else ()


def _submit(filing: Filing, ctx: Context) -> Effects:
    submitted = required_day(ctx, "submitted_on")
    return Effects(
        facts=section(ctx, "filing", **kept(ctx)),
        opens=openings(filing.decision, "filing_submitted", submitted),
        closes=(Closing(filing.due[0]),) if filing.due else (),
    )


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
    return Effects(
        facts=section(ctx, "filing", corrections=[*earlier, {**last, **kept(ctx)}]),
        opens=openings(filing.decision, "correction_answered", answered),
        closes=(Closing("correction"),),
    )


def _record(filing: Filing, ctx: Context) -> Effects:
    """Keep the record; it earns the label and the feedback, unless the contract has ended meanwhile."""
    recorded = required_day(ctx, "recorded_on")
    if ends.is_closing(ctx):
        return Effects(facts=section(ctx, "filing", **kept(ctx)))
    closes = (Closing(filing.decision[0]),) if filing.decision else ()
    if not filing.earns_label:
        return Effects(facts=section(ctx, "filing", **kept(ctx)), closes=closes)
    return Effects(
        facts=section(ctx, "filing", **kept(ctx)),
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


def _refuse(filing: Filing, ctx: Context) -> Effects:
    refusals = [*ctx.data.items("filing", "refusals"), kept(ctx)]
    facts = section(ctx, "filing", refusals=refusals)
    if ends.is_closing(ctx):
        return Effects(facts=facts, closes=(Closing("filing_cancellation", "dropped"),))
    again = openings(filing.due, "contract_effective", ctx.data.day("contract", "effective_on"))
    closes = (Closing(filing.decision[0]),) if filing.decision else ()
    return Effects(facts=facts, opens=again, closes=closes)


_EFFECTS: Mapping[str, Callable[[Filing, Context], Effects]] = {
    "submit_filing": _submit,
    "receive_correction": _receive_correction,
    "answer_correction": _answer_correction,
    "record_filing": _record,
    "refuse_filing": _refuse,
}
_DAYS = {
    "submit_filing": "submitted_on",
    "receive_correction": "received_on",
    "answer_correction": "answered_on",
    "record_filing": "recorded_on",
    "refuse_filing": "refused_on",
}
_ANSWERS = frozenset({"receive_correction", "record_filing", "refuse_filing"})
_TONES = {"receive_correction": "warning", "record_filing": "success", "refuse_filing": "danger"}


def steps_of(filing: Filing) -> tuple[Step, ...]:
    """Return the steps of a filing, in the order in which they come."""
    return tuple(_step(filing, event) for event in _EFFECTS)


def _step(filing: Filing, event: str) -> Step:
    act, effect = filing.acts[event], _EFFECTS[event]
    first = event == "submit_filing"
    before = (
        ("contract", "effective_on", "合同生效日期") if first
        else ("filing", "submitted_on", filing.acts["submit_filing"].day_zh)
    )  # fmt: skip
    return Step(
        event, act.zh, act.en, act.done_zh, act.done_en, OFFICER, act.payload,
        (*(filing.submit_guards if first else ()), g.day_between(_DAYS[event], act.day_zh, before)),
        ends.settling(lambda ctx: effect(filing, ctx)), _TONES.get(event, "primary"), from_outside=event in _ANSWERS,
    )  # fmt: skip
