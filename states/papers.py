"""Papers that a step asks for beside its own: minutes, consents, the table of a distribution, a cancellation form.

`AFTER` is the whole table; which kinds a mode has is the business of its papers. A kind that belongs to one who
accepted an open license bears its number.
"""

from collections.abc import Callable, Mapping

from states.approval_route import decisions_in, route_in
from states.context import Context
from states.plan import Effects

Kinds = tuple[str, ...]


def _minutes(ctx: Context, effects: Effects) -> Kinds:
    """Return the minutes if a committee is among those who have decided now."""
    approval = effects.facts.get("approval") or {}
    deciding = {decision["body"] for decision in approval.get("decisions", decisions_in(ctx.data))}
    bodies = [body for stage in route_in(ctx.data) for body in stage]
    return ("minutes",) if any(body.is_committee and body.id in deciding for body in bodies) else ()


def _only(*kinds: str) -> Callable[[Context, Effects], Kinds]:
    return lambda _ctx, _effects: kinds


# Whose contract there is in two languages (`contracts.bilingual.paper.BILINGUAL`; a test holds the two together).
TWO_LANGUAGES = frozenset(
    {"ordinary_license", "sole_license", "exclusive_license", "transfer", "development"}
)


def _edition(ctx: Context, effects: Effects) -> Kinds:
    """Return the edition in two languages if the other side is foreign."""
    return ("contract_bilingual",) if ctx.facts.foreign_party and ctx.mode.slug in TWO_LANGUAGES else ()


AFTER: Mapping[str, Callable[[Context, Effects], Kinds]] = {
    "post_publicity": _only("objection_procedure"),
    "raise_objection": _only("objection_receipt"),
    "resolve_objection": _only("objection_reply"),
    "notify_inventors": _only("refusal_notice", "inventor_waiver"),
    "submit_approval": _only("interest_statement"),
    "approve": _minutes,
    **dict.fromkeys(("start_drafting", "finalize_contract", "sign"), _edition),
    "plan_distribution": _only("reward_table"),
    "pay_rewards": _only("reward_table"),
}


def papers_after(event: str, ctx: Context, effects: Effects) -> Kinds:
    """Return the papers of a step: its own, those of the table, and the forms of the changes and cancellations that it opens."""
    asked = AFTER[event](ctx, effects) if event in AFTER else ()
    return tuple(dict.fromkeys((*effects.documents, *asked, *_cancellations(ctx, effects))))


def _cancellations(ctx: Context, effects: Effects) -> Kinds:
    """Return the form for each filing that has to be cancelled or changed; a right that has moved comes back otherwise."""
    keys = [opening.key for opening in effects.opens]
    own = ctx.mode.filing is not None and ctx.mode.filing.is_cancelled and "filing_cancellation" in keys
    each = [key.partition(":")[2] for key in keys if key.startswith("acceptance_cancellation:")]
    return (
        *(("filing_change",) if "filing_change" in keys else ()),
        *(("filing_cancellation",) if own else ()),
        *(("filing_change",) if "filing_change" in keys else ()),
        *(f"acceptance_filing_cancellation:{number}" for number in each),
    )
