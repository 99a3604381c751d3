"""What the tables of all modes have in common on agreements: the arcs, who may, and what each step is given."""

from collections.abc import Mapping
from typing import Any

from states.facts import Proposal, TermsFacts

CHANGING = (
    "propose_amendment", "propose_extension", "post_amendment", "close_amendment_publicity", "submit_amendment",
    "approve_amendment", "return_amendment", "consent_to_amendment", "sign_amendment", "abandon_amendment",
)  # fmt: skip
SECRECY = ("draft_confidentiality", "sign_confidentiality")
ARCS = (
    *(("performance", step, "=") for step in CHANGING),
    *(("deal", step, "=") for step in SECRECY),
)
# Of contracts that run to no day.
ARCS_WITHOUT_END = tuple(row for row in ARCS if row[1] != "propose_extension")
WHO = dict.fromkeys(("approve_amendment", "return_amendment"), "approver")
CHANGE = {
    "field": "entry_fee_fen",
    "group": "price",
    "label_zh": "入门费",
    "label_en": "Entry fee",
    "old": "1",
    "new": "2",
}


def payloads(on: object) -> dict[str, Mapping[str, Any]]:
    """What each step is given, on a day."""
    signed = {"signed_on": on, "our_signatory": "江", "their_signatory": "冯"}
    return {
        "propose_amendment": {"proposed_on": on, "reason": "市场变化", "changes": {"entry_fee_fen": "150万元"}},
        "propose_extension": {"proposed_on": on, "reason": "仍在推广", "new_end": "2050-12-31"},
        "post_amendment": {"posted_on": on, "place": "公告栏"},
        "close_amendment_publicity": {"closed_on": on, "result": "无异议"},
        "submit_amendment": {},
        "approve_amendment": {"decided_on": on, "minutes_no": "变更1号"},
        "return_amendment": {"reason": "请补充"},
        "consent_to_amendment": {"consent": "co_owner", "given_by": "丙", "given_on": on, "evidence": "同意书2号"},
        "sign_amendment": signed,
        "abandon_amendment": {"reason": "企业撤回"},
        "draft_confidentiality": {
            "direction": "mutual", "purpose": "评估专利", "years": 5, "return_days": 30,
        },
        "sign_confidentiality": signed,
    }  # fmt: skip


def open_change(new: TermsFacts, **more: Any) -> dict[str, Any]:
    """An open change of the terms, as the case's data keep it."""
    return {
        "no": 1, "kind": "amendment", "proposed_on": "2026-05-24", "reason": "市场变化", "changes": [CHANGE],
        "old_terms": {}, "new_terms": {}, "new_facts": new.as_json(), "consents": [], **more,
    }  # fmt: skip


def proposal(new: TermsFacts) -> Proposal:
    """New terms that a step proposes."""
    return Proposal(new, {}, {}, (CHANGE,))
