"""The other case of a split or a join: opened, or ended, in the same transaction as the step that asks for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases.asked import COMPANY, FIND_CASE, stored_terms
from cases.db import Cursor
from cases.errors import Refused
from cases.loading import Loaded, load
from cases.opening import Opening, write_case
from cases.terms import terms_facts
from cases.trail import hold_org
from cases.writing import Stamp, carry_out
from states.decide import decide
from states.payloads import Reason
from states.plan import Plan, Refusal

JOIN, MERGED, LEAVES = "join_case", "merged_away", "withdraw"
HOLD = "SELECT id FROM conversion_case WHERE id IN (?, ?) AND org_id = ? ORDER BY id FOR UPDATE"
TITLE = "SELECT title FROM conversion_case WHERE id = ?"


def hold_both(cur: Cursor, case_id: int, org_id: int, event: str, payload: Mapping[str, Any]) -> None:
    """Hold both cases of a join in one order, so that two joins that cross each other never wait for each other."""
    if event != JOIN or not cur.postgres:
        return
    other = cur.one(FIND_CASE, org_id, str(payload.get("case", "")).strip().upper())
    if other is not None:
        cur.all(HOLD, case_id, other[0], org_id)


def begin_split(cur: Cursor, case: Loaded, plan: Plan, title: str, stamp: Stamp) -> dict[str, Any]:
    """Open the case of the patents that leave, with the same mode, company, officer and terms; return what to tell."""
    hold_org(cur, case.org_id)
    (company_id,), (known,) = cur.one(COMPANY, case.id), cur.one(TITLE, case.id)
    leaving = tuple(patent for patent in case.facts.patents if patent.id in plan.patents_out)
    stored = stored_terms(cur, case.id)
    opening = Opening(
        case.mode, (title or f"{known}（分案）")[:200], company_id, case.facts.officer_id, tuple(p.id for p in leaving),
        terms_facts(case.mode.slug, stored, leaving) if stored else None,
        {"split_from": {"case_id": case.id, "number": case.facts.case_no}},
    )  # fmt: skip
    case_id, number = write_case(cur, case.org_id, opening, stamp)
    return {"case_id": case_id, "number": number, "patents": list(plan.patents_out)}


def end_joined(cur: Cursor, case: Loaded, other_id: int, reason: str, stamp: Stamp) -> dict[str, Any]:
    """End the case that goes up in this one, as withdrawn, with where it went; return what to tell.

    Raises: Refused if it cannot be withdrawn.
    """
    other = load(cur, other_id, case.org_id, lock=True)
    why = Reason(reason=f"并入案件{case.facts.case_no}：{reason}"[:2000])
    plan = decide(
        other.mode, other.position, LEAVES, other.facts, stamp.today, book=other.book, actor=stamp.actor, payload=why,
    )  # fmt: skip
    if isinstance(plan, Refusal):
        step = other.mode.steps[LEAVES]
        raise Refused(plan, (step.zh, step.en))
    end = {**(plan.facts["end"] or {}), "into": case.facts.case_no}
    told = {"case_id": case.id, "number": case.facts.case_no}
    carry_out(
        cur, other, replace(plan, event=MERGED, facts={**plan.facts, "end": end}), replace(stamp, action_key=None),
        why.model_dump(mode="json"), {"joined_to": told},
    )  # fmt: skip
    return {"case_id": other.id, "number": other.facts.case_no}
