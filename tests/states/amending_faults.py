"""What can be wrong with the steps on agreements, one thing at a time, and what the refusal says."""

from dataclasses import replace
from datetime import date

from states.facts import CaseData
from tests.states import amending
from tests.states.faults import FAULTS as OF_THE_CASE
from tests.states.faults import Change, Fault
from tests.states.situation import CHANGED, PASSED, TERMS, TODAY, Situation, deal, ready

LONG_AGO, TOMORROW = date(2026, 4, 1), date(2026, 6, 2)
RECEIPTS = [{"payment": "payment:1", "amount_fen": 80_000_000}]


def _given(step: str, **values: object) -> Change:
    return lambda now: now.giving(step, **values)


def _days(step: str, name: str, *, early: bool = True) -> list[Fault]:
    found = [Fault(step, f"{name}_future", "", _given(step, **{name: TOMORROW}))]
    return [*found, Fault(step, f"{name}_early", "", _given(step, **{name: LONG_AGO}))] if early else found


def _without(section: str) -> Change:
    def change(now: Situation) -> Situation:
        left = {name: told for name, told in now.facts.data.sections.items() if name != section}
        return now.knowing(data=CaseData(left))

    return change


def _proposing(**changes: object) -> Change:
    return lambda now: now.knowing(proposal=amending.proposal(replace(CHANGED, **changes)))  # type: ignore[arg-type]


def _open(**changes: object) -> Change:
    return lambda now: now.data("amendment", **changes)


def _paid_and_gone(now: Situation) -> Situation:
    return _proposing(payments=())(now.data("receipts", list=RECEIPTS))


def _signing(**changes: object) -> Change:
    new = replace(CHANGED, **changes)  # type: ignore[arg-type]
    return _open(new_facts=new.as_json())


def _proposals(step: str) -> list[Fault]:
    empty = replace(amending.proposal(CHANGED), changes=())
    return [
        Fault(step, "amendment_open", "", _open(**amending.open_change(CHANGED))),
        Fault(step, "nothing_changed", "", lambda now: now.knowing(proposal=empty)),
        Fault(step, "market_price", "PR-02", _proposing(price_method="auction")),
        Fault(step, "beyond_patent_life", "P-05", _proposing(end=date(2041, 1, 1))),
        Fault(step, "paid_payment_changed", "", _paid_and_gone),
        Fault(step, "effect_too_early", "", _given(step, effective_on=LONG_AGO)),
        *_days(step, "proposed_on"),
    ]


def _of_the_case(fault: Fault, step: str) -> Fault:
    """What is wrong with the approval of a case, wrong with that of a change."""

    def change(now: Situation) -> Situation:
        then = fault.change(ready(fault.step))
        told = then.facts.data.sections["approval"]
        hashes = {"a1": "a2"}
        approval = {**told, "decided_on": None, "hash": hashes.get(told["hash"], "a9")}
        if then.facts.terms.hashes != TERMS.hashes:
            approval["hash"] = "a9"
        found = now.data("amendment", approval=approval).giving(step, **then.payloads[fault.step])
        return replace(found, person=then.person).knowing(
            approvers=then.facts.approvers, patents=then.facts.patents
        )

    return Fault(step, fault.code, fault.rule, change)


_APPROVALS = {"approve": "approve_amendment", "send_back": "return_amendment"}
AMENDING_FAULTS: tuple[Fault, ...] = (
    *_proposals("propose_amendment"),
    *_proposals("propose_extension"),
    Fault("propose_extension", "term_over", "T-03", lambda now: now.terms(end=date(2026, 5, 31))),
    Fault("propose_extension", "not_longer", "", _given("propose_extension", new_end=date(2030, 1, 1))),
    *(
        Fault(step, "no_amendment", "", _without("amendment"))
        for step in (
            "post_amendment", "close_amendment_publicity", "submit_amendment", "consent_to_amendment", "sign_amendment",
            "abandon_amendment",
        )
    ),
    Fault("post_amendment", "no_publicity_needed", "PR-03", _open(new_facts=TERMS.as_json())),
    *_days("post_amendment", "posted_on"),
    Fault("close_amendment_publicity", "not_posted", "PR-03", _open(publicity={})),
    Fault(
        "close_amendment_publicity", "publicity_running", "PR-04",
        _open(publicity={"posted_on": "2026-05-25", "pauses": []}),
    ),
    *_days("close_amendment_publicity", "closed_on", early=False),
    Fault("submit_amendment", "submitted_already", "", _open(approval={"hash": "a2"})),
    Fault("submit_amendment", "related_not_named", "PR-01", _given("submit_amendment", related_party=True)),
    *(
        Fault(step, "no_amendment_submitted", "", _open(approval={}))
        for step in ("approve_amendment", "return_amendment")
    ),
    *(_of_the_case(fault, _APPROVALS[fault.step]) for fault in OF_THE_CASE if fault.step in _APPROVALS),
    *_days("consent_to_amendment", "given_on", early=False),
    Fault("sign_amendment", "amendment_not_public", "PR-03", _open(publicity={})),
    Fault("sign_amendment", "amendment_not_approved", "PR-01", _open(approval={"hash": "a2"})),
    Fault("sign_amendment", "amendment_not_approved", "PR-01", _open(approval={**PASSED["approval"], "hash": "a9"})),
    Fault("sign_amendment", "beyond_patent_life", "P-05", _signing(end=date(2041, 1, 1))),
    Fault("sign_amendment", "patent_PG-02", "PG-02", lambda now: now.patent(flags=frozenset({"pledged"}))),
    Fault("sign_amendment", "patent_O-06", "O-06", lambda now: now.patent(owners=("沧澜理工大学", "启衡公司"))),
    Fault(
        "sign_amendment", "paid_payment_changed", "",
        lambda now: _signing(payments=())(now.data("receipts", list=RECEIPTS)),
    ),
    *_days("sign_amendment", "signed_on"),
    Fault("draft_confidentiality", "already_signed", "", lambda now: now.at(*deal(contract="signed"))),
    *(
        Fault(step, "confidentiality_signed", "W-14", lambda now: now.data("confidentiality", signed_on=TODAY.isoformat()))
        for step in ("draft_confidentiality", "sign_confidentiality")
    ),
    Fault("sign_confidentiality", "no_confidentiality", "W-14", _without("confidentiality")),
    *_days("sign_confidentiality", "signed_on", early=False),
)  # fmt: skip
