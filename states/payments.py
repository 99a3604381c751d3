"""Payments of a contract that later events settle: their amounts, their days, and the deadlines that go with both.

A payment is named by its deadline key (`payment:3`) and, where an event settles it, by what it is for (its `ref`).
What an event has settled stands in the case's data under `payments`, by key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from states import ends
from states import guards as g
from states.context import Context
from states.facts import Payment
from states.plan import Closing, Opening
from states.recorded import payment_day
from states.steps import section

Receipts = tuple[tuple[date, int], ...]


def keyed(ctx: Context, kind: str) -> dict[str, Payment]:
    """Return the payments of one kind (`royalty`, `milestone`, `conversion`) by deadline key."""
    found = g.payments_by_key(ctx).items()
    return {key: payment for key, payment in found if payment.ref.partition(":")[0] == kind}


def key_of(ctx: Context, ref: str) -> str:
    """Return the deadline key of the payment for something; empty if there is none."""
    return next((key for key, payment in g.payments_by_key(ctx).items() if payment.ref == ref), "")


def received(ctx: Context, key: str) -> Receipts:
    """Return what has come in for a payment, as (day, amount)."""
    return tuple(
        (date.fromisoformat(receipt["received_on"]), receipt["amount_fen"])
        for receipt in ctx.data.items("receipts", "list")
        if receipt["payment"] == key
    )


def settled(ctx: Context, changes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """Return the section of the case's data that keeps new days (`due`) and amounts (`amount_fen`) of payments."""
    known = ctx.data.sections.get("payments", {})
    return section(ctx, "payments", **{key: {**known.get(key, {}), **told} for key, told in changes.items()})


def opening(
    ctx: Context, key: str, payment: Payment, base: date, because: tuple[str, str] | None = None, suffix: str = ""
) -> Opening:  # fmt: skip
    """Return the deadline of a payment, moved from a day of rest as the contract says; `because` tells why that day."""
    day = payment_day(payment, ctx.book)
    zh, en = ((because[0],), (because[1],)) if because else ((), ())
    return Opening(
        key, "PAYMENT", "contract_payment", base, suffix or payment.label, day.due,
        because_zh=(*zh, *day.zh), because_en=(*en, *day.en), provisional=day.provisional,
    )  # fmt: skip


def reopened(
    ctx: Context, key: str, payment: Payment, base: date, because: tuple[str, str], suffix: str = ""
) -> tuple[tuple[Opening, ...], tuple[Closing, ...]]:
    """Return what becomes of a payment's deadline with a new day or amount: met, without object, or open anew."""
    if payment.amount_fen == 0:
        return (), (Closing(key, "dropped"),)
    if ends.is_covered(payment, key, ctx.data.items("receipts", "list")):
        return (), (Closing(key),)
    return (opening(ctx, key, payment, base, because, suffix),), ()


def moved(ctx: Context, key: str, due: date) -> Payment:
    """Return a payment with another day."""
    return replace(g.payments_by_key(ctx)[key], due=due)


def is_open(ctx: Context, keys: Iterable[str]) -> bool:
    """Say whether one of the payments is neither covered nor released."""
    return not ends.open_payments(ctx).keys().isdisjoint(keys)
