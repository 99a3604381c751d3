"""A party in words, as contracts and official forms show it."""

from typing import Any

from contracts.phrases import cell
from contracts.view import Party


def party_words(party: Party) -> dict[str, Any]:
    """Return a party as table cells, unknown values as ／."""
    words: dict[str, Any] = {
        name: cell(getattr(party, name))
        for name in (
            "name", "uscc", "address", "legal_representative", "contact", "phone", "email", "bank", "account",
        )
    }  # fmt: skip
    return {
        **words, "is_foreign": party.is_foreign, "name_en": party.name_en, "address_en": party.address_en,
    }  # fmt: skip
