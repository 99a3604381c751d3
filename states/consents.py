"""Consents of others: recorded with what they saw of the terms, and void once that has changed.

A consent to this very deal (of co-owners, a pledgee, a project body, an export authority) stands for its scope, term
and price; what merely holds between the parties whatever the terms (an agreement of the co-owners, a disclosure) does
not change with them. A consent given before there were terms is bound to none.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from states.context import Context
from states.plan import Effects
from states.steps import kept

GROUP = "consent"
WHATEVER_THE_TERMS = frozenset({"co_owner_agreement", "license_disclosure", "own_working"})
Given = Mapping[str, Any]


def record(ctx: Context) -> Effects:
    """Keep a consent with the hash of what it saw."""
    seen = None if ctx.payload.consent in WHATEVER_THE_TERMS else ctx.terms.hashes.get(GROUP)
    given = [*ctx.data.items("consents", "given"), {**kept(ctx), **({"hash": seen} if seen else {})}]
    return Effects(facts={"consents": {**ctx.data.sections.get("consents", {}), "given": given}})


def voided_by_terms(ctx: Context, effects: Effects) -> Effects:
    """Return the effects of new terms with the consents void that saw others. `ctx.terms` are the new terms."""
    new = ctx.terms.hashes.get(GROUP)
    return _without(ctx, effects, lambda given: given.get("hash") not in (None, new))


def voided_with_the_deal(ctx: Context, effects: Effects) -> Effects:
    """Return the effects of a deal on more patents, or in another mode, with the consents to the former one void."""
    return _without(ctx, effects, lambda given: "hash" in given)


def _without(ctx: Context, effects: Effects, is_void: Callable[[Given], bool]) -> Effects:
    given = ctx.data.items("consents", "given")
    void = [{**one, "void_on": ctx.today.isoformat()} for one in given if is_void(one)]
    if not void:
        return effects
    kept_still = [one for one in given if not is_void(one)]
    earlier = ctx.data.items("consents", "void")
    facts = {**effects.facts, "consents": {"given": kept_still, "void": [*earlier, *void]}}
    return replace(effects, facts=facts, voids=(*effects.voids, "consents"))
