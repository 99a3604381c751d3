"""What the papers of agreements are told of a case: which there are, and what the events have kept for each.

In: the case's data and its terms as stored. Out: plain values for `CaseView.told`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from contracts.phrases import day, money
from rules.money import format_yuan
from states.facts import CaseData, Payment, TermsFacts
from states.recorded import payment_named

_KINDS = {"amendment_agreement", "extension_agreement"}


def changes_in(data: CaseData) -> tuple[Mapping[str, Any], ...]:
    """Return the changes of a contract, signed ones in their order, the open one last."""
    open_ = data.sections.get("amendment")
    return (*data.items("amendments", "list"), *((open_,) if open_ else ()))


def numbers_of(each: str, data: CaseData) -> tuple[int, ...]:
    """Return the numbers of what a document exists for apiece: licensees, changes, extensions."""
    if each == "acceptance":
        return tuple(found["no"] for found in data.items("acceptances", "list"))
    return tuple(found["no"] for found in changes_in(data) if found["kind"] == each)


def has_happened(when: str, data: CaseData) -> bool:
    """Say whether what a document waits for has happened."""
    if when == "termination":
        return data.text("end", "how") == "terminated"
    return data.has(when)


def agreement_told(kind: str, number: int | None, data: CaseData, terms: TermsFacts) -> Mapping[str, Any]:
    """Return what the events have kept for the agreement of a kind; nothing for another document, or if there is none."""
    if kind in _KINDS:
        found = next((one for one in changes_in(data) if one["no"] == number), None)
        return dict(found or {})
    if kind == "termination_agreement":
        return {**data.sections.get("end", {}), **_settled(data, terms)}
    return dict(data.sections.get("confidentiality", {})) if kind == "confidentiality_agreement" else {}


def terms_of_paper(
    kind: str, told: Mapping[str, Any], data: CaseData, stored: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the terms that a paper is made from.

    The contract stays the one that was signed, a change shows the terms that it brings, all else those in force.
    """
    signed = data.items("amendments", "list")
    if kind in ("contract", "contract_bilingual") and signed:
        return dict(signed[0]["old_terms"])
    return dict(told["new_terms"]) if kind in _KINDS and told else stored


def _settled(data: CaseData, terms: TermsFacts) -> dict[str, Any]:
    """Return what came in, what stays due and what falls away, each as one line of text."""
    receipts = data.items("receipts", "list")
    came_in = {one["payment"] for one in receipts}
    left = {key for key in data.items("end", "left") if key.startswith("payment:")}
    keys = [f"payment:{number}" for number in range(1, len(terms.payments) + 1)]
    gone = [key for key in keys if key not in left and key not in came_in]
    return {
        "received": [_receipt(one, terms) for one in receipts],
        "received_total": money(sum(one["amount_fen"] for one in receipts)),
        "due": list(_payments(terms, (key for key in keys if key in left))),
        "released": list(_payments(terms, gone)),
    }


def _receipt(one: Mapping[str, Any], terms: TermsFacts) -> str:
    payment = payment_named(terms.payments, str(one["payment"]))
    name = f"{payment.label}，" if payment is not None else ""
    return (
        f"{name}{day(date.fromisoformat(one['received_on']))}到账，人民币{format_yuan(one['amount_fen'])}元"
    )


def _payments(terms: TermsFacts, keys: Iterable[str]) -> Iterable[str]:
    for key in keys:
        payment = payment_named(terms.payments, key)
        if payment is not None:
            yield f"{payment.label}，{_amount(payment)}，付款期限为{day(payment.due)}"


def _amount(payment: Payment) -> str:
    return "按照原合同约定计算" if payment.amount_fen is None else money(payment.amount_fen)
