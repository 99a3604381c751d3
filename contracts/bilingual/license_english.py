"""The terms of a license in the English words that its clause texts use.

What people typed (field of use, products, names of milestones) stands as it was typed, in whatever language.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.bilingual.english import contact, english
from contracts.deal import PRICE_METHODS
from contracts.fees import BASES, DEDUCTIONS, PERIODS, Royalty
from contracts.fields import Option
from contracts.license_fields import ACTS, DEFAULT_TERRITORY, IMPROVEMENTS, LicenseFields
from rules.money import percent

TERRITORY = "the territory of the People's Republic of China (excluding Hong Kong, Macao and Taiwan)"
SIDES = {"licensor": "the Licensor", "licensee": "the Licensee"}
_PRODUCT = "Licensed Products"


def license_words(terms: LicenseFields, zh: Mapping[str, Any]) -> dict[str, Any]:
    """Return the English of `terms_words`: the same names, the same values."""
    fee_term = "Paid Period" if terms.trial is not None else "License Term"
    return {
        **english(dict(zh)),
        "acts": ", ".join(_named(ACTS, act) for act in terms.acts),
        "products": "; ".join(terms.products),
        "territory": TERRITORY if terms.territory == DEFAULT_TERRITORY else terms.territory,
        "price_method_zh": _named(PRICE_METHODS, terms.price_method),
        "improvements_zh": _named(IMPROVEMENTS, terms.improvements),
        "annual_fee_payer": SIDES[terms.annual_fee_payer],
        "filing_responsible": SIDES[terms.filing_responsible],
        "fee_term": fee_term,
        "royalty": _royalty(terms.royalty, zh["royalty"], fee_term) if terms.royalty is not None else None,
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


def _royalty(royalty: Royalty, zh: Mapping[str, str], term: str) -> dict[str, str]:
    return {
        **english(dict(zh)),
        "base": _named(BASES, royalty.base).title(),
        "base_meaning": _base_meaning(royalty),
        "product": _PRODUCT,
        "term": term,
        "rates": _rates(royalty),
        "period": _named(PERIODS, royalty.period),
    }


def _base_meaning(royalty: Royalty) -> str:
    sellers = "the Licensee, its affiliates and its sublicensees"
    listed = _and([_named(DEDUCTIONS, one) for one in royalty.deducted()])
    capped = royalty.deduction_cap_bp
    most = f", the deductions not exceeding {percent(capped)} of those sales in total" if capped else ""
    return {
        "net_sales": (
            f"the total amount, exclusive of tax, invoiced by {sellers} for sales of the {_PRODUCT}, less {listed} "
            f"actually incurred and documented{most}."
        ),
        "sales": f"the total amount, exclusive of tax, invoiced by {sellers} for sales of the {_PRODUCT}.",
        "profit": (
            f"the sales of the {_PRODUCT}, exclusive of tax, less their manufacturing costs, selling expenses and related "
            "taxes, accounted for under the Chinese Accounting Standards for Business Enterprises."
        ),
        "output": (
            f"the increase in the output value of the {_PRODUCT} after the Licensee has used the Licensed Patents over the "
            "same period before, accounted for under the Chinese Accounting Standards for Business Enterprises."
        ),
    }[royalty.base]


def _rates(royalty: Royalty) -> str:
    if royalty.rate_bp is not None:
        return f"{percent(royalty.rate_bp)} in every Contract Year"
    last = len(royalty.rates) - 1
    return _and(
        [
            f"{percent(row.rate_bp)} "
            + ("in" if n < last and royalty.rates[n + 1].year == row.year + 1 else "from")
            + f" Contract Year {row.year}"
            for n, row in enumerate(royalty.rates)
        ]
    )


def _named(options: Sequence[Option], value: str) -> str:
    return next(option.en for option in options if option.value == value)


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
