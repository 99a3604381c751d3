"""How the case of each mode ends, as scenes after those of its story: paid, shared out, run to its term, settled.

A story stops while its contract is in force, as most live cases do; the demonstration goes on to the end.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from desk.reward_scenes import Row, distributed

SECOND_PAYMENT = (
    258  # days after the opening on which the second instalment of licenses and transfers falls due
)


def _nothing_left(_opened_on: date, _terms: Mapping[str, Any]) -> Sequence[Row]:
    return ()


def _paid_in_full(opened_on: date) -> tuple[Row, ...]:
    """Return the scenes of the second instalment, from the bank to the inventors."""
    paid = opened_on + timedelta(days=SECOND_PAYMENT)
    receipt = {
        "received_on": paid.isoformat(), "amount_fen": "400000", "payment": "payment:2", "reference": "银行回单2",
    }  # fmt: skip
    return (
        ("record_receipt", "finance", SECOND_PAYMENT, receipt),
        *distributed(opened_on, SECOND_PAYMENT + 2, 2),
    )


def _license(opened_on: date, terms: Mapping[str, Any]) -> Sequence[Row]:
    """Return the scenes of a license that runs to its last day and is taken off the register."""
    over = (date.fromisoformat(terms["end"]) - opened_on).days + 1
    cancelled = (opened_on + timedelta(days=over + 9)).isoformat()
    return (
        *_paid_in_full(opened_on),
        ("expire", "officer", over, {"note": "许可期限届满，双方未续签"}),
        (
            "cancel_filing",
            "officer",
            over + 9,
            {"cancelled_on": cancelled, "reference": "许可合同备案注销证明"},
        ),
    )


def _transfer(opened_on: date, _terms: Mapping[str, Any]) -> Sequence[Row]:
    note = {"note": "权利变更已登记，价款已付清，收益已分配"}
    return (*_paid_in_full(opened_on), ("complete", "officer", SECOND_PAYMENT + 50, note))


def _open_license(opened_on: date, _terms: Mapping[str, Any]) -> Sequence[Row]:
    """Return the scenes of licensees who are done before their term, and of what they paid."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    def of(number: int, acceptance: str, **given: str) -> dict[str, str]:
        return {"acceptance": acceptance, **{name: value or text(number) for name, value in given.items()}}

    reason = "被许可人停止生产该产品，双方协商解除"
    return (
        ("record_acceptance_duty", "finance", 141, of(141, "2", duty="acceptance_stamp_duty", done_on="", reference="完税凭证")),
        (
            "record_acceptance_duty", "officer", 142,
            of(142, "2", duty="acceptance_registration", done_on="", reference="认定登记证明"),
        ),
        ("end_acceptance", "officer", 150, of(150, "1", how="terminated", ended_on="", reason=reason)),
        ("end_acceptance", "officer", 150, of(150, "2", how="terminated", ended_on="", reason=reason)),
        ("cancel_acceptance_filing", "officer", 160, of(160, "1", cancelled_on="", reference="备案注销证明")),
        *distributed(opened_on, 162),
        ("complete", "officer", 210, {"note": "声明已撤回，各项许可均已了结"}),
    )  # fmt: skip


ENDINGS: Mapping[str, Callable[[date, Mapping[str, Any]], Sequence[Row]]] = {
    **dict.fromkeys(("ordinary_license", "sole_license", "exclusive_license"), _license),
    "open_license": _open_license,
    "transfer": _transfer,
}


def ending(opened_on: date, terms: Mapping[str, Any], mode: str) -> Sequence[Row]:
    """Return the scenes that end a case; none for a mode whose story ends it already."""
    return ENDINGS.get(mode, _nothing_left)(opened_on, terms)
