"""The form of a decision on an approval: only what this person can decide for, and a vote only for a committee."""

from collections.abc import Iterable
from dataclasses import replace

from cases.views import CasePage
from desk.web.desk_state import Visit
from desk.web.forms import Field
from states.approval_votes import COUNTS
from states.approvals import Claim, claims
from states.context import Context

STEPS = frozenset({"approve", "send_back", "reject"})
OF_VOTES = frozenset({*COUNTS, "attending", "recused"})


def decided_for(case: CasePage, visit: Visit) -> tuple[Claim, ...]:
    """Return the bodies that the visitor can decide for now."""
    loaded = case.loaded
    ctx = Context(
        loaded.mode, loaded.position, loaded.facts, None, visit.person.actor, visit.today, loaded.book
    )
    return claims(ctx)


def decision_fields(fields: Iterable[Field], found: tuple[Claim, ...], visit: Visit) -> tuple[Field, ...]:
    """Return the fields of a decision: the body is chosen if there are several, and left out if there is one."""
    votes = any(claim.body.is_committee for claim in found)
    must = frozenset(COUNTS) if found and all(claim.body.is_committee for claim in found) else frozenset()
    return tuple(
        replace(field, widget="select", options=_options(found, visit), required=True, help="")
        if field.name == "body"
        else replace(field, required=field.required or field.name in must)
        for field in fields
        if not (field.name == "body" and len(found) < 2) and (votes or field.name not in OF_VOTES)
    )


def _options(found: tuple[Claim, ...], visit: Visit) -> tuple[tuple[str, str], ...]:
    return tuple((claim.body.id, capacity(claim, visit)) for claim in found)


def capacity(claim: Claim, visit: Visit) -> str:
    """Tell for which body somebody decides, and whose deputy they are."""
    name = visit.words.pick(claim.body.zh, claim.body.en)
    deputy = claim.chair.deputy
    return visit.words("%(body)s（代%(name)s）", body=name, name=deputy.for_name) if deputy else name
