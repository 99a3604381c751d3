"""The royalty of a deal in English words: the names of `contracts.royalty.royalty_words`, the same values."""

from collections.abc import Mapping, Sequence

from contracts.bilingual.english import english
from contracts.fees import BASES, DEDUCTIONS, PERIODS, Royalty
from contracts.fields import Option
from contracts.royalty import RoyaltyNames
from rules.money import percent


def royalty_english(royalty: Royalty, zh: Mapping[str, str], names: RoyaltyNames) -> dict[str, str]:
    """Return the English of the words of a royalty; `names` are English."""
    return {
        **english(dict(zh)),
        "base": named(BASES, royalty.base).title(),
        "base_meaning": _base_meaning(royalty, names),
        "product": names.product,
        "term": names.term,
        "rates": _rates(royalty),
        "period": named(PERIODS, royalty.period),
    }


def named(options: Sequence[Option], value: str) -> str:
    """Return the English name of an option."""
    return next(option.en for option in options if option.value == value)


def _base_meaning(royalty: Royalty, names: RoyaltyNames) -> str:
    sellers, product = names.sellers, names.product
    listed = _and([named(DEDUCTIONS, one) for one in royalty.deducted()])
    capped = royalty.deduction_cap_bp
    most = f", the deductions not exceeding {percent(capped)} of those sales in total" if capped else ""
    return {
        "net_sales": (
            f"the total amount, exclusive of tax, invoiced by {sellers} for sales of the {product}, less {listed} "
            f"actually incurred and documented{most}."
        ),
        "sales": f"the total amount, exclusive of tax, invoiced by {sellers} for sales of the {product}.",
        "profit": (
            f"the sales of the {product}, exclusive of tax, less their manufacturing costs, selling expenses and related "
            "taxes, accounted for under the Chinese Accounting Standards for Business Enterprises."
        ),
        "output": (
            f"the increase in the output value of the {product} after {names.payer} has used the {names.technology} over "
            "the same period before, accounted for under the Chinese Accounting Standards for Business Enterprises."
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


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
