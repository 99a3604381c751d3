"""What would happen: steps decided one after another in memory, by the same function that decides for real.

Writes nothing. Each step is taken in a role that may take it, so that the question is about the case and not
about who asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from cases.asked import asked
from cases.db import Cursor, Database, cursor_of
from cases.errors import NotFound
from cases.loading import Loaded, load
from cases.payloads import check_payload
from cases.scope import Person
from rules.approval_routes import ApprovalBody
from rules.deadlines import Deadline
from rules.money_words import MODE_GROUPS
from rules.rewards import Distribution, NoScale, distribute
from states.approval_route import decisions_in, open_bodies
from states.approvals import assumed
from states.approvers import Approvers
from states.decide import ROLES, decide
from states.facts import Actor, CaseData
from states.plan import Closing, Plan, Refusal, Unmet
from states.steps import Step


@dataclass(frozen=True, slots=True)
class Supposed:
    """One supposed step: the day it happens, with what it needs."""

    event: str
    payload: Mapping[str, Any]
    on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one supposed step would do, or why it would be refused (`unmet`).

    `bodies` are asked to approve next, `shares` what the contract's amount would be divided into, if the step signs it;
    `lost` names the terms that the step does not keep.
    """

    step: Step
    on: date
    unmet: tuple[Unmet, ...]
    leaves: tuple[str, ...]
    deadlines: tuple[tuple[str, Deadline], ...]
    documents: tuple[str, ...]
    voids: tuple[str, ...]
    roles: tuple[str, ...]
    closes: tuple[Closing, ...] = ()
    reopens: tuple[str, ...] = ()
    bodies: tuple[ApprovalBody, ...] = ()
    shares: Distribution | None = None
    lost: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Say whether the step would go through."""
        return not self.unmet


def simulate(
    db: Database, session: Session, person: Person, case_id: int, supposed: Sequence[Supposed]
) -> tuple[Outcome, ...]:
    """Return what each supposed step would do; the first refusal ends the chain.

    Raises: NotFound for an unknown case or step; Invalid for a payload that is wrong.
    """
    cur = cursor_of(session, db.postgres)
    case = load(cur, case_id, person.org_id)
    outcomes: list[Outcome] = []
    for step in supposed:
        outcome, case = _suppose(cur, case, step)
        outcomes.append(outcome)
        if not outcome.possible:
            break
    return tuple(outcomes)


def preview_terms(
    db: Database, session: Session, person: Person, case_id: int, raw: Mapping[str, Any], today: date
) -> tuple[str, ...]:
    """Return what new terms would void: 'price', 'publicity', 'approval', 'contract'.

    Raises: NotFound; Invalid naming every field that is wrong.
    """
    return preview(db, session, person, case_id, Supposed("edit_terms", {"terms": dict(raw)}, today))


def preview(
    db: Database, session: Session, person: Person, case_id: int, supposed: Supposed
) -> tuple[str, ...]:
    """Return what a step would void; nothing if it would be refused.

    Raises: NotFound; Invalid naming every field that is wrong.
    """
    (outcome,) = simulate(db, session, person, case_id, (supposed,))
    return outcome.voids


def _suppose(cur: Cursor, case: Loaded, supposed: Supposed) -> tuple[Outcome, Loaded]:
    step = case.mode.steps.get(supposed.event)
    if step is None:
        raise NotFound(f"没有名为“{supposed.event}”的步骤", f"there is no step '{supposed.event}'")
    payload = check_payload(step.payload, supposed.payload)
    case = _by_anybody(asked(cur, case, payload)[0])
    payload = assumed(payload, case.facts.data)
    roles = tuple(sorted(step.roles))
    plan = decide(
        case.mode, case.position, supposed.event, case.facts, supposed.on, book=case.book,
        actor=_somebody(roles[0], len(decisions_in(case.facts.data))), payload=payload,
    )  # fmt: skip
    if isinstance(plan, Refusal):
        return Outcome(step, supposed.on, plan.unmet, case.position, (), (), (), roles), case
    after = _after(case, plan)
    outcome = Outcome(
        step, supposed.on, (), plan.position, plan.deadlines, plan.documents, plan.voids, roles, plan.closes, plan.reopens,
        open_bodies(after.facts.data) if "approval" in plan.facts else (), _shares(after, plan, supposed.on),
        case.facts.switch.lost if case.facts.switch else (),
    )  # fmt: skip
    return outcome, after


def _shares(case: Loaded, plan: Plan, on: date) -> Distribution | None:
    """Return how the amount of a contract that the step signs would be divided, if no cost were taken off."""
    signs = "signed_on" in (plan.facts.get("contract") or {}) and "signed" in plan.position
    amount = case.facts.terms.amount_fen
    if not signs or amount <= 0 or case.mode.slug not in MODE_GROUPS:
        return None
    try:
        return distribute(case.mode.slug, amount, amount, book=case.book, on=on, place=case.book.place)
    except (NoScale, ValueError):
        return None


def _by_anybody(case: Loaded) -> Loaded:
    """Return the case as if nobody had a seat: the question is about the case, not about who sits where."""
    return replace(case, facts=replace(case.facts, approvers=Approvers()))


def _somebody(role: str, decided: int) -> Actor:
    """Return a supposed person in a role: one per role, so that nobody approves their own case.

    Each further decision of an approval has a person of its own, because nobody decides for two bodies.
    """
    return Actor(-1 - sorted(ROLES).index(role) - decided * len(ROLES), "", role)


def _after(case: Loaded, plan: Plan) -> Loaded:
    folded = {**case.data, **plan.facts}
    data = {section: dict(values) for section, values in folded.items() if values is not None}
    patents = tuple(p for p in case.facts.patents if p.id not in plan.patents_out)
    if plan.patents_in and case.facts.asked:
        patents = (*patents, case.facts.asked)
    if plan.patents_in and case.facts.joining:
        patents = (*patents, *(p for p in case.facts.joining.patents if p.id in plan.patents_in))
    changes = {change.patent_id: change for change in plan.register}
    patents = tuple(changes[p.id].applied(p) if p.id in changes else p for p in patents)
    mode = case.facts.switch.mode if plan.mode is not None and case.facts.switch else case.mode
    officer = plan.officer_id or case.facts.officer_id
    facts = replace(
        case.facts,
        mode=mode.slug,
        data=CaseData(data),
        patents=patents,
        officer_id=officer,
        switch=None,
        joining=None,
    )
    return replace(case, mode=mode, position=plan.position, data=data, facts=facts)
