"""The terms of a transfer in the English words that its clause texts use; what people typed stands as it was typed."""

from collections.abc import Mapping
from typing import Any

from contracts.bilingual.english import english
from contracts.deal import PRICE_METHODS
from contracts.transfer_fields import TransferFields

SIDES = {"assignor": "the Assignor", "assignee": "the Assignee"}
_RIGHTS = {"patent": "the patent rights", "application": "the right to the patent applications"}


def transfer_words(terms: TransferFields, zh: Mapping[str, Any]) -> dict[str, Any]:
    """Return the English of the words of a transfer: the same names, the same values."""
    trial = zh["trial"]
    return {
        **english(dict(zh)),
        "right": _RIGHTS[terms.subject],
        "price_method_zh": next(one.en for one in PRICE_METHODS if one.value == terms.price_method),
        "change_by": SIDES[terms.change_by],
        "change_payer": SIDES[terms.change_payer],
        "interim_payer": SIDES[terms.interim_payer],
        "trial": {**english(dict(trial)), "subject": "Transferred Patents", "fee_name": "price"}
        if trial
        else None,
    }
