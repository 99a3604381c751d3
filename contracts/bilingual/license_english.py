"""The terms of a license in the English words that its clause texts use.

What people typed (field of use, products, names of milestones) stands as it was typed, in whatever language.
"""

from collections.abc import Mapping
from typing import Any

from contracts.bilingual.english import contact, english
from contracts.bilingual.royalty_english import named, royalty_english
from contracts.deal import PRICE_METHODS
from contracts.license_fields import ACTS, DEFAULT_TERRITORY, IMPROVEMENTS, LicenseFields
from contracts.royalty import RoyaltyNames

TERRITORY = "the territory of the People's Republic of China (excluding Hong Kong, Macao and Taiwan)"
SIDES = {"licensor": "the Licensor", "licensee": "the Licensee"}


def license_words(terms: LicenseFields, zh: Mapping[str, Any]) -> dict[str, Any]:
    """Return the English of `terms_words`: the same names, the same values."""
    fee_term = "Paid Period" if terms.trial is not None else "License Term"
    return {
        **english(dict(zh)),
        "acts": ", ".join(named(ACTS, act) for act in terms.acts),
        "products": "; ".join(terms.products),
        "territory": TERRITORY if terms.territory == DEFAULT_TERRITORY else terms.territory,
        "price_method_zh": named(PRICE_METHODS, terms.price_method),
        "improvements_zh": named(IMPROVEMENTS, terms.improvements),
        "annual_fee_payer": SIDES[terms.annual_fee_payer],
        "filing_responsible": SIDES[terms.filing_responsible],
        "fee_term": fee_term,
        "royalty": royalty_english(terms.royalty, zh["royalty"], _royalty_names(fee_term))
        if terms.royalty is not None
        else None,
        "trial": _trial(zh["trial"]),
    }


def case_english(zh: Mapping[str, Any]) -> dict[str, Any]:
    """Return the English of `case_words`."""
    return {
        **english(dict(zh)),
        "burdens": "none" if zh["burdens"] == "无" else zh["burdens"],
        "ours_contact": contact(zh["ours_contact"]),
        "theirs_contact": contact(zh["theirs_contact"]),
    }


def _trial(zh: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if zh is None:
        return None
    return {**english(dict(zh)), "subject": "Licensed Patents", "fee_name": "license fees"}


def _royalty_names(term: str) -> RoyaltyNames:
    sellers = "the Licensee, its affiliates and its sublicensees"
    return RoyaltyNames("the Licensee", sellers, "Licensed Products", term, "Licensed Patents")
