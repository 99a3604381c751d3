"""Terms between the people and the record: checked once, stored as canonical JSON, told to the charts as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.errors import Invalid
from contracts.fields import meta_of
from contracts.lint import forbidden_clauses
from contracts.modes import MODES
from contracts.terms import amount_basis_fen, binding_hashes, check_terms, payment_schedule
from rules.gates import PatentFacts
from states.facts import Payment, TermsFacts

TERMS_COLUMNS_UPDATE = "UPDATE conversion_case SET terms = ?, terms_facts = ? WHERE id = ?"
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class StoredTerms:
    """Terms as the record keeps them, and what the charts may know of them."""

    stored: Mapping[str, Any]
    facts: TermsFacts


def shared_terms(
    before: str, after: str, stored: Mapping[str, Any], patents: Sequence[PatentFacts]
) -> tuple[dict[str, Any], tuple[str, ...], StoredTerms | None]:
    """Return what of stored terms another mode has too, by name and type, and the labels of the rest.

    The third is the terms of the other mode if what they share is all that it asks for; None otherwise.
    """
    ours, theirs = MODES[before].terms.model_fields, MODES[after].terms.model_fields
    same = [name for name in stored if name in theirs and theirs[name].annotation == ours[name].annotation]
    lost = tuple(meta_of(ours[name])["label_zh"] for name in stored if name not in same and stored[name])
    shared = {name: stored[name] for name in same}
    try:
        whole = terms_facts(after, shared, patents) if shared else None
    except Invalid:
        whole = None
    return shared, lost, whole


def terms_facts(mode: str, raw: Mapping[str, Any], patents: Sequence[PatentFacts]) -> StoredTerms:
    """Check terms as typed.

    Raises: Invalid with one Chinese reason per wrong field.
    """
    checked = check_terms(mode, raw)
    if checked.terms is None:
        fields = {problem.field: problem.reason for problem in checked.problems}
        named = "；".join(f"{p.label}：{p.reason.rstrip('。')}" for p in checked.problems[:MOST_NAMED])
        raise Invalid(
            f"商务条款有{len(fields)}处需要改正。{named}", fields, f"wrong terms: {', '.join(fields)}"
        )
    terms, outline = checked.terms, checked.terms.outline()
    payments = tuple(
        Payment(line.label, line.due, line.amount_fen, line.ref)
        for line in payment_schedule(terms)
        if line.due is not None
    )
    stored = terms.model_dump(mode="json")
    facts = TermsFacts(
        complete=True,
        unlawful=tuple(f"{found.place}：{found.what_zh}" for found in forbidden_clauses(mode, terms)),
        hashes=binding_hashes(mode, terms),
        amount_fen=amount_basis_fen(terms),
        start=outline.start,
        end=outline.end,
        price_method=outline.price_method,
        payments=payments,
        territory=outline.territory,
        industrialized_by=outline.industrialized_by,
        own=dict(terms.chart_facts()),
    )
    return StoredTerms(stored, facts)
