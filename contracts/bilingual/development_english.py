"""The terms of a development or service contract in the English words that its clause texts use.

What people typed (subject, specifications, work, stages) stands as it was typed, in whatever language.
"""

from collections.abc import Mapping
from typing import Any

from contracts.bilingual.english import english
from contracts.bilingual.royalty_english import named, royalty_english
from contracts.deal import PRICE_METHODS
from contracts.development_fields import ACCEPTANCE, KINDS, DevelopmentFields
from contracts.license_fields import IMPROVEMENTS
from contracts.royalty import RoyaltyNames


def development_words(terms: DevelopmentFields, zh: Mapping[str, Any], partner: str) -> dict[str, Any]:
    """Return the English of the words of a development: the same names, the same values.

    `partner` is what the English calls the company.
    """
    names = RoyaltyNames(
        partner, f"{partner} and its affiliates", "Industrialized Products", "Royalty Term", "Project Results"
    )
    return {
        **english(dict(zh)),
        "kind_zh": named(KINDS, terms.kind),
        "price_method_zh": named(PRICE_METHODS, terms.price_method),
        "acceptance_zh": named(ACCEPTANCE, terms.acceptance),
        "improvements_zh": named(IMPROVEMENTS, terms.improvements),
        "products": "; ".join(terms.products),
        "royalty": royalty_english(terms.royalty, zh["royalty"], names)
        if terms.royalty is not None
        else None,
    }
