"""How a contract ends, and the duties that each end leaves: a case is final only once they are done.

`FATES` is the whole table of ends and duties. What an end leaves stands in the case's data under `end.left`, by the
key of its deadline; a step that closes such a deadline takes it off, and the last one settles the case. A case that
was ended by a chart of version 1 has no such list: it owes the cancellation of its filing and nothing else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal, get_args

from rules.deadlines import compute
from rules.holiday_notices import calendar_of
from states import acceptances, distribution, technology_contract
from states import guards as g
from states import payloads as p
from states.chart import Arc, Node
from states.context import Context
from states.facts import Payment
from states.plan import Closing, Effects, Opening
from states.promises import promised
from states.royalty_facts import open_statement
from states.steps import EffectOf, kept, section

Fate = Literal["keeps", "opens", "drops", "never"]
End = Literal["expired", "terminated", "patent_ended", "withdrawn", "rejected"]
ENDINGS: tuple[End, ...] = get_args(End)

# Duty → what becomes of it at each end, in the order of `ENDINGS`; "never" if it cannot stand when that end comes.
FATES: Mapping[str, tuple[Fate, ...]] = {
    "publicity": ("never", "never", "never", "drops", "drops"),
    "sale": ("never", "never", "never", "drops", "drops"),
    "stamp_duty": ("keeps", "keeps", "keeps", "never", "never"),
    "first_refusal": ("never", "never", "never", "drops", "drops"),
    "export_answer": ("never", "drops", "drops", "drops", "drops"),
    "export_registration": ("never", "drops", "drops", "never", "never"),
    "license_filing": ("drops", "drops", "drops", "never", "never"),
    "change_filing": ("never", "drops", "drops", "never", "never"),
    "filing_fee": ("never", "drops", "drops", "never", "never"),
    "filing_decision": ("drops", "drops", "drops", "never", "never"),
    "correction": ("drops", "drops", "drops", "never", "never"),
    "filing_cancellation": ("opens", "opens", "opens", "never", "never"),
    "filing_change": ("drops", "drops", "drops", "never", "never"),
    "amendment_publicity": ("drops", "drops", "drops", "never", "never"),
    "patent_cancellation": ("drops", "drops", "drops", "never", "never"),
    "feedback": ("keeps", "keeps", "keeps", "never", "never"),
    "technology_contract": ("drops", "drops", "drops", "never", "never"),
    "registration_decision": ("drops", "drops", "drops", "never", "never"),
    "registration_change": ("never", "opens", "opens", "never", "never"),
    "industrialization_feedback": ("keeps", "keeps", "keeps", "never", "never"),
    "product_update": ("drops", "drops", "drops", "never", "never"),
    "reward_publicity": ("drops", "drops", "drops", "never", "never"),
    "reward_distribution": ("keeps", "keeps", "keeps", "never", "never"),
    "reward_filing": ("keeps", "keeps", "keeps", "never", "never"),
    "trial_end": ("drops", "drops", "drops", "never", "never"),
    "trial_decision": ("drops", "drops", "drops", "never", "never"),
    "royalty_statement": ("keeps", "keeps", "keeps", "never", "never"),
    "payment_due": ("keeps", "keeps", "keeps", "never", "never"),
    "payment_later": ("keeps", "drops", "drops", "never", "never"),
    **dict.fromkeys(
        ("acceptance_filing", "acceptance_decision", "acceptance_correction", "open_withdrawal"),
        ("drops", "never", "drops", "never", "never"),
    ),
    "acceptance_cancellation": ("opens", "never", "opens", "never", "never"),
    **dict.fromkeys(acceptances.DUTIES, ("keeps", "never", "keeps", "never", "never")),
    "licensee_notice": ("drops", "never", "keeps", "never", "never"),
    **dict.fromkeys(("delivery", "industrialization"), ("never", "drops", "never", "never", "never")),
    "pool_exit": ("drops", "drops", "drops", "never", "never"),
    **dict.fromkeys(
        (
            "rights_transfer",
            "company_registration",
            "capital",
            "capital_publicity",
            "capital_call",
            "award_publicity",
            "deferral",
            "deferral_report",
        ),
        ("never", "drops", "drops", "never", "never"),
    ),
    "share_exit": ("never", "opens", "opens", "never", "never"),
}

_DUTIES = (
    Arc("record_duty"), Arc("record_receipt"), Arc("release_payment"), Arc("report_feedback"),
    Arc("report_industrialization"), Arc("reassign"), Arc("correct_date"), Arc("correct_entry"),
)  # fmt: skip
CANCELLATION = (
    Node("cancellation_due", "待注销备案", "cancellation of the filing due", (
        Arc("cancel_filing", "duties_due"), *_DUTIES,
    )),
    Node("withdrawal_due", "待撤回备案申请", "withdrawal of the filing due", (
        Arc("withdraw_filing", "duties_due"),
        Arc("record_filing", "cancellation_due"),
        Arc("refuse_filing", "duties_due"),
        *_DUTIES,
    )),
)  # fmt: skip
# Of a filing that moves the right itself: once recorded, the right is moved back.
RETURN = (
    Node("withdrawal_due", "待撤回变更请求", "withdrawal of the request due", (
        Arc("withdraw_filing", "duties_due"),
        Arc("record_filing", "return_due"),
        Arc("refuse_filing", "duties_due"),
        *_DUTIES,
    )),
    Node("return_due", "待办理返还登记", "return of the right due", (
        Arc("record_return", "duties_due"),
        *_DUTIES,
    )),
)  # fmt: skip
REMAINING = (
    Node("duties_due", "待办结其余事项", "remaining duties due", (
        *_DUTIES,
        Arc("settle", "patent_ended", choice="has_patent_ended"),
        Arc("settle", "completed", choice="has_term_expired"),
        Arc("settle", "terminated"),
    )),
)  # fmt: skip


def also(nodes: tuple[Node, ...], *arcs: Arc) -> tuple[Node, ...]:
    """Return places with further arcs: what a mode still does after the end of its contract."""
    return tuple(replace(node, arcs=(*node.arcs, *arcs)) for node in nodes)


CLOSING = (*CANCELLATION, *REMAINING)
FINAL = (
    Node("completed", "已完成", "completed", final=True),
    Node("terminated", "已解除", "terminated", final=True),
    Node("patent_ended", "专利权已终止", "patent ended", final=True),
    Node("withdrawn", "已撤回", "withdrawn", final=True),
    Node("rejected", "未获批准", "rejected", final=True),
)
CLOSING_LEAVES = tuple(dict.fromkeys(node.id for node in (*CLOSING, *RETURN)))
STAGES: Mapping[str, str] = {
    **dict.fromkeys((node.id for node in (*CLOSING, *RETURN)), "performance"),
    **dict.fromkeys((node.id for node in FINAL), "end"),
}


def ways_to_end(*events: str) -> tuple[Arc, ...]:
    """Return the arcs by which a contract in force ends: by where its filing stands."""
    return tuple(
        arc
        for event in events
        for arc in (
            Arc(event, "cancellation_due", choice="has_filing"),
            Arc(event, "withdrawal_due", choice="is_filing_examined"),
            Arc(event, "duties_due"),
        )
    )


def has_evidence(ctx: Context) -> bool:
    """Say whether the conversion has been reached, so that the platform is to be told."""
    filing = ctx.mode.filing
    if filing is None:
        return ctx.data.day("pool", "entered_on") is not None
    return has_filing(ctx) if filing.earns_label else bool(acceptances.reached(ctx))


def is_on_file(ctx: Context) -> bool:
    """Say whether a contract is recorded at the office, or examined there."""
    if _is_cancelled(ctx):
        return has_filing(ctx) or is_filing_examined(ctx)
    return bool(acceptances.standing(ctx, *acceptances.ON_FILE, "cancellation"))


def is_request_open(ctx: Context) -> bool:
    """Say whether a request that is not cancelled but withdrawn lies at the office."""
    return ctx.mode.filing is not None and bool(ctx.mode.filing.back) and is_filing_examined(ctx)


def _has_moved(ctx: Context) -> bool:
    """Say whether a right has moved that does not come back by itself."""
    return ctx.mode.filing is not None and bool(ctx.mode.filing.back) and has_filing(ctx)


def has_filing(ctx: Context) -> bool:
    """Say whether the contract has been recorded at the office."""
    return ctx.data.day("filing", "recorded_on") is not None


def is_filing_examined(ctx: Context) -> bool:
    """Say whether the filing lies at the office, being examined or waiting for a correction."""
    return ctx.at("filing_submitted") or ctx.at("filing_correction")


def _ended_as(how: End) -> Callable[[Context], bool]:
    return lambda ctx: ctx.data.text("end", "how") == how


CHOICES: Mapping[str, Callable[[Context], bool]] = {
    "has_term_expired": _ended_as("expired"),
    "has_patent_ended": _ended_as("patent_ended"),
    "has_filing": has_filing,
    "is_filing_examined": is_filing_examined,
}


def is_closing(ctx: Context) -> bool:
    """Say whether the contract has ended and duties of it are still open."""
    return any(ctx.at(leaf) for leaf in CLOSING_LEAVES)


def left(ctx: Context) -> tuple[str, ...]:
    """Return the deadline keys of the duties that the end has left and that are not done."""
    known = ctx.data.get("end", "left")
    return ("filing_cancellation",) if known is None else tuple(known)


def settling(effect: EffectOf) -> EffectOf:
    """Return the effect which, after the end, takes off what it closes, adds what it opens, and settles the case."""

    def settled(ctx: Context) -> Effects:
        found = effect(ctx)
        if not is_closing(ctx):
            return found
        done = {closing.key for closing in found.closes}
        opened = [opening.key for opening in found.opens]
        still = [*(key for key in left(ctx) if key not in done), *opened]
        facts = {**found.facts, **section(ctx, "end", left=still)}
        return replace(found, facts=facts, raised=(*found.raised, *_settle(still)))

    return settled


def _settle(still: list[str]) -> tuple[str, ...]:
    return () if still else ("settle",)


def open_payments(ctx: Context) -> dict[str, Payment]:
    """Return the payments, by key, that are neither covered by receipts nor released; none before the effect."""
    if ctx.mode.has_company and not ctx.data.day("contract", "effective_on"):
        return {}
    receipts = ctx.data.items("receipts", "list")
    released = {given["payment"] for given in ctx.data.items("receipts", "released")}
    return {
        key: payment
        for key, payment in g.payments_by_key(ctx).items()
        if key not in released and not is_covered(payment, key, receipts)
    }


def is_covered(payment: Payment, key: str, receipts: Any) -> bool:
    """Say whether what came in for a payment covers it; one without an amount is covered by any receipt."""
    came_in = sum(receipt["amount_fen"] for receipt in receipts if receipt["payment"] == key)
    return bool(came_in >= payment.amount_fen if payment.amount_fen is not None else came_in > 0)


def _payments(ctx: Context, on: date, *, is_due: bool) -> tuple[str, ...]:
    """Return the open payments that fell due by the end, or those that come later."""
    calendar = calendar_of(ctx.book)
    return tuple(
        key
        for key, payment in open_payments(ctx).items()
        if (calendar.next_workday(payment.due) <= on) == is_due
    )


def _is_cancelled(ctx: Context) -> bool:
    return ctx.mode.filing is not None and ctx.mode.filing.is_cancelled


def _if(holds: bool, key: str) -> tuple[str, ...]:
    return (key,) if holds else ()


def _open_duties(name: str) -> Callable[[Context, date], tuple[str, ...]]:
    """Return what finds the open duties of one kind, licensee by licensee."""
    return lambda ctx, _on: tuple(
        acceptances.key(name, found) for found in acceptances.reached(ctx) if name in found["duties"]
    )


# Which deadline keys of a duty stand when a contract ends on a day, for the duties that may outlive it.
STANDING: Mapping[str, Callable[[Context, date], tuple[str, ...]]] = {
    "stamp_duty": lambda ctx, _on: _if(
        ctx.mode.has_company and not ctx.data.get("duties", "stamp_duty"), "stamp_duty"
    ),
    "filing_cancellation": lambda ctx, _on: _if(
        (_is_cancelled(ctx) and is_on_file(ctx)) or is_request_open(ctx) or _has_moved(ctx),
        "filing_cancellation",
    ),
    "feedback": lambda ctx, _on: _if(has_evidence(ctx) and not ctx.data.has("feedback"), "feedback"),
    "registration_change": lambda ctx, _on: _if(
        technology_contract.is_registered(ctx), "registration_change"
    ),
    "industrialization_feedback": lambda ctx, _on: _if(
        bool(ctx.data.get("industrialization", "industrialized_on"))
        and not ctx.data.get("industrialization", "reported_on"),
        "industrialization_feedback",
    ),
    "reward_distribution": lambda ctx, _on: distribution.receipt_timers(ctx),
    "reward_filing": lambda ctx, _on: distribution.filings_due(ctx),
    "payment_due": lambda ctx, on: _payments(ctx, on, is_due=True),
    "payment_later": lambda ctx, on: _payments(ctx, on, is_due=False),
    "acceptance_cancellation": lambda ctx, _on: tuple(
        acceptances.key("acceptance_cancellation", found)
        for found in acceptances.standing(ctx, *acceptances.ON_FILE, "cancellation")
    ),
    "royalty_statement": open_statement,
    **{name: _open_duties(name) for name in acceptances.DUTIES},
    "licensee_notice": lambda ctx, _on: _if(bool(ctx.data.get("bar", "notice_due")), "licensee_notice"),
    "share_exit": lambda ctx, _on: _if(ctx.data.day("company", "registered_on") is not None, "share_exit"),
}
OPENINGS: Mapping[str, Callable[[Context, str, End, date], Opening]] = {
    "filing_cancellation": lambda ctx, _key, how, on: _filing_cancellation(ctx, how, on),
    "acceptance_cancellation": lambda ctx, key, how, on: _acceptance_cancellation(ctx, key, how, on),
    "registration_change": lambda ctx, _key, _how, on: _registration_change(ctx, on),
    "share_exit": lambda ctx, _key, _how, on: _share_exit(ctx, on),
}


def _filing_cancellation(ctx: Context, how: End, on: date) -> Opening:
    """Open the cancellation of a record; or the withdrawal of a request, at once if the house has promised no time."""
    filing = ctx.mode.filing
    if filing is not None and filing.back:
        found = promised(ctx, "filing_target", filing.back, ("contract_ended", on))
        key, rule_id = filing.back
        return found[0] if found else Opening(key, rule_id, "contract_ended", on, due=on)
    if how == "patent_ended":
        return patent_cancellation(ctx, "filing_cancellation", on)
    return Opening("filing_cancellation", "T-04", "contract_ended", on)


def _acceptance_cancellation(ctx: Context, key: str, how: End, on: date) -> Opening:
    """Open the cancellation of one licensee's filing; one whose license ended before keeps its own day."""
    number = key.partition(":")[2]
    (found,) = (found for found in acceptances.all_of(ctx) if str(found["no"]) == number)
    ended = acceptances.day_of(found, "ended_on")
    if ended is None and how == "patent_ended":
        return patent_cancellation(ctx, key, on, found["company"])
    return Opening(key, "T-04", "contract_ended", ended or on, found["company"])


def patent_cancellation(ctx: Context, key: str, ended: date, suffix: str = "") -> Opening:
    """Open the cancellation of the filing of a patent that has ended.

    The measures ask for it promptly and name no days; the limit for a license that has ended stands in.
    """
    near = compute(ctx.book.deadline("T-04", ended), ended, calendar=calendar_of(ctx.book))
    return Opening(
        key, "T-05", "patent_ended", ended, suffix, near.due, provisional=near.provisional,
        because_zh=(
            "备案办法第18条只要求及时注销，没有规定天数。",
            f"参照第17条许可终止后的30日计算，至{near.due.isoformat()}。",
        ),
        because_en=(
            "Article 18 asks for a prompt cancellation and names no days.",
            f"The 30 days of article 17 for a license that has ended stand in: {near.due.isoformat()}.",
        ),
    )  # fmt: skip


def _registration_change(ctx: Context, ended: date) -> Opening:
    """Open the change or cancellation of the technology-contract registration.

    The draft measures (TC-07) name no days; the house's own limit for the registration stands in.
    """
    near = compute(ctx.book.deadline("TC", ended), ended, calendar=calendar_of(ctx.book))
    day = near.due.isoformat()
    return Opening(
        "registration_change", "TC", "contract_ended", ended, "变更或注销登记", near.due, provisional=near.provisional,
        because_zh=(
            "合同解除或终止的，应向原登记机构变更或注销登记，已享受优惠的须报告；征求意见稿第16条没有规定天数。",
            f"参照本单位申请认定登记的期限计算，至{day}。",
        ),
        because_en=(
            "The registration is changed or cancelled with the contract; article 16 of the draft names no days.",
            f"The house's limit for the application stands in: {day}.",
        ),
    )  # fmt: skip


def _share_exit(ctx: Context, ended: date) -> Opening:
    """Open the way out of a company whose shares were given for the patents.

    The law names no days for it; the thirty days in which a company registers a change stand in.
    Source: 市场主体登记管理条例 art 24
    """
    near = compute(ctx.book.deadline("T-COREG", ended), ended, calendar=calendar_of(ctx.book))
    day = near.due.isoformat()
    return Opening(
        "share_exit", "T-COREG", "contract_ended", ended, "减资或转让股权", near.due, provisional=near.provisional,
        because_zh=(
            "合同解除不当然使股权和专利权恢复原状：股权须经减资或转让并变更登记，专利权须另行办理著录项目变更。",
            f"法律没有规定办理的天数，参照公司变更登记的30日计算，至{day}。",
        ),
        because_en=(
            "The end of the contract alone takes neither shares nor patents back: both registers have to change.",
            f"No rule names days; the 30 days for a company's change stand in: {day}.",
        ),
    )  # fmt: skip


def end_contract(ctx: Context, how: End, on: date, told: Mapping[str, Any]) -> Effects:
    """Return what the end of a contract keeps, opens and drops, and settle the case if nothing is left."""
    column = ENDINGS.index(how)
    stays: list[str] = []
    opens: list[Opening] = []
    for duty, standing in STANDING.items():
        keys, fate = standing(ctx, on), FATES[duty][column]
        if fate == "opens" and keys:
            opens.extend(OPENINGS[duty](ctx, key, how, on) for key in keys)
        elif duty.startswith("payment_"):
            stays.extend(_agreed(ctx, keys, keeps=fate == "keeps"))
        elif fate == "keeps":
            stays.extend(keys)
    still = [*stays, *(opening.key for opening in opens)]
    return Effects(
        facts={"end": {**told, "how": how, "on": on.isoformat(), "left": still}},
        closes=(Closing("*", "dropped", tuple(stays)),),
        opens=tuple(opens),
        raised=_settle(still),
    )


def end_unsigned(ctx: Context, how: End) -> Effects:
    """Return what the end of a case without a signed contract does: nothing outlives it."""
    facts = {"end": {**kept(ctx), "how": how, "on": ctx.today.isoformat()}}
    return Effects(facts=facts, closes=(Closing("*", "dropped"),))


def _agreed(ctx: Context, keys: tuple[str, ...], *, keeps: bool) -> tuple[str, ...]:
    """Return which of these payments stay due: those that the parties named, or else what the table says."""
    if ctx.payload.remaining:
        return tuple(key for key in keys if key in named(ctx.payload.remaining))
    return keys if keeps else ()


def named(text: str) -> tuple[str, ...]:
    """Return the payments that people named, separated by blanks, commas or the like; none if they wrote so."""
    return tuple(
        word for word in re.split(r"[\s,，、;；]+", text) if word and word.lower() not in p.NO_PAYMENT
    )
